import type { Migration } from '../../../storage/sql/migration.ts';

export const ledgerPlans: Migration = {
  id: '2026-11-22-ledger-plans',
  up: [
    `create table ledger_subscription (
      account_id text primary key references account (id),
      id text not null,
      plan text not null,
      interval text not null check (interval in ('month', 'year')),
      seats integer not null check (seats > 0),
      state text not null check (state in ('trialing', 'active', 'past_due', 'ended')),
      fee integer not null check (fee >= 0),
      anchor_ms integer not null,
      period_start_ms integer not null,
      period_end_ms integer not null check (period_end_ms > period_start_ms),
      cancel_at_period_end integer not null check (cancel_at_period_end in (0, 1)),
      next_plan text,
      next_interval text,
      next_seats integer,
      next_paid_to_ms integer,
      next_paid_fee integer,
      credited_to_ms integer not null,
      grace_to_ms integer,
      trial_used integer not null check (trial_used in (0, 1)),
      version integer not null
    ) strict, without rowid`,
    // A row says how the subscription stood from `at_ms` on; never changed.
    `create table ledger_subscription_event (
      id text primary key,
      account_id text not null references account (id),
      subscription_id text not null,
      version integer not null,
      at_ms integer not null,
      recorded_at_ms integer not null,
      kind text not null,
      plan text not null,
      interval text not null,
      seats integer not null,
      state text not null,
      fee integer not null check (fee >= 0),
      period_start_ms integer not null,
      period_end_ms integer not null,
      cancel_at_period_end integer not null,
      next_plan text,
      next_interval text,
      next_seats integer,
      payment_id text,
      paid integer check (paid >= 0),
      note text,
      unique (account_id, version)
    ) strict, without rowid`,
    'create unique index ledger_subscription_event_payment on ledger_subscription_event (payment_id)',
    // Money received for a stretch of time; what is not recognised and not moved on is deferred.
    `create table ledger_subscription_fee (
      id text primary key,
      account_id text not null references account (id),
      amount integer not null check (amount > 0),
      start_ms integer not null,
      end_ms integer not null check (end_ms > start_ms),
      recognised integer not null check (recognised >= 0),
      recognised_to_ms integer not null,
      moved integer not null check (moved >= 0),
      open integer not null check (open in (0, 1)),
      check (recognised + moved <= amount),
      check (open = 1 or recognised + moved = amount)
    ) strict, without rowid`,
    'create index ledger_subscription_fee_open on ledger_subscription_fee (account_id) where open = 1',
    // One row for an account for ever: the credit it was promised at its start.
    `create table ledger_signup (
      account_id text primary key references account (id),
      at_ms integer not null,
      tranches text not null,
      released text not null,
      clawed_back_at_ms integer,
      reason text
    ) strict, without rowid`,
  ],
};
