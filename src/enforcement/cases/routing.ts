/** Which queue a case goes to, and who may judge it. */
import type { Case } from './case.ts';
import type { CaseKind, SkillGroup } from './contract.ts';
import { GROUP_OF_CONDUCT, isSevere, type QueueRule, type ReviewPolicy } from './policy.ts';

/** What somebody of the staff can and may look at. */
export interface Reviewer {
  readonly id: string;
  readonly languages: readonly ('en' | 'zh')[];
  readonly groups: readonly SkillGroup[];
  readonly restricted: boolean;
  /** Null: as everybody. */
  readonly minutesPerDay: number | null;
  readonly severePerDay: number | null;
  readonly away: boolean;
}

/** Why somebody may not judge a case; `own_work` is never told apart from a case that is not there. */
export type Barred = 'own_work' | 'locked' | 'skill' | 'restricted' | 'severe_budget' | 'decided';

/** Whoever was given no skills yet: everything but the restricted queue. */
export function newReviewer(id: string): Reviewer {
  return {
    id,
    languages: ['en', 'zh'],
    groups: ['speech', 'sexual', 'self_harm', 'crime', 'fraud'],
    restricted: false,
    minutesPerDay: null,
    severePerDay: null,
    away: false,
  };
}

/** The first queue that matches; the last one takes what none does. */
export function queueFor(policy: ReviewPolicy, one: Pick<Case, 'kind' | 'severity'>): QueueRule {
  const last = policy.queues.at(-1);
  const found = policy.queues.find((rule) => matches(rule, one)) ?? last;
  if (found === undefined) throw new TypeError('there is no queue');
  return found;
}

function matches(rule: QueueRule, one: { readonly kind: CaseKind; readonly severity: Case['severity'] }): boolean {
  return (
    (rule.kinds === null || rule.kinds.includes(one.kind)) &&
    (rule.severities === null || rule.severities.includes(one.severity))
  );
}

function isRestricted(policy: ReviewPolicy, queue: string): boolean {
  return policy.queues.find((rule) => rule.queue === queue)?.restricted ?? false;
}

export function isUndecided(one: Pick<Case, 'state'>): boolean {
  return one.state !== 'decided' && one.state !== 'closed';
}

/** As it stands now: a lock that is over holds nothing, and what can no longer be undone is closed. */
export function asOfNow(one: Case, nowMs: number): Case {
  if (one.state === 'assigned' && (one.lock === null || one.lock.untilMs <= nowMs)) {
    return { ...one, state: one.ruling === null ? 'open' : 'reopened', assignee: null, lock: null };
  }
  const isOver = one.state === 'decided' && (one.ruling?.undoUntilMs ?? 0) <= nowMs;
  return isOver ? { ...one, state: 'closed' } : one;
}

export interface Asking {
  readonly policy: ReviewPolicy;
  readonly reviewer: Reviewer;
  /** Nothing severe is given any more today. */
  readonly severeUsedUp: boolean;
  readonly nowMs: number;
}

/** Null where the reviewer may judge it now. `one` as it stands now. */
export function barredFrom(one: Case, { policy, reviewer, severeUsedUp, nowMs }: Asking): Barred | null {
  if (one.excluded.includes(reviewer.id)) return 'own_work';
  if (!isUndecided(one)) return 'decided';
  if (isRestricted(policy, one.queue) && !reviewer.restricted) return 'restricted';
  if (one.language !== null && !reviewer.languages.includes(one.language)) return 'skill';
  if (!reviewer.groups.includes(GROUP_OF_CONDUCT[one.conduct])) return 'skill';
  if (one.assignee === reviewer.id) return null;
  if (one.lock !== null && one.lock.untilMs > nowMs) return 'locked';
  if (one.state === 'pending_info') return 'locked';
  return isSevere(one.severity) && severeUsedUp ? 'severe_budget' : null;
}
