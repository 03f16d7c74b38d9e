/** The wire of decisions, of the report that is published of them, and of the tamper-evident record. Times are ISO 8601 in UTC. */
import { z } from 'zod';
import { moment } from '../../http/contract.ts';
import { pageQuery } from '../../http/paging-query.ts';
import {
  automationName,
  bilingualView,
  certificateView,
  conductName,
  decisionKind,
  scopeView,
  severity,
  stepName,
  unitView,
} from '../contract.ts';

export const DECISIONS_PAGE_MAX = 500;
const factsView = z.object({
  conduct: conductName,
  severity,
  incidents: z.array(z.string()),
  requests: z.number(),
  first_at: z.string(),
  last_at: z.string(),
  sources: z.array(z.string()),
  categories: z.array(z.string()),
  score: z.number().nullable(),
});

const authorView = z.union([
  z.object({ kind: z.literal('automatic'), version: z.string() }),
  z.object({ kind: z.literal('staff'), ids: z.array(z.string()) }),
]);

const decisionView = z.object({
  id: z.string(),
  kind: decisionKind,
  at: z.string(),
  unit: unitView,
  sanction_id: z.string().nullable(),
  /** The earlier decision it takes back or answers an appeal about. */
  about: z.string().nullable(),
  step: stepName.nullable(),
  scope: scopeView.nullable(),
  policy: z.string(),
  ground: z.enum(['illegal', 'terms']),
  facts: factsView.nullable(),
  automated_detection: z.boolean(),
  automated_decision: automationName,
  certificate: certificateView.nullable(),
  alternatives: z.string(),
  author: authorView,
  territory: z.string(),
  start: z.string(),
  until: z.string().nullable(),
  notice: bilingualView,
  redress: bilingualView,
});

/** `GET /control/v1/enforcement/decisions` */
export const decisionsQuery = z.object({
  ...pageQuery('before'),
  account: z.string().max(64).optional().describe('Of this account.'),
  kind: decisionKind.optional(),
  step: stepName.optional(),
  conduct: conductName.optional(),
  automation: automationName.optional().describe('How far it was decided without a person.'),
  from: moment.optional(),
  to: moment.optional().describe('Exclusive.'),
});

export const decisionListView = z.object({ data: z.array(decisionView), next: z.string().nullable() });

/** Where a decision stands in the tamper-evident record. */
const recordedView = z.object({
  seq: z.number(),
  hash: z.string(),
  prev_hash: z.string(),
  /** Whether the decision is still the one that was recorded. */
  intact: z.boolean(),
});

/** `GET /control/v1/enforcement/decisions/{id}` */
export const decisionDetailView = z.object({
  decision: decisionView,
  /** Null: it does not stand in the record, which is a finding. */
  recorded: recordedView.nullable(),
  /** When the person was told; null while that is due. */
  told_at: z.string().nullable(),
  /** Later decisions about this one, the oldest first. */
  followed_by: z.array(z.string()),
});

/** `GET /control/v1/enforcement/decisions/{id}/statement`: the parts of article 17 (3) DSA, in the order of the law. */
export const statementView = z.object({
  decision_id: z.string(),
  parts: z.array(z.object({ heading: bilingualView, text: bilingualView })),
});

/** `GET /control/v1/enforcement/record/head`: kept elsewhere, it shows later whether the end of the record was cut off. */
export const recordHeadView = z.object({
  seq: z.number(),
  hash: z.string(),
  at: z.string(),
  /** Ed25519, base64url: the public key of this service, and its signature of the three above. */
  key: z.string(),
  signature: z.string(),
});

/** `GET /control/v1/enforcement/record/verification` */
export const recordVerificationView = z.object({
  whole: z.boolean(),
  entries: z.number(),
  /** The first entry that is not as it should be, and what is wrong with it; null when all are. */
  broken: z.object({ seq: z.number(), problem: z.string() }).nullable(),
});

/** Of `GET .../record/verification`: a head that was kept elsewhere. */
export const recordVerificationQuery = z.object({
  seq: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional()
    .describe('Of a head that was kept elsewhere.'),
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .describe('Of the same head.'),
});

/** A span of time: whole days of UTC or moments; `to` is exclusive. */
export const spanQuery = z.object({ from: moment, to: moment });

/** What a count of people may be told as: null where it is below five and would point at somebody. */
const countView = z.number().nullable();
/** Rows of five or more; what is smaller stands together under `other`. They add up to the total. */
const tallyView = z.array(z.object({ name: z.string(), count: z.number() }));

/** `GET /control/v1/enforcement/transparency` */
export const transparencyView = z.object({
  report: z.object({
    from: z.string(),
    to: z.string(),
    made_at: z.string(),
    decisions: z.object({
      total: countView,
      by_conduct: tallyView,
      by_step: tallyView,
      by_automation: tallyView,
      by_unit: tallyView,
      /** Of those that restrict: with a bound on the chance of a false ban. */
      certified: countView,
      /** From the first request held against somebody to the decision; null below five decisions. */
      median_ms_to_decision: z.number().nullable(),
    }),
    reversed: countView,
    lifted: countView,
    /** Null where this service keeps no appeals. */
    appeals: z.object({ total: countView, by_outcome: tallyView }).nullable(),
    /** Null where this service keeps no signals. */
    signals: z.object({ total: countView, by_source: tallyView }).nullable(),
    record: z.object({ seq: z.number(), hash: z.string() }),
  }),
  /** Ed25519 over the report as canonical JSON (RFC 8785), base64url, and the public key of this service. */
  signature: z.string(),
  key: z.string(),
});

/** One statement of reasons in the fields of the DSA Transparency Database (API of July 2025). */
export const dsaStatementView = z.object({
  decision_visibility: z.array(z.string()).optional(),
  decision_provision: z.string().optional(),
  decision_account: z.string().optional(),
  decision_ground: z.string(),
  illegal_content_legal_ground: z.string().optional(),
  illegal_content_explanation: z.string().optional(),
  incompatible_content_ground: z.string().optional(),
  incompatible_content_explanation: z.string().optional(),
  incompatible_content_illegal: z.enum(['Yes', 'No']).optional(),
  content_type: z.array(z.string()),
  content_type_other: z.string().optional(),
  category: z.string(),
  territorial_scope: z.array(z.string()),
  content_date: z.string(),
  application_date: z.string(),
  end_date_account_restriction: z.string().optional(),
  end_date_service_restriction: z.string().optional(),
  decision_facts: z.string(),
  source_type: z.string(),
  automated_detection: z.enum(['Yes', 'No']),
  automated_decision: z.string(),
  puid: z.string(),
});

/** `GET /control/v1/enforcement/statements` */
export const statementsQuery = z.object({ ...spanQuery.shape, ...pageQuery('after') });
export const statementsView = z.object({ data: z.array(dsaStatementView), next: z.string().nullable() });

/** The fields of a statement, in the order they stand in a file. */
export const DSA_FIELDS = Object.keys(dsaStatementView.shape) as readonly (keyof DsaStatementView)[];

export type DecisionView = z.infer<typeof decisionView>;
export type DecisionDetailView = z.infer<typeof decisionDetailView>;
export type StatementView = z.infer<typeof statementView>;
export type RecordHeadView = z.infer<typeof recordHeadView>;
export type TransparencyView = z.infer<typeof transparencyView>;
export type DsaStatementView = z.infer<typeof dsaStatementView>;
