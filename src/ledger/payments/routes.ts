import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { isoOrNull, toIso } from '../../base/calendar.ts';
import type { Clock } from '../../base/clock.ts';
import type { Result } from '../../base/result.ts';
import { readBody, refuseField } from '../../http/body.ts';
import { pageOf, readLimit } from '../../http/paging.ts';
import {
  autoTopupBody,
  createCodeBody,
  PAYMENTS_PAGE_MAX,
  recordBody,
  redeemBody,
  refundBody,
  subscriptionBody,
  topupBody,
} from './contract.ts';
import type { Payments } from './create.ts';
import type { RedeemRefusal } from './codes.ts';
import type { StartedPayment } from './orders.ts';
import type { PaymentRefusal } from './payment.ts';
import type { RecordedMoney } from './record.ts';
import { toAutoTopupView, toCodeView, toPaymentView, toRefundView } from './views.ts';

/** The control API of payments and codes. `models` are those a code may be for; null where no configuration is at hand. */
export function paymentRoutes(payments: Payments, clock: Clock, models: readonly string[] | null): Hono {
  const routes = new Hono();
  addStarting(routes, payments);
  addPayments(routes, payments);
  addAutoTopups(routes, payments);
  addCodes(routes, payments, clock, models);
  return routes;
}

function addStarting(routes: Hono, payments: Payments): void {
  const answer = (context: Context, started: Result<StartedPayment, PaymentRefusal>) =>
    started.ok
      ? context.json({ payment: toPaymentView(started.value.payment), url: started.value.url }, 201)
      : refusePayment(context, started.refusal);

  routes.post('/control/v1/topups', async (context) => {
    const read = await readBody(context, topupBody);
    if (!read.ok) return read.refusal;
    const { account_id: accountId, credit_nano: credit, driver, save_method: saveMethod } = read.value;
    return answer(context, await payments.topup({ accountId, credit, driver, saveMethod }));
  });

  routes.post('/control/v1/subscription-checkouts', async (context) => {
    const read = await readBody(context, subscriptionBody);
    if (!read.ok) return read.refusal;
    const { account_id: accountId, plan, interval, seats, driver } = read.value;
    return answer(context, await payments.subscribe({ accountId, plan, interval, seats, driver }));
  });
}

function addPayments(routes: Hono, payments: Payments): void {
  routes.post('/control/v1/payments/record', async (context) => {
    const read = await readBody(context, recordBody);
    if (!read.ok) return read.refusal;
    const { reference, payment_id: paymentId, account_id: accountId = '', credit_nano: credit = 0n } = read.value;
    const money: RecordedMoney =
      paymentId === undefined ? { reference, accountId, credit, tax: read.value.tax_nano } : { reference, paymentId };
    const recorded = await payments.record(money);
    if (!recorded.ok) return refusePayment(context, recorded.refusal);
    const { payment, repeated } = recorded.value;
    return context.json({ payment: toPaymentView(payment), repeated }, repeated ? 200 : 201);
  });

  routes.get('/control/v1/payments', async (context) => {
    const limit = readLimit(context, PAYMENTS_PAGE_MAX);
    if (!limit.ok) return limit.refusal;
    const page = { accountId: context.req.query('account') ?? null, before: context.req.query('before') ?? null };
    const found = await payments.list({ ...page, limit: limit.value + 1 });
    return context.json(pageOf(found, limit.value, toPaymentView));
  });

  routes.get('/control/v1/payments/:id', async (context) => {
    const found = await payments.show(context.req.param('id'));
    if (found === null) return refusePayment(context, notFound(context.req.param('id')));
    return context.json({
      payment: toPaymentView(found.payment),
      refunds: found.refunds.map(toRefundView),
      reversals: found.reversals.map(({ id, kind, state, credit, tax, drained }) => ({
        id,
        kind,
        state,
        credit_nano: credit.toString(),
        tax_nano: tax.toString(),
        drained_nano: drained.toString(),
      })),
      events: found.events.map(({ id, kind, state, detail, atMs }) => ({ id, kind, state, detail, at: toIso(atMs) })),
    });
  });

  routes.post('/control/v1/payments/:id/refunds', async (context) => {
    const read = await readBody(context, refundBody);
    if (!read.ok) return read.refusal;
    const { credit_nano: credit, reason, key, reference } = read.value;
    const paymentId = context.req.param('id');
    const refunded = await payments.refund({ paymentId, credit, reason, key, reference });
    if (!refunded.ok) return refusePayment(context, refunded.refusal);
    const { refund, repeated } = refunded.value;
    return context.json({ refund: toRefundView(refund), repeated }, repeated ? 200 : 201);
  });
}

function addAutoTopups(routes: Hono, payments: Payments): void {
  const none = (context: Context, accountId: string) => {
    const message = `account ${accountId} has no automatic top-up`;
    return context.json({ error: { reason: 'auto_topup_not_found', message } }, 404);
  };

  routes.post('/control/v1/auto-topups', async (context) => {
    const read = await readBody(context, autoTopupBody);
    if (!read.ok) return read.refusal;
    const { account_id: accountId, threshold_nano: threshold, credit_nano: credit } = read.value;
    const order = { accountId, threshold, credit, monthlyCap: read.value.monthly_cap_nano };
    const set = await payments.autoTopups.set(order);
    return set.ok ? context.json(toAutoTopupView(set.value)) : refusePayment(context, set.refusal);
  });

  routes.get('/control/v1/auto-topups/:account', async (context) => {
    const accountId = context.req.param('account');
    const auto = await payments.autoTopups.show(accountId);
    return auto === null ? none(context, accountId) : context.json(toAutoTopupView(auto));
  });

  routes.post('/control/v1/auto-topups/:account/off', async (context) => {
    const accountId = context.req.param('account');
    const auto = await payments.autoTopups.off(accountId);
    return auto === null ? none(context, accountId) : context.json(toAutoTopupView(auto));
  });
}

function addCodes(routes: Hono, { codes }: Payments, clock: Clock, models: readonly string[] | null): void {
  routes.post('/control/v1/codes', async (context) => {
    const read = await readBody(context, createCodeBody);
    if (!read.ok) return read.refusal;
    const body = read.value;
    const stranger = models && body.models?.find((name) => !models.includes(name));
    if (stranger) return refuseField(context, `models: there is no ${stranger} here`);
    const made = await codes.create({
      credit: body.credit_nano,
      usesMax: body.uses_max,
      perAccountMax: body.per_account_max,
      models: body.models,
      grantMs: body.grant_expires_in_ms,
      expiresAtMs: body.expires_in_ms === null ? null : clock.wallMs() + body.expires_in_ms,
    });
    return context.json({ ...toCodeView(made.code, clock.wallMs()), code: made.text }, 201);
  });

  routes.get('/control/v1/codes', async (context) => {
    const limit = readLimit(context, PAYMENTS_PAGE_MAX);
    if (!limit.ok) return limit.refusal;
    const found = await codes.list(context.req.query('before') ?? null, limit.value + 1);
    return context.json(pageOf(found, limit.value, (code) => toCodeView(code, clock.wallMs())));
  });

  routes.post('/control/v1/codes/redeem', async (context) => {
    const read = await readBody(context, redeemBody);
    if (!read.ok) return read.refusal;
    const { account_id: accountId, code } = read.value;
    const redeemed = await codes.redeem(accountId, code);
    if (!redeemed.ok) return refuseCode(context, redeemed.refusal);
    const { grantId, credit, expiresAtMs } = redeemed.value;
    const expires = isoOrNull(expiresAtMs);
    return context.json({
      account_id: accountId,
      grant_id: grantId,
      credit_nano: credit.toString(),
      expires_at: expires,
    });
  });

  routes.post('/control/v1/codes/:id/revoke', async (context) => {
    const id = context.req.param('id');
    const code = await codes.revoke(id);
    if (code !== null) return context.json(toCodeView(code, clock.wallMs()));
    return context.json({ error: { reason: 'code_not_found', message: `there is no code ${id}` } }, 404);
  });
}

function notFound(id: string): PaymentRefusal {
  return { reason: 'payment_not_found', message: `there is no payment ${id}` };
}

/** What a refusal of payments is answered with. */
export const PAYMENT_STATUS: Record<PaymentRefusal['reason'], ContentfulStatusCode> = {
  account_not_found: 404,
  house_account: 409,
  amount_invalid: 400,
  amount_too_small: 400,
  amount_too_large: 400,
  driver_not_configured: 409,
  driver_unsupported: 409,
  driver_declined: 409,
  driver_unavailable: 503,
  service_needed: 503,
  payment_not_found: 404,
  payment_state: 409,
  reference_used: 409,
  nothing_to_refund: 409,
  refund_too_large: 409,
  no_saved_method: 409,
  plan_refused: 409,
  cap_below_amount: 400,
  event_rejected: 409,
};

function refusePayment(context: Context, refusal: PaymentRefusal): Response {
  return context.json({ error: refusal }, PAYMENT_STATUS[refusal.reason]);
}

export const CODE_STATUS: Record<RedeemRefusal['reason'], ContentfulStatusCode> = {
  code_invalid: 404,
  code_expired: 409,
  code_used_up: 409,
  code_used_by_account: 409,
  account_not_found: 404,
  house_account: 409,
  too_many_attempts: 429,
};

function refuseCode(context: Context, { reason, message }: RedeemRefusal): Response {
  return context.json({ error: { reason, message } }, CODE_STATUS[reason]);
}
