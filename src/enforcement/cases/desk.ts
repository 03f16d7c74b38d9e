/** What every part of reviewing works on: undecided cases, people, and what they looked at today. */
import { BugError } from '../../base/assert.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { Case, CaseEvent, CaseHappening } from './case.ts';
import { type CaseTable, createCaseTable } from './case-table.ts';
import type { CaseDeps, StaffPerson } from './deps.ts';
import { createExposure, dayOf, type Exposure, isUsedUp } from './exposure.ts';
import { type Asking, asOfNow, barredFrom, type Barred, isUndecided, newReviewer, type Reviewer } from './routing.ts';
import {
  insertEvent,
  putCase,
  readCase,
  readReveals,
  readReviewers,
  readReviews,
  readSevereTaken,
  readUndecided,
} from './store.ts';

/** Who asks. */
export interface Viewer {
  readonly id: string;
  readonly leads: boolean;
}

export interface CaseRefusal {
  readonly reason: string;
  readonly message: string;
  readonly status: 400 | 403 | 404 | 409 | 410;
}

export interface Desk {
  readonly deps: CaseDeps;
  readonly table: CaseTable;
  readonly exposure: Exposure;
  readonly reviewers: Map<string, Reviewer>;
  reviewer(id: string): Reviewer;
  /** Of the staff, as it was a few seconds ago at most; `service`, `local` and whoever is unknown have their id as name. */
  people(): ReadonlyMap<string, StaffPerson>;
  /** Reads the staff anew where that is due, and gives back what people had who are gone or away. */
  refreshStaff(isForced?: boolean): Promise<void>;
  asking(viewer: Viewer): Asking;
  barred(one: Case, viewer: Viewer): Barred | null;
  /** The case as it stands now, or the refusal of one that is not there or is not for the eyes of who asks. */
  find(viewer: Viewer, id: string): Promise<Result<Case, CaseRefusal>>;
  /** As it stands this very moment: while somebody waited for something, somebody else may have changed it. */
  latest(one: Case): Case;
  /** Cases whose decision is being carried out. */
  readonly busy: Set<string>;
  /** Whether somebody may see it at all: not while it is undecided and their own work. */
  maySee(one: Case, viewer: Viewer): boolean;
  event(one: Case, actor: string, what: CaseHappening, detail?: CaseEvent['detail']): WriteStatement;
  /** In memory at once, durable when it resolves. */
  save(one: Case, also: readonly WriteStatement[]): Promise<void>;
}

/** How old what is known of the staff may be. */
const STAFF_MS = 5_000;
const DAY_MS = 86_400_000;

export async function openDesk(deps: CaseDeps): Promise<Desk> {
  const { storage, clock, mintId, policy } = deps;
  const { reader, writer } = storage;
  const table = createCaseTable();
  for (const one of await readUndecided(reader)) table.put(one);
  const reviewers = new Map((await readReviewers(reader)).map((one) => [one.id, one]));
  const exposure = await exposureOfToday(deps);
  let people: ReadonlyMap<string, StaffPerson> = new Map();
  let readAtMs = Number.NEGATIVE_INFINITY;

  const desk: Desk = {
    deps,
    table,
    exposure,
    reviewers,
    reviewer: (id) => reviewers.get(id) ?? newReviewer(id),
    people: () => people,
    async refreshStaff(isForced = false) {
      if (!isForced && clock.monoMs() - readAtMs < STAFF_MS) return;
      readAtMs = clock.monoMs();
      people = new Map((await deps.staff()).map((person) => [person.id, person]));
      await giveBackOf(desk);
    },
    asking(viewer) {
      const nowMs = clock.wallMs();
      const reviewer = desk.reviewer(viewer.id);
      return { policy, reviewer, severeUsedUp: isUsedUp(exposure.budgetOf(reviewer, nowMs)), nowMs };
    },
    barred: (one, viewer) => barredFrom(one, desk.asking(viewer)),
    async find(viewer, id) {
      const stored = table.get(id) ?? (await readCase(reader, id));
      const one = stored === null ? null : asOfNow(stored, clock.wallMs());
      if (one === null || !desk.maySee(one, viewer)) return refuse(notFound(id));
      return ok(one);
    },
    latest: (one) => asOfNow(table.get(one.id) ?? one, clock.wallMs()),
    busy: new Set(),
    maySee(one, viewer) {
      if (isUndecided(one)) return !one.excluded.includes(viewer.id);
      // Until a second reading is over, what the first one said is for nobody else.
      return table.twinOf(one.id) === null || (one.ruling?.by.includes(viewer.id) ?? false);
    },
    event(one, actor, what, detail = {}) {
      return insertEvent({ id: mintId('cev'), caseId: one.id, atMs: clock.wallMs(), actor, what, detail });
    },
    async save(one, also) {
      table.put(one);
      const outcome = await writer.write([putCase(one), ...also]);
      if (!outcome.ok) throw new BugError(`what happened to ${one.id} was refused`);
    },
  };
  await desk.refreshStaff();
  return desk;
}

function notFound(id: string): CaseRefusal {
  return { reason: 'case_not_found', message: `there is no case ${id} for you`, status: 404 };
}

async function exposureOfToday({ storage, clock, policy }: CaseDeps): Promise<Exposure> {
  const exposure = createExposure(policy);
  const sinceMs = dayOf(clock.wallMs(), policy) * DAY_MS - policy.utcOffsetMinutes * 60_000;
  for (const { askedBy, lookedMs, openedAtMs } of await readReveals(storage.reader, sinceMs)) {
    if (openedAtMs !== null) exposure.looked(askedBy, lookedMs, openedAtMs);
  }
  for (const { reviewer, caseId, atMs } of await readSevereTaken(storage.reader, sinceMs)) {
    exposure.givenSevere(reviewer, caseId, atMs);
  }
  for (const { reviewer, conduct, atMs } of await readReviews(storage.reader, sinceMs)) {
    exposure.decided(reviewer, conduct, atMs);
  }
  return exposure;
}

/** Nobody's work vanishes with them: it returns to its queue with all that was noted. */
async function giveBackOf(desk: Desk): Promise<void> {
  const people = desk.people();
  const isHere = (id: string) => {
    const person = people.get(id);
    return id === 'local' || (person?.active === true && person.mayReview && !desk.reviewer(id).away);
  };
  const left = [...desk.table.all()].filter(({ assignee }) => assignee !== null && !isHere(assignee));
  for (const one of left) {
    const returned = givenBack(one);
    await desk.save(returned, [desk.event(returned, 'service', 'returned', { from: one.assignee })]);
  }
}

/** Nobody's again; it keeps its notes, and that it was decided before. */
export function givenBack(one: Case): Case {
  return { ...one, state: one.ruling === null ? 'open' : 'reopened', assignee: null, lock: null };
}

const BARRED_WORDS: Readonly<Record<Exclude<Barred, 'own_work'>, readonly [message: string, status: 403 | 409]>> = {
  locked: ['somebody else works on it; take another one', 409],
  skill: ['it asks for a language or a group of conducts you are not set up for; take another one', 403],
  restricted: ['it is for people with the skill restricted only; a lead can give it', 403],
  severe_budget: ['you have seen enough of this kind for today; what is less severe still waits for you', 409],
  decided: ['it is decided already; undo that first', 409],
};

export function refusalOf(barred: Barred, id: string): CaseRefusal {
  if (barred === 'own_work') return notFound(id);
  const [message, status] = BARRED_WORDS[barred];
  return { reason: `case_${barred}`, message, status };
}
