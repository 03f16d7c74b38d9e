import { isoOrNull, toIso } from '../../base/calendar.ts';
import type { AutoTopup } from './auto-store.ts';
import type { Code } from './code-store.ts';
import type { AutoTopupView, CodeView, PaymentView, RefundView } from './contract.ts';
import type { Payment, Refund } from './payment.ts';

export function toPaymentView(payment: Payment): PaymentView {
  return {
    id: payment.id,
    account_id: payment.accountId,
    kind: payment.kind,
    state: payment.state,
    driver: payment.driver,
    currency: 'usd',
    amount_nano: payment.amount.toString(),
    credit_nano: payment.credit.toString(),
    tax_nano: payment.tax.toString(),
    refunded_nano: (payment.refunded + payment.refundedTax).toString(),
    reference: payment.ref,
    grant_id: payment.grantId,
    automatic: payment.facts.auto === true,
    plan: payment.facts.plan?.name ?? null,
    created_at: toIso(payment.createdAtMs),
    paid_at: isoOrNull(payment.paidAtMs),
  };
}

export function toRefundView(refund: Refund): RefundView {
  return {
    id: refund.id,
    payment_id: refund.paymentId,
    state: refund.state,
    credit_nano: refund.credit.toString(),
    tax_nano: refund.tax.toString(),
    reason: refund.reason,
    reference: refund.ref,
    detail: refund.detail,
    created_at: toIso(refund.createdAtMs),
  };
}

export function toAutoTopupView(auto: AutoTopup): AutoTopupView {
  return {
    account_id: auto.accountId,
    state: auto.state,
    threshold_nano: auto.threshold.toString(),
    credit_nano: auto.credit.toString(),
    monthly_cap_nano: auto.monthlyCap.toString(),
    method: auto.methodLabel,
    month: auto.month,
    spent_nano: auto.spent.toString(),
    payment_id: auto.paymentId,
    failures: auto.failures,
    last_failure: auto.lastFailure,
    next_at: auto.nextAtMs === 0 ? null : toIso(auto.nextAtMs),
  };
}

export function toCodeView(code: Code, nowMs: number): CodeView {
  return {
    id: code.id,
    state: stateOf(code, nowMs),
    credit_nano: code.credit.toString(),
    uses_max: code.usesMax,
    used: code.used,
    per_account_max: code.perAccountMax,
    models: code.models === null ? null : [...code.models],
    grant_expires_in_ms: code.grantMs,
    created_at: toIso(code.createdAtMs),
    expires_at: isoOrNull(code.expiresAtMs),
  };
}

function stateOf(code: Code, nowMs: number): CodeView['state'] {
  if (code.revokedAtMs !== null) return 'revoked';
  if (code.used >= code.usesMax) return 'used_up';
  return code.expiresAtMs !== null && code.expiresAtMs <= nowMs ? 'expired' : 'active';
}
