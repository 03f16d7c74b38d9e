import type { Migration } from '../../storage/sql/migration.ts';

export const storedResponse: Migration = {
  id: '2026-11-22-stored-response',
  up: [
    `create table stored_response (
      id text primary key,
      account_id text not null,
      created_at_ms integer not null,
      expires_at_ms integer not null,
      response text not null,
      input_items text not null
    ) strict`,
    'create index stored_response_by_expiry on stored_response (expires_at_ms)',
  ],
};
