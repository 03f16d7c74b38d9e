import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { z } from 'zod';
import { ruleListView, type RuleView } from '../../../src/enforcement/rules/contract.ts';
import { useApi } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { ApiTable } from '../../components/api-table.tsx';
import { useFormats, useLanguage, useTexts } from '../../locales/language.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatTile } from '../../ui/stat-tile.tsx';
import { StatusText } from '../../ui/status.tsx';
import { longTextColumn, timeColumn } from '../../ui/usual-columns.tsx';
import { MODE_STATUS, modeWord, RULES_PATH } from './rule-words.ts';
import { rulesTexts } from './rules-texts.ts';

const LOOK_EVERY_MS = 15_000;

/** Every rule, how much it may do, and what it has done. */
export function RulesPage() {
  const t = useTexts(rulesTexts);
  const mayWrite = useMay()('rules.write');
  const state = useApi({ path: RULES_PATH, answer: ruleListView }, { everyMs: LOOK_EVERY_MS });
  const columns = useColumns();
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')}>
        {mayWrite ? (
          <Button
            leftSection={<IconPlus size={15} />}
            renderRoot={(props) => <Link to="/enforcement/rules/$name" params={{ name: 'new' }} {...props} />}
          >
            {t('new_rule')}
          </Button>
        ) : null}
      </PageHeader>
      <Memory list={state.data} />
      {state.data === undefined || state.data.files.length === 0 ? null : (
        <Panel title={t('files')}>
          <KeyValues items={state.data.files.map(({ file, problem }) => [file, problem] as const)} />
        </Panel>
      )}
      <Panel padded={false}>
        <ApiTable
          label={t('title')}
          state={{ ...state, data: state.data?.data }}
          columns={columns}
          rowId={({ name }) => name}
          empty={<EmptyState title={t('empty')}>{t('empty_note')}</EmptyState>}
        />
      </Panel>
    </div>
  );
}

function Memory({ list }: { readonly list: z.output<typeof ruleListView> | undefined }) {
  const t = useTexts(rulesTexts);
  const formats = useFormats();
  const { counters, data } = list ?? {};
  const hits = data?.reduce((sum, { figures }) => sum + figures.hits, 0);
  return (
    <div className="tiles">
      <StatTile label={t('hits')} value={hits === undefined ? undefined : formats.number(hits)} note={t('hits_note')} />
      <StatTile
        label={t('counters')}
        value={counters === undefined ? undefined : formats.bytes(counters.bytes)}
        note={t('counters_note', { max: formats.bytes(counters?.bytes_max ?? null) })}
      />
      <StatTile
        label={t('evicted')}
        value={counters === undefined ? undefined : formats.number(counters.evicted)}
        note={t('evicted_note')}
      />
    </div>
  );
}

function useColumns(): readonly Column<RuleView>[] {
  const t = useTexts(rulesTexts);
  const formats = useFormats();
  const { language } = useLanguage();
  return useMemo(
    () => [
      {
        key: 'name',
        header: t('name'),
        value: ({ name }) => name,
        cell: ({ name }) => (
          <Link to="/enforcement/rules/$name" params={{ name }} className="link mono">
            {name}
          </Link>
        ),
        width: 210,
      },
      longTextColumn<RuleView>({
        key: 'about',
        header: t('about'),
        text: ({ document }) => document.title[language],
        width: 280,
      }),
      {
        key: 'mode',
        header: t('mode'),
        value: (rule) => modeWord(t, formats, rule),
        cell: (rule) => (
          <span title={rule.paused === null ? undefined : `${t(`pause_${rule.paused.reason}`)} ${rule.paused.detail}`}>
            <StatusText status={MODE_STATUS[rule.mode]}>{modeWord(t, formats, rule)}</StatusText>
          </span>
        ),
        width: 140,
      },
      { key: 'on', header: t('on'), value: ({ document }) => t(`event_${document.on}`), width: 190 },
      { key: 'does', header: t('does'), value: ({ document }) => t(`do_${document.action.do}`), width: 130 },
      { key: 'hits', header: t('hits'), align: 'end', value: ({ figures }) => figures.hits, width: 80 },
      { key: 'acted', header: t('acted'), align: 'end', value: ({ figures }) => figures.acted, width: 85 },
      {
        key: 'unknown',
        header: t('unknown'),
        align: 'end',
        value: ({ figures }) => figures.unknown,
        width: 95,
        hidden: true,
      },
      {
        key: 'median',
        header: t('median'),
        align: 'end',
        value: ({ figures }) => figures.median_us,
        cell: ({ figures: { median_us: us } }) =>
          us === null ? '–' : t('median_us', { us: formats.number(Math.round(us * 10) / 10) }),
        width: 110,
        hidden: true,
      },
      { key: 'owner', header: t('owner'), value: ({ document }) => document.owner, width: 110, hidden: true },
      { key: 'origin', header: t('origin'), value: ({ origin }) => t(`origin_${origin}`), width: 150, hidden: true },
      timeColumn<RuleView>(formats, { key: 'changed', header: t('changed'), at: (rule) => rule.changed_at }),
    ],
    [t, formats, language],
  );
}
