import type { Nano } from '../../base/money.ts';
import type { Plan, PlanInterval, Subscription } from '../plan.ts';

/** What of a plan an account has. */
export interface Share {
  readonly plan: string;
  readonly interval: PlanInterval;
  readonly seats: number;
}

/** A subscription with what only this folder needs. */
export interface Held extends Omit<Subscription, 'isPaidAhead'> {
  /** `sub_<ulid>`; a new one with every start. */
  readonly id: string;
  /** Of one interval, all seats, at the price it was agreed at. */
  readonly fee: Nano;
  /** Periods and months begin on this day of the month, at this time of day. */
  readonly anchorMs: number;
  /** The next period is paid already: until when, and its fee. */
  readonly nextPaid: { readonly toMs: number; readonly fee: Nano } | null;
  /** Included credit has been given for the months up to here. */
  readonly creditedToMs: number;
  /** How long a payment that is past due is waited for. */
  readonly graceToMs: number | null;
  /** The account has had its one trial. */
  readonly trialUsed: boolean;
  /** Counts the changes of the account's row, from 1. */
  readonly version: number;
}

export type SubscriptionEventKind =
  | 'started'
  | 'trial_started'
  | 'trial_ended'
  | 'renewed'
  | 'paid_ahead'
  | 'plan_changed'
  | 'seats_changed'
  | 'change_scheduled'
  | 'cancel_requested'
  | 'cancel_undone'
  | 'past_due'
  | 'credited'
  | 'ended';

/** One entry of the log: how the subscription stood from `atMs` on. */
export interface SubscriptionEvent extends Share {
  readonly id: string;
  readonly accountId: string;
  readonly subscriptionId: string;
  readonly version: number;
  /** When it took effect, and when it was written: a service that was down writes late. */
  readonly atMs: number;
  readonly recordedAtMs: number;
  readonly kind: SubscriptionEventKind;
  readonly state: Subscription['state'];
  /** Of one interval, all seats. */
  readonly fee: Nano;
  readonly periodStartMs: number;
  readonly periodEndMs: number;
  readonly cancelAtPeriodEnd: boolean;
  readonly next: Share | null;
  readonly paymentId: string | null;
  /** What was received with it. */
  readonly paid: Nano | null;
  readonly note: string | null;
}

/** The fee of one interval, all seats; null when the plan is not had at that interval. */
export function feeOf(plan: Plan, { interval, seats }: Omit<Share, 'plan'>): Nano | null {
  const price = plan.price[interval];
  return price === null ? null : price * BigInt(seats);
}

export function isLive(held: Held | null): held is Held {
  return held !== null && held.state !== 'ended';
}
