import { useMemo } from 'react';
import type { RiskView } from '../../../src/fraud/linkage/contract.ts';
import { useFormats, useTexts } from '../../locales/language.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { longTextColumn } from '../../ui/usual-columns.tsx';
import { evidenceTexts } from './evidence-texts.ts';
import { linkageTexts } from '../../components/linkage/linkage-texts.ts';
import { useLinkageWords } from '../../components/linkage/linkage-words.ts';

type Evidence = RiskView['evidence'][number];

/** What is known of a sign-up: of each thing only what it is, and how many have the same. */
export function EvidenceTable({ risk }: { readonly risk: RiskView }) {
  const t = useTexts(evidenceTexts);
  const columns = useColumns();
  // Several values of one field are told apart by their place alone.
  const rows = useMemo(() => risk.evidence.map((one, nth) => ({ ...one, id: String(nth) })), [risk.evidence]);
  return (
    <>
      <p className="panel-padded dimmed" style={{ margin: 0 }}>
        {t('evidence_note')}
      </p>
      <DataTable
        label={t('evidence')}
        rows={rows}
        columns={columns}
        rowId={(row) => row.id}
        empty={<EmptyState title={t('unknown')}>{t('unknown_note')}</EmptyState>}
      />
    </>
  );
}

function useColumns(): readonly Column<Evidence & { readonly id: string }>[] {
  const t = useTexts(evidenceTexts);
  const families = useTexts(linkageTexts);
  const words = useLinkageWords();
  const formats = useFormats();
  return useMemo(() => {
    const many = (key: 'accounts' | 'operators'): Column<Evidence> => ({
      key,
      header: t(key),
      align: 'end',
      value: (row) => row[key],
      cell: (row) => formats.number(row[key]),
      width: 170,
    });
    const day = (key: 'seen' | 'forgotten'): Column<Evidence> => ({
      key,
      header: t(key),
      value: (row) => row[`${key}_at`],
      cell: (row) => formats.date(row[`${key}_at`]),
      width: 110,
    });
    return [
      { key: 'value', header: t('value'), value: words.value, width: 190 },
      { key: 'family', header: t('family'), value: ({ family }) => families(`family_${family}`), width: 90 },
      many('accounts'),
      many('operators'),
      longTextColumn<Evidence>({
        key: 'network',
        header: t('network'),
        text: ({ shared }) => (shared === null ? null : t(shared ? 'shared' : 'not_shared')),
        width: 260,
      }),
      day('seen'),
      day('forgotten'),
    ];
  }, [t, families, words, formats]);
}
