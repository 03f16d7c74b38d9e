import type { Migration } from '../../storage/sql/migration.ts';

/** Sanctions, the decisions they rest on, and the notices people are to get. Decisions are only added to. */
export const enforcementSanctions: Migration = {
  id: '2026-11-22-enforcement-sanctions',
  up: [
    `create table enforcement_decision (
      id text primary key,
      kind text not null,
      at_ms integer not null,
      account_id text not null,
      unit_kind text not null,
      sanction_id text,
      about text,
      step text,
      conduct text,
      automated_decision text not null,
      certified integer not null,
      first_at_ms integer,
      start_ms integer not null,
      body text not null
    ) strict, without rowid`,
    'create index enforcement_decision_account on enforcement_decision (account_id, at_ms)',
    'create index enforcement_decision_at on enforcement_decision (at_ms)',
    'create index enforcement_decision_about on enforcement_decision (about) where about is not null',
    `create trigger enforcement_decision_unchanged before update on enforcement_decision
      begin select raise(abort, 'decisions are only added to'); end`,
    `create trigger enforcement_decision_kept before delete on enforcement_decision
      begin select raise(abort, 'decisions are only added to'); end`,
    `create table enforcement_notice (
      decision_id text primary key references enforcement_decision (id),
      due_ms integer not null,
      tries integer not null default 0,
      told_at_ms integer
    ) strict, without rowid`,
    'create index enforcement_notice_due on enforcement_notice (due_ms) where told_at_ms is null',
    `create table enforcement_sanction (
      id text primary key,
      decision_id text not null unique references enforcement_decision (id),
      account_id text not null,
      unit_kind text not null,
      unit_name text,
      operator_id text,
      step text not null,
      scope text,
      conduct text not null,
      decided_at_ms integer not null,
      start_ms integer not null,
      applied_at_ms integer,
      until_ms integer,
      stop_id text,
      linked_to text,
      ended_how text,
      ended_at_ms integer,
      ended_by text,
      acknowledged_at_ms integer,
      refund_due integer not null default 0
    ) strict, without rowid`,
    'create index enforcement_sanction_account on enforcement_sanction (account_id, decided_at_ms)',
    'create index enforcement_sanction_open on enforcement_sanction (until_ms) where ended_how is null',
    'create index enforcement_sanction_refund on enforcement_sanction (id) where refund_due = 1',
    `create table enforcement_waiting (
      id text primary key,
      at_ms integer not null,
      expires_at_ms integer not null,
      by_whom text not null,
      body text not null
    ) strict, without rowid`,
  ],
};
