import type { Migration } from '../../storage/sql/migration.ts';

export const idempotentAnswer: Migration = {
  id: '2026-11-22-idempotent-answer',
  up: [
    `create table idempotent_answer (
      key_id text not null,
      name_digest text not null,
      request_id text not null,
      body_digest text not null,
      content_type text not null,
      body text,
      expires_at_ms integer not null,
      primary key (key_id, name_digest)
    ) strict`,
    'create index idempotent_answer_by_expiry on idempotent_answer (expires_at_ms)',
    'create index idempotent_answer_by_request on idempotent_answer (request_id)',
  ],
};
