import { useMemo } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { useApi } from '../../../console/api/queries.ts';
import { ApiTable } from '../../../console/components/api-table.tsx';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import type { Column } from '../../../console/ui/data-table/column.ts';
import { PageHeader } from '../../../console/ui/page-header.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { longTextColumn } from '../../../console/ui/usual-columns.tsx';
import { limitsView, type LimitsView } from '../../../src/portal/usage/contract.ts';
import { useAccount, useMay } from '../../components/account.tsx';
import { UsedBar } from '../../components/developer/used-bar.tsx';
import { BudgetsPanel } from './budgets-panel.tsx';
import { limitsTexts } from './limits-texts.ts';

type Row = LimitsView['data'][number];
const LIMITS = ['requests_per_minute', 'tokens_per_minute', 'concurrency'] as const;
const EVERY_MS = 10_000;

/** Limits with what of them is used now, and budgets. */
export function LimitsPage() {
  const t = useTexts(limitsTexts);
  const seesBudgets = useMay()('own.billing.read');
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      {seesBudgets ? <BudgetsPanel /> : null}
      <LimitsPanel />
    </div>
  );
}

function LimitsPanel() {
  const t = useTexts(limitsTexts);
  const { id } = useAccount();
  const state = useApi({ path: apiPath`/portal/v1/accounts/${id}/limits`, answer: limitsView }, { everyMs: EVERY_MS });
  const columns = useColumns();
  return (
    <Panel title={t('limits')} padded={false}>
      <ApiTable
        label={t('limits')}
        state={{ ...state, data: state.data?.data }}
        columns={columns}
        rowId={(row) => `${row.kind} ${row.id}`}
        empty={<p className="panel-padded dimmed">{t('limits_none')}</p>}
      />
    </Panel>
  );
}

function useColumns(): readonly Column<Row>[] {
  const t = useTexts(limitsTexts);
  const formats = useFormats();
  return useMemo(
    () => [
      longTextColumn<Row>({
        key: 'what',
        header: t('what'),
        text: (row) => t(`kind_${row.kind}`, { id: row.name ?? row.id }),
        width: 210,
      }),
      ...LIMITS.map(
        (limit): Column<Row> => ({
          key: limit,
          header: t(limit),
          value: (row) => row[limit]?.used ?? null,
          cell: (row) => {
            const now = row[limit];
            if (now === null) return <span className="dimmed">{t('unlimited')}</span>;
            const told = t('used_of', { used: formats.compact(now.used), limit: formats.compact(now.limit) });
            return <UsedBar share={now.used / now.limit} label={t(limit)} told={told} />;
          },
          width: 210,
        }),
      ),
    ],
    [t, formats],
  );
}
