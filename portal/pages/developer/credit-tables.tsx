import { useMemo } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { useApiPages } from '../../../console/api/queries.ts';
import { ApiTable } from '../../../console/components/api-table.tsx';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { CopyId } from '../../../console/ui/copy-id.tsx';
import type { Column } from '../../../console/ui/data-table/column.ts';
import { DataTable } from '../../../console/ui/data-table/data-table.tsx';
import { EmptyState } from '../../../console/ui/empty-state.tsx';
import { moneyColumn } from '../../../console/ui/money-column.tsx';
import type { Status } from '../../../console/ui/palette.ts';
import { Panel } from '../../../console/ui/panel.tsx';
import { longTextColumn, statusColumn, timeColumn } from '../../../console/ui/usual-columns.tsx';
import {
  type PortalBalanceView,
  portalPaymentListView,
  type PortalPaymentView,
} from '../../../src/portal/billing/contract.ts';
import { useAccount } from '../../components/account.tsx';
import { creditTexts } from './credit-texts.ts';

type Grant = PortalBalanceView['grants'][number];
const HEIGHT_PX = 380;
const SOURCES = ['signup', 'plan', 'topup', 'invoice', 'manual', 'redeem', 'restored'] as const;
const GRANT_STATUS: Readonly<Record<Grant['state'], Status>> = {
  active: 'good',
  pending: 'none',
  expired: 'none',
  empty: 'none',
  revoked: 'bad',
};

/** The parts credit is made of, in the order they are used. */
export function GrantsPanel({ balance }: { readonly balance: PortalBalanceView }) {
  const t = useTexts(creditTexts);
  const columns = useGrantColumns();
  return (
    <Panel title={t('grants')} padded={false}>
      <DataTable
        label={t('grants')}
        columns={columns}
        rows={balance.grants}
        rowId={(row) => row.id}
        heightMax={HEIGHT_PX}
        empty={<EmptyState title={t('no_grants')}>{t('no_grants_note')}</EmptyState>}
      />
    </Panel>
  );
}

function useGrantColumns(): readonly Column<Grant>[] {
  const t = useTexts(creditTexts);
  const formats = useFormats();
  return useMemo(() => {
    const sourceOf = (row: Grant) => {
      const known = SOURCES.find((source) => source === row.source);
      return known === undefined ? row.source : t(`source_${known}`);
    };
    return [
      { key: 'kind', header: t('col_kind'), value: (row) => t(`kind_${row.kind}`), width: 100 },
      { key: 'source', header: t('col_source'), value: sourceOf, width: 140 },
      statusColumn<Grant>({
        key: 'state',
        header: t('col_state'),
        status: (row) => GRANT_STATUS[row.state],
        word: (row) => t(`state_${row.state}`),
        width: 130,
      }),
      moneyColumn<Grant>({
        key: 'left',
        header: t('col_left'),
        nano: (row) => String(BigInt(row.available_nano) + BigInt(row.held_nano)),
        width: 100,
      }),
      moneyColumn<Grant>({ key: 'amount', header: t('col_amount'), nano: (row) => row.amount_nano, width: 100 }),
      {
        key: 'since',
        header: t('col_since'),
        value: (row) => row.starts_at,
        cell: (row) => formats.date(row.starts_at),
        width: 130,
      },
      {
        key: 'until',
        header: t('col_until'),
        value: (row) => row.expires_at,
        cell: (row) =>
          row.expires_at === null ? <span className="dimmed">{t('never')}</span> : formats.date(row.expires_at),
        width: 130,
      },
      longTextColumn<Grant>({
        key: 'models',
        header: t('for_models'),
        text: (row) => row.models?.join(', ') ?? t('any_model'),
        width: 140,
      }),
    ];
  }, [t, formats]);
}

const PAYMENT_STATUS: Readonly<Record<PortalPaymentView['state'], Status>> = {
  pending: 'warn',
  paid: 'good',
  failed: 'none',
  refunded: 'none',
  partly_refunded: 'none',
  disputed: 'bad',
  lost: 'bad',
};

/** What was ordered and paid. */
export function PaymentsPanel() {
  const t = useTexts(creditTexts);
  const { id } = useAccount();
  const state = useApiPages(
    {
      path: apiPath`/portal/v1/accounts/${id}/payments`,
      query: { limit: '50' },
      answer: portalPaymentListView,
    },
    { cursor: 'before' },
  );
  const columns = usePaymentColumns();
  return (
    <Panel title={t('payments')} padded={false}>
      <ApiTable
        label={t('payments')}
        state={state}
        columns={columns}
        rowId={(row) => row.id}
        heightMax={HEIGHT_PX}
        empty={<p className="panel-padded dimmed developer-line">{t('no_payments')}</p>}
      />
    </Panel>
  );
}

function usePaymentColumns(): readonly Column<PortalPaymentView>[] {
  const t = useTexts(creditTexts);
  const formats = useFormats();
  return useMemo(
    () => [
      timeColumn<PortalPaymentView>(formats, {
        key: 'when',
        header: t('col_when'),
        at: (row) => row.paid_at ?? row.created_at,
      }),
      {
        key: 'what',
        header: t('col_what'),
        value: (row) => (row.automatic ? t('pay_automatic') : t(`pay_kind_${row.kind}`, { plan: row.plan ?? '' })),
        width: 170,
      },
      statusColumn<PortalPaymentView>({
        key: 'state',
        header: t('col_state'),
        status: (row) => PAYMENT_STATUS[row.state],
        word: (row) => t(`pay_state_${row.state}`),
        width: 150,
      }),
      moneyColumn<PortalPaymentView>({ key: 'charged', header: t('col_charged'), nano: (row) => row.amount_nano }),
      moneyColumn<PortalPaymentView>({ key: 'tax', header: t('col_tax'), nano: (row) => row.tax_nano }),
      { key: 'id', header: t('col_id'), value: (row) => row.id, cell: (row) => <CopyId id={row.id} />, width: 190 },
    ],
    [t, formats],
  );
}
