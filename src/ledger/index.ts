export type * from './budget.ts';
export { ledgerControlApi } from './control-api.ts';
export { grantAccount, type HouseAccount, type LedgerAccountId } from './chart.ts';
export type * from './ledger.ts';
export type * from './plan.ts';
export type * from './price.ts';
export { createPriceBook, readRatesById } from './prices/book.ts';
export { priceRoutes } from './prices/routes.ts';
export { chargeOf } from './prices/charge.ts';
export { type ChargedUse, expectedPrice } from './prices/expected.ts';
export { ledgerPrice } from './prices/migrations/2026-11-22-ledger-price.ts';
export { auditBudgets } from './budgets/audit.ts';
export { createBudgets } from './budgets/budgets.ts';
export { ledgerBudgets } from './budgets/migrations/2026-11-22-ledger-budgets.ts';
export type { Alert } from './budgets/alert.ts';
export { pruneAlerts } from './budgets/alert-store.ts';
export { readStoppedBudgets } from './budgets/stopped.ts';
export { createLowBalance, type LowBalance } from './budgets/low-balance.ts';
export { budgetRoutes } from './budgets/routes.ts';
export { toBudgetView } from './budgets/views.ts';
export {
  type Reports,
  type StatementLineView,
  type StatementView,
  revenueReportView,
  statementView,
  trialBalanceView,
  usageReportView,
} from './reports/contract.ts';
export { createReports } from './reports/reports.ts';
export { toRatesView, toTargetView } from './prices/views.ts';
export { readPaidBy } from './books/paid-by.ts';
export { readRequestTransfers } from './books/request-transfers.ts';
export { auditBooks } from './books/audit.ts';
export { createLedger } from './books/books.ts';
export { ledgerBooks } from './books/migrations/2026-11-22-ledger-books.ts';
export { createCredit } from './credit/credit.ts';
export { ledgerRevocation } from './credit/migrations/2026-11-22-ledger-revocation.ts';
export { createProlongation, type LostSpan, type Prolongation } from './credit/prolong.ts';
export { createRevocations } from './credit/revocations.ts';
export { creditRoutes } from './credit/routes.ts';
export { toGrantView } from './credit/views.ts';
export { auditPlans } from './plans/audit.ts';
export { ledgerPlans } from './plans/migrations/2026-11-22-ledger-plans.ts';
export { ledgerVesting } from './plans/migrations/2026-11-22-ledger-vesting.ts';
export { createVestingCredit, type VestingCredit } from './plans/vesting-credit.ts';
export { createLanes, createLocks, type Locks } from './lanes.ts';
export { PLAN_STATUS, planChangeOf, planOrderOf, planRoutes } from './plans/routes.ts';
export { toPlanListView, toSubscriptionView } from './plans/views.ts';
export { createPlans, type PlansPart } from './plans/plans.ts';
export { readingRoutes } from './reading/routes.ts';
export { toMovedView, toPaidByView } from './reading/views.ts';
export { createCorrections, type Corrections } from './corrections/correct.ts';
export { type Correction, readCorrections } from './corrections/read.ts';
export { correctionRoutes } from './corrections/routes.ts';
export { auditPayments } from './payments/audit.ts';
export { createPayments, type Payments } from './payments/create.ts';
export type { CardSeen, DriverName, PaymentDriver } from './payments/driver.ts';
export { createManualDriver } from './payments/manual.ts';
export { ledgerPayments } from './payments/migrations/2026-11-22-ledger-payments.ts';
export type { PaymentRefusal } from './payments/payment.ts';
export type { RedeemRefusal } from './payments/codes.ts';
export { CODE_STATUS, PAYMENT_STATUS, paymentRoutes } from './payments/routes.ts';
export { toAutoTopupView, toPaymentView } from './payments/views.ts';
export { createStripeDriver } from './payments/stripe/driver.ts';
export { createWebhook } from './payments/webhook.ts';
