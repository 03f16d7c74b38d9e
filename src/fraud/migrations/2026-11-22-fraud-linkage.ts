import type { Migration } from '../../storage/sql/migration.ts';

/** What linkage knows. Every value is a keyed digest: nobody can read an address, a device or a card from it. */
export const fraudLinkage: Migration = {
  id: '2026-11-22-fraud-linkage',
  up: [
    `create table fraud_account (
      number integer primary key,
      account_id text not null unique,
      at_ms integer not null,
      traits integer not null,
      evidence blob not null
    ) strict`,
    `create table fraud_link (
      number integer primary key,
      a integer not null,
      b integer not null,
      hard integer not null check (hard in (0, 1)),
      bits real not null,
      agreements text not null,
      at_ms integer not null,
      expires_at_ms integer not null,
      fell_at_ms integer,
      fell_reason text,
      check (a < b)
    ) strict`,
    `create table fraud_template (
      name text primary key,
      sketch blob not null,
      at_ms integer not null
    ) strict, without rowid`,
    'create index fraud_template_at on fraud_template (at_ms)',
    // What people said of networks, against what the traffic seems to say.
    `create table fraud_network (
      prefix text primary key,
      shared integer not null check (shared in (0, 1)),
      seemed integer not null check (seemed in (0, 1)),
      reason text not null,
      by text not null,
      at_ms integer not null
    ) strict, without rowid`,
  ],
};
