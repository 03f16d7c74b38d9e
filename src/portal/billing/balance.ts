import { toIso } from '../../base/calendar.ts';
import { type Nano, sum } from '../../base/money.ts';
import { type AccountBalance, type GrantBalance, toGrantView } from '../../ledger/index.ts';
import { GRANTS_SHOWN_MAX, type PortalBalanceView } from './contract.ts';

/** How far ahead it is told what ends. */
const SOON_MS = 30 * 86_400_000;

export function toPortalBalanceView(balance: AccountBalance, threshold: Nano | null, nowMs: number): PortalBalanceView {
  const { grants } = balance;
  const active = grants.filter(({ state }) => state === 'active');
  const left = (kind: GrantBalance['kind']) =>
    sum(active.filter((grant) => grant.kind === kind).map((grant) => grant.available));
  return {
    balance_nano: String(balance.balance),
    available_nano: String(balance.available),
    held_nano: String(balance.held),
    paid_nano: String(left('paid')),
    free_nano: String(left('promo')),
    promised_nano: String(balance.envelope),
    expires: endingSoon(active, nowMs).map(({ expiresAtMs, available, held, kind }) => ({
      at: toIso(expiresAtMs),
      amount_nano: String(available + held),
      kind,
    })),
    grants: grants.slice(0, GRANTS_SHOWN_MAX).map((grant) => {
      const { account_id: _, reason: __, ...view } = toGrantView(grant, false);
      return view;
    }),
    more_grants: grants.length > GRANTS_SHOWN_MAX,
    low_balance_nano: threshold === null ? null : String(threshold),
  };
}

/** Credit that ends within thirty days, the next first. */
export function endingSoon(grants: readonly GrantBalance[], nowMs: number) {
  return grants
    .flatMap((grant) => {
      const { expiresAtMs } = grant;
      return expiresAtMs !== null && expiresAtMs <= nowMs + SOON_MS ? [{ ...grant, expiresAtMs }] : [];
    })
    .sort((one, other) => one.expiresAtMs - other.expiresAtMs);
}
