import { isoOrNull, toIso } from '../../base/calendar.ts';
import type { Plan, Subscription } from '../plan.ts';
import type { PlanDetailView, PlanListView, SubscriptionView } from './contract.ts';
import type { SubscriptionEvent } from './held.ts';
import type { Signup } from './signup-store.ts';

export function toPlanListView(plans: readonly Plan[]): PlanListView {
  const nano = (amount: bigint | null) => (amount === null ? null : String(amount));
  return {
    data: plans.map((plan) => ({
      name: plan.name,
      month_nano: nano(plan.price.month),
      year_nano: nano(plan.price.year),
      included_credit_nano: String(plan.includedCredit),
      signup_tranches_nano: plan.signupTranches.map(String),
      seats: plan.seats,
      trial_days: plan.trialDays,
      margin_bp: plan.marginBp,
    })),
  };
}

export function toSubscriptionView(one: Subscription): SubscriptionView {
  return {
    account_id: one.accountId,
    plan: one.plan,
    interval: one.interval,
    seats: one.seats,
    state: one.state,
    period_start: toIso(one.periodStartMs),
    period_end: toIso(one.periodEndMs),
    cancel_at_period_end: one.cancelAtPeriodEnd,
    next: one.next,
    paid_ahead: one.isPaidAhead,
  };
}

export function toSignupView(signup: Signup): PlanDetailView['signup'] {
  const { tranches, released, clawedBackAtMs } = signup;
  return {
    tranches_nano: tranches.map(String),
    released: released.toSorted((one, other) => one - other),
    clawed_back_at: isoOrNull(clawedBackAtMs),
  };
}

export function toEventView(event: SubscriptionEvent): PlanDetailView['events'][number] {
  return {
    at: toIso(event.atMs),
    kind: event.kind,
    plan: event.plan,
    interval: event.interval,
    seats: event.seats,
    state: event.state,
    fee_nano: String(event.fee),
    period_start: toIso(event.periodStartMs),
    period_end: toIso(event.periodEndMs),
    cancel_at_period_end: event.cancelAtPeriodEnd,
    payment_id: event.paymentId,
    paid_nano: event.paid === null ? null : String(event.paid),
    note: event.note,
  };
}
