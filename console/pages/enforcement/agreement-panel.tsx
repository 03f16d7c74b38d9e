import { useMemo } from 'react';
import { type AgreementView, agreementView, type KappaView } from '../../../src/enforcement/cases/contract.ts';
import { useApi } from '../../api/queries.ts';
import { ApiPart } from '../../components/api-part.tsx';
import { NOTHING } from '../../locales/formats.ts';
import { useFormats, useTexts } from '../../locales/language.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useCaseWords } from './case-words.tsx';
import { reviewersTexts } from './reviewers-texts.ts';

type Row = KappaView & { readonly name: string };

/** How well two blind readings of the same case agree, by queue and by pair of people. */
export function AgreementPanel() {
  const t = useTexts(reviewersTexts);
  const formats = useFormats();
  const state = useApi({ path: '/control/v1/enforcement/agreement', answer: agreementView });
  return (
    <Panel title={t('agreement')} padded={false}>
      <ApiPart state={state} waiting={null}>
        {(agreement) => (
          <>
            <p className="panel-padded dimmed" style={{ margin: 0 }}>
              {t('agreement_note', { percent: formats.number(agreement.sample_percent) })}
            </p>
            <Kappas agreement={agreement} />
          </>
        )}
      </ApiPart>
    </Panel>
  );
}

function Kappas({ agreement }: { readonly agreement: AgreementView }) {
  const t = useTexts(reviewersTexts);
  const caseWords = useCaseWords();
  const columns = useColumns();
  const rows = useMemo<readonly Row[]>(
    () =>
      agreement.all.n === 0
        ? []
        : [
            { ...agreement.all, name: t('all') },
            ...agreement.queues.map((one) => ({
              ...one,
              name: t('queue_of', { name: caseWords('queue', one.queue) }),
            })),
            ...agreement.pairs.map((one) => ({ ...one, name: one.people.map(({ name }) => name).join(' – ') })),
          ],
    [agreement, t, caseWords],
  );
  return (
    <DataTable
      label={t('agreement')}
      rows={rows}
      columns={columns}
      rowId={(row) => row.name}
      empty={<EmptyState title={t('no_agreement')}>{t('no_agreement_note')}</EmptyState>}
    />
  );
}

function useColumns(): readonly Column<Row>[] {
  const t = useTexts(reviewersTexts);
  const formats = useFormats();
  return useMemo(
    () => [
      { key: 'name', header: t('what'), value: (row) => row.name, width: 240 },
      {
        key: 'n',
        header: t('n'),
        align: 'end',
        value: (row) => row.n,
        cell: (row) => formats.number(row.n),
        width: 110,
      },
      {
        key: 'agreed',
        header: t('agreed'),
        align: 'end',
        value: (row) => row.agreed,
        cell: (row) => formats.share(row.agreed),
        width: 110,
      },
      {
        key: 'kappa',
        header: t('kappa'),
        align: 'end',
        value: (row) => row.kappa,
        cell: (row) => formats.score(row.kappa),
        width: 100,
      },
      {
        key: 'range',
        header: t('range'),
        align: 'end',
        value: (row) => row.low,
        cell: ({ low, high }) =>
          low === null || high === null
            ? NOTHING
            : t('range_of', { low: formats.score(low), high: formats.score(high) }),
        width: 150,
      },
    ],
    [t, formats],
  );
}
