import type { Migration } from '../../../storage/sql/migration.ts';

export const ledgerVesting: Migration = {
  id: '2026-11-22-ledger-vesting',
  up: [
    // 1: the credit of this account is released by rules; its row holds no tranches, and its envelope is kept by vesting.
    'alter table ledger_signup add column vests integer not null default 0 check (vests in (0, 1))',
    // Counts what was booked into or out of its envelope, so that each booking has an id of its own.
    'alter table ledger_signup add column version integer not null default 0',
  ],
};
