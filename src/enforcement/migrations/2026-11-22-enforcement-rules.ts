import type { Migration } from '../../storage/sql/migration.ts';

/** Rules and how much they may do: rows are only ever added. Hits are kept for a time. */
export const enforcementRules: Migration = {
  id: '2026-11-22-enforcement-rules',
  up: [
    `create table enforcement_rule (
      name text not null,
      version integer not null check (version > 0),
      document text not null,
      origin text not null check (origin in ('console', 'file', 'shipped')),
      note text not null,
      changed_by text not null,
      at_ms integer not null,
      primary key (name, version)
    ) strict, without rowid`,
    `create table enforcement_rule_mode (
      seq integer primary key,
      name text not null,
      mode text not null check (mode in ('draft', 'shadow', 'canary', 'live', 'paused')),
      canary_percent integer not null,
      reason text,
      detail text not null,
      changed_by text not null,
      at_ms integer not null
    ) strict`,
    'create index enforcement_rule_mode_name on enforcement_rule_mode (name, seq)',
    `create table enforcement_rule_hit (
      seq integer primary key,
      id text not null unique,
      rule text not null,
      version integer not null,
      event text not null,
      event_id text not null,
      account_id text not null,
      key_id text,
      at_ms integer not null,
      mode text not null check (mode in ('shadow', 'canary', 'live')),
      acted text,
      unknown integer not null,
      clauses text not null
    ) strict`,
    'create index enforcement_rule_hit_rule on enforcement_rule_hit (rule, seq)',
    'create index enforcement_rule_hit_account on enforcement_rule_hit (account_id, seq)',
    'create index enforcement_rule_hit_at on enforcement_rule_hit (at_ms)',
  ],
};
