import type { Migration } from '../../storage/sql/migration.ts';

/** Other ways to be sure of a person: passkeys, other services, a mobile number. */
export const waysMigration: Migration = {
  id: '2026-11-22-people-ways',
  up: [
    `create table person_passkey (
      id text primary key,
      person_id text not null references person (id),
      credential_id text not null unique,
      public_key blob not null,
      counter integer not null,
      transports text not null,
      synced integer not null check (synced in (0, 1)),
      name text not null,
      created_at_ms integer not null,
      last_used_at_ms integer
    ) strict, without rowid`,
    'create index person_passkey_person on person_passkey (person_id)',
    // Deferred: somebody who comes by another service is made in one unit with it.
    `create table person_identity (
      id text primary key,
      person_id text not null references person (id) deferrable initially deferred,
      scope text not null,
      subject text not null,
      email text,
      created_at_ms integer not null,
      last_used_at_ms integer,
      unique (scope, subject)
    ) strict, without rowid`,
    'create index person_identity_person on person_identity (person_id)',
    `create table person_phone (
      person_id text primary key references person (id),
      digest blob not null unique,
      ending text not null,
      proved_at_ms integer not null,
      untold blob
    ) strict, without rowid`,
    'create index person_phone_untold on person_phone (person_id) where untold is not null',
    `create table person_phone_code (
      person_id text primary key references person (id),
      sealed blob not null,
      code_digest blob not null,
      tries integer not null,
      expires_at_ms integer not null
    ) strict, without rowid`,
    'create index person_phone_code_expiry on person_phone_code (expires_at_ms)',
  ],
};
