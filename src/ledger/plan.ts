/** The vocabulary of plans. They stand in the configuration; who is on which stands in the database. */
import type { LimitSet } from '../config/config.ts';
import type { Nano } from '../base/money.ts';
import type { Result } from '../base/result.ts';
import type { PlanConfig } from '../config/plans.ts';
import type { WriteStatement } from '../storage/sql/writer.ts';
import type { LedgerAccountId } from './chart.ts';

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
  /** What takes its place when the period ends; null: nothing else. */
  readonly next: { readonly plan: string; readonly interval: PlanInterval; readonly seats: number } | null;
  /** The fee of the next period has been paid. */
  readonly isPaidAhead: boolean;
}

/** What the path of a request must know of an account; from memory. */
export interface Terms {
  /** `house`: the operator's own account, which pays nothing. */
  readonly billing: 'house' | 'prepaid';
  readonly plan: string;
  readonly marginBp: number;
  readonly limits: LimitSet;
}

export interface PlanTerms {
  termsOf(accountId: string): Terms;
}

/** Money received for a plan. */
export interface PlanPayment {
  /** Names it forever: the same payment again is no error and changes nothing. */
  readonly id: string;
  /** Without tax. What is above the fee due becomes paid credit of the account; less is refused. */
  readonly amount: Nano;
  /** What is debited: `wash` for money that came in, `receivable` for an invoice still to be paid. */
  readonly from: LedgerAccountId;
  /** For people: `invoice 12`; at most 200 characters. */
  readonly note: string;
  /** Kept with it or not at all. */
  readonly also?: readonly WriteStatement[];
}

export interface PlanOrder {
  readonly accountId: string;
  readonly plan: string;
  readonly interval: PlanInterval;
  readonly seats: number;
}

export interface PlanRefusal {
  readonly reason:
    | 'account_not_found'
    | 'plan_not_found'
    | 'interval_not_offered'
    | 'seats_out_of_range'
    | 'house_account'
    | 'already_subscribed'
    | 'not_subscribed'
    | 'payment_required'
    | 'payment_too_small'
    /** Another account, or something else of this account, was paid with it. */
    | 'payment_used'
    /** The next period is paid already. */
    | 'already_paid'
    | 'nothing_to_do'
    /** Only a running service knows the plans. */
    | 'service_needed';
  readonly message: string;
  /** What has to be paid, where that is the matter. */
  readonly due?: Nano;
}

export interface PlanQuote {
  /** To be paid now; 0 when nothing is. */
  readonly due: Nano;
  /** The fee of a whole interval, all seats. */
  readonly fee: Nano;
  /** When it would take effect: now, or with the next period. */
  readonly effective: 'now' | 'period_end';
}

export interface PlanChanged {
  readonly subscription: Subscription;
  /** The same payment was there already; nothing was changed. */
  readonly repeated: boolean;
}

/** Who is on which plan. What is asked for one account at the same time happens one after the other. */
export interface Subscriptions {
  /** The latest subscription, an ended one too; null when there never was one. From memory. */
  get(accountId: string): Subscription | null;
  /** What starting would cost; refused for an account that has a plan it pays for. */
  quote(order: PlanOrder): Result<PlanQuote, PlanRefusal>;
  /** What changing to this would cost now. */
  quoteChange(order: PlanOrder): Promise<Result<PlanQuote, PlanRefusal>>;
  /** The fee of the next period, as it stands. */
  renewal(accountId: string): Result<PlanQuote, PlanRefusal>;
  /**
   * Without a payment: a free plan, or a trial when `trial` says so and the account has had none. `ownChoice`: somebody
   * takes it by themselves, and for nothing; then no sign-up credit is promised with it, because theirs vests.
   */
  start(
    order: PlanOrder & { readonly trial: boolean; readonly payment: PlanPayment | null; readonly ownChoice?: boolean },
  ): Promise<Result<PlanChanged, PlanRefusal>>;
  /** Pays the next period, or the one that is past due. */
  renew(accountId: string, payment: PlanPayment): Promise<Result<PlanChanged, PlanRefusal>>;
  /** To more: now, for the rest of the period; to less: with the next period. */
  change(order: PlanOrder & { readonly payment: PlanPayment | null }): Promise<Result<PlanChanged, PlanRefusal>>;
  cancel(accountId: string): Promise<Result<PlanChanged, PlanRefusal>>;
  /** Takes a cancellation, or a change that waits for the next period, back. */
  resume(accountId: string): Promise<Result<PlanChanged, PlanRefusal>>;
  /**
   * Ends a plan now: what is left of the fee goes to `into` (such as `wash` when it is paid back), or is earned when
   * that is null; credit the plan gave is taken back as far as it is unspent. Resolves with what went to `into`.
   */
  endNow(
    accountId: string,
    order: { readonly into: LedgerAccountId | null; readonly reason: string },
  ): Promise<Result<Nano, PlanRefusal>>;
}
