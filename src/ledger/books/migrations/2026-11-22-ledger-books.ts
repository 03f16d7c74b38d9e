import type { Migration } from '../../../storage/sql/migration.ts';

/** Of the house, one each; what is set aside never goes below zero, what the house owes or owns may be on either side. */
const HOUSE = [
  'wash',
  'receivable',
  'earnings',
  'earnings_promo',
  'write_off',
  'deferred_subscription',
  'earnings_subscription',
  'breakage',
  'promo_expense',
  'provider_cost',
  'provider_payable',
  'builder_payable',
  'builder_reserve',
  'tax_payable',
  'rounding',
  'dispute_loss',
];

export const ledgerBooks: Migration = {
  id: '2026-11-22-ledger-books',
  up: [
    // The check is the limit: it is part of whichever statement changes the balance.
    `create table ledger_account (
      id text primary key,
      kind text not null check (kind in ('house', 'grant', 'envelope')),
      owner text,
      balance integer not null default 0,
      floor integer,
      check (floor is null or balance >= floor)
    ) strict, without rowid`,
    `insert into ledger_account (id, kind, floor) values ('holds', 'house', 0)`,
    `insert into ledger_account (id, kind) values ${HOUSE.map((id) => `('${id}', 'house')`).join(', ')}`,
    `create table ledger_grant (
      id text primary key,
      account_id text not null,
      kind text not null check (kind in ('paid', 'promo')),
      source text not null,
      amount integer not null check (amount > 0),
      priority integer not null,
      starts_at_ms integer not null,
      expires_at_ms integer,
      models text,
      products text,
      reason text not null,
      payment_id text,
      created_at_ms integer not null
    ) strict, without rowid`,
    'create index ledger_grant_account on ledger_grant (account_id)',
    // Grants that expire and may still hold something; a grant leaves it once it is past and empty.
    `create table ledger_expiring (
      grant_id text primary key references ledger_grant (id),
      expires_at_ms integer not null
    ) strict, without rowid`,
    'create index ledger_expiring_at on ledger_expiring (expires_at_ms)',
    // Ids begin with what they belong to, so the transfers of one request lie side by side and need no other index.
    `create table ledger_transfer (
      id text primary key,
      at_ms integer not null,
      kind text not null,
      debit text not null,
      credit text not null,
      amount integer not null check (amount > 0),
      account_id text,
      subject text,
      grant_id text,
      note text,
      check (debit <> credit)
    ) strict, without rowid`,
    'create index ledger_transfer_account on ledger_transfer (account_id, at_ms) where subject is null',
    `create table ledger_hold (
      id text primary key,
      account_id text not null,
      model text not null,
      product text not null,
      held integer not null check (held > 0),
      epoch text not null,
      expires_at_ms integer not null
    ) strict, without rowid`,
    'create index ledger_hold_account on ledger_hold (account_id)',
  ],
};
