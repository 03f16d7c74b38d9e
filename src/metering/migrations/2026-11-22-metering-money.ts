import type { Migration } from '../../storage/sql/migration.ts';

/** What a request was charged, and what a process that dies leaves to charge it by. Amounts are nano-dollars. */
export const meteringMoney: Migration = {
  id: '2026-11-22-metering-money',
  up: [
    'alter table usage_open add column member text',
    'alter table usage_open add column price_id text',
    'alter table usage_open add column price_estimated integer not null default 0',
    'alter table usage_open add column margin_bp integer not null default 0',
    'alter table usage_open add column images integer not null default 0',
    'alter table usage_event add column member text',
    'alter table usage_event add column audio_input_tokens integer',
    'alter table usage_event add column audio_output_tokens integer',
    'alter table usage_event add column price_id text',
    'alter table usage_event add column price_estimated integer not null default 0',
    'alter table usage_event add column margin_bp integer not null default 0',
    'alter table usage_event add column images integer not null default 0',
    'alter table usage_event add column price_nano integer not null default 0',
    'alter table usage_event add column written_off_nano integer not null default 0',
    'alter table usage_event add column cost_nano integer',
    'create index usage_event_account on usage_event (account_id, at_ms)',
  ],
};
