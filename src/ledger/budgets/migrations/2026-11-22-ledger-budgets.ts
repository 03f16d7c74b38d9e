import type { Migration } from '../../../storage/sql/migration.ts';

export const ledgerBudgets: Migration = {
  id: '2026-11-22-ledger-budgets',
  up: [
    `create table ledger_budget (
      id text primary key,
      account_id text not null references account (id),
      subject text not null,
      subject_id text not null,
      period text not null,
      limit_nano integer not null check (limit_nano > 0),
      action text not null,
      alert_at text not null,
      version integer not null,
      created_at_ms integer not null,
      removed_at_ms integer
    ) strict, without rowid`,
    `create unique index ledger_budget_one on ledger_budget (account_id, subject, subject_id, period)
      where removed_at_ms is null`,
    // Every state a budget ever had, written with the change itself and never touched again.
    `create table ledger_budget_version (
      budget_id text not null references ledger_budget (id),
      version integer not null,
      at_ms integer not null,
      limit_nano integer not null,
      action text not null,
      alert_at text not null,
      removed integer not null,
      primary key (budget_id, version)
    ) strict, without rowid`,
    `create table ledger_budget_window (
      budget_id text not null references ledger_budget (id),
      period_start_ms integer not null,
      used integer not null check (used >= 0),
      primary key (budget_id, period_start_ms)
    ) strict, without rowid`,
    // What requests in progress count for; part of their windows' use.
    `create table ledger_budget_take (
      request_id text not null,
      budget_id text not null,
      period_start_ms integer not null,
      amount integer not null check (amount >= 0),
      primary key (request_id, budget_id),
      foreign key (budget_id, period_start_ms) references ledger_budget_window (budget_id, period_start_ms)
    ) strict, without rowid`,
    'create index ledger_budget_take_window on ledger_budget_take (budget_id, period_start_ms)',
    `create table ledger_alert (
      id text primary key,
      at_ms integer not null,
      account_id text not null references account (id),
      kind text not null,
      once text not null unique,
      budget_id text,
      period_start_ms integer,
      facts text not null
    ) strict, without rowid`,
    'create index ledger_alert_account on ledger_alert (account_id, id)',
    'create index ledger_alert_budget on ledger_alert (budget_id, period_start_ms) where budget_id is not null',
    `create table ledger_low_balance (
      account_id text primary key references account (id),
      threshold_nano integer not null check (threshold_nano > 0),
      told integer not null
    ) strict, without rowid`,
  ],
};
