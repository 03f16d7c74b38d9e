import { Hono } from 'hono';
import { firstProblem, readBody, refuseField } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import { pageOf, readLimit } from '../../http/paging.ts';
import { z } from 'zod';
import type { Result } from '../../base/result.ts';
import { toAutoTopupView } from '../../ledger/index.ts';
import type { PortalContext } from '../belonging.ts';
import { asAsker, type PortalRefusal, say } from '../refusals.ts';
import {
  planChoiceQuery,
  PORTAL_PAYMENTS_PAGE_MAX,
  portalAutoTopupBody,
  portalChangePlanBody,
  type PortalPlanChangedView,
  portalStartPlanBody,
  portalTopupBody,
  type TopupTermsView,
} from './contract.ts';
import type { PortalBillingDeps } from './deps.ts';
import { changePlan, driversOf, endPlan, planOf, quotePlan, startPlan, toOwnPayment } from './plan.ts';
import { paymentRefusal } from './refusals.ts';
import { takeOrder } from './take-order.ts';

const ACCOUNT = '/portal/v1/accounts/:account';
type Routes = Hono<{ Variables: ControlVariables }>;

/** The plan of an account, and money in. */
export function portalPlanRoutes(deps: PortalBillingDeps): Routes {
  const routes: Routes = new Hono<{ Variables: ControlVariables }>();
  addPlan(routes, deps);
  addPlanChanges(routes, deps);
  addPayments(routes, deps);
  addAutoTopup(routes, deps);
  return routes;
}

function addPlan(routes: Routes, deps: PortalBillingDeps): void {
  routes.get(
    `${ACCOUNT}/plan`,
    asAsker(deps.belonging, async (context, { accountId }) => context.json(await planOf(deps, accountId))),
  );

  routes.get(
    `${ACCOUNT}/plan/quote`,
    asAsker(deps.belonging, async (context, { accountId }) => {
      const query = planChoiceQuery.safeParse(context.req.query());
      if (!query.success) return refuseField(context, firstProblem(query.error));
      const { plan = null, interval = null, seats } = query.data;
      const choice = { plan, interval, seats: seats === undefined ? null : Number(seats) };
      const quoted = await quotePlan(deps, accountId, choice);
      if (!quoted.ok) return say(context, quoted.refusal);
      const { due, fee, effective } = quoted.value;
      return context.json({ due_nano: String(due), fee_nano: String(fee), effective });
    }),
  );
}

function addPlanChanges(routes: Routes, deps: PortalBillingDeps): void {
  function answer(context: PortalContext, changed: Result<PortalPlanChangedView, PortalRefusal>): Response {
    if (!changed.ok) return say(context, changed.refusal);
    const { subscription, payment } = changed.value;
    context.set('changes', { plan: subscription?.plan ?? null, payment: payment?.id ?? null });
    return context.json(changed.value);
  }

  routes.post(
    `${ACCOUNT}/plan/start`,
    asAsker(deps.belonging, async (context, { accountId }) => {
      const body = await readBody(context, portalStartPlanBody);
      return body.ok ? answer(context, await startPlan(deps, accountId, body.value)) : body.refusal;
    }),
  );

  routes.post(
    `${ACCOUNT}/plan/change`,
    asAsker(deps.belonging, async (context, { accountId }) => {
      const body = await readBody(context, portalChangePlanBody);
      return body.ok ? answer(context, await changePlan(deps, accountId, body.value)) : body.refusal;
    }),
  );

  for (const verb of ['cancel', 'resume'] as const) {
    routes.post(
      `${ACCOUNT}/plan/${verb}`,
      asAsker(deps.belonging, async (context, { accountId }) => {
        const body = await readBody(context, z.strictObject({}));
        return body.ok ? answer(context, await endPlan(deps, accountId, verb)) : body.refusal;
      }),
    );
  }
}

function addPayments(routes: Routes, deps: PortalBillingDeps): void {
  const { payments, belonging, config } = deps;

  routes.get(
    `${ACCOUNT}/top-up`,
    asAsker(belonging, async (context, { accountId }) => {
      const { min, max, taxBp } = config.topup;
      const terms: TopupTermsView = {
        min_nano: String(min),
        max_nano: String(max),
        tax_bp: taxBp,
        drivers: driversOf(deps),
        auto: toOwnAutoTopup(await payments.autoTopups.show(accountId)),
      };
      return context.json(terms);
    }),
  );

  routes.post(
    `${ACCOUNT}/top-ups`,
    asAsker(belonging, async (context, { accountId }) => {
      const body = await readBody(context, portalTopupBody);
      if (!body.ok) return body.refusal;
      const tooMany = takeOrder(deps, accountId);
      if (tooMany !== null) return say(context, tooMany);
      const { credit_nano: credit, driver, save_method: saveMethod } = body.value;
      const started = await payments.topup({ accountId, credit, driver, saveMethod });
      if (!started.ok) return say(context, paymentRefusal(started.refusal));
      const payment = toOwnPayment(started.value.payment);
      context.set('changes', { payment: payment.id, amount_nano: payment.amount_nano });
      return context.json({ payment, url: started.value.url }, 201);
    }),
  );

  routes.get(
    `${ACCOUNT}/payments`,
    asAsker(belonging, async (context, { accountId }) => {
      const limit = readLimit(context, PORTAL_PAYMENTS_PAGE_MAX);
      if (!limit.ok) return limit.refusal;
      const before = context.req.query('before') ?? null;
      const found = await payments.list({ accountId, before, limit: limit.value + 1 });
      return context.json(pageOf(found, limit.value, toOwnPayment));
    }),
  );
}

function addAutoTopup(routes: Routes, { payments, belonging }: PortalBillingDeps): void {
  routes.put(
    `${ACCOUNT}/auto-top-up`,
    asAsker(belonging, async (context, { accountId }) => {
      const body = await readBody(context, portalAutoTopupBody);
      if (!body.ok) return body.refusal;
      const { threshold_nano: threshold, credit_nano: credit, monthly_cap_nano: monthlyCap } = body.value;
      const set = await payments.autoTopups.set({ accountId, threshold, credit, monthlyCap });
      return set.ok ? context.json({ auto: toOwnAutoTopup(set.value) }) : say(context, paymentRefusal(set.refusal));
    }),
  );

  routes.delete(
    `${ACCOUNT}/auto-top-up`,
    asAsker(belonging, async (context, { accountId }) =>
      context.json({ auto: toOwnAutoTopup(await payments.autoTopups.off(accountId)) }),
    ),
  );
}

function toOwnAutoTopup(auto: Parameters<typeof toAutoTopupView>[0] | null): TopupTermsView['auto'] {
  if (auto === null) return null;
  const { account_id: _, ...view } = toAutoTopupView(auto);
  return view;
}
