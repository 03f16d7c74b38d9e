import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMemo } from 'react';
import { transparencyView, type TransparencyView } from '../../../src/enforcement/decisions/contract.ts';
import { useApi } from '../../api/queries.ts';
import { ApiPart } from '../../components/api-part.tsx';
import { enforcementTexts } from '../../components/enforcement-texts.ts';
import { enforcementWord } from '../../components/enforcement-words.tsx';
import { TimeRange, useTimeSpan } from '../../components/time-range.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { CopyId } from '../../ui/copy-id.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatTile } from '../../ui/stat-tile.tsx';
import { transparencyTexts } from './transparency-texts.ts';

type Tally = TransparencyView['report']['decisions']['by_step'];

/** What may be published of decisions: counts that point at nobody, signed. */
export function TransparencyPage() {
  const t = useTexts(transparencyTexts);
  const { from, to } = useTimeSpan('90d');
  const state = useApi({ path: '/control/v1/enforcement/transparency', query: { from, to }, answer: transparencyView });
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')}>
        <TimeRange presets={['7d', '30d', '90d']} byDefault="90d" />
        {state.data === undefined ? null : <Save view={state.data} />}
      </PageHeader>
      <ApiPart state={state}>
        {(view) => (
          <>
            <Numbers view={view} />
            <Tables view={view} />
            <Signature view={view} />
          </>
        )}
      </ApiPart>
    </div>
  );
}

/** The bytes that are signed, with their signature. */
function Save({ view }: { readonly view: TransparencyView }) {
  const t = useTexts(transparencyTexts);
  const href = useMemo(() => `data:application/json;charset=utf-8,${encodeURIComponent(JSON.stringify(view))}`, [view]);
  const name = `transparency-${view.report.from.slice(0, 10)}-${view.report.to.slice(0, 10)}.json`;
  return (
    <Button component="a" variant="default" leftSection={<IconDownload size={14} />} href={href} download={name}>
      {t('save')}
    </Button>
  );
}

function Numbers({ view: { report } }: { readonly view: TransparencyView }) {
  const t = useTexts(transparencyTexts);
  const formats = useFormats();
  const told = (count: number | null) => (count === null ? t('few') : formats.number(count));
  const median = report.decisions.median_ms_to_decision;
  return (
    <div className="tiles">
      <StatTile label={t('decisions')} value={told(report.decisions.total)} />
      <StatTile
        label={t('median')}
        value={median === null ? t('too_few') : formats.duration(median)}
        note={t('median_note')}
      />
      <StatTile label={t('certified')} value={told(report.decisions.certified)} />
      <StatTile label={t('reversed')} value={told(report.reversed)} />
      <StatTile label={t('lifted')} value={told(report.lifted)} />
    </div>
  );
}

function Tables({ view: { report } }: { readonly view: TransparencyView }) {
  const t = useTexts(transparencyTexts);
  const words = useTexts(enforcementTexts);
  const { decisions, appeals, signals } = report;
  return (
    <div className="columns">
      <TallyPanel
        title={t('by_conduct')}
        rows={decisions.by_conduct}
        word={(name) => enforcementWord(words, 'conduct', name)}
      />
      <TallyPanel title={t('by_step')} rows={decisions.by_step} word={(name) => enforcementWord(words, 'step', name)} />
      <TallyPanel
        title={t('by_automation')}
        rows={decisions.by_automation}
        word={(name) => wordOf('automation', name, t)}
      />
      <TallyPanel title={t('by_unit')} rows={decisions.by_unit} word={(name) => enforcementWord(words, 'unit', name)} />
      {appeals === null ? (
        <Panel title={t('appeals')}>{t('appeals_none')}</Panel>
      ) : (
        <TallyPanel title={t('appeals')} rows={appeals.by_outcome} word={(name) => wordOf('outcome', name, t)} />
      )}
      {signals === null ? (
        <Panel title={t('signals')}>{t('signals_none')}</Panel>
      ) : (
        <TallyPanel
          title={t('signals')}
          rows={signals.by_source}
          word={(name) => enforcementWord(words, 'source', name)}
        />
      )}
    </div>
  );
}

type TextKey = keyof (typeof transparencyTexts)['en'];

/** A value of the wire by its word; one of a later version of the service by its name. */
function wordOf(kind: 'automation' | 'outcome', name: string, t: (key: TextKey) => string): string {
  const key = `${kind}_${name}`;
  return isKey(key) ? t(key) : name;
}

function isKey(key: string): key is TextKey {
  return key in transparencyTexts.en;
}

interface TallyPanelProps {
  readonly title: string;
  readonly rows: Tally;
  readonly word: (name: string) => string;
}

function TallyPanel({ title, rows, word }: TallyPanelProps) {
  const t = useTexts(transparencyTexts);
  const formats = useFormats();
  const columns: readonly Column<Tally[number]>[] = useMemo(
    () => [
      {
        key: 'name',
        header: t('name'),
        value: ({ name }) => (name === 'other' ? t('other') : word(name)),
        width: 220,
      },
      {
        key: 'count',
        header: t('count'),
        value: ({ count }) => count,
        cell: ({ count }) => formats.number(count),
        align: 'end',
        width: 90,
      },
    ],
    [t, formats, word],
  );
  return (
    <Panel title={title} padded={false}>
      <DataTable
        label={title}
        rows={rows}
        columns={columns}
        rowId={({ name }) => name}
        empty={<EmptyState title={t('empty')}>{t('empty_note')}</EmptyState>}
      />
    </Panel>
  );
}

function Signature({ view: { report, signature, key } }: { readonly view: TransparencyView }) {
  const t = useTexts(transparencyTexts);
  const formats = useFormats();
  return (
    <Panel title={t('signed')}>
      <p className="dimmed" style={{ marginTop: 0 }}>
        {t('signed_note', { entries: formats.number(report.record.seq) })}
      </p>
      <KeyValues
        items={[
          [t('head'), <CopyId key="head" id={report.record.hash} />],
          [t('signature'), <CopyId key="signature" id={signature} />],
          [t('key'), <CopyId key="key" id={key} />],
        ]}
      />
    </Panel>
  );
}
