export type * from './budget.ts';
export { envelopeAccount, grantAccount, HOUSE_ACCOUNTS, type HouseAccount, type LedgerAccountId } from './chart.ts';
export type * from './ledger.ts';
export type * from './plan.ts';
export type * from './price.ts';
