import { type Accounts, OPERATOR_ACCOUNT_ID } from '../../accounts/index.ts';
import { formatUsd, type Nano } from '../../base/money.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Plan, PlanOrder, PlanRefusal } from '../plan.ts';
import { feeOf, type Held, isLive, type Share } from './held.ts';

/** An order that names a plan there is, at an interval and with seats it is had with. */
export interface CheckedOrder {
  readonly plan: Plan;
  readonly share: Share;
  /** Of one interval, all seats. */
  readonly fee: Nano;
}

export type Plans = Readonly<Record<string, Plan>>;

export function checkOrder(
  plans: Plans | null,
  accounts: Pick<Accounts, 'get'>,
  order: PlanOrder,
): Result<CheckedOrder, PlanRefusal> {
  const { accountId, interval, seats } = order;
  if (accounts.get(accountId) === null) return no('account_not_found', `there is no account ${accountId}`);
  if (accountId === OPERATOR_ACCOUNT_ID) {
    return no('house_account', `${accountId} is the house's own account and needs no plan`);
  }
  if (plans === null) return refuse(SERVICE_NEEDED);
  const plan = plans[order.plan];
  if (plan === undefined) {
    return no('plan_not_found', `plan: there is no plan ${order.plan}, but ${Object.keys(plans).join(', ')}`);
  }
  const { min, max } = plan.seats;
  if (!Number.isSafeInteger(seats) || seats < min || seats > max) {
    const range = min === max ? `has ${min} ${min === 1 ? 'seat' : 'seats'}` : `has ${min} to ${max} seats`;
    return no('seats_out_of_range', `seats: the plan ${plan.name} ${range}`);
  }
  const fee = feeOf(plan, { interval, seats });
  if (fee === null) return no('interval_not_offered', `interval: the plan ${plan.name} is not had by the ${interval}`);
  return ok({ plan, share: { plan: plan.name, interval, seats }, fee });
}

export function no(
  reason: PlanRefusal['reason'],
  message: string,
  due?: Nano,
): { readonly ok: false; readonly refusal: PlanRefusal } {
  return refuse({ reason, message, ...(due !== undefined && { due }) });
}

export const SERVICE_NEEDED: PlanRefusal = {
  reason: 'service_needed',
  message: 'plans stand in the configuration, which only a running service has; start it (candor serve) and ask again',
};

export function notSubscribed(accountId: string): { readonly ok: false; readonly refusal: PlanRefusal } {
  return no('not_subscribed', `account ${accountId} has no plan`);
}

export function paymentRequired(due: Nano): { readonly ok: false; readonly refusal: PlanRefusal } {
  return no('payment_required', `${formatUsd(due)} US dollars must be paid first`, due);
}

export function paymentTooSmall(due: Nano, paid: Nano): { readonly ok: false; readonly refusal: PlanRefusal } {
  const message = `${formatUsd(due)} US dollars are due and ${formatUsd(paid)} were paid; nothing was changed`;
  return no('payment_too_small', message, due);
}

/**
 * A start in place of what the account has: where it has nothing, where it pays nothing, and, with a payment, where
 * the plan it has waits for one.
 */
export function mayStart(held: Held | null, isPaid: boolean): boolean {
  if (!isLive(held)) return true;
  if (held.state === 'active') return held.fee === 0n && !isPaidAhead(held);
  return isPaid && !isPaidAhead(held);
}

export function isPaidAhead(held: Held): boolean {
  return held.nextPaid !== null;
}
