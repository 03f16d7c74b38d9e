import type { Migration } from '../../storage/sql/migration.ts';

/** Sign-ups that came while linkage was being read, until they are compared; as digests, too. */
export const fraudLinkageWaiting: Migration = {
  id: '2026-11-22-fraud-linkage-waiting',
  up: [
    `create table fraud_waiting (
      number integer primary key,
      account_id text not null unique,
      at_ms integer not null,
      traits integer not null,
      evidence blob not null
    ) strict`,
  ],
};
