import type { Migration } from '../../storage/sql/migration.ts';

/** People who signed up, their sign-ups, sessions, second factors and the mails they wait for. */
export const peopleMigration: Migration = {
  id: '2026-11-22-people',
  up: [
    `create table person (
      id text primary key references account (id),
      email text not null,
      email_key text unique,
      name text not null,
      locale text not null check (locale in ('en', 'zh')),
      password text,
      state text not null check (state in ('waitlisted', 'active', 'deletion_pending', 'deleted')),
      waitlist_ticket text,
      totp blob,
      totp_step integer,
      created_at_ms integer not null,
      signed_in_at_ms integer,
      terms_at_ms integer,
      rungs_due text,
      deletion_at_ms integer
    ) strict, without rowid`,
    'create index person_deletion on person (deletion_at_ms) where deletion_at_ms is not null',
    'create index person_rungs on person (id) where rungs_due is not null',
    `create table person_sign_up (
      id text primary key,
      email_key text not null,
      known integer not null check (known in (0, 1)),
      sealed blob not null,
      password text not null,
      token_digest blob not null unique,
      code_digest blob not null,
      code_tries integer not null,
      sends integer not null,
      browser_digest blob not null unique,
      created_at_ms integer not null,
      expires_at_ms integer not null
    ) strict, without rowid`,
    'create index person_sign_up_email on person_sign_up (email_key)',
    'create index person_sign_up_expiry on person_sign_up (expires_at_ms)',
    `create table person_session (
      id text primary key,
      person_id text not null references person (id),
      digest blob not null unique,
      stage text not null check (stage in ('factor', 'full')),
      method text not null,
      client text,
      network_prefix text,
      created_at_ms integer not null,
      last_used_at_ms integer not null,
      confirmed_at_ms integer not null,
      expires_at_ms integer not null
    ) strict, without rowid`,
    'create index person_session_person on person_session (person_id)',
    'create index person_session_expiry on person_session (expires_at_ms)',
    'create index person_session_use on person_session (last_used_at_ms)',
    `create table person_network (
      person_id text not null references person (id),
      network_prefix text not null,
      seen_at_ms integer not null,
      primary key (person_id, network_prefix)
    ) strict, without rowid`,
    `create table person_recovery_code (
      person_id text not null references person (id),
      digest blob not null,
      primary key (person_id, digest)
    ) strict, without rowid`,
    `create table person_totp_draft (
      person_id text primary key references person (id),
      sealed blob not null,
      expires_at_ms integer not null
    ) strict, without rowid`,
    `create table person_reset (
      digest blob primary key,
      person_id text,
      expires_at_ms integer not null
    ) strict, without rowid`,
    'create index person_reset_person on person_reset (person_id)',
    'create index person_reset_expiry on person_reset (expires_at_ms)',
    `create table person_email_change (
      person_id text primary key references person (id),
      email text not null,
      email_key text not null,
      old_digest blob not null unique,
      new_digest blob not null unique,
      old_confirmed integer not null,
      new_confirmed integer not null,
      expires_at_ms integer not null
    ) strict, without rowid`,
    `create table person_mail (
      id text primary key,
      state text not null check (state in ('waiting', 'sent', 'given_up', 'void', 'kept')),
      sealed blob,
      tries integer not null,
      next_at_ms integer not null,
      created_at_ms integer not null
    ) strict, without rowid`,
    'create index person_mail_due on person_mail (state, next_at_ms)',
    'create index person_mail_age on person_mail (created_at_ms)',
  ],
};
