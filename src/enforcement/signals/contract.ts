/** The wire of signals, incidents and the figures of units: codes, times and counts, nothing of what anybody wrote. */
import { z } from 'zod';
import { moment } from '../../http/contract.ts';
import { pageQuery } from '../../http/paging-query.ts';
import { conductName, severity, stepName, unitKind, unitView } from '../contract.ts';
import { INCIDENT_STATES } from '../incident.ts';
import { SIGNAL_SOURCES } from '../signal.ts';

export const INCIDENTS_PAGE_MAX = 200;
/** Signals an incident is shown with, the newest. */
export const SIGNALS_SHOWN_MAX = 200;
const NOTE_CHARS_MAX = 500;

const ownerView = z.object({
  account_id: z.string(),
  key_id: z.string().nullable(),
  app: z.string().nullable(),
  member: z.string().nullable(),
  end_user: z.string().nullable(),
  product: z.string().nullable(),
});

const signalView = z.object({
  id: z.string(),
  at: z.string(),
  source: z.enum(SIGNAL_SOURCES),
  source_version: z.string(),
  request_id: z.string().nullable(),
  conduct: conductName,
  confidence: z.number(),
  language: z.enum(['en', 'zh']).nullable(),
});

const incidentView = z.object({
  id: z.string(),
  owner: ownerView,
  conduct: conductName,
  severity,
  state: z.enum(INCIDENT_STATES),
  opened_at: z.string(),
  last_at: z.string(),
  signals: z.int(),
  requests: z.array(z.string()),
  confidence: z.number(),
  /** `stage2`, `guard:<name>`, `person:<staff id>`; null where it was sure by itself, or nobody read it yet. */
  read_by: z.string().nullable(),
});

const proposalView = z.object({
  at: z.string(),
  unit: unitView,
  step: stepName,
  wanted: stepName.nullable(),
  score: z.number(),
  cusum: z.number(),
  alarm_at: z.number(),
  /** The bound of the certificate, where there is one. */
  bound: z.number().nullable(),
});

const readingView = z.object({
  at: z.string(),
  outcome: z.enum(['abuse', 'harmless', 'unsure']),
  confidence: z.number(),
  by: z.string(),
});

/** `GET /control/v1/enforcement/incidents` */
export const incidentListQuery = z.object({
  account: z.string().optional().describe('The id of an account.'),
  state: z.enum(INCIDENT_STATES).optional().describe('doubtful, confirmed, dismissed or undone.'),
  conduct: conductName.optional().describe('What somebody is held to have done.'),
  ...pageQuery('before'),
});
export const incidentListView = z.object({ data: z.array(incidentView), next: z.string().nullable() });

/** `GET /control/v1/enforcement/incidents/{id}`: with what it was made of and what it led to. */
export const incidentPictureView = incidentView.extend({
  signal_list: z.array(signalView),
  readings: z.array(readingView),
  proposals: z.array(proposalView),
});

/** `GET /control/v1/enforcement/units/figures` */
export const figuresQuery = z.object({
  account: z.string().describe('The id of the account; of an operator, of its oldest account.'),
  kind: unitKind.optional().describe('account when nothing is said.'),
  name: z.string().optional().describe('The id of the key, the name of the app, or the end user.'),
});
export const figuresView = z.object({
  unit: unitView,
  score: z.number(),
  cusum: z.number(),
  alarm_at: z.number(),
  /** That its true share of requests is above what is tolerated. */
  posterior: z.number(),
  requests: z.int(),
  incidents: z.array(incidentView),
});

/** `POST /control/v1/enforcement/signals`: what a person of the staff saw, or what an upstream told by mail. */
export const raiseSignalBody = z.strictObject({
  account_id: z.string().min(1).max(64),
  key_id: z.string().min(1).max(64).nullable().default(null),
  app: z.string().min(1).max(64).nullable().default(null),
  end_user: z.string().min(1).max(128).nullable().default(null),
  request_id: z.string().min(1).max(64).nullable().default(null),
  conduct: conductName,
  /** That it is so, 0 to 1, exclusive. */
  confidence: z.number().gt(0, 'must be above 0').lt(1, 'must be below 1'),
  source: z.enum(['staff', 'upstream', 'report', 'ledger', 'metering']).default('staff'),
  /** Null: now. */
  at: moment.nullable().default(null),
  /** For the trail. */
  note: z.string().trim().min(8, 'must have at least 8 characters').max(NOTE_CHARS_MAX),
});
export const raisedSignalView = z.object({ signal: signalView, incident: incidentView });

/** `POST /control/v1/enforcement/incidents/what-if`: what other figures would have made of the signals on record. */
export const whatIfBody = z.strictObject({
  /** Signals of so many days. */
  days: z.int().min(1).max(400).default(90),
  sure_from: z.number().gt(0).lt(1).optional(),
  fold_minutes: z.number().min(1).max(1_440).optional(),
  again_every: z.int().min(1).max(100).optional(),
  again_weight: z.number().min(0).max(1).optional(),
  p0: z.number().gt(0).lt(0.5).optional(),
  p1: z.number().gt(0).lt(1).optional(),
  /** The levels steps are entered at, nats, and their scores; those left out stay. */
  ladder: z
    .array(z.strictObject({ step: stepName, score: z.number().min(0), cusum: z.number().min(0) }))
    .max(stepName.options.length)
    .optional(),
});
export const whatIfView = z.object({
  signals: z.int(),
  incidents: z.object({ now: z.int(), otherwise: z.int() }),
  /** Units by the gravest step that was proposed for them. */
  units: z.array(z.object({ step: stepName, now: z.int(), otherwise: z.int() })),
  /** Units that would fare worse, and better. */
  worse: z.int(),
  better: z.int(),
});

export type IncidentView = z.infer<typeof incidentView>;
export type IncidentPictureView = z.infer<typeof incidentPictureView>;
export type FiguresView = z.infer<typeof figuresView>;
export type SignalView = z.infer<typeof signalView>;
export type ProposalView = z.infer<typeof proposalView>;
export type WhatIfView = z.infer<typeof whatIfView>;
