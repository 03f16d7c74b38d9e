import { Button } from '@mantine/core';
import { useMemo } from 'react';
import type { z } from 'zod';
import type { checkView, RuleProblemView } from '../../../src/enforcement/rules/contract.ts';
import type { ApiState } from '../../api/queries.ts';
import { FormError } from '../../components/form-error.tsx';
import { useTexts } from '../../locales/language.tsx';
import type { Translate } from '../../locales/translate.ts';
import type { Column } from '../../ui/data-table/column.ts';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusText } from '../../ui/status.tsx';
import { editorTexts } from './editor-texts.ts';

type Check = z.output<typeof checkView>;
type T = Translate<keyof (typeof editorTexts)['en']>;

const HEIGHT_PX = 260;

interface CheckPanelProps {
  readonly state: ApiState<Check>;
  /** What stands in the editor was not looked at yet. */
  readonly checking: boolean;
  /** Shows a place of the condition. */
  readonly onShow: (start: number, end: number) => void;
}

/** What is wrong with a rule and where, what its tests come to, and what it can name. */
export function CheckPanel({ state, checking, onShow }: CheckPanelProps) {
  const t = useTexts(editorTexts);
  const { data, error } = state;
  const count = data?.problems.length ?? 0;
  return (
    <div className="page">
      <div className="panel" style={{ padding: 16 }} aria-live="polite">
        {checking || data === undefined ? (
          <StatusText status="none">{t('checking')}</StatusText>
        ) : (
          <StatusText status={count === 0 ? 'good' : 'bad'}>
            {count === 0 ? t('good') : t('problems', { count })}
          </StatusText>
        )}
        {data === undefined || count > 0 ? null : (
          <span className="dimmed"> {t('good_tests', { count: data.fixtures.length })}</span>
        )}
        <FormError error={error} />
        {data === undefined ? null : <Problems problems={data.problems} onShow={onShow} />}
      </div>
      {data === undefined || data.fixtures.length === 0 ? null : <Fixtures fixtures={data.fixtures} />}
      {data === undefined || data.fields.length === 0 ? null : <Fields fields={data.fields} />}
    </div>
  );
}

interface ProblemsProps {
  readonly problems: readonly RuleProblemView[];
  readonly onShow: (start: number, end: number) => void;
}

function Problems({ problems, onShow }: ProblemsProps) {
  const t = useTexts(editorTexts);
  return (
    <ul className="plain-list" style={{ margin: '8px 0 0' }}>
      {problems.map(({ path, message, start, end, line, column }) => (
        <li key={`${path} ${start} ${message}`} style={{ marginTop: 8 }}>
          <span className="mono">{path}</span>
          {line === null || column === null ? null : <span className="dimmed"> {t('at_place', { line, column })}</span>}
          {path === 'when' && start !== null && end !== null ? (
            <Button size="compact-xs" variant="subtle" onClick={() => onShow(start, end)}>
              {t('show_place')}
            </Button>
          ) : null}
          <div translate="no">{message}</div>
        </li>
      ))}
    </ul>
  );
}

type Fixture = Check['fixtures'][number];

function resultWord(t: T, result: string): string {
  return result === 'hit' || result === 'miss' || result === 'unknown' ? t(`result_${result}`) : result;
}

function Fixtures({ fixtures }: { readonly fixtures: readonly Fixture[] }) {
  const t = useTexts(editorTexts);
  const columns = useMemo(
    (): readonly Column<Fixture>[] => [
      { key: 'name', header: t('test'), value: ({ name }) => name, width: 220 },
      { key: 'expected', header: t('expected'), value: ({ expected }) => resultWord(t, expected), width: 90 },
      {
        key: 'found',
        header: t('found'),
        value: ({ found }) => resultWord(t, found),
        cell: ({ expected, found }) => (
          <StatusText status={expected === found ? 'good' : 'bad'}>{resultWord(t, found)}</StatusText>
        ),
        width: 110,
      },
      {
        key: 'because',
        header: t('because'),
        value: ({ clauses }) => clauses.join('; '),
        cell: ({ clauses }) => (
          <span className="mono" title={clauses.join('\n')}>
            {clauses.join('; ')}
          </span>
        ),
        width: 260,
      },
    ],
    [t],
  );
  return (
    <Panel title={t('tests')} padded={false}>
      <DataTable
        label={t('tests')}
        columns={columns}
        rows={fixtures}
        rowId={({ name }) => name}
        heightMax={HEIGHT_PX}
        empty={null}
      />
    </Panel>
  );
}

type NamedField = Check['fields'][number];

function Fields({ fields }: { readonly fields: readonly NamedField[] }) {
  const t = useTexts(editorTexts);
  const columns = useMemo(
    (): readonly Column<NamedField>[] => [
      {
        key: 'name',
        header: t('field'),
        value: ({ name }) => name,
        cell: ({ name }) => <span className="mono">{name}</span>,
        width: 160,
      },
      {
        key: 'type',
        header: t('type'),
        value: ({ type }) => type,
        cell: ({ type }) => <span className="mono">{type}</span>,
        width: 140,
      },
      { key: 'nullable', header: t('nullable'), value: ({ nullable }) => t(nullable ? 'yes' : 'no'), width: 110 },
    ],
    [t],
  );
  return (
    <Panel title={t('fields')} padded={false}>
      <DataTable
        label={t('fields')}
        columns={columns}
        rows={fields}
        rowId={({ name }) => name}
        heightMax={HEIGHT_PX}
        empty={null}
      />
    </Panel>
  );
}
