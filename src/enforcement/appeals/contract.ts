/** The wire of appeals for the staff. Times are ISO 8601 in UTC, money nano-dollars as decimal strings. */
import { z } from 'zod';
import { automationName, bilingualView, certificateView, conductName, stepName } from '../contract.ts';
import {
  ANSWER_REASONS,
  APPEAL_CHARS_MAX,
  APPEAL_SOURCES,
  APPEAL_STATES,
  OUTCOMES,
  RESTITUTION_STEPS,
} from './appeal.ts';

export const APPEALS_PAGE_MAX = 200;
export const ANSWER_CHARS_MAX = 2_000;
const ANSWER_REASON_CODES = [...ANSWER_REASONS.upheld, ...ANSWER_REASONS.overturned, ...ANSWER_REASONS.partly] as const;

export const appealState = z.enum(APPEAL_STATES);
export const language = z.enum(['en', 'zh'], 'must be en or zh');
const id = z.string().min(1).max(64);

const appealView = z.object({
  id: z.string(),
  decision_id: z.string(),
  sanction_id: z.string(),
  account_id: z.string(),
  /** What the account is called; null where nobody named it. */
  account_name: z.string().nullable(),
  /** Of the decision that is contested. */
  step: stepName.nullable(),
  conduct: conductName.nullable(),
  source: z.enum(APPEAL_SOURCES),
  language,
  state: appealState,
  state_at: z.string(),
  filed_at: z.string(),
  due_at: z.string(),
  /** It is open, and its time is past. */
  overdue: z.boolean(),
  urgent: z.boolean(),
  /** Of the staff. */
  reviewer: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
  /** Why whoever asks may not review it; null: they may. */
  barred: z.enum(['own_decision']).nullable(),
});

/** `GET /control/v1/enforcement/appeals` */
export const appealListQuery = z.object({
  state: z.enum(['open', 'answered', ...APPEAL_STATES]).optional(),
  reviewer: z.string().max(64).optional(),
  account: z.string().max(64).optional(),
  after: z.string().max(200).optional(),
  limit: z.string().optional(),
});
export const appealListView = z.object({ data: z.array(appealView), next: z.string().nullable() });

const stepDoneView = z.object({
  step: z.enum(RESTITUTION_STEPS),
  done_at: z.string().nullable(),
  count: z.number(),
});

/** What the decision rested on, without what anybody wrote. */
const restedOnView = z.object({
  id: z.string(),
  conduct: conductName,
  state: z.string(),
  confidence: z.number(),
  opened_at: z.string(),
  last_at: z.string(),
  signals: z.number(),
  request_ids: z.array(z.string()),
  read_by: z.string().nullable(),
});

/** `GET /control/v1/enforcement/appeals/{id}` */
export const appealDetailView = appealView.extend({
  text: z.string(),
  decision: z.object({
    id: z.string(),
    at: z.string(),
    policy: z.string(),
    step: stepName.nullable(),
    automated_decision: automationName,
    author: z.object({
      kind: z.enum(['automatic', 'staff']),
      ids: z.array(z.string()),
      /** By their ids where they are not of the staff any more. */
      names: z.array(z.string()),
      version: z.string().nullable(),
    }),
    requests: z.number().nullable(),
    sources: z.array(z.string()),
    categories: z.array(z.string()),
    score: z.number().nullable(),
    certificate: certificateView.nullable(),
    alternatives: z.string(),
    starts_at: z.string(),
    until: z.string().nullable(),
    notice: bilingualView,
  }),
  incidents: z.array(restedOnView),
  answer: z.object({ id: z.string(), at: z.string(), notice: bilingualView }).nullable(),
  restitution: z.array(stepDoneView),
});

/** `POST .../triage` */
export const triageBody = z.strictObject({ urgent: z.boolean().default(false) });
/** `POST .../assign`; without a reviewer, whoever asks. */
export const assignBody = z.strictObject({ reviewer: id.nullable().default(null) });

const outcome = z.enum(OUTCOMES, `must be one of ${OUTCOMES.join(', ')}`);
const harmless = z.array(id).max(100, 'must name at most 100').default([]);

/** `POST .../preview` */
export const previewAppealBody = z.strictObject({ outcome, harmless });
export const appealPreviewView = z.object({
  sanctions: z.array(z.object({ id: z.string(), account_id: z.string(), step: stepName })),
  stops: z.number(),
  incidents: z.array(z.string()),
  vesting: z.boolean(),
  grants: z.array(z.object({ id: z.string(), amount_nano: z.string(), until: z.string() })),
  requests: z.number(),
});

/** `POST .../decide` */
export const decideAppealBody = z.strictObject({
  outcome,
  reason: z.enum(ANSWER_REASON_CODES, `must be one of ${ANSWER_REASON_CODES.join(', ')}`),
  words: z
    .string('must be a text')
    .trim()
    .min(1, 'must be given')
    .max(ANSWER_CHARS_MAX, `must have at most ${ANSWER_CHARS_MAX} characters`),
  language,
  /** Of `partly`: incidents that were none. */
  harmless,
  /** Of `partly`: what takes the place of the step; null: nothing. */
  step: stepName.nullable().default(null),
});

/** `GET /control/v1/enforcement/appeals/{id}/reviewers`: who may be given it. */
export const appealReviewersView = z.object({ data: z.array(z.object({ id: z.string(), name: z.string() })) });

/** What a person writes, where they contest something. */
export const appealText = z
  .string('must be a text')
  .trim()
  .min(1, 'must be given')
  .max(APPEAL_CHARS_MAX, `must have at most ${APPEAL_CHARS_MAX} characters`);

/** Why an appeal may be answered so. */
export function outcomeReasons(outcome: AppealOutcome): readonly (typeof ANSWER_REASON_CODES)[number][] {
  return ANSWER_REASONS[outcome];
}

export type AppealOutcome = (typeof OUTCOMES)[number];
export type AppealView = z.infer<typeof appealView>;
export type AppealDetailView = z.infer<typeof appealDetailView>;
export type AppealPreviewView = z.infer<typeof appealPreviewView>;
export type DecideAppealBody = z.input<typeof decideAppealBody>;
