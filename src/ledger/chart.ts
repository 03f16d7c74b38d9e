/**
 * The chart of accounts. A balance is credits less debits, so liabilities and income are positive and assets and
 * expenses negative, and the sum over all accounts is zero. After OpenMeter's account set, with our additions.
 */

/** Accounts of the house: one of each. */
export const HOUSE_ACCOUNTS = {
  wash: 'the outside world: money received is debited, money paid back is credited',
  receivable: 'invoiced and not yet paid',
  holds: 'credit set aside for requests in progress',
  earnings: 'usage paid from paid grants: usage revenue',
  earnings_promo: 'usage paid from promotional grants: worth, but no revenue',
  write_off: 'usage that no credit was left for (an expense)',
  deferred_subscription: 'plan fees received for time still to come',
  earnings_subscription: 'plan fees earned',
  breakage: 'paid credit that expired unused',
  promo_expense: 'promotional credit given, less what came back (an expense)',
  provider_cost: 'what upstreams charge for what was served (an expense)',
  provider_payable: 'owed to upstreams',
  builder_payable: 'owed to builders',
  builder_reserve: "builders' shares kept back for refunds and disputes",
  tax_payable: 'tax collected and owed',
  rounding: 'parts of a nano-dollar, rounded up, one point for each request',
  dispute_loss: 'paid credit that was already spent when its payment was taken back (an expense)',
} as const;

export type HouseAccount = keyof typeof HOUSE_ACCOUNTS;

/** `grant:<grant id>` and `envelope:<account id>` are liabilities to a customer and never go below zero. */
export type LedgerAccountId = HouseAccount | `grant:${string}` | `envelope:${string}`;

export function grantAccount(grantId: string): LedgerAccountId {
  return `grant:${grantId}`;
}

/** Credit that is promised and not yet released (a sign-up credit in tranches). */
export function envelopeAccount(accountId: string): LedgerAccountId {
  return `envelope:${accountId}`;
}

/** The grant a ledger account belongs to; null for every other account. */
export function grantIdOf(account: LedgerAccountId): string | null {
  return account.startsWith('grant:') ? account.slice('grant:'.length) : null;
}
