import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Accounts } from '../../accounts/index.ts';
import type { MintId } from '../../base/ids.ts';
import type { Nano } from '../../base/money.ts';
import { ok, type Result } from '../../base/result.ts';
import { readBody, refuseField } from '../../http/body.ts';
import type { PlanChanged, PlanOrder, PlanPayment, PlanQuote, PlanRefusal, Subscription } from '../plan.ts';
import {
  changePlanBody,
  clawbackBody,
  emptyBody,
  releaseTrancheBody,
  renewPlanBody,
  startPlanBody,
} from './contract.ts';
import { notSubscribed, type Plans, SERVICE_NEEDED } from './orders.ts';
import type { PlansPart } from './plans.ts';
import type { SignupRefusal } from './signup.ts';
import { toEventView, toPlanListView, toSignupView, toSubscriptionView } from './views.ts';

export interface PlanRoutesParts {
  readonly part: PlansPart;
  readonly accounts: Pick<Accounts, 'get'>;
  /** Null where no configuration is at hand. */
  readonly plans: Plans | null;
  readonly mintId: MintId;
}

/** The control API of plans and sign-up credit. */
export function planRoutes(parts: PlanRoutesParts): Hono {
  const routes = new Hono();
  routes.use('/control/v1/accounts/:id/:what{plan|credit}/*', async (context, next) => {
    const known = parts.accounts.get(context.req.param('id')) !== null;
    return known ? next() : refuseUnknown(context, context.req.param('id'));
  });
  addReading(routes, parts);
  addChanging(routes, parts);
  addEnding(routes, parts);
  addSignup(routes, parts);
  return routes;
}

function addReading(routes: Hono, { part, accounts, plans }: PlanRoutesParts): void {
  routes.get('/control/v1/plans', (context) => {
    return plans === null ? refusePlan(context, SERVICE_NEEDED) : context.json(toPlanListView(Object.values(plans)));
  });

  routes.get('/control/v1/accounts/:id/plan', async (context) => {
    const accountId = context.req.param('id');
    if (accounts.get(accountId) === null) return refuseUnknown(context, accountId);
    const subscription = part.subscriptions.get(accountId);
    const signup = await part.signups.get(accountId);
    return context.json({
      account_id: accountId,
      subscription: subscription && toSubscriptionView(subscription),
      signup: signup && toSignupView(signup),
      events: (await part.events(accountId)).map(toEventView),
    });
  });

  routes.get('/control/v1/accounts/:id/plan/quote', async (context) => {
    const accountId = context.req.param('id');
    const { plan, interval, seats } = context.req.query();
    const asked = changePlanBody.safeParse({ plan, interval, seats: seats === undefined ? null : Number(seats) });
    if (!asked.success) return refuseField(context, 'plan, interval or seats: is not valid');
    const live = part.subscriptions.get(accountId);
    const isLive = live !== null && live.state !== 'ended';
    if (!isLive && asked.data.plan === null) return refuseField(context, 'plan: must be given; this account has none');
    const quoted = isLive
      ? await part.subscriptions.quoteChange(planChangeOf(plans, live, asked.data))
      : part.subscriptions.quote(planOrderOf(plans, accountId, asked.data));
    return quoted.ok ? context.json(toQuoteView(quoted.value)) : refusePlan(context, quoted.refusal);
  });
}

function addChanging(routes: Hono, { part, plans, mintId }: PlanRoutesParts): void {
  const { subscriptions } = part;

  routes.post('/control/v1/accounts/:id/plan/start', async (context) => {
    const read = await readBody(context, startPlanBody);
    if (!read.ok) return read.refusal;
    const { trial, paid_by: paidBy, payment_id: id } = read.value;
    const order = planOrderOf(plans, context.req.param('id'), read.value);
    const payment = paymentFrom(paidBy, id, () => subscriptions.quote(order), mintId);
    if (!payment.ok) return refusePlan(context, payment.refusal);
    return answerChange(context, await subscriptions.start({ ...order, trial, payment: payment.value }));
  });

  routes.post('/control/v1/accounts/:id/plan/change', async (context) => {
    const read = await readBody(context, changePlanBody);
    if (!read.ok) return read.refusal;
    const accountId = context.req.param('id');
    const current = subscriptions.get(accountId);
    if (current === null || current.state === 'ended') return refusePlan(context, notSubscribed(accountId).refusal);
    const { paid_by: paidBy, payment_id: id } = read.value;
    const order = planChangeOf(plans, current, read.value);
    const quoted = paidBy === null ? null : await subscriptions.quoteChange(order);
    const payment = quoted === null ? ok(null) : paymentFrom(paidBy, id, () => quoted, mintId);
    if (!payment.ok) return refusePlan(context, payment.refusal);
    return answerChange(context, await subscriptions.change({ ...order, payment: payment.value }));
  });

  routes.post('/control/v1/accounts/:id/plan/renew', async (context) => {
    const read = await readBody(context, renewPlanBody);
    if (!read.ok) return read.refusal;
    const accountId = context.req.param('id');
    const { paid_by: paidBy, payment_id: id } = read.value;
    const payment = paymentFrom(paidBy, id, () => subscriptions.renewal(accountId), mintId);
    if (!payment.ok) return refusePlan(context, payment.refusal);
    if (payment.value === null) return refusePlan(context, { reason: 'nothing_to_do', message: 'nothing is due' });
    return answerChange(context, await subscriptions.renew(accountId, payment.value));
  });
}

function addEnding(routes: Hono, { part }: PlanRoutesParts): void {
  for (const verb of ['cancel', 'resume'] as const) {
    routes.post(`/control/v1/accounts/:id/plan/${verb}`, async (context) => {
      const read = await readBody(context, emptyBody);
      if (!read.ok) return read.refusal;
      return answerChange(context, await part.subscriptions[verb](context.req.param('id') ?? ''));
    });
  }
}

function addSignup(routes: Hono, { part }: PlanRoutesParts): void {
  routes.post('/control/v1/accounts/:id/credit/release', async (context) => {
    const read = await readBody(context, releaseTrancheBody);
    if (!read.ok) return read.refusal;
    const accountId = context.req.param('id');
    const released = await part.signups.release(accountId, read.value.tranche);
    if (!released.ok) return refuseSignup(context, released.refusal);
    const { tranche, grantId, amount, repeated } = released.value;
    const view = { account_id: accountId, tranche, grant_id: grantId, amount_nano: String(amount), repeated };
    return context.json(view, repeated ? 200 : 201);
  });

  routes.post('/control/v1/accounts/:id/credit/clawback', async (context) => {
    const read = await readBody(context, clawbackBody);
    if (!read.ok) return read.refusal;
    const accountId = context.req.param('id');
    const taken = await part.signups.clawBack(accountId, read.value.reason);
    if (!taken.ok) return refuseSignup(context, taken.refusal);
    const { grants, envelope } = taken.value;
    return context.json({ account_id: accountId, grants_nano: String(grants), envelope_nano: String(envelope) });
  });
}

interface Asked {
  readonly plan: string | null;
  readonly interval: 'month' | 'year' | null;
  readonly seats: number | null;
}

/** A plan as it was asked for, with what was left out. */
export function planOrderOf(plans: Plans | null, accountId: string, asked: Asked): PlanOrder {
  const plan = asked.plan ?? '';
  const seats = asked.seats ?? plans?.[plan]?.seats.min ?? 1;
  return { accountId, plan, interval: asked.interval ?? 'month', seats };
}

/** What a change leads to: whatever is not named stays as it is. */
export function planChangeOf(plans: Plans | null, current: Subscription, { plan, interval, seats }: Asked): PlanOrder {
  return {
    accountId: current.accountId,
    plan: plan ?? current.plan,
    interval: interval ?? current.interval,
    seats: seats ?? seatsFor(plans, plan, current.seats),
  };
}

/** The seats an account has, as far as the plan it goes to is had with them. */
function seatsFor(plans: Plans | null, plan: string | null, seats: number): number {
  const range = plan === null ? undefined : plans?.[plan]?.seats;
  return range === undefined ? seats : Math.min(Math.max(seats, range.min), range.max);
}

/** What an operator says was paid: just what is due. Null where nothing was paid or nothing is due. */
function paymentFrom(
  paidBy: string | null,
  id: string | null,
  quote: () => Result<PlanQuote, PlanRefusal>,
  mintId: MintId,
): Result<PlanPayment | null, PlanRefusal> {
  if (paidBy === null) return ok(null);
  const quoted = quote();
  // A payment that is named may have been made before; then what is due now is another matter.
  if (!quoted.ok && id === null) return quoted;
  const amount: Nano = quoted.ok ? quoted.value.due : 0n;
  if (quoted.ok && amount === 0n && id === null) return ok(null);
  return ok({ id: id === null ? mintId('manual') : `manual_${id}`, amount, from: 'wash', note: paidBy });
}

function toQuoteView({ due, fee, effective }: PlanQuote) {
  return { due_nano: String(due), fee_nano: String(fee), effective };
}

function answerChange(context: Context, changed: Result<PlanChanged, PlanRefusal>): Response {
  if (!changed.ok) return refusePlan(context, changed.refusal);
  const { subscription, repeated } = changed.value;
  return context.json({ subscription: toSubscriptionView(subscription), repeated });
}

/** What a refusal of plans is answered with. */
export const PLAN_STATUS: Partial<Record<PlanRefusal['reason'], ContentfulStatusCode>> = {
  account_not_found: 404,
  plan_not_found: 404,
  interval_not_offered: 400,
  seats_out_of_range: 400,
  payment_required: 402,
  payment_too_small: 402,
  service_needed: 503,
};

function refusePlan(context: Context, { reason, message, due }: PlanRefusal): Response {
  const error = { reason, message, ...(due !== undefined && { due_nano: String(due) }) };
  return context.json({ error }, PLAN_STATUS[reason] ?? 409);
}

function refuseSignup(context: Context, refusal: SignupRefusal): Response {
  return context.json({ error: refusal }, refusal.reason === 'tranche_not_found' ? 404 : 409);
}

function refuseUnknown(context: Context, id: string): Response {
  return context.json({ error: { reason: 'account_not_found', message: `there is no account ${id}` } }, 404);
}
