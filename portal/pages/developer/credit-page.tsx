import { apiPath } from '../../../console/api/client.ts';
import { useApi } from '../../../console/api/queries.ts';
import { ApiPart } from '../../../console/components/api-part.tsx';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { PageHeader } from '../../../console/ui/page-header.tsx';
import { StatTile } from '../../../console/ui/stat-tile.tsx';
import { portalBalanceView, type PortalBalanceView, topupTermsView } from '../../../src/portal/billing/contract.ts';
import { useAccount, useMay } from '../../components/account.tsx';
import '../../components/developer/developer.css';
import { AutoTopupPanel } from './auto-topup-panel.tsx';
import { creditTexts } from './credit-texts.ts';
import { GrantsPanel, PaymentsPanel } from './credit-tables.tsx';
import { LowBalancePanel, RedeemPanel } from './redeem-panel.tsx';
import { TopupPanel } from './topup-panel.tsx';
import { VestingPanel } from './vesting-panel.tsx';

/** What is left to spend, where it comes from, and how more is added. */
export function CreditPage() {
  const t = useTexts(creditTexts);
  const { id } = useAccount();
  const mayWrite = useMay()('own.billing.write');
  const balance = useApi({ path: apiPath`/portal/v1/accounts/${id}/balance`, answer: portalBalanceView });
  const terms = useApi({ path: apiPath`/portal/v1/accounts/${id}/top-up`, answer: topupTermsView });
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <BalanceTiles balance={balance.data} />
      {mayWrite ? (
        <ApiPart state={terms}>
          {(told) => (
            <div className="columns">
              <TopupPanel terms={told} />
              <div className="page">
                <RedeemPanel />
                <LowBalancePanel
                  key={balance.data?.low_balance_nano ?? ''}
                  threshold={balance.data?.low_balance_nano ?? null}
                />
                {told.drivers.includes('stripe') ? <AutoTopupPanel terms={told} /> : null}
              </div>
            </div>
          )}
        </ApiPart>
      ) : null}
      <VestingPanel />
      <ApiPart state={balance}>{(told) => <GrantsPanel balance={told} />}</ApiPart>
      <PaymentsPanel />
    </div>
  );
}

function BalanceTiles({ balance }: { readonly balance: PortalBalanceView | undefined }) {
  const t = useTexts(creditTexts);
  const formats = useFormats();
  const [next] = balance?.expires ?? [];
  const ends =
    next === undefined
      ? t('ends_none')
      : t('ends', { amount: formats.money(next.amount_nano), date: formats.date(next.at) });
  const held =
    balance === undefined || balance.held_nano === '0' ? null : t('held', { amount: formats.money(balance.held_nano) });
  const told = (nano: string | undefined) => (nano === undefined ? undefined : formats.money(nano));
  return (
    <div className="tiles by-four">
      <StatTile label={t('available')} value={told(balance?.available_nano)} note={held ?? undefined} />
      <StatTile label={t('bought')} value={told(balance?.paid_nano)} />
      <StatTile label={t('given')} value={told(balance?.free_nano)} note={ends} />
      {balance === undefined || balance.promised_nano === '0' ? null : (
        <StatTile label={t('promised')} value={told(balance.promised_nano)} note={t('promised_note')} />
      )}
    </div>
  );
}
