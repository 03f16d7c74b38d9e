import type { Migration } from '../../storage/sql/migration.ts';

export const accountsAndKeys: Migration = {
  id: '2026-11-22-accounts-and-keys',
  up: [
    `create table account (
      id text primary key,
      name text not null,
      created_at_ms integer not null
    ) strict, without rowid`,
    `create table api_key (
      id text primary key,
      account_id text not null references account (id),
      product text not null,
      app text,
      name text,
      scopes text not null,
      models text,
      networks text,
      limits text,
      digest blob not null,
      replaces text references api_key (id),
      created_at_ms integer not null,
      expires_at_ms integer,
      revoked_at_ms integer,
      last_used_at_ms integer
    ) strict, without rowid`,
    'create index api_key_account on api_key (account_id)',
  ],
};
