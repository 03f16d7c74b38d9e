import { ok, refuse, type Result } from '../../base/result.ts';
import {
  type PlanChanged,
  planChangeOf,
  planOrderOf,
  type PlanRefusal,
  type Subscription,
  toPaymentView,
  toPlanListView,
  toSubscriptionView,
} from '../../ledger/index.ts';
import type { PortalRefusal } from '../refusals.ts';
import type { PortalPaymentView, PortalPlanChangedView, PortalPlanView } from './contract.ts';
import type { PortalBillingDeps } from './deps.ts';
import { paymentRefusal, planRefusal } from './refusals.ts';
import { takeOrder } from './take-order.ts';

interface Choice {
  readonly plan: string | null;
  readonly interval: 'month' | 'year' | null;
  readonly seats: number | null;
}

export async function planOf(deps: PortalBillingDeps, accountId: string): Promise<PortalPlanView> {
  const subscription = deps.subscriptions.get(accountId);
  const { plan, marginBp } = deps.terms.termsOf(accountId);
  const events = subscription === null ? [] : await deps.planEvents(accountId);
  return {
    plan,
    margin_bp: marginBp,
    subscription: subscription && onWire(subscription),
    plans: toPlanListView(Object.values(deps.plans).filter(({ name }) => name === plan || deps.isOffered(name))).data,
    drivers: driversOf(deps),
    trial_used: events.some(({ kind }) => kind === 'trial_started'),
  };
}

export function driversOf({ config }: Pick<PortalBillingDeps, 'config'>): ('stripe' | 'manual')[] {
  return config.stripe === null ? ['manual'] : ['stripe', 'manual'];
}

export async function quotePlan(deps: PortalBillingDeps, accountId: string, choice: Choice) {
  const { subscriptions, plans } = deps;
  const live = liveOf(subscriptions.get(accountId));
  if (!mayChoose(deps, live, choice.plan)) return refuse(NOT_OFFERED);
  if (live === null && choice.plan === null) {
    return refuse({ status: 400, reason: 'invalid_field', message: 'plan: must be given; there is none yet' } as const);
  }
  const quoted =
    live === null || startsAnew(live, plans)
      ? subscriptions.quote(planOrderOf(plans, accountId, choice))
      : await subscriptions.quoteChange(planChangeOf(plans, live, choice));
  return quoted.ok ? ok(quoted.value) : refuse(planRefusal(quoted.refusal));
}

/** Begins what costs nothing at once; for the rest an order is made, and the plan begins when it is paid. */
export async function startPlan(
  deps: PortalBillingDeps,
  accountId: string,
  choice: Choice & { readonly trial: boolean; readonly driver: 'stripe' | 'manual' | null },
): Promise<Result<PortalPlanChangedView, PortalRefusal>> {
  if (!mayChoose(deps, liveOf(deps.subscriptions.get(accountId)), choice.plan)) return refuse(NOT_OFFERED);
  const order = planOrderOf(deps.plans, accountId, choice);
  const quoted = deps.subscriptions.quote(order);
  if (!quoted.ok) return refuse(planRefusal(quoted.refusal));
  if (choice.trial || quoted.value.due === 0n) {
    return answer(await deps.subscriptions.start({ ...order, trial: choice.trial, payment: null, ownChoice: true }));
  }
  const tooMany = takeOrder(deps, accountId);
  if (tooMany !== null) return refuse(tooMany);
  const started = await deps.payments.subscribe({ ...order, driver: choice.driver });
  if (!started.ok) return refuse(paymentRefusal(started.refusal));
  const { payment, url } = started.value;
  const subscription = deps.subscriptions.get(accountId);
  return ok({ subscription: subscription && onWire(subscription), payment: toOwnPayment(payment), url });
}

export async function changePlan(
  deps: PortalBillingDeps,
  accountId: string,
  choice: Choice,
): Promise<Result<PortalPlanChangedView, PortalRefusal>> {
  const { subscriptions, plans } = deps;
  const live = liveOf(subscriptions.get(accountId));
  if (live === null) return refuse(planRefusal(NOT_SUBSCRIBED));
  if (!mayChoose(deps, live, choice.plan)) return refuse(NOT_OFFERED);
  return answer(await subscriptions.change({ ...planChangeOf(plans, live, choice), payment: null }));
}

export async function endPlan(
  { subscriptions }: PortalBillingDeps,
  accountId: string,
  verb: 'cancel' | 'resume',
): Promise<Result<PortalPlanChangedView, PortalRefusal>> {
  return answer(await subscriptions[verb](accountId));
}

export function toOwnPayment(payment: Parameters<typeof toPaymentView>[0]): PortalPaymentView {
  const { account_id: _, ...view } = toPaymentView(payment);
  return view;
}

const NOT_SUBSCRIBED: PlanRefusal = { reason: 'not_subscribed', message: 'there is no plan yet; start one' };

const NOT_OFFERED: PortalRefusal = {
  status: 403,
  reason: 'plan_not_offered',
  message: 'this plan is given in turn or by invitation; it cannot be chosen here',
};

/** Seats and interval of the plan one has may change whatever its door says. */
function mayChoose({ isOffered, plans }: PortalBillingDeps, live: Subscription | null, plan: string | null): boolean {
  return plan === null || plan === live?.plan || plans[plan] === undefined || isOffered(plan);
}

function liveOf(subscription: Subscription | null): Subscription | null {
  return subscription?.state === 'ended' ? null : subscription;
}

/** A plan that costs nothing is not changed to one that does: that one is started in its place. */
function startsAnew({ plan, interval }: Subscription, plans: PortalBillingDeps['plans']): boolean {
  return plans[plan]?.price[interval] === 0n;
}

function answer(changed: Result<PlanChanged, PlanRefusal>): Result<PortalPlanChangedView, PortalRefusal> {
  if (!changed.ok) return refuse(planRefusal(changed.refusal));
  return ok({ subscription: onWire(changed.value.subscription), payment: null, url: null });
}

function onWire(subscription: Subscription): NonNullable<PortalPlanView['subscription']> {
  const { account_id: _, ...view } = toSubscriptionView(subscription);
  return view;
}
