import { assert } from '../../base/assert.ts';
import type { Nano } from '../../base/money.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { BudgetRefusal, BudgetTake } from '../budget.ts';
import type { Step } from '../ledger.ts';
import type { Alert } from './alert.ts';
import { addTake, forgetWindows, growTake, insertWindow, settleTake, type TakeRow } from './store.ts';
import { forgottenBefore, type BudgetWindow, type HeldBudget } from './window.ts';

/** One budget that a request counts in, and the period it counts in to its end. */
export interface Part {
  /** Null once the budget was removed. */
  readonly held: HeldBudget | null;
  readonly budgetId: string;
  readonly window: BudgetWindow;
}

export interface TakeDeps {
  /** The first of `parts` that stops and has less than `amount` left. */
  readonly exhausted: (parts: readonly Part[], amount: Nano) => BudgetRefusal | null;
  /** The alerts that a settlement sets off, noted as told. */
  readonly crossings: (part: Part) => readonly Alert[];
  /** Says that they were not kept after all. */
  readonly forget: (part: Part, alerts: readonly Alert[]) => void;
  readonly insertAlert: (alert: Alert) => WriteStatement;
  /** Hears of alerts that are on the disk. */
  readonly onAlert: (alert: Alert) => void;
}

const NOTHING: Step = { statements: [], kept: () => undefined };

/** The take of a request that no budget counts: no statement and no work. */
export const NO_TAKE: BudgetTake = { cutTo: null, open: NOTHING, extend: () => ok(NOTHING), settle: () => NOTHING };

/** Counts `amount` in every part, in memory; the step that opens it puts that on the disk. */
export function newTake(requestId: string, parts: readonly Part[], amount: Nano, deps: TakeDeps): BudgetTake {
  const limits = parts.map(limitOf);
  for (const { window } of parts) window.used += amount;
  const counted = createCounted(requestId, parts, amount, deps);
  return {
    cutTo: null,
    open: {
      get statements() {
        return parts.flatMap((part, at) => openStatements(requestId, part, amount, mostOf(part, limits[at] ?? null)));
      },
      kept(wasKept) {
        if (wasKept) for (const { window } of parts) window.stored = true;
        else counted.shrink(amount);
      },
    },
    extend: counted.extend,
    settle: counted.settle,
  };
}

/** The take of a request that is on the disk already. */
export function storedTake(requestId: string, parts: readonly Part[], amount: Nano, deps: TakeDeps): BudgetTake {
  const { extend, settle } = createCounted(requestId, parts, amount, deps);
  return { cutTo: null, open: NOTHING, extend, settle };
}

function createCounted(requestId: string, parts: readonly Part[], amount: Nano, deps: TakeDeps) {
  /** What this request counts for in each window until it is settled. */
  let taken = amount;
  let settled = false;

  function grow(more: Nano): void {
    taken += more;
    for (const { window } of parts) window.used += more;
  }

  /** After the settlement nothing is left to take back: the disk went by what was kept. */
  function shrink(less: Nano): void {
    if (!settled) grow(-less);
  }

  function extend(more: Nano): Result<Step, BudgetRefusal> {
    assert(more >= 0n, 'more is taken, never less');
    const refusal = deps.exhausted(parts, more);
    if (refusal !== null) return refuse(refusal);
    const limits = parts.map(limitOf);
    grow(more);
    return ok({
      get statements() {
        return parts.flatMap((part, at) => growTake(rowOf(requestId, part), more, mostOf(part, limits[at] ?? null)));
      },
      kept(wasKept) {
        if (!wasKept) shrink(more);
      },
    });
  }

  function settle(price: Nano): Step {
    assert(price >= 0n && !settled, 'a take is settled once, at a price that is not negative');
    // What goes over counts at once; what comes back counts when the disk knows of it, so that the disk never refuses
    // the next take for room it has not seen yet.
    const over = price > taken ? price - taken : 0n;
    grow(over);
    for (const { window } of parts) window.spent += price;
    const told = parts.map((part) => ({ part, alerts: deps.crossings(part) }));
    const statements = parts.flatMap((part) => settleTake(rowOf(requestId, part), price));
    const alerts = told.flatMap((one) => one.alerts);
    return {
      statements: [...statements, ...alerts.map(deps.insertAlert)],
      kept(wasKept) {
        if (wasKept) {
          grow(price - taken);
          settled = true;
          for (const alert of alerts) deps.onAlert(alert);
          return;
        }
        shrink(over);
        for (const { window } of parts) window.spent -= price;
        for (const one of told) deps.forget(one.part, one.alerts);
      },
    };
  }

  return { shrink, extend, settle };
}

function openStatements(requestId: string, part: Part, amount: Nano, most: Nano | null): WriteStatement[] {
  const { budgetId, window, held } = part;
  const take = addTake(rowOf(requestId, part), amount, most);
  if (window.stored) return take;
  const forgotten = held === null ? Number.NEGATIVE_INFINITY : forgottenBefore(held);
  const first = insertWindow(budgetId, window.startMs);
  return Number.isFinite(forgotten) ? [forgetWindows(budgetId, forgotten), first, ...take] : [first, ...take];
}

function rowOf(requestId: string, { budgetId, window }: Part): TakeRow {
  return { requestId, budgetId, startMs: window.startMs };
}

/** What a decision is made by; null where going over is only told. */
function limitOf({ held }: Part): Nano | null {
  return held?.budget.action === 'stop' ? held.budget.limit : null;
}

/**
 * What the statement itself guards, as of the moment it is written: the limit that was decided by, or, where others
 * went over since (a dearer settlement, a raised limit), what memory knows to be used. Memory never knows less than the
 * disk, so the guard speaks up exactly when that is not so.
 */
function mostOf({ window }: Part, limit: Nano | null): Nano | null {
  if (limit === null) return null;
  return window.used > limit ? window.used : limit;
}
