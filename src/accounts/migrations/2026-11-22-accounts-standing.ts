import type { Migration } from '../../storage/sql/migration.ts';

export const accountsStanding: Migration = {
  id: '2026-11-22-accounts-standing',
  up: [
    `create table account_stop (
      id text primary key,
      kind text not null,
      account_id text not null references account (id),
      name text,
      cause text not null,
      reason text not null,
      by_whom text not null,
      at_ms integer not null,
      until_ms integer,
      lifted_at_ms integer,
      lifted_by text
    ) strict, without rowid`,
    'create index account_stop_account on account_stop (account_id, at_ms)',
    `create table account_cutoff (
      stop_id text primary key references account_stop (id),
      decided_at_ms integer not null,
      last_byte_at_ms integer,
      closed_at_ms integer not null,
      sessions integer not null,
      keys integer not null,
      streams integer not null
    ) strict, without rowid`,
  ],
};
