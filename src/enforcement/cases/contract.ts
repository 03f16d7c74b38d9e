/** The wire of cases: what people decide, in which order, and how they are spared. Times are ISO 8601 in UTC. */
import { z } from 'zod';
import { contentView, readContentBody } from '../../metering/content/contract.ts';
import { conductName, severity, stepName, unitView } from '../contract.ts';

/**
 * `incident`: a second reader was unsure; `proposal`: the figures ask for more than may be done without a person;
 * `suspension`: a step without a person that one must look at within a day; `rule`: a rule holds something or asks; `report`: people;
 * `upstream`: a notice of a provider; `audit`: picked at random; `restricted`: terminal conducts.
 */
export const CASE_KINDS = [
  'incident',
  'proposal',
  'suspension',
  'rule',
  'report',
  'upstream',
  'audit',
  'restricted',
] as const;
export type CaseKind = (typeof CASE_KINDS)[number];

export const CASE_STATES = ['open', 'assigned', 'pending_info', 'decided', 'closed', 'reopened'] as const;
export type CaseState = (typeof CASE_STATES)[number];

/** `other`: abuse, but of another conduct; `escalate`: a second person decides; `need_info`: waits with whoever asks. */
export const OUTCOMES = ['confirm', 'harmless', 'other', 'escalate', 'need_info'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const CASES_PAGE_MAX = 200;
export const QUERY_CHARS_MAX = 2_000;
export const NOTE_CHARS_MAX = 2_000;
export const BULK_CASES_MAX = 500;
/** Undecided and decided cases one search looks at. */
export const SEARCH_CASES_MAX = 50_000;

const reason = z.string('must be a text').trim().min(8, 'must have at least 8 characters').max(1_000);
const text = z.string('must be a text').trim().min(1).max(NOTE_CHARS_MAX);

/** The factors of a priority, and what they make; each is told, so that nobody need guess why something is first. */
const priorityView = z.object({
  value: z.number(),
  probability: z.number(),
  harm: z.number(),
  reach: z.number(),
  age: z.number(),
});

/** A case in a list: codes and counts, no text of anybody. */
export const caseRowView = z.object({
  id: z.string(),
  kind: z.enum(CASE_KINDS),
  queue: z.string(),
  state: z.enum(CASE_STATES),
  conduct: conductName,
  severity,
  unit: unitView,
  account_id: z.string(),
  product: z.string().nullable(),
  language: z.enum(['en', 'zh']).nullable(),
  priority: priorityView,
  requests: z.number(),
  accounts: z.number(),
  incidents: z.number(),
  opened_at: z.string(),
  due_at: z.string(),
  overdue: z.boolean(),
  /** Who has it; null while nobody has. */
  assignee: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** Until when somebody works on it; null while nobody does. */
  locked_until: z.string().nullable(),
  /** The step a person is asked about. */
  wanted: stepName.nullable(),
  /** A first person wants something that takes two. */
  awaits_second: z.boolean(),
  outcome: z.enum(OUTCOMES).nullable(),
});

/** `GET /control/v1/enforcement/cases` */
export const caseListQuery = z.object({
  queue: z.string().max(64).optional(),
  /** `undecided` is every state before `decided`; left out, it is meant. */
  state: z.enum([...CASE_STATES, 'undecided', 'all']).optional(),
  /** `1`: only those the asker has. */
  mine: z.enum(['1']).optional(),
  account: z.string().max(64).optional(),
  /** An expression of the language of rules over `CASE_FIELDS`. */
  query: z.string().max(QUERY_CHARS_MAX).optional(),
  after: z.string().optional(),
  limit: z.string().optional(),
});

export const caseListView = z.object({
  data: z.array(caseRowView),
  next: z.string().nullable(),
  /** How many there are in all, up to what a search looks at. */
  count: z.number(),
  /** Fields the search could not tell of some cases: those are left out of the answer, and counted here. */
  unknown: z.number(),
});

const factsView = z.object({
  requests: z.number(),
  accounts: z.number(),
  signals: z.number(),
  sources: z.array(z.string()),
  categories: z.array(z.object({ name: z.string(), count: z.number() })),
  first_at: z.string(),
  last_at: z.string(),
  score: z.number().nullable(),
  cusum: z.number().nullable(),
  alarm_at: z.number().nullable(),
  posterior: z.number().nullable(),
  certificate_bound: z.number().nullable(),
  step_now: stepName.nullable(),
});

const person = z.object({ id: z.string(), name: z.string() });

const caseEventView = z.object({
  id: z.string(),
  at: z.string(),
  actor: person,
  what: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
});

/** What the asker may still look at today. */
const budgetView = z.object({
  minutes_used: z.number(),
  minutes_max: z.number(),
  severe_used: z.number(),
  severe_max: z.number(),
  /** Cases of one conduct in a row, and after how many another one is given. */
  streak: z.number(),
  streak_max: z.number(),
  streak_conduct: conductName.nullable(),
  /** When the day of the budget ends. */
  resets_at: z.string(),
});

/** Why the asker may not judge it now; null where they may. */
const barred = z.enum(['own_work', 'locked', 'skill', 'restricted', 'severe_budget', 'decided']).nullable();

const rulingView = z.object({
  outcome: z.enum(OUTCOMES),
  conduct: conductName,
  by: z.array(person),
  at: z.string(),
  reason: z.string(),
  /** What was imposed with it, and what the ladder imposed for it. */
  sanction_ids: z.array(z.string()),
  bulk_id: z.string().nullable(),
  undone_at: z.string().nullable(),
  /** Until when it can be undone; null where it cannot. */
  undo_until: z.string().nullable(),
});

/** `GET /control/v1/enforcement/cases/{id}` */
export const caseView = caseRowView.extend({
  facts: factsView,
  incident_ids: z.array(z.string()),
  request_ids: z.array(z.string()),
  sanction_id: z.string().nullable(),
  decision_id: z.string().nullable(),
  report_id: z.string().nullable(),
  rule: z.string().nullable(),
  /** What the ladder says: where the figures stand and what follows from which outcome. */
  ladder: z.object({
    proposed: stepName.nullable(),
    wanted: stepName.nullable(),
    /** Steps a person may impose with it, the mildest first. */
    offered: z.array(stepName),
    needs_two: z.array(stepName),
  }),
  notes: z.array(z.object({ by: person, at: z.string(), text: z.string() })),
  events: z.array(caseEventView),
  ruling: rulingView.nullable(),
  awaited: z
    .object({ by: person, outcome: z.enum(OUTCOMES), step: stepName.nullable(), reason: z.string() })
    .nullable(),
  /** Nothing newer belongs to it; null: all there is. */
  as_of: z.string().nullable(),
  barred,
  /** Reading what people wrote takes a second person here. */
  reveal_takes_two: z.boolean(),
  budget: budgetView,
});

/** `POST /control/v1/enforcement/cases/next` */
export const nextCaseBody = z.strictObject({ queue: z.string().max(64).optional() });
export const nextCaseView = z.object({
  case: caseView.nullable(),
  /** Why there is none; null where there is one. */
  why: z.enum(['nothing_waits', 'severe_budget_used', 'no_skill', 'rotation']).nullable(),
  /** Cases that wait for somebody else. */
  others: z.number(),
});

export const noteBody = z.strictObject({ text });
/** `to`: a person of the staff; null gives it back to its queue. */
export const handOverBody = z.strictObject({ to: z.string().max(64).nullable(), note: text });

const decision = {
  outcome: z.enum(OUTCOMES, `must be one of ${OUTCOMES.join(', ')}`),
  /** What it is instead, of the outcome `other`. */
  conduct: conductName.optional(),
  /** The step to impose with `confirm`; left out, the incidents count and the ladder says what follows. */
  step: stepName.optional(),
  reason,
};

/** `POST /control/v1/enforcement/cases/{id}/decide` */
export const decideCaseBody = z.strictObject({
  ...decision,
  /** For the person concerned. */
  note: z.string().trim().max(NOTE_CHARS_MAX).optional(),
  /** With a step: what milder one was thought of and why it does not do. */
  alternatives: z.string().trim().max(1_000).optional(),
});

export const undoBody = z.strictObject({ reason });

/** `POST /control/v1/enforcement/cases/{id}/reveal` */
export const revealBody = z.strictObject({ request_id: z.string().max(64), reason: readContentBody.shape.reason });
export const revealView = z.object({
  /** Null while a second person has not agreed. */
  content: contentView.nullable(),
  reveal_id: z.string(),
  state: z.enum(['open', 'awaits_second']),
  /** At most so long is counted of one reveal. */
  seconds_max: z.number(),
  budget: budgetView,
});
/** How long it was looked at in all; the page counts only while it is in front. */
export const revealTimeBody = z.strictObject({ active_ms: z.number().int().min(0).max(3_600_000) });
export const revealTimeView = z.object({ budget: budgetView });
export const revealListView = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      case_id: z.string(),
      request_id: z.string(),
      asked_by: person,
      at: z.string(),
      reason: z.string(),
    }),
  ),
});

const bulkQuery = z.string().trim().min(1, 'must say which cases').max(QUERY_CHARS_MAX);
/** `POST /control/v1/enforcement/cases/bulk/preview` */
export const bulkPreviewBody = z.strictObject({ query: bulkQuery, ...decision, reason: reason.optional() });
export const bulkPreviewView = z.object({
  /** Exactly those that would be decided, in order; at most `BULK_CASES_MAX`. */
  ids: z.array(z.string()),
  accounts: z.number(),
  by_kind: z.record(z.string(), z.number()),
  by_conduct: z.record(z.string(), z.number()),
  by_severity: z.record(z.string(), z.number()),
  /** Found, but not for this person or not in bulk, by why. */
  left_out: z.record(z.string(), z.number()),
  sample: z.array(caseRowView),
});
/** `POST /control/v1/enforcement/cases/bulk` */
export const bulkBody = z.strictObject({
  ids: z.array(z.string().max(64)).min(1).max(BULK_CASES_MAX),
  ...decision,
});
export const bulkView = z.object({
  bulk_id: z.string(),
  done: z.number(),
  failed: z.array(z.object({ id: z.string(), reason: z.string(), message: z.string() })),
});
export const bulkUndoneView = z.object({
  undone: z.number(),
  failed: z.array(z.object({ id: z.string(), reason: z.string(), message: z.string() })),
});

/** `GET /control/v1/enforcement/queues` */
export const queueListView = z.object({
  data: z.array(
    z.object({
      name: z.string(),
      kinds: z.array(z.enum(CASE_KINDS)),
      restricted: z.boolean(),
      due_hours: z.number(),
      waiting: z.number(),
      assigned: z.number(),
      overdue: z.number(),
      /** The longest wait; null while nothing waits. */
      oldest_at: z.string().nullable(),
      /** People who may take of it now. */
      reviewers: z.number(),
    }),
  ),
});

/** Groups of conducts somebody has the skill for. */
export const SKILL_GROUPS = ['speech', 'sexual', 'self_harm', 'crime', 'fraud'] as const;
export type SkillGroup = (typeof SKILL_GROUPS)[number];

/** `PUT /control/v1/enforcement/reviewers/{id}`: what is left out stays. */
export const reviewerBody = z.strictObject({
  languages: z
    .array(z.enum(['en', 'zh']))
    .max(2)
    .optional(),
  groups: z.array(z.enum(SKILL_GROUPS)).max(SKILL_GROUPS.length).optional(),
  restricted: z.boolean().optional(),
  /** Null: as everybody. */
  minutes_per_day: z.number().int().min(0).max(480).nullable().optional(),
  severe_per_day: z.number().int().min(0).max(500).nullable().optional(),
  away: z.boolean().optional(),
});

export const reviewerView = z.object({
  id: z.string(),
  name: z.string(),
  active: z.boolean(),
  away: z.boolean(),
  languages: z.array(z.enum(['en', 'zh'])),
  groups: z.array(z.enum(SKILL_GROUPS)),
  restricted: z.boolean(),
  /** Null: as everybody. */
  minutes_per_day: z.number().nullable(),
  severe_per_day: z.number().nullable(),
  budget: budgetView,
  /** Cases they have now, and how many of them are overdue. */
  holds: z.number(),
  overdue: z.number(),
  /** Of the last seven days, the oldest first. For care, not for ranking. */
  days: z.array(z.object({ day: z.string(), decided: z.number(), severe: z.number(), minutes_exposed: z.number() })),
  /** Decisions of these days outside 07:00 to 20:00, by the clock of the people who review. */
  late_decided: z.number(),
  /** Days in a row with severe cases, today included. */
  severe_days: z.number(),
  /** What the lead should look at, as codes. */
  care: z.array(z.enum(['minutes_used_up', 'severe_used_up', 'streak', 'late_hours', 'severe_days', 'overdue'])),
});
export const reviewerListView = z.object({ data: z.array(reviewerView) });
/** `GET /control/v1/enforcement/reviewers/me` */
export const ownReviewerView = z.object({ budget: budgetView, holds: z.number(), away: z.boolean() });
export const awayBody = z.strictObject({ away: z.boolean() });

const kappaView = z.object({
  /** Second readings that were compared. */
  n: z.number(),
  /** Share of them that agreed; null without any. */
  agreed: z.number().nullable(),
  /** Cohen's kappa with its 95 % interval; null where it cannot be told. */
  kappa: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
/** `GET /control/v1/enforcement/agreement` */
export const agreementView = z.object({
  days: z.number(),
  sample_percent: z.number(),
  all: kappaView,
  queues: z.array(kappaView.extend({ queue: z.string() })),
  pairs: z.array(kappaView.extend({ people: z.array(person) })),
});
export const agreementQuery = z.object({
  days: z
    .string()
    .regex(/^\d{1,3}$/)
    .optional(),
});

export const releasedView = z.object({ id: z.string(), state: z.enum(CASE_STATES) });

/** What a search may ask of a case, with the type it has there; `null` of the wire is `unknown` in the language. */
export const CASE_FIELDS = {
  id: 'string',
  kind: 'string',
  queue: 'string',
  state: 'string',
  conduct: 'string',
  severity: 'int',
  account: 'string',
  unit: 'string',
  product: 'string',
  language: 'string',
  assignee: 'string',
  rule: 'string',
  wanted: 'string',
  outcome: 'string',
  probability: 'double',
  priority: 'double',
  age_hours: 'double',
  due_in_hours: 'double',
  overdue: 'bool',
  locked: 'bool',
  requests: 'int',
  accounts: 'int',
  incidents: 'int',
  signals: 'int',
  score: 'double',
  posterior: 'double',
} as const;

export type CaseRowView = z.infer<typeof caseRowView>;
export type CaseView = z.infer<typeof caseView>;
export type CaseListView = z.infer<typeof caseListView>;
export type BudgetView = z.infer<typeof budgetView>;
export type QueueListView = z.infer<typeof queueListView>;
export type ReviewerView = z.infer<typeof reviewerView>;
export type AgreementView = z.infer<typeof agreementView>;
export type KappaView = z.infer<typeof kappaView>;
export type BulkPreviewView = z.infer<typeof bulkPreviewView>;
