import type { Migration } from '../../storage/sql/migration.ts';

/** Sanctions and accounts that random audits draw from, what they showed, and what was paused for it. */
export const enforcementHarm: Migration = {
  id: '2026-11-22-enforcement-harm',
  up: [
    `create table enforcement_harm (
      id text primary key,
      account_id text not null,
      at_ms integer not null,
      body text not null
    ) strict, without rowid`,
    'create index enforcement_harm_time on enforcement_harm (at_ms)',
    'create index enforcement_harm_account on enforcement_harm (account_id)',
    `create table enforcement_harm_pause (
      id text primary key,
      body text not null
    ) strict, without rowid`,
  ],
};
