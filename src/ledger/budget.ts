/** The vocabulary of budgets: how much may be spent in a period, whatever credit there is. */
import type { Nano } from '../base/money.ts';
import type { Result } from '../base/result.ts';
import type { Step } from './ledger.ts';

/** Whose spending is counted. The id of an app or a member counts within its account only. */
export type BudgetSubject = 'key' | 'app' | 'member' | 'account';
export type BudgetPeriod = 'day' | 'month' | 'total';

export interface Budget {
  /** `budget_<ulid>`. */
  readonly id: string;
  readonly accountId: string;
  readonly subject: BudgetSubject;
  /** Key id, app name, member name or account id. */
  readonly subjectId: string;
  /** Days and months are those of UTC. */
  readonly period: BudgetPeriod;
  readonly limit: Nano;
  /** `stop` refuses what would go over; `alert` only tells. */
  readonly action: 'stop' | 'alert';
  /** Shares of the limit, in per cent, whose crossing is told once a period. */
  readonly alertAt: readonly number[];
  readonly createdAtMs: number;
}

export interface BudgetOrder {
  readonly requestId: string;
  readonly accountId: string;
  /** `ApiKey.originId`: a key that was made in place of another goes on with its budget. */
  readonly keyId: string;
  readonly app: string | null;
  readonly member: string | null;
  /** Take this much if there is room ... */
  readonly amount: Nano;
  /** ... or the room there is, but no less than this; `amount` when left out. */
  readonly least?: Nano;
}

export interface BudgetRefusal {
  readonly reason: 'budget_exhausted';
  readonly budget: Budget;
  /** Milliseconds until the period ends; null for `total`. */
  readonly resetsInMs: number | null;
}

/** The place one request takes in the budgets it falls under; like `Hold`, memory first and then the disk. */
export interface BudgetTake {
  /** What was taken, where that is less than `amount`; null when it was all of it. */
  readonly cutTo: Nano | null;
  readonly open: Step;
  /** More, as a hold is extended; refused when a budget that stops has no room for it. */
  extend(amount: Nano): Result<Step, BudgetRefusal>;
  /** The true price in place of what was taken, in the period it was taken in; 0 gives all of it back. */
  settle(price: Nano): Step;
}

export interface BudgetUse extends Budget {
  /** Spent and held in the current period; what the limit is compared with. */
  readonly used: Nano;
  /** Settled in the current period; what alerts are about. */
  readonly spent: Nano;
  readonly resetsAtMs: number | null;
}

export type BudgetSetRefusal = {
  readonly reason: 'account_not_found' | 'too_many_budgets';
  readonly message: string;
};

export interface Budgets {
  /**
   * Refused by the first budget that stops and has less than `least` left. Works from memory alone. When the request
   * goes no further, say so with `open.kept(false)`.
   */
  take(order: BudgetOrder): Result<BudgetTake, BudgetRefusal>;
  /** For a request an earlier process left: what its take had counted, to be settled. */
  left(requestIds: readonly string[]): Promise<ReadonlyMap<string, BudgetTake>>;
  /** Makes a budget, or changes the one there is for this subject and period and keeps what was used. Durable. */
  set(budget: Omit<Budget, 'id' | 'createdAtMs'>): Promise<Result<BudgetUse, BudgetSetRefusal>>;
  /** False when the account has no such budget. */
  remove(accountId: string, id: string): Promise<boolean>;
  list(accountId: string | null): readonly BudgetUse[];
}
