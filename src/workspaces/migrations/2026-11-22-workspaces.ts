import type { Migration } from '../../storage/sql/migration.ts';

/** Workspaces, who belongs to them and how they come in, apps, allowed models, and the trail of what was done. */
export const workspacesMigration: Migration = {
  id: '2026-11-22-workspaces',
  up: [
    `create table workspace (
      account_id text primary key references account (id),
      created_at_ms integer not null,
      closes_at_ms integer,
      closed_at_ms integer,
      stop_id text
    ) strict, without rowid`,
    'create index workspace_closing on workspace (closes_at_ms) where closes_at_ms is not null and closed_at_ms is null',
    `create table workspace_member (
      id text primary key,
      account_id text not null references workspace (account_id),
      person_id text references account (id),
      email text,
      name text not null,
      given_name text,
      family_name text,
      role text not null check (role in ('owner', 'admin', 'developer', 'billing', 'viewer')),
      directory integer not null check (directory in (0, 1)),
      external_id text,
      created_at_ms integer not null,
      changed_at_ms integer not null,
      left_at_ms integer,
      left_cause text,
      left_by text,
      cut_off_at_ms integer
    ) strict, without rowid`,
    `create unique index workspace_member_person on workspace_member (account_id, person_id)
      where left_at_ms is null and person_id is not null`,
    `create unique index workspace_member_email on workspace_member (account_id, email)
      where left_at_ms is null and email is not null`,
    'create index workspace_member_account on workspace_member (account_id, id)',
    'create index workspace_member_of on workspace_member (person_id) where person_id is not null',
    `create index workspace_member_provisioned on workspace_member (email)
      where person_id is null and left_at_ms is null`,
    `create index workspace_member_leaving on workspace_member (left_at_ms)
      where left_at_ms is not null and cut_off_at_ms is null`,
    `create table workspace_invitation (
      id text primary key,
      account_id text not null references workspace (account_id),
      email text not null,
      role text not null check (role in ('admin', 'developer', 'billing', 'viewer')),
      digest blob not null unique,
      invited_by text not null,
      created_at_ms integer not null,
      expires_at_ms integer not null,
      sent_at_ms integer,
      unique (account_id, email)
    ) strict, without rowid`,
    'create index workspace_invitation_email on workspace_invitation (email)',
    `create table account_app (
      account_id text not null references account (id),
      id text not null,
      name text not null,
      created_at_ms integer not null,
      archived_at_ms integer,
      primary key (account_id, id)
    ) strict, without rowid`,
    `create table allowed_models (
      account_id text not null references account (id),
      kind text not null check (kind in ('account', 'app', 'member')),
      subject text not null,
      models text not null,
      primary key (account_id, kind, subject)
    ) strict, without rowid`,
    `create table workspace_domain (
      id text primary key,
      account_id text not null references workspace (account_id),
      domain text not null,
      proof text not null,
      code_digest blob,
      code_expires_at_ms integer,
      code_tries integer not null,
      verified_at_ms integer,
      verified_by text check (verified_by in ('dns', 'mail')),
      capture integer not null check (capture in (0, 1)),
      join_role text not null check (join_role in ('admin', 'developer', 'billing', 'viewer')),
      created_at_ms integer not null,
      unique (account_id, domain)
    ) strict, without rowid`,
    'create unique index workspace_domain_owner on workspace_domain (domain) where verified_at_ms is not null',
    `create table workspace_sso (
      account_id text primary key references workspace (account_id),
      issuer text not null,
      client_id text not null,
      secret blob not null,
      required integer not null check (required in (0, 1)),
      join_role text not null check (join_role in ('admin', 'developer', 'billing', 'viewer')),
      changed_at_ms integer not null
    ) strict, without rowid`,
    `create table scim_token (
      id text primary key,
      account_id text not null references workspace (account_id),
      name text not null,
      digest blob not null unique,
      created_at_ms integer not null,
      last_used_at_ms integer
    ) strict, without rowid`,
    'create index scim_token_account on scim_token (account_id)',
    `create table member_action (
      id text primary key,
      at_ms integer not null,
      account_id text not null,
      actor_kind text not null check (actor_kind in ('person', 'scim', 'system')),
      actor_id text,
      permission text not null,
      action text not null,
      objects text not null,
      network_prefix text
    ) strict, without rowid`,
    'create index member_action_account on member_action (account_id, id)',
    'create index member_action_actor on member_action (actor_id, id)',
    `create table member_action_outcome (
      action_id text primary key references member_action (id),
      at_ms integer not null,
      status integer not null,
      changes text
    ) strict, without rowid`,
    ...['member_action', 'member_action_outcome'].flatMap((table) => [
      `create trigger ${table}_kept before update on ${table}
        begin select raise(abort, 'the trail is append only'); end`,
      `create trigger ${table}_stays before delete on ${table}
        begin select raise(abort, 'the trail is append only'); end`,
    ]),
  ],
};
