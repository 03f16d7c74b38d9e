/** What a person should hear about money: kept until somebody asks, and told when it is on the disk. */
import type { Nano } from '../../base/money.ts';
import type { Budget, BudgetPeriod, BudgetSubject } from '../budget.ts';

interface BudgetFacts {
  readonly budgetId: string;
  readonly subject: BudgetSubject;
  readonly subjectId: string;
  readonly period: BudgetPeriod;
  readonly periodStartMs: number;
  readonly limit: Nano;
  readonly spent: Nano;
}

export type AlertFacts =
  /** What was settled reached this share of the limit, in per cent. */
  | ({ readonly kind: 'budget'; readonly percent: number } & BudgetFacts)
  /** The first request of the period was refused for want of budget. */
  | ({ readonly kind: 'budget_stopped' } & BudgetFacts)
  /** The account's credit, held credit included, fell below the threshold its owner set. */
  | { readonly kind: 'low_balance'; readonly threshold: Nano; readonly balance: Nano };

export type Alert = {
  /** `alert_<ulid>`. */
  readonly id: string;
  readonly atMs: number;
  readonly accountId: string;
  /** An alert with the same name is the same alert, and is kept once. */
  readonly once: string;
} & AlertFacts;

/** Told once for each budget, period and limit: a limit that was changed has crossings of its own. */
export function alertName(budget: Budget, startMs: number, what: number | 'stopped'): string {
  return `budget:${budget.id}:${startMs}:${budget.limit}:${what}`;
}

export function budgetFacts(budget: Budget, startMs: number, spent: Nano): BudgetFacts {
  const { id, subject, subjectId, period, limit } = budget;
  return { budgetId: id, subject, subjectId, period, periodStartMs: startMs, limit, spent };
}
