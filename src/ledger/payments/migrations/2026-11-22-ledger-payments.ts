import type { Migration } from '../../../storage/sql/migration.ts';

export const ledgerPayments: Migration = {
  id: '2026-11-22-ledger-payments',
  up: [
    `create table ledger_payment (
      id text primary key,
      account_id text not null references account (id),
      kind text not null check (kind in ('topup', 'subscription', 'invoice')),
      state text not null check
        (state in ('pending', 'paid', 'failed', 'refunded', 'partly_refunded', 'disputed', 'lost')),
      driver text not null,
      currency text not null check (currency = 'usd'),
      amount integer not null check (amount > 0),
      credit integer not null check (credit > 0),
      tax integer not null check (tax >= 0),
      refunded integer not null check (refunded >= 0 and refunded <= credit),
      refunded_tax integer not null check (refunded_tax >= 0 and refunded_tax <= tax),
      ref text,
      checkout_ref text,
      subscription_ref text,
      grant_id text,
      facts text not null,
      created_at_ms integer not null,
      paid_at_ms integer,
      check (amount = credit + tax),
      unique (driver, ref)
    ) strict, without rowid`,
    'create index ledger_payment_account on ledger_payment (account_id, id)',
    'create index ledger_payment_subscription on ledger_payment (subscription_ref) where subscription_ref is not null',
    "create index ledger_payment_pending on ledger_payment (created_at_ms) where state = 'pending'",
    // The marker of an event stands in the same unit as its effect.
    `create table ledger_payment_event (
      driver text not null,
      id text not null,
      kind text not null,
      state text not null check (state in ('applied', 'ignored', 'rejected', 'waiting')),
      payment_id text,
      ref text,
      detail text,
      fact text not null,
      at_ms integer not null,
      primary key (driver, id)
    ) strict, without rowid`,
    "create index ledger_payment_event_waiting on ledger_payment_event (ref) where state = 'waiting'",
    'create index ledger_payment_event_payment on ledger_payment_event (payment_id) where payment_id is not null',
    `create table ledger_payment_customer (
      account_id text not null references account (id),
      driver text not null,
      ref text not null,
      primary key (account_id, driver)
    ) strict, without rowid`,
    // Written before the driver is asked.
    `create table ledger_refund (
      id text primary key,
      payment_id text not null references ledger_payment (id),
      state text not null check (state in ('pending', 'done', 'failed')),
      credit integer not null check (credit > 0),
      tax integer not null check (tax >= 0),
      reason text not null,
      ref text,
      detail text,
      tries integer not null,
      next_at_ms integer not null,
      created_at_ms integer not null,
      ended_at_ms integer
    ) strict, without rowid`,
    'create index ledger_refund_payment on ledger_refund (payment_id)',
    "create index ledger_refund_pending on ledger_refund (next_at_ms) where state = 'pending'",
    // Money taken back by somebody else: a dispute, or a refund made at the driver.
    `create table ledger_reversal (
      id text primary key,
      payment_id text not null references ledger_payment (id),
      kind text not null check (kind in ('dispute', 'refund')),
      state text not null check (state in ('open', 'won', 'lost')),
      credit integer not null check (credit >= 0),
      tax integer not null check (tax >= 0),
      drained integer not null check (drained >= 0 and drained <= credit),
      created_at_ms integer not null,
      ended_at_ms integer
    ) strict, without rowid`,
    'create index ledger_reversal_payment on ledger_reversal (payment_id)',
    "create index ledger_reversal_owed on ledger_reversal (id) where state <> 'won' and drained < credit",
    `create table ledger_auto_topup (
      account_id text primary key references account (id),
      state text not null check (state in ('on', 'off', 'disabled')),
      threshold integer not null check (threshold > 0),
      credit integer not null check (credit > 0),
      monthly_cap integer not null check (monthly_cap > 0),
      method_ref text not null,
      method_label text not null,
      month text not null,
      spent integer not null check (spent >= 0),
      payment_id text references ledger_payment (id),
      failures integer not null,
      last_failure text,
      next_at_ms integer not null,
      check (spent <= monthly_cap or payment_id is null)
    ) strict, without rowid`,
    `create table ledger_code (
      id text primary key,
      digest text not null unique,
      credit integer not null check (credit > 0),
      uses_max integer not null check (uses_max > 0),
      used integer not null check (used >= 0 and used <= uses_max),
      per_account_max integer not null check (per_account_max > 0),
      models text,
      grant_ms integer,
      created_at_ms integer not null,
      expires_at_ms integer,
      revoked_at_ms integer
    ) strict, without rowid`,
    `create table ledger_code_use (
      code_id text not null references ledger_code (id),
      account_id text not null references account (id),
      nth integer not null,
      grant_id text not null,
      at_ms integer not null,
      primary key (code_id, account_id, nth)
    ) strict, without rowid`,
  ],
};
