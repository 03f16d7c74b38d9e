import { createSearch, type SearchValues } from '../search.ts';
import type { Case } from './case.ts';
import { CASE_FIELDS } from './contract.ts';
import { priorityOf } from './priority.ts';

const HOUR_MS = 3_600_000;

/** The search over cases that an expression asks for, or why it is none. */
export const searchOf = createSearch(CASE_FIELDS);

export function searchValuesOf(one: Case, nowMs: number): SearchValues<typeof CASE_FIELDS> {
  const { facts } = one;
  return {
    id: one.id,
    kind: one.kind,
    queue: one.queue,
    state: one.state,
    conduct: one.conduct,
    severity: one.severity === 'terminal' ? 4 : one.severity,
    account: one.owner.accountId,
    unit: one.unit.kind,
    product: one.owner.product,
    language: one.language,
    assignee: one.assignee,
    rule: one.rule,
    wanted: one.proposal?.wanted ?? null,
    outcome: one.ruling?.outcome ?? null,
    probability: one.probability,
    priority: priorityOf(one, nowMs).value,
    age_hours: (nowMs - one.openedAtMs) / HOUR_MS,
    due_in_hours: (one.dueMs - nowMs) / HOUR_MS,
    overdue: one.dueMs <= nowMs,
    locked: one.lock !== null && one.lock.untilMs > nowMs,
    requests: facts.requests,
    accounts: facts.accounts,
    incidents: one.incidents.length,
    signals: facts.signals,
    score: facts.score,
    posterior: facts.posterior,
  };
}
