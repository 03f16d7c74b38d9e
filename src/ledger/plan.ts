/** The vocabulary of plans. They stand in the configuration; who is on which stands in the database. */
import type { Nano } from '../base/money.ts';
import type { LimitSet } from '../config/config.ts';

export type PlanInterval = 'month' | 'year';

/** One plan as configured under `plans`. */
export interface Plan {
  /** `free`, `plus`, `business`, `enterprise`, or the operator's own. */
  readonly name: string;
  /** Fee for one seat; null when the plan cannot be had at that interval. A free plan costs 0. */
  readonly price: { readonly month: Nano | null; readonly year: Nano | null };
  /** Credit for each seat and month, which ends with the month. */
  readonly includedCredit: Nano;
  /** Credit given once at the start of the first plan of an account, in these tranches; empty: none. */
  readonly signupTranches: readonly Nano[];
  readonly seats: { readonly min: number; readonly max: number };
  readonly trialDays: number;
  /** On top of list prices, in basis points. */
  readonly marginBp: number;
  /** Of the account, before the defaults of `limits.account`. */
  readonly limits: LimitSet;
  /** Class of work its requests belong to. */
  readonly class: string;
}

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
