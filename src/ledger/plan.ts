/** The vocabulary of plans. They stand in the configuration; who is on which stands in the database. */
import type { LimitSet } from '../config/config.ts';
import type { PlanConfig } from '../config/plans.ts';

export type PlanInterval = 'month' | 'year';

/** One plan as configured under `plans`. */
export type Plan = PlanConfig;

export interface Subscription {
  readonly accountId: string;
  readonly plan: string;
  readonly interval: PlanInterval;
  readonly seats: number;
  readonly state: 'trialing' | 'active' | 'past_due' | 'ended';
  /** Start and end of the time that is paid for, or of the trial; wall milliseconds. */
  readonly periodStartMs: number;
  readonly periodEndMs: number;
  readonly cancelAtPeriodEnd: boolean;
}

/** What the path of a request must know of an account; from memory. */
export interface Terms {
  /** `house`: the operator's own account, which pays nothing. */
  readonly billing: 'house' | 'prepaid';
  readonly plan: string;
  readonly marginBp: number;
  readonly limits: LimitSet;
  readonly class: string;
}

export interface PlanTerms {
  termsOf(accountId: string): Terms;
}
