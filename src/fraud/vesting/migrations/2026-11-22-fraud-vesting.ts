import type { Migration } from '../../../storage/sql/migration.ts';

export const fraudVesting: Migration = {
  id: '2026-11-22-fraud-vesting',
  up: [
    `create table fraud_vesting (
      account_id text primary key references account (id),
      principal_id text not null,
      began_at_ms integer not null,
      entry text not null check (entry in ('full', 'reduced')),
      proofs text not null,
      clean_days integer not null check (clean_days >= 0),
      answered_days integer not null check (answered_days >= 0),
      today text,
      today_day integer,
      given integer not null check (given >= 0),
      taken integer not null check (taken >= 0),
      burned integer not null check (burned >= 0),
      paid integer not null check (paid >= 0),
      seen_at_ms integer not null,
      sanctioned_at_ms integer,
      sanction_reason text,
      version integer not null,
      unsettled integer not null check (unsettled in (0, 1)),
      waits integer not null check (waits in (0, 1))
    ) strict, without rowid`,
    'create index fraud_vesting_principal on fraud_vesting (principal_id)',
    // Days that are still open, to be closed when they are over.
    'create index fraud_vesting_day on fraud_vesting (today_day) where today_day is not null',
    // What was changed elsewhere and not followed here yet, or waits for what requests hold to come back.
    'create index fraud_vesting_unsettled on fraud_vesting (account_id) where unsettled = 1',
    // Given less because the breaker was open.
    'create index fraud_vesting_waits on fraud_vesting (account_id) where waits = 1',
    'create index fraud_vesting_sanctioned on fraud_vesting (account_id) where sanctioned_at_ms is not null',
    'create index fraud_vesting_payers on fraud_vesting (account_id) where paid > 0',
    // Who shows the same phone, card or domain; tokens are keyed digests.
    `create table fraud_vesting_token (
      token text not null,
      account_id text not null,
      primary key (token, account_id)
    ) strict, without rowid`,
    'create index fraud_vesting_token_account on fraud_vesting_token (account_id)',
    // How many began on a day in one cohort.
    `create table fraud_vesting_cohort (
      day integer not null,
      cohort text not null,
      entries integer not null,
      primary key (day, cohort)
    ) strict, without rowid`,
    // One row: what unpaid burn is expected and whether there was more; and the most a free tier ever was.
    `create table fraud_vesting_whole (
      id integer primary key check (id = 1),
      breaker text,
      tier integer not null
    ) strict`,
    'insert into fraud_vesting_whole (id, tier) values (1, 0)',
  ],
};
