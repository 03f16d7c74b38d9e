import type { Migration } from '../../../storage/sql/migration.ts';

export const ledgerRevocation: Migration = {
  id: '2026-11-22-ledger-revocation',
  up: [
    // A grant that was taken back; `open` as long as requests in progress may give something of it back.
    `create table ledger_revocation (
      grant_id text primary key,
      account_id text not null references account (id),
      into_account text not null,
      kind text not null,
      reason text not null,
      at_ms integer not null,
      open integer not null check (open in (0, 1))
    ) strict, without rowid`,
    'create index ledger_revocation_account on ledger_revocation (account_id)',
    'create index ledger_revocation_open on ledger_revocation (open) where open = 1',
  ],
};
