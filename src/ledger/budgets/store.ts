/** The tables of budgets, and every statement that writes them, as text made once. */
import { sql } from 'kysely';
import { fromSqlText, type Nano, toSqlInteger } from '../../base/money.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { Budget, BudgetPeriod, BudgetSubject } from '../budget.ts';

type BudgetTables = {
  ledger_budget: {
    id: string;
    account_id: string;
    subject: BudgetSubject;
    subject_id: string;
    period: BudgetPeriod;
    limit_nano: number;
    action: Budget['action'];
    /** A JSON array. */
    alert_at: string;
    version: number;
    created_at_ms: number;
    removed_at_ms: number | null;
  };
  ledger_budget_window: { budget_id: string; period_start_ms: number; used: number };
  ledger_budget_take: { request_id: string; budget_id: string; period_start_ms: number; amount: number };
};

const INSERT_BUDGET = `insert into ledger_budget (id, account_id, subject, subject_id, period, limit_nano, action,
  alert_at, version, created_at_ms, removed_at_ms) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, null)`;
const UPDATE_BUDGET = `update ledger_budget set limit_nano = ?, action = ?, alert_at = ?, version = ?
  where id = ? and version = ? and removed_at_ms is null`;
const REMOVE_BUDGET = `update ledger_budget set removed_at_ms = ?, version = ?
  where id = ? and version = ? and removed_at_ms is null`;
const INSERT_VERSION = `insert into ledger_budget_version (budget_id, version, at_ms, limit_nano, action, alert_at,
  removed) values (?, ?, ?, ?, ?, ?, ?)`;
const INSERT_WINDOW = `insert into ledger_budget_window (budget_id, period_start_ms, used) values (?, ?, 0)
  on conflict (budget_id, period_start_ms) do nothing`;
const FORGET_WINDOWS = `delete from ledger_budget_window where budget_id = ? and period_start_ms < ?
  and not exists (select 1 from ledger_budget_take t where t.budget_id = ledger_budget_window.budget_id
    and t.period_start_ms = ledger_budget_window.period_start_ms)`;
const ADD = 'update ledger_budget_window set used = used + ? where budget_id = ? and period_start_ms = ?';
const ADD_WITHIN = `${ADD} and used + ? <= ?`;
const INSERT_TAKE =
  'insert into ledger_budget_take (request_id, budget_id, period_start_ms, amount) values (?, ?, ?, ?)';
const ADD_TAKE = 'update ledger_budget_take set amount = amount + ? where request_id = ? and budget_id = ?';
const SETTLE = `update ledger_budget_window set used = used + ?
  - (select amount from ledger_budget_take where request_id = ? and budget_id = ?)
  where budget_id = ? and period_start_ms = ?`;
const DELETE_TAKE = 'delete from ledger_budget_take where request_id = ? and budget_id = ?';

export function insertBudget(budget: Budget, version: number): WriteStatement[] {
  const { id, accountId, subject, subjectId, period, limit, action, createdAtMs } = budget;
  const alertAt = JSON.stringify(budget.alertAt);
  const what = [id, accountId, subject, subjectId, period, toSqlInteger(limit), action, alertAt];
  const parameters = [...what, version, createdAtMs];
  return [{ sql: INSERT_BUDGET, parameters, expectRows: 1 }, insertVersion(budget, version, createdAtMs, false)];
}

/** Fails unless the budget is there and at the version before. */
export function updateBudget(budget: Budget, version: number, atMs: number): WriteStatement[] {
  const { id, limit, action, alertAt } = budget;
  const parameters = [toSqlInteger(limit), action, JSON.stringify(alertAt), version, id, version - 1];
  return [{ sql: UPDATE_BUDGET, parameters, expectRows: 1 }, insertVersion(budget, version, atMs, false)];
}

/** Its windows stay, for the requests that still count in them. */
export function removeBudget(budget: Budget, version: number, atMs: number): WriteStatement[] {
  const parameters = [atMs, version, budget.id, version - 1];
  return [{ sql: REMOVE_BUDGET, parameters, expectRows: 1 }, insertVersion(budget, version, atMs, true)];
}

function insertVersion(budget: Budget, version: number, atMs: number, removed: boolean): WriteStatement {
  const { id, limit, action, alertAt } = budget;
  const parameters = [id, version, atMs, toSqlInteger(limit), action, JSON.stringify(alertAt), Number(removed)];
  return { sql: INSERT_VERSION, parameters, expectRows: 1 };
}

export function insertWindow(budgetId: string, startMs: number): WriteStatement {
  return { sql: INSERT_WINDOW, parameters: [budgetId, startMs] };
}

/** Drops the windows of periods that began before `startMs`, but for those in which requests still count. */
export function forgetWindows(budgetId: string, startMs: number): WriteStatement {
  return { sql: FORGET_WINDOWS, parameters: [budgetId, startMs] };
}

/** One request's place in one window. */
export interface TakeRow {
  readonly requestId: string;
  readonly budgetId: string;
  readonly startMs: number;
}

/** Fails where use would become more than `most`; null lets it become anything. */
export function addTake({ requestId, budgetId, startMs }: TakeRow, amount: Nano, most: Nano | null): WriteStatement[] {
  return [
    addUse(budgetId, startMs, amount, most),
    { sql: INSERT_TAKE, parameters: [requestId, budgetId, startMs, toSqlInteger(amount)], expectRows: 1 },
  ];
}

export function growTake({ requestId, budgetId, startMs }: TakeRow, more: Nano, most: Nano | null): WriteStatement[] {
  return [
    addUse(budgetId, startMs, more, most),
    { sql: ADD_TAKE, parameters: [toSqlInteger(more), requestId, budgetId], expectRows: 1 },
  ];
}

/** Puts the price in place of what the row says was taken. Fails when that was done before. */
export function settleTake({ requestId, budgetId, startMs }: TakeRow, price: Nano): WriteStatement[] {
  const parameters = [toSqlInteger(price), requestId, budgetId, budgetId, startMs];
  return [
    { sql: SETTLE, parameters, expectRows: 1 },
    { sql: DELETE_TAKE, parameters: [requestId, budgetId], expectRows: 1 },
  ];
}

function addUse(budgetId: string, startMs: number, amount: Nano, most: Nano | null): WriteStatement {
  const more = toSqlInteger(amount);
  if (most === null) return { sql: ADD, parameters: [more, budgetId, startMs], expectRows: 1 };
  const parameters = [more, budgetId, startMs, more, toSqlInteger(most)];
  return { sql: ADD_WITHIN, parameters, expectRows: 1 };
}

export interface StoredBudget {
  readonly budget: Budget;
  readonly version: number;
}

/** Those that were not removed. */
export async function readBudgets(reader: Reader): Promise<StoredBudget[]> {
  const rows = await reader
    .withTables<BudgetTables>()
    .selectFrom('ledger_budget')
    .selectAll()
    .select(sql<string>`cast(limit_nano as text)`.as('limit_text'))
    .where('removed_at_ms', 'is', null)
    .execute();
  return rows.map((row) => ({
    budget: {
      id: row.id,
      accountId: row.account_id,
      subject: row.subject,
      subjectId: row.subject_id,
      period: row.period,
      limit: fromSqlText(row.limit_text),
      action: row.action,
      alertAt: JSON.parse(row.alert_at) as number[],
      createdAtMs: row.created_at_ms,
    },
    version: row.version,
  }));
}

export interface StoredWindow {
  readonly budgetId: string;
  readonly startMs: number;
  readonly used: Nano;
  /** The part of `used` that requests in progress count for. */
  readonly held: Nano;
}

/** Of budgets that were not removed, oldest first. */
export async function readWindows(reader: Reader): Promise<StoredWindow[]> {
  const held = sql<string>`cast(coalesce((select sum(t.amount) from ledger_budget_take t
    where t.budget_id = w.budget_id and t.period_start_ms = w.period_start_ms), 0) as text)`;
  const rows = await reader
    .withTables<BudgetTables>()
    .selectFrom('ledger_budget_window as w')
    .innerJoin('ledger_budget as b', 'b.id', 'w.budget_id')
    .where('b.removed_at_ms', 'is', null)
    .select(['w.budget_id', 'w.period_start_ms', sql<string>`cast(w.used as text)`.as('used'), held.as('held')])
    .orderBy('w.period_start_ms')
    .execute();
  return rows.map((row) => ({
    budgetId: row.budget_id,
    startMs: row.period_start_ms,
    used: fromSqlText(row.used),
    held: fromSqlText(row.held),
  }));
}

export interface StoredTake extends TakeRow {
  readonly amount: Nano;
}

/** What these requests count for. */
export async function readTakes(reader: Reader, requestIds: readonly string[]): Promise<StoredTake[]> {
  const rows = await reader
    .withTables<BudgetTables>()
    .selectFrom('ledger_budget_take')
    .select(['request_id', 'budget_id', 'period_start_ms', sql<string>`cast(amount as text)`.as('amount')])
    .where('request_id', 'in', [...requestIds])
    .execute();
  return rows.map((row) => ({
    requestId: row.request_id,
    budgetId: row.budget_id,
    startMs: row.period_start_ms,
    amount: fromSqlText(row.amount),
  }));
}
