import type { Migration } from '../../storage/sql/migration.ts';

/** An empty plan or region stands for any. */
export const peopleDoor: Migration = {
  id: '2026-11-22-people-door',
  up: [
    `create table door_setting (
      plan text not null,
      region text not null,
      state text not null,
      reason text,
      retry_at_ms integer,
      by_whom text not null,
      at_ms integer not null,
      primary key (plan, region)
    ) strict, without rowid`,
    `create table door_setting_log (
      id text primary key,
      plan text not null,
      region text not null,
      state text,
      reason text,
      by_whom text not null,
      at_ms integer not null
    ) strict, without rowid`,
    `create table door_batch (
      id text primary key,
      name text not null,
      plan text not null,
      codes integer not null,
      uses_each integer not null,
      expires_at_ms integer not null,
      by_whom text not null,
      created_at_ms integer not null,
      revoked_at_ms integer
    ) strict, without rowid`,
    `create table door_invitation (
      digest blob primary key,
      batch_id text not null references door_batch (id),
      uses_left integer not null check (uses_left >= 0)
    ) strict, without rowid`,
    'create index door_invitation_batch on door_invitation (batch_id)',
    `create table door_waiting (
      account_id text primary key,
      ticket text not null unique,
      serial integer not null unique,
      plan text not null,
      region text not null,
      joined_at_ms integer not null,
      admitted_at_ms integer,
      told integer not null default 0
    ) strict, without rowid`,
    'create index door_waiting_line on door_waiting (plan, admitted_at_ms, serial)',
    'create index door_waiting_told on door_waiting (told, admitted_at_ms)',
    `create table door_funnel (
      day text not null,
      plan text not null,
      region text not null,
      step text not null,
      count integer not null,
      primary key (day, plan, region, step)
    ) strict, without rowid`,
  ],
};
