/** Opening cases, and adding to those that are open. */
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Severity } from '../conduct.ts';
import type { Case, CaseFacts, CaseOpening } from './case.ts';
import { UNDECIDED_MAX } from './case-table.ts';
import type { Desk } from './desk.ts';
import { queueFor } from './routing.ts';
import { withAll } from './reopening.ts';
import { putSubject, readCase, readSubjects } from './store.ts';

/** Of incidents and of requests, each. */
const IDS_MAX = 100;
const HOUR_MS = 3_600_000;

export interface Opener {
  open(what: CaseOpening): Promise<Result<Case, 'too_many_cases'>>;
}

export function createOpener(desk: Desk): Opener {
  const { storage, clock, mintId, policy } = desk.deps;
  // One after the other: two openings of the same would both find nothing.
  let last: Promise<unknown> = Promise.resolve();

  async function open(what: CaseOpening): Promise<Result<Case, 'too_many_cases'>> {
    const known = await readSubjects(storage.reader, what.subjects);
    if (what.subjects.length > 0 && what.subjects.every((subject) => known.has(subject))) {
      const id = known.get(what.subjects[0] ?? '') ?? '';
      const one = desk.table.get(id) ?? (await readCase(storage.reader, id));
      if (one !== null) return ok(one);
    }
    const subjects = (id: string) => what.subjects.map((subject) => putSubject(subject, id));
    const open = desk.table.sameAs(what);
    if (open !== null) {
      const grown = grow(open, what);
      await desk.save(grown, [...subjects(grown.id), desk.event(grown, 'service', 'grew')]);
      return ok(grown);
    }
    if (desk.table.size >= UNDECIDED_MAX) return refuse('too_many_cases');
    const { subjects: _, authors, ...rest } = what;
    const queue = queueFor(policy, what);
    const nowMs = clock.wallMs();
    const one: Case = {
      ...rest,
      incidents: what.incidents.slice(-IDS_MAX),
      requestIds: what.requestIds.slice(-IDS_MAX),
      id: mintId('case'),
      queue: queue.queue,
      state: 'open',
      openedAtMs: nowMs,
      dueMs: nowMs + queue.dueHours * HOUR_MS,
      lock: null,
      assignee: null,
      excluded: authors,
      awaited: null,
      notes: [],
      ruling: null,
      twinOf: null,
      asOfMs: null,
    };
    await desk.save(one, [...subjects(one.id), desk.event(one, 'service', 'opened')]);
    return ok(one);
  }

  return {
    open(what) {
      const next = last.then(() => open(what));
      last = next.catch(() => undefined);
      return next;
    },
  };
}

const WEIGHT: Readonly<Record<Severity, number>> = { 1: 1, 2: 2, 3: 3, terminal: 4 };

/** The graver, the surer and the wider of what was known and what came. */
function grow(one: Case, what: CaseOpening): Case {
  return {
    ...one,
    severity: WEIGHT[what.severity] > WEIGHT[one.severity] ? what.severity : one.severity,
    probability: Math.max(one.probability, what.probability),
    language: one.language ?? what.language,
    facts: growFacts(one.facts, what.facts),
    incidents: withAll(one.incidents, what.incidents).slice(-IDS_MAX),
    requestIds: withAll(one.requestIds, what.requestIds).slice(-IDS_MAX),
    sanctionId: what.sanctionId ?? one.sanctionId,
    decisionId: what.decisionId ?? one.decisionId,
    reportId: what.reportId ?? one.reportId,
    proposal: what.proposal ?? one.proposal,
    excluded: withAll(one.excluded, what.authors),
  };
}

/** Counts of different incidents add up; how the unit stands is told anew. */
function growFacts(one: CaseFacts, more: CaseFacts): CaseFacts {
  const counts = new Map(one.categories.map(({ name, count }) => [name, count]));
  for (const { name, count } of more.categories) counts.set(name, (counts.get(name) ?? 0) + count);
  return {
    ...more,
    requests: one.requests + more.requests,
    signals: one.signals + more.signals,
    accounts: Math.max(one.accounts, more.accounts),
    sources: withAll(one.sources, more.sources),
    categories: [...counts].map(([name, count]) => ({ name, count })),
    firstAtMs: Math.min(one.firstAtMs, more.firstAtMs),
    lastAtMs: Math.max(one.lastAtMs, more.lastAtMs),
  };
}
