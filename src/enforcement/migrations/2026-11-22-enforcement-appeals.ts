import type { Migration } from '../../storage/sql/migration.ts';

/** Appeals with what happened to them, how far restitution is, and what people report. */
export const enforcementAppeals: Migration = {
  id: '2026-11-22-enforcement-appeals',
  up: [
    `create table enforcement_appeal (
      id text primary key,
      decision_id text not null,
      sanction_id text not null,
      account_id text not null,
      source text not null check (source in ('portal', 'contest')),
      filed_by text,
      language text not null check (language in ('en', 'zh')),
      text text not null,
      filed_at_ms integer not null,
      due_at_ms integer not null,
      urgent integer not null check (urgent in (0, 1)),
      state text not null
        check (state in ('received', 'triaged', 'in_review', 'upheld', 'overturned', 'partly', 'withdrawn')),
      state_at_ms integer not null,
      reviewer text,
      answer_id text,
      check ((answer_id is not null) = (state in ('upheld', 'overturned', 'partly')))
    ) strict, without rowid`,
    `create unique index enforcement_appeal_open on enforcement_appeal (decision_id)
      where state in ('received', 'triaged', 'in_review')`,
    'create index enforcement_appeal_decision on enforcement_appeal (decision_id, id)',
    'create index enforcement_appeal_account on enforcement_appeal (account_id, id)',
    'create index enforcement_appeal_state on enforcement_appeal (state, due_at_ms)',
    `create table enforcement_appeal_event (
      appeal_id text not null,
      seq integer not null,
      at_ms integer not null,
      state text not null,
      actor text not null,
      reviewer text,
      primary key (appeal_id, seq)
    ) strict, without rowid`,
    `create trigger enforcement_appeal_event_fixed before update on enforcement_appeal_event
      begin select raise(abort, 'what happened to an appeal is not changed'); end`,
    `create table enforcement_restitution (
      appeal_id text primary key,
      begun_at_ms integer not null,
      harmless text not null,
      request_ids text not null,
      milder text,
      wrong_link integer not null check (wrong_link in (0, 1)),
      done_at_ms integer
    ) strict, without rowid`,
    'create index enforcement_restitution_open on enforcement_restitution (appeal_id) where done_at_ms is null',
    `create table enforcement_restitution_step (
      appeal_id text not null,
      step text not null,
      done_at_ms integer not null,
      count integer not null,
      primary key (appeal_id, step)
    ) strict, without rowid`,
    `create table enforcement_report (
      id text primary key,
      at_ms integer not null,
      reporter_id text not null,
      person_id text,
      request_id text,
      app text,
      category text not null,
      text text not null,
      reported_id text,
      signal_id text,
      incident_id text,
      outcome text check (outcome in ('right', 'wrong'))
    ) strict, without rowid`,
    `create unique index enforcement_report_once on enforcement_report
      (reporter_id, coalesce(request_id, ''), coalesce(app, ''), category)`,
    'create index enforcement_report_request on enforcement_report (request_id) where request_id is not null',
    'create index enforcement_report_reporter on enforcement_report (reporter_id, at_ms)',
    'create index enforcement_report_reported on enforcement_report (reported_id, at_ms) where reported_id is not null',
    'create index enforcement_report_incident on enforcement_report (incident_id) where incident_id is not null',
  ],
};
