import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { useApi, useApiChange } from '../../../console/api/queries.ts';
import { ApiTable } from '../../../console/components/api-table.tsx';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { confirm } from '../../../console/ui/confirm.tsx';
import type { Column } from '../../../console/ui/data-table/column.ts';
import { EmptyState } from '../../../console/ui/empty-state.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { longTextColumn, verbColumn } from '../../../console/ui/usual-columns.tsx';
import {
  portalBudgetListView,
  portalBudgetRemovedView,
  type PortalBudgetView,
} from '../../../src/portal/billing/contract.ts';
import { useAccount, useMay } from '../../components/account.tsx';
import { UsedBar } from '../../components/developer/used-bar.tsx';
import { useErrorToast } from '../../components/form-error.tsx';
import { BudgetDialog, useSetBudget } from './budget-dialog.tsx';
import { limitsTexts } from './limits-texts.ts';

/** What is open: nothing, a new budget, or one that is changed. */
type Open = 'new' | PortalBudgetView | null;

/** Budgets with how much of each is used. */
export function BudgetsPanel() {
  const t = useTexts(limitsTexts);
  const { id } = useAccount();
  const mayWrite = useMay()('own.billing.write');
  const [open, setOpen] = useState<Open>(null);
  const state = useApi({ path: apiPath`/portal/v1/accounts/${id}/budgets`, answer: portalBudgetListView });
  const columns = useColumns(mayWrite, setOpen);
  const make = mayWrite ? (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen('new')}>
      {t('new_budget')}
    </Button>
  ) : null;
  const some = (state.data?.data.length ?? 0) > 0;
  return (
    <Panel title={t('budgets')} padded={false} {...(some && { actions: make })}>
      <ApiTable
        label={t('budgets')}
        state={{ ...state, data: state.data?.data }}
        columns={columns}
        rowId={(row) => row.id}
        empty={
          <EmptyState title={t('no_budget')} action={make}>
            {t(mayWrite ? 'no_budget_note' : 'no_budget_viewer')}
          </EmptyState>
        }
      />
      <BudgetDialog
        key={open === null || open === 'new' ? 'new' : open.id}
        opened={open !== null}
        budget={open === 'new' ? null : open}
        onClose={() => setOpen(null)}
      />
    </Panel>
  );
}

function useColumns(
  mayWrite: boolean,
  onChange: (budget: PortalBudgetView) => void,
): readonly Column<PortalBudgetView>[] {
  const t = useTexts(limitsTexts);
  const formats = useFormats();
  return useMemo(() => {
    const columns: Column<PortalBudgetView>[] = [
      longTextColumn({
        key: 'subject',
        header: t('subject'),
        text: (row) => t(`subject_${row.subject}`, { name: row.name ?? row.subject_id }),
        width: 190,
      }),
      { key: 'period', header: t('period'), value: (row) => t(`period_${row.period}`), width: 100 },
      {
        key: 'used',
        header: t('used'),
        value: shareOf,
        cell: (row) => {
          const told = t('used_of', { used: formats.money(row.used_nano), limit: formats.money(row.limit_nano) });
          return <UsedBar share={shareOf(row)} label={t('used')} told={told} />;
        },
        width: 230,
      },
      { key: 'action', header: t('action'), value: (row) => t(`action_${row.action}`), width: 180 },
      {
        key: 'resets',
        header: t('resets'),
        value: (row) => row.resets_at,
        cell: (row) => (row.resets_at === null ? t('never') : formats.time(row.resets_at)),
        width: 170,
      },
    ];
    const verbs = verbColumn<PortalBudgetView>(t('change'), 230, (row) => (
      <span className="row nowrap" style={{ flexWrap: 'nowrap', justifyContent: 'flex-end' }}>
        <Button variant="subtle" px={8} className="whole" onClick={() => onChange(row)}>
          {t('change')}
        </Button>
        <RemoveButton budget={row} />
      </span>
    ));
    return mayWrite ? [...columns, verbs] : columns;
  }, [t, formats, mayWrite, onChange]);
}

function shareOf(budget: PortalBudgetView): number {
  return Number(budget.used_nano) / Number(budget.limit_nano);
}

function RemoveButton({ budget }: { readonly budget: PortalBudgetView }) {
  const t = useTexts(limitsTexts);
  const { id } = useAccount();
  const onError = useErrorToast();
  const putBack = useSetBudget(() => undefined);
  const remove = useApiChange(
    () => ({
      method: 'DELETE' as const,
      path: apiPath`/portal/v1/accounts/${id}/budgets/${budget.id}`,
      answer: portalBudgetRemovedView,
    }),
    {
      refresh: [apiPath`/portal/v1/accounts/${id}`],
      onDone: () =>
        toast('good', t('removed'), {
          label: t('put_back'),
          run: () =>
            void putBack.run({
              key_id: budget.subject === 'key' ? budget.subject_id : null,
              app: budget.subject === 'app' ? budget.subject_id : null,
              member: budget.subject === 'member' ? budget.subject_id : null,
              limit_nano: budget.limit_nano,
              period: budget.period,
              action: budget.action,
              alert_at: budget.alert_at,
            }),
        }),
      onError,
    },
  );
  const ask = async () => {
    const question = { title: t('remove_question'), message: t('remove_note') };
    if (await confirm({ ...question, confirm: t('remove'), cancel: t('cancel') })) await remove.run(undefined);
  };
  return (
    <Button
      variant="subtle"
      px={8}
      className="whole"
      color="danger"
      loading={remove.running}
      onClick={() => void ask()}
    >
      {t('remove')}
    </Button>
  );
}
