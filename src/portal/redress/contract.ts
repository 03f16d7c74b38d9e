/**
 * The wire of what is held against an account, why, and how it is contested. Without thresholds, and without anything of
 * anybody else. Times are ISO 8601 in UTC.
 */
import { z } from 'zod';
import { appealState, appealText, language } from '../../enforcement/appeals/contract.ts';
import {
  automationName,
  bilingualView,
  conductName,
  decisionKind,
  scopeView,
  stepName,
  unitKind,
} from '../../enforcement/contract.ts';
import { pageQuery } from '../../http/paging-query.ts';

export const DECISIONS_PAGE_MAX = 100;
export const ACCESSES_PAGE_MAX = 100;

/** An appeal, as who filed it sees it. */
export const ownAppealView = z.object({
  id: z.string(),
  decision_id: z.string(),
  state: appealState,
  language,
  text: z.string(),
  filed_at: z.string(),
  /** Answered by then. */
  due_at: z.string(),
  state_at: z.string(),
  /** The decision that answers it. */
  answer: z.object({ decision_id: z.string(), at: z.string(), notice: bilingualView }).nullable(),
});

const subject = z.object({
  kind: unitKind,
  /** What it is called; null for the account itself, and where nobody named it. */
  name: z.string().nullable(),
});

/** What holds now. */
const heldView = z.object({
  sanction_id: z.string(),
  decision_id: z.string(),
  subject,
  step: stepName,
  scope: scopeView.nullable(),
  conduct: conductName,
  since: z.string(),
  /** Ends by itself at this time; null: until it is lifted. */
  until: z.string().nullable(),
  /** It is over once somebody says that they have read it; null: nothing to say. */
  acknowledged_at: z.string().nullable(),
  may_acknowledge: z.boolean(),
  /** Null: not any more. */
  contestable_until: z.string().nullable(),
  appeal: z.object({ id: z.string(), state: appealState, due_at: z.string() }).nullable(),
});

/** `GET .../standing` */
export const standingView = z.object({
  /** The gravest first; empty where nothing is held against the account. */
  holds: z.array(heldView),
  /** The steps there are, the mildest first. */
  ladder: z.array(stepName),
});

/** One of `GET .../decisions`, and `GET .../decisions/{decision}`: the statement of reasons. */
export const ownDecisionView = z.object({
  id: z.string(),
  kind: decisionKind,
  at: z.string(),
  /** The decision it answers or takes back. */
  about: z.string().nullable(),
  sanction_id: z.string().nullable(),
  subject,
  step: stepName.nullable(),
  scope: scopeView.nullable(),
  conduct: conductName.nullable(),
  policy: z.string(),
  ground: z.enum(['illegal', 'terms']),
  facts: z
    .object({
      requests: z.number(),
      first_at: z.string(),
      last_at: z.string(),
      sources: z.array(z.string()),
      categories: z.array(z.string()),
    })
    .nullable(),
  automated_detection: z.boolean(),
  automated_decision: automationName,
  territory: z.string(),
  starts_at: z.string(),
  until: z.string().nullable(),
  /** How what it imposed ended before its time; null where it did not. */
  ended: z.object({ how: z.enum(['lifted', 'reversed', 'replaced']), at: z.string() }).nullable(),
  in_force: z.boolean(),
  acknowledged_at: z.string().nullable(),
  notice: bilingualView,
  redress: bilingualView,
  contestable_until: z.string().nullable(),
  appeals: z.array(ownAppealView),
});
export const ownDecisionListQuery = z.object(pageQuery('after'));
export const ownDecisionListView = z.object({ data: z.array(ownDecisionView), next: z.string().nullable() });

/** `POST .../appeals` */
export const fileAppealBody = z.strictObject({
  decision_id: z.string('must be a text').min(1, 'must be given').max(64, 'must be an id'),
  language,
  text: appealText,
});
export const ownAppealListView = z.object({ data: z.array(ownAppealView) });

/** `GET .../accesses`: who of the staff read what this account wrote. */
export const ownAccessListQuery = z.object(pageQuery('after'));
export const ownAccessListView = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      at: z.string(),
      request_id: z.string(),
      /** What they are here, never who: null for whoever holds the machine, or is not of the staff any more. */
      role: z.enum(['owner', 'admin', 'trust_safety', 'finance', 'viewer']).nullable(),
      reason: z.string(),
    }),
  ),
  next: z.string().nullable(),
});

/** `GET /portal/v1/contest/{token}`: this one notice, for whoever holds the address. */
export const contestView = z.object({
  decision: ownDecisionView.omit({ appeals: true, sanction_id: true }),
  /** Of the appeal that was filed; null: none yet. */
  appeal: z
    .object({ state: appealState, filed_at: z.string(), due_at: z.string(), answer: bilingualView.nullable() })
    .nullable(),
  may_contest: z.boolean(),
});

/** `POST /portal/v1/contest/{token}` */
export const contestBody = z.strictObject({ language, text: appealText });
export const contestedView = z.object({ state: appealState, filed_at: z.string(), due_at: z.string() });

export type OwnAccessListView = z.infer<typeof ownAccessListView>;
export type OwnAppealView = z.infer<typeof ownAppealView>;
export type HeldView = z.infer<typeof heldView>;
export type StandingView = z.infer<typeof standingView>;
export type OwnDecisionView = z.infer<typeof ownDecisionView>;
export type ContestView = z.infer<typeof contestView>;
