import type { ReactNode } from 'react';
import type { BulkPreviewView } from '../../../src/enforcement/cases/contract.ts';
import { enforcementTexts } from '../../components/enforcement-texts.ts';
import { enforcementWord } from '../../components/enforcement-words.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { bulkTexts } from './bulk-texts.ts';
import { useCaseColumns } from './case-columns.tsx';
import { useCaseWords } from './case-words.tsx';

interface BulkPreviewProps {
  readonly preview: BulkPreviewView;
  /** What decides them. */
  readonly action: ReactNode;
}

/** Exactly which cases are meant: how many, of what kind, which are left out, and some of them. */
export function BulkPreview({ preview, action }: BulkPreviewProps) {
  const t = useTexts(bulkTexts);
  const words = useTexts(enforcementTexts);
  const caseWords = useCaseWords();
  const formats = useFormats();
  const columns = useCaseColumns();
  const count = preview.ids.length;
  const list = (parts: readonly string[]) => new Intl.ListFormat(formats.language).format(parts);
  const counted = (counts: Readonly<Record<string, number>>, wordOf: (value: string) => string) =>
    Object.entries(counts).map(([value, times]) => `${wordOf(value)} ${formats.number(times)}`);
  const parts = [
    ...counted(preview.by_kind, (value) => caseWords('kind', value)),
    ...counted(preview.by_conduct, (value) => enforcementWord(words, 'conduct', value)),
    ...counted(preview.by_severity, (value) => enforcementWord(words, 'severity', value)),
  ];
  const left = Object.entries(preview.left_out).map(([why, times]) => leftWord(t, why, times));
  return (
    <Panel title={t('sample')} padded={false} actions={count === 0 ? null : action}>
      <div className="panel-padded page" style={{ gap: 4 }}>
        <strong>{count === 0 ? t('none') : t('would', { count, accounts: preview.accounts })}</strong>
        {count === 0 ? null : <span>{t('by', { parts: list(parts) })}</span>}
        {left.length === 0 ? null : <span className="dimmed">{t('left_out', { parts: list(left) })}</span>}
      </div>
      {count === 0 ? null : (
        <DataTable label={t('sample')} rows={preview.sample} columns={columns} rowId={(row) => row.id} empty={null} />
      )}
    </Panel>
  );
}

type BulkKey = keyof (typeof bulkTexts)['en'];

function leftWord(t: ReturnType<typeof useTexts<BulkKey>>, why: string, count: number): string {
  const key = `left_${why}`;
  return key in bulkTexts.en ? t(key as BulkKey, { count }) : t('left_other', { count });
}
