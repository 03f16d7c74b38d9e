export type * from './budget.ts';
export { envelopeAccount, grantAccount, HOUSE_ACCOUNTS, type HouseAccount, type LedgerAccountId } from './chart.ts';
export type * from './ledger.ts';
export type * from './plan.ts';
export type * from './price.ts';
export { createBudgets } from './budgets/budgets.ts';
export { ledgerBudgets } from './budgets/migrations/2026-11-22-ledger-budgets.ts';
export type { Alert } from './budgets/alert.ts';
