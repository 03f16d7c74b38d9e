import type { Migration } from '../../storage/sql/migration.ts';

/** Cases, what happened to them, and how much of what hurts people looked at; nothing of what anybody wrote. */
export const enforcementCases: Migration = {
  id: '2026-11-22-enforcement-cases',
  up: [
    `create table enforcement_case (
      id text primary key,
      account_id text not null,
      undecided integer not null,
      decided_at_ms integer,
      bulk_id text,
      body text not null
    ) strict, without rowid`,
    'create index enforcement_case_undecided on enforcement_case (id) where undecided = 1',
    'create index enforcement_case_decided on enforcement_case (decided_at_ms) where decided_at_ms is not null',
    'create index enforcement_case_account on enforcement_case (account_id)',
    'create index enforcement_case_bulk on enforcement_case (bulk_id) where bulk_id is not null',
    `create table enforcement_case_subject (
      subject text primary key,
      case_id text not null
    ) strict, without rowid`,
    'create index enforcement_case_subject_case on enforcement_case_subject (case_id)',
    `create table enforcement_case_event (
      id text primary key,
      case_id text not null,
      at_ms integer not null,
      actor text not null,
      what text not null,
      detail text not null
    ) strict, without rowid`,
    'create index enforcement_case_event_case on enforcement_case_event (case_id, id)',
    `create table enforcement_case_review (
      id text primary key,
      case_id text not null,
      twin_of text,
      queue text not null,
      conduct text not null,
      severe integer not null,
      reviewer text not null,
      outcome text not null,
      at_ms integer not null
    ) strict, without rowid`,
    'create index enforcement_case_review_time on enforcement_case_review (at_ms)',
    'create index enforcement_case_review_case on enforcement_case_review (case_id)',
    `create table enforcement_case_reveal (
      id text primary key,
      case_id text not null,
      request_id text not null,
      reason text not null,
      asked_by text not null,
      allowed_by text,
      at_ms integer not null,
      opened_at_ms integer,
      looked_ms integer not null
    ) strict, without rowid`,
    'create index enforcement_case_reveal_time on enforcement_case_reveal (at_ms)',
    'create index enforcement_case_reveal_case on enforcement_case_reveal (case_id)',
    `create table enforcement_reviewer (
      id text primary key,
      body text not null
    ) strict, without rowid`,
  ],
};
