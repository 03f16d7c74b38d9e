import { OPERATOR_ACCOUNT_ID } from '../../accounts/index.ts';
import { formatUsd, type Nano } from '../../base/money.ts';
import { isWholeCents } from './cents.ts';
import type { PaymentsDeps } from './deps.ts';
import type { Payment, PaymentRefusal } from './payment.ts';
import type { NewPayment } from './store.ts';

/** An order nobody was asked to pay yet. */
export function newOrder(deps: PaymentsDeps, order: Omit<NewPayment, 'id' | 'createdAtMs'>): Payment {
  const { credit, tax } = order;
  const id = deps.mintId('pay');
  const rest = { ref: null, checkoutRef: null, subscriptionRef: null, grantId: null, paidAtMs: null };
  const none = { refunded: 0n, refundedTax: 0n };
  return { ...order, ...rest, ...none, id, state: 'pending', amount: credit + tax, createdAtMs: deps.clock.wallMs() };
}

/** Why this account cannot buy anything; null when it can. */
export function checkAccount(deps: PaymentsDeps, accountId: string): PaymentRefusal | null {
  if (accountId === OPERATOR_ACCOUNT_ID) {
    return { reason: 'house_account', message: "the operator's own account pays nothing and buys nothing" };
  }
  if (deps.accounts.get(accountId) !== null) return null;
  return { reason: 'account_not_found', message: `there is no account ${accountId}` };
}

/** Why this much cannot be bought at once; null when it can. */
export function checkTopup(deps: PaymentsDeps, credit: Nano): PaymentRefusal | null {
  if (deps.config === null)
    return { reason: 'service_needed', message: 'only a running service knows what may be bought' };
  const { min, max } = deps.config.topup;
  if (credit <= 0n || !isWholeCents(credit)) {
    return { reason: 'amount_invalid', message: 'the amount must be above 0, in whole cents' };
  }
  if (credit < min) {
    const message = `the amount is below ${formatUsd(min)} US dollars (payments.topup.min_usd)`;
    return { reason: 'amount_too_small', message };
  }
  if (credit > max) {
    const message = `the amount is above ${formatUsd(max)} US dollars (payments.topup.max_usd)`;
    return { reason: 'amount_too_large', message };
  }
  return null;
}
