import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import { type Nano, smaller } from '../../base/money.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { Budget, BudgetOrder, BudgetRefusal, Budgets, BudgetTake } from '../budget.ts';
import { type Alert, alertName, budgetFacts } from './alert.ts';
import { insertAlert, readTold } from './alert-store.ts';
import { createBudgetChanges } from './changes.ts';
import { insertWindow, readBudgets, readTakes, readWindows } from './store.ts';
import { type BudgetTable, createBudgetTable } from './table.ts';
import { newTake, NO_TAKE, type Part, storedTake, type TakeDeps } from './take.ts';
import { type BudgetWindow, resetsAt, useOf, windowAt } from './window.ts';

export interface BudgetsDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly mintId: MintId;
  /** Hears of every alert once it is on the disk. */
  readonly onAlert: (alert: Alert) => void;
}

/** Loads every budget and the use of its latest periods into memory. */
export async function createBudgets(deps: BudgetsDeps): Promise<Budgets> {
  const { storage, clock } = deps;
  const table = await loadTable(deps);
  const takeDeps = createTakeDeps(table, deps);
  const tellStopped = createStopNotice(takeDeps, deps);

  function take(order: BudgetOrder): Result<BudgetTake, BudgetRefusal> {
    const { amount, least = amount } = order;
    assert(0n <= least && least <= amount, 'what is taken is never negative, and the least of it no more than all');
    const matching = table.matching(order);
    if (matching.length === 0) return ok(NO_TAKE);
    const nowMs = clock.wallMs();
    const parts = matching.map((held) => ({ held, budgetId: held.budget.id, window: windowAt(held, nowMs) }));
    const refusal = takeDeps.exhausted(parts, least);
    if (refusal === null) {
      const taken = roomWithin(parts, amount);
      const take = newTake(order.requestId, parts, taken, takeDeps);
      return ok(taken < amount ? { ...take, cutTo: taken } : take);
    }
    const stopping = parts.find((part) => part.budgetId === refusal.budget.id);
    if (stopping !== undefined) tellStopped(stopping);
    return refuse(refusal);
  }

  async function left(requestIds: readonly string[]): Promise<ReadonlyMap<string, BudgetTake>> {
    const takes = new Map<string, BudgetTake>();
    for (let at = 0; at < requestIds.length; at += REQUESTS_AT_ONCE) {
      const rows = await readTakes(storage.reader, requestIds.slice(at, at + REQUESTS_AT_ONCE));
      for (const [requestId, own] of Map.groupBy(rows, (row) => row.requestId)) {
        const parts = own.map(({ budgetId, startMs }) => partOf(table, budgetId, startMs));
        takes.set(requestId, storedTake(requestId, parts, own[0]?.amount ?? 0n, takeDeps));
      }
    }
    return takes;
  }

  return {
    take,
    left,
    ...createBudgetChanges(table, deps),
    list: (accountId) => {
      const nowMs = clock.wallMs();
      const uses = table.list(accountId).map((held) => useOf(held, nowMs));
      return uses.sort((a, b) => (a.id < b.id ? -1 : 1));
    },
  };
}

const REQUESTS_AT_ONCE = 500;

/** As much of `amount` as every part that stops has room for. */
function roomWithin(parts: readonly Part[], amount: Nano): Nano {
  return parts.reduce((room, { held, window }) => {
    if (held === null || held.budget.action !== 'stop') return room;
    return smaller(room, held.budget.limit - window.used);
  }, amount);
}

async function loadTable({ storage }: BudgetsDeps): Promise<BudgetTable> {
  const table = createBudgetTable();
  for (const { budget, version } of await readBudgets(storage.reader)) table.put({ budget, version, windows: [] });
  for (const { budgetId, startMs, used, held } of await readWindows(storage.reader)) {
    table.get(budgetId)?.windows.push({ startMs, used, spent: used - held, stored: true, told: new Set() });
  }
  for (const { budgetId, startMs, once } of await readTold(storage.reader)) {
    partOf(table, budgetId, startMs).window.told.add(once);
  }
  return table;
}

/** A place in a period that may be forgotten by now; what it is changed by then only counts on the disk. */
function partOf(table: BudgetTable, budgetId: string, startMs: number): Part {
  const held = table.get(budgetId) ?? null;
  const window = held?.windows.find((one) => one.startMs === startMs);
  return { held, budgetId, window: window ?? forgotten(startMs) };
}

function forgotten(startMs: number): BudgetWindow {
  return { startMs, used: 0n, spent: 0n, stored: true, told: new Set() };
}

function createTakeDeps(table: BudgetTable, { clock, mintId, onAlert }: BudgetsDeps): TakeDeps {
  function exhausted(parts: readonly Part[], amount: Nano): BudgetRefusal | null {
    for (const { held, window } of parts) {
      if (held === null || held.budget.action !== 'stop') continue;
      const { budget } = held;
      if (budget.limit - window.used >= amount) continue;
      const endMs = resetsAt(budget, window);
      const resetsInMs = endMs === null ? null : Math.max(0, endMs - clock.wallMs());
      return { reason: 'budget_exhausted', budget, resetsInMs };
    }
    return null;
  }

  function crossings({ held, budgetId, window }: Part): Alert[] {
    if (held === null || table.get(budgetId) !== held) return [];
    const { budget } = held;
    const crossed = budget.alertAt.filter((percent) => {
      if (window.spent * 100n < budget.limit * BigInt(percent)) return false;
      return !window.told.has(alertName(budget, window.startMs, percent));
    });
    return crossed.map((percent) => {
      const once = alertName(budget, window.startMs, percent);
      window.told.add(once);
      const facts = budgetFacts(budget, window.startMs, window.spent);
      return { ...newAlert(budget, once), kind: 'budget', percent, ...facts };
    });
  }

  function newAlert({ accountId }: Budget, once: string) {
    return { id: mintId('alert'), atMs: clock.wallMs(), accountId, once };
  }

  function forget({ window }: Part, alerts: readonly Alert[]): void {
    for (const { once } of alerts) window.told.delete(once);
  }

  return { exhausted, crossings, forget, insertAlert, onAlert };
}

/** Tells once a period that a budget has refused a request: nothing is settled by which one would hear of it. */
function createStopNotice(
  { forget, insertAlert: insert, onAlert }: TakeDeps,
  { storage, clock, mintId }: BudgetsDeps,
): (part: Part) => void {
  return function tellStopped(part) {
    const { held, window } = part;
    if (held === null) return;
    const { budget } = held;
    const once = alertName(budget, window.startMs, 'stopped');
    if (window.told.has(once)) return;
    window.told.add(once);
    const facts = budgetFacts(budget, window.startMs, window.spent);
    const { accountId } = budget;
    const alert: Alert = {
      id: mintId('alert'),
      atMs: clock.wallMs(),
      accountId,
      once,
      kind: 'budget_stopped',
      ...facts,
    };
    // With the window, which may not have been used at all, a later process knows that this was told. Nobody waits for
    // it: when it is not kept, the next refusal tells it.
    storage.writer.write([insertWindow(budget.id, window.startMs), insert(alert)]).then(
      (outcome) => (outcome.ok ? onAlert(alert) : forget(part, [alert])),
      () => forget(part, [alert]),
    );
  };
}
