import type { Migration } from '../../storage/sql/migration.ts';

export const issuedIdentifier: Migration = {
  id: '2026-11-22-issued-identifier',
  up: [
    `create table issued_identifier (
      identifier text primary key,
      account_id text not null,
      end_user text,
      last_at_ms integer not null
    ) strict, without rowid`,
    'create index issued_identifier_by_account on issued_identifier (account_id)',
    'create index issued_identifier_by_use on issued_identifier (last_at_ms)',
  ],
};
