import type { Migration } from '../../storage/sql/migration.ts';

/**
 * Signals, incidents, and everything judgement was told in the order it was told, with what it depended on and what it
 * came to, so that each verdict can be reckoned again. Nothing of what anybody wrote.
 */
export const enforcementSignals: Migration = {
  id: '2026-11-22-enforcement-signals',
  up: [
    `create table enforcement_signal (
      number integer primary key,
      id text not null unique,
      at_ms integer not null,
      source text not null,
      source_version text not null,
      account_id text not null,
      key_id text,
      app text,
      member text,
      end_user text,
      product text,
      request_id text,
      conduct text not null,
      confidence real not null check (confidence > 0 and confidence < 1),
      conversation text,
      template text,
      language text check (language in ('en', 'zh')),
      clean_before integer not null,
      fresh_until_ms integer not null,
      category text,
      agreed integer not null check (agreed in (0, 1))
    ) strict`,
    'create index enforcement_signal_account on enforcement_signal (account_id, number)',
    'create index enforcement_signal_at on enforcement_signal (at_ms)',
    `create table enforcement_incident (
      id text primary key,
      account_id text not null,
      conduct text not null,
      state text not null check (state in ('doubtful', 'confirmed', 'dismissed', 'undone')),
      opened_at_ms integer not null,
      last_at_ms integer not null,
      incident text not null,
      kept text not null
    ) strict, without rowid`,
    'create index enforcement_incident_account on enforcement_incident (account_id, id)',
    'create index enforcement_incident_state on enforcement_incident (state, last_at_ms)',
    `create table enforcement_heard (
      number integer primary key autoincrement,
      at_ms integer not null,
      kind text not null check (kind in ('signal', 'reading', 'undo', 'operators')),
      account_id text not null,
      ref text not null,
      incident_id text not null,
      input text not null,
      context text not null,
      outcome text not null,
      judged_by text not null,
      proposed integer not null check (proposed in (0, 1))
    ) strict`,
    `create unique index enforcement_heard_once on enforcement_heard (ref) where kind = 'signal'`,
    'create index enforcement_heard_incident on enforcement_heard (incident_id, number)',
    'create index enforcement_heard_account on enforcement_heard (account_id)',
    'create index enforcement_heard_open on enforcement_heard (number) where proposed = 0',
    `create table enforcement_parameters (
      digest text primary key,
      parameters text not null
    ) strict, without rowid`,
    `create table enforcement_clean (
      unit text primary key,
      account_id text not null,
      clean integer not null
    ) strict, without rowid`,
    'create index enforcement_clean_account on enforcement_clean (account_id)',
  ],
};
