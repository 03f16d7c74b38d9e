/** Taking cases, keeping them, and giving them back. */
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Case } from './case.ts';
import { type CaseRefusal, type Desk, givenBack, refusalOf, type Viewer } from './desk.ts';
import { isSevere } from './policy.ts';
import { priorityOf } from './priority.ts';
import { asOfNow, barredFrom, isUndecided } from './routing.ts';

/** Notes of one case; the oldest go. */
const NOTES_MAX = 50;
/** Cases somebody has at once. */
const HOLDS_MAX = 20;
const MINUTE_MS = 60_000;

/** Why nobody gets a case though they ask for one. */
export type NoCase = 'nothing_waits' | 'severe_budget_used' | 'no_skill' | 'rotation';

export type Given =
  | { readonly one: Case; readonly why: null; readonly others: number }
  | { readonly one: null; readonly why: NoCase; readonly others: number };

export interface Working {
  /** The most pressing one the viewer may judge. */
  next(viewer: Viewer, queue: string | null): Promise<Result<Given, CaseRefusal>>;
  /** Locks it for the viewer; once more, it stays theirs for longer. */
  take(viewer: Viewer, id: string): Promise<Result<Case, CaseRefusal>>;
  release(viewer: Viewer, id: string): Promise<Result<Case, CaseRefusal>>;
  note(viewer: Viewer, id: string, text: string): Promise<Result<Case, CaseRefusal>>;
  handOver(viewer: Viewer, id: string, to: string | null, text: string): Promise<Result<Case, CaseRefusal>>;
}

export function createWorking(desk: Desk): Working {
  const { clock } = desk.deps;

  async function lockFor(one: Case, viewer: Viewer): Promise<Case> {
    const untilMs = clock.wallMs() + desk.deps.policy.lockMinutes * MINUTE_MS;
    const isTheirs = one.assignee === viewer.id;
    const taken: Case = {
      ...one,
      state: 'assigned',
      assignee: viewer.id,
      lock: { by: viewer.id, untilMs },
    };
    const severe = isSevere(one.severity);
    if (severe && !isTheirs) desk.exposure.givenSevere(viewer.id, one.id, clock.wallMs());
    await desk.save(taken, isTheirs ? [] : [desk.event(taken, viewer.id, 'taken', { severe: severe ? 1 : 0 })]);
    return taken;
  }

  async function take(viewer: Viewer, id: string): Promise<Result<Case, CaseRefusal>> {
    const found = await desk.find(viewer, id);
    if (!found.ok) return found;
    const one = desk.latest(found.value);
    const barred = desk.barred(one, viewer);
    if (barred !== null) return refuse(refusalOf(barred, id));
    if (one.assignee !== viewer.id && holdsOf(desk, viewer.id).length >= HOLDS_MAX) return refuse(tooMany());
    return ok(await lockFor(one, viewer));
  }

  return {
    take,
    async next(viewer, queue) {
      if (holdsOf(desk, viewer.id).length >= HOLDS_MAX) return refuse(tooMany());
      const choice = choose(desk, viewer, queue);
      return ok(choice.one === null ? choice : { ...choice, one: await lockFor(choice.one, viewer) });
    },
    async release(viewer, id) {
      const found = await theirs(desk, viewer, id);
      if (!found.ok) return found;
      const released = givenBack(desk.latest(found.value));
      await desk.save(released, [desk.event(released, viewer.id, 'released')]);
      return ok(released);
    },
    async note(viewer, id, text) {
      const found = await desk.find(viewer, id);
      if (!found.ok) return found;
      const noted = withNote(desk.latest(found.value), viewer, text, clock.wallMs());
      await desk.save(noted, [desk.event(noted, viewer.id, 'noted')]);
      return ok(noted);
    },
    async handOver(viewer, id, to, text) {
      const found = viewer.leads ? await desk.find(viewer, id) : await theirs(desk, viewer, id);
      if (!found.ok) return found;
      const one = desk.latest(found.value);
      if (!isUndecided(one)) return refuse(refusalOf('decided', id));
      const noted = withNote(givenBack(one), viewer, text, clock.wallMs());
      if (to === null) {
        await desk.save(noted, [desk.event(noted, viewer.id, 'handed_over', { to: null })]);
        return ok(noted);
      }
      const problem = problemWith(desk, noted, to);
      if (problem !== null) return refuse(problem);
      const handed = await lockFor(noted, { id: to, leads: false });
      await desk.save(handed, [desk.event(handed, viewer.id, 'handed_over', { to })]);
      return ok(handed);
    },
  };
}

/** The most pressing case of a viewer, and why there is none. */
function choose(desk: Desk, viewer: Viewer, queue: string | null): Given {
  const asking = desk.asking(viewer);
  const { nowMs, reviewer } = asking;
  const budget = desk.exposure.budgetOf(reviewer, nowMs);
  const isTired = (one: Case) => budget.streak >= budget.streakMax && one.conduct === budget.streakConduct;
  let best: Case | null = null;
  let tired: Case | null = null;
  let others = 0;
  const barredBy = { severe: 0, skill: 0 };
  const isMore = (one: Case, than: Case | null) =>
    than === null || priorityOf(one, nowMs).value > priorityOf(than, nowMs).value;
  for (const stored of desk.table.all()) {
    const one = asOfNow(stored, nowMs);
    if ((queue !== null && one.queue !== queue) || one.assignee !== null) continue;
    const barred = barredFrom(one, asking);
    if (barred === 'own_work') continue;
    if (barred !== null) {
      others += 1;
      if (barred === 'severe_budget') barredBy.severe += 1;
      else barredBy.skill += 1;
    } else if (isTired(one)) {
      if (isMore(one, tired)) tired = one;
    } else if (isMore(one, best)) best = one;
  }
  if (best !== null) return { one: best, why: null, others };
  if (tired !== null && !isSevere(tired.severity)) return { one: tired, why: null, others };
  const why: NoCase =
    tired !== null
      ? 'rotation'
      : barredBy.severe > 0
        ? 'severe_budget_used'
        : barredBy.skill > 0
          ? 'no_skill'
          : 'nothing_waits';
  return { one: null, why, others: others + (tired === null ? 0 : 1) };
}

/** Cases somebody has now. */
export function holdsOf(desk: Desk, reviewerId: string): Case[] {
  const nowMs = desk.deps.clock.wallMs();
  const held: Case[] = [];
  for (const stored of desk.table.all()) {
    if (stored.assignee !== reviewerId) continue;
    const one = asOfNow(stored, nowMs);
    if (one.assignee === reviewerId) held.push(one);
  }
  return held;
}

async function theirs(desk: Desk, viewer: Viewer, id: string): Promise<Result<Case, CaseRefusal>> {
  const found = await desk.find(viewer, id);
  if (!found.ok || found.value.assignee === viewer.id) return found;
  return refuse({ reason: 'case_not_yours', message: 'you do not have this case; take it first', status: 409 });
}

function withNote(one: Case, viewer: Viewer, text: string, atMs: number): Case {
  return { ...one, notes: [...one.notes, { by: viewer.id, atMs, text }].slice(-NOTES_MAX) };
}

/** Why somebody cannot be handed a case; whoever may not even see it is not told apart from somebody without the skill. */
function problemWith(desk: Desk, one: Case, to: string): CaseRefusal | null {
  const person = desk.people().get(to);
  if (person === undefined || !person.active || !person.mayReview) {
    return {
      reason: 'reviewer_not_found',
      message: `nobody of the staff who may review has the id ${to}`,
      status: 404,
    };
  }
  if (desk.reviewer(to).away) {
    return { reason: 'reviewer_away', message: `${person.name} is away; choose somebody else`, status: 409 };
  }
  if (desk.barred(one, { id: to, leads: false }) === null) return null;
  const message = `${person.name} may not judge this case now (skill, daily limit, or they had to do with it); choose somebody else`;
  return { reason: 'reviewer_barred', message, status: 409 };
}

function tooMany(): CaseRefusal {
  return {
    reason: 'holds_too_many',
    message: `you have ${HOLDS_MAX} cases; decide some or give them back first`,
    status: 409,
  };
}
