import type { Nano } from '../../base/money.ts';
import type { Budget, BudgetUse } from '../budget.ts';
import { periodEnd, periodStart } from './period.ts';

/** One period of one budget, as memory knows it. */
export interface BudgetWindow {
  readonly startMs: number;
  /** Spent and held. Grows when something is taken and shrinks only when the disk knows that it was given back. */
  used: Nano;
  /** Settled. */
  spent: Nano;
  /** The disk has its row. */
  stored: boolean;
  /** The alerts told, each named by `alertName`. */
  readonly told: Set<string>;
}

/** A budget with its latest periods, oldest first. */
export interface HeldBudget {
  budget: Budget;
  version: number;
  windows: BudgetWindow[];
}

/** Enough for a clock that jumped ahead and came back, which then finds the use of the period it left. */
const WINDOWS_KEPT = 4;

/**
 * The period that a request arriving at `nowMs` counts in. A clock that jumps back comes to the use that was there; one
 * that jumps back beyond the periods kept counts in the oldest of those, so that no forgotten use is free again.
 */
export function windowAt(held: HeldBudget, nowMs: number): BudgetWindow {
  const startMs = startAt(held, nowMs);
  const latest = held.windows.at(-1);
  if (latest?.startMs === startMs) return latest;
  const found = held.windows.find((window) => window.startMs === startMs);
  if (found !== undefined) return found;
  const made: BudgetWindow = { startMs, used: 0n, spent: 0n, stored: false, told: new Set() };
  const windows = [...held.windows, made].sort((a, b) => a.startMs - b.startMs);
  held.windows = windows.slice(-WINDOWS_KEPT);
  return made;
}

/** Periods that began before this are forgotten. */
export function forgottenBefore({ windows }: HeldBudget): number {
  return windows.length < WINDOWS_KEPT ? Number.NEGATIVE_INFINITY : (windows.at(-WINDOWS_KEPT)?.startMs ?? 0);
}

function startAt(held: HeldBudget, nowMs: number): number {
  return Math.max(periodStart(held.budget.period, nowMs), forgottenBefore(held));
}

export function resetsAt({ period }: Budget, window: Pick<BudgetWindow, 'startMs'>): number | null {
  return periodEnd(period, window.startMs);
}

/** What a budget has used in the period of `nowMs`. Changes nothing. */
export function useOf(held: HeldBudget, nowMs: number): BudgetUse {
  const startMs = startAt(held, nowMs);
  const window = held.windows.find((one) => one.startMs === startMs);
  return {
    ...held.budget,
    used: window?.used ?? 0n,
    spent: window?.spent ?? 0n,
    resetsAtMs: resetsAt(held.budget, { startMs }),
  };
}
