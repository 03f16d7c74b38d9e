/** Deciding cases, alone or as the second of two, and undoing that. */
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Conduct } from '../conduct.ts';
import { rankOf, type Step, STEPS } from '../step.ts';
import type { Awaited, Case, Ruling } from './case.ts';
import type { Outcome } from './contract.ts';
import { type CaseRefusal, type Desk, givenBack, refusalOf, type Viewer } from './desk.ts';
import { carryOut, takeBack } from './effects.ts';
import { isSevere } from './policy.ts';
import { reopen, withAll } from './reopening.ts';
import { readAgain, settleTwin } from './second-reading.ts';
import { insertReview } from './store.ts';
import type { Working } from './working.ts';

/** What somebody makes of a case. */
export interface Decided {
  readonly outcome: Outcome;
  /** With `other` alone. */
  readonly conduct: Conduct | null;
  /** With `confirm` alone. */
  readonly step: Step | null;
  readonly reason: string;
  /** For the person concerned. */
  readonly note: string;
  /** What milder step was thought of and why it does not do. */
  readonly alternatives: string;
}

export interface Deciding {
  decide(viewer: Viewer, id: string, what: Decided, bulkId: string | null): Promise<Result<Case, CaseRefusal>>;
  undo(viewer: Viewer, id: string, reason: string): Promise<Result<Case, CaseRefusal>>;
}

/** Steps that two people decide. */
export const NEEDS_TWO: readonly Step[] = ['terminate'];
const HOUR_MS = 3_600_000;

export function createDeciding(desk: Desk, working: Pick<Working, 'take'>): Deciding {
  const { clock, policy } = desk.deps;

  /** Nothing else happens to a case while what it leads to is being done. */
  async function alone<Value>(
    id: string,
    work: () => Promise<Result<Value, CaseRefusal>>,
  ): Promise<Result<Value, CaseRefusal>> {
    if (desk.busy.has(id)) return refuse(refusalOf('locked', id));
    desk.busy.add(id);
    try {
      return await work();
    } finally {
      desk.busy.delete(id);
    }
  }

  async function decide(viewer: Viewer, id: string, what: Decided, bulkId: string | null) {
    const taken = await working.take(viewer, id);
    if (!taken.ok) return taken;
    const one = taken.value;
    const problem = problemOf(one, what);
    if (problem !== null) return refuse(problem);
    if (what.outcome === 'need_info') return ok(await awaitInformation(desk, one, viewer, what));
    if (one.twinOf === null && (what.outcome === 'escalate' || lacksSecond(one, viewer, what))) {
      return ok(await passOn(desk, one, viewer, what));
    }
    const isSecond = what.step !== null && NEEDS_TWO.includes(what.step) && one.awaited !== null;
    const by = isSecond && one.awaited !== null ? [one.awaited.by, viewer.id] : [viewer.id];
    const done =
      one.twinOf === null
        ? await carryOut(desk.deps, one, { ...what, by })
        : ok({ sanctionIds: [], read: [], isForGood: false });
    if (!done.ok) return done;
    const nowMs = clock.wallMs();
    const ruling: Ruling = {
      outcome: what.outcome,
      conduct: what.conduct ?? one.conduct,
      by,
      atMs: nowMs,
      reason: what.reason,
      sanctionIds: done.value.sanctionIds,
      read: done.value.read,
      undoUntilMs: done.value.isForGood ? null : nowMs + policy.undoHours * HOUR_MS,
      bulkId,
      undoneAtMs: null,
    };
    const decided = {
      ...desk.latest(one),
      state: 'decided',
      assignee: null,
      lock: null,
      awaited: null,
      ruling,
    } as const;
    return ok(await settle(desk, decided));
  }

  return {
    decide: (viewer, id, what, bulkId) => alone(id, () => decide(viewer, id, what, bulkId)),
    undo: (viewer, id, reason) => alone(id, () => undo(desk, viewer, id, reason)),
  };
}

/** What cannot be said of this case; null where it can. */
function problemOf(one: Case, { outcome, conduct, step }: Decided): CaseRefusal | null {
  const invalid = (message: string): CaseRefusal => ({ reason: 'invalid_field', message, status: 400 });
  if ((outcome === 'other') !== (conduct !== null))
    return invalid('conduct: goes with the outcome other, and only with it');
  if (conduct === one.conduct) return invalid('conduct: must be another one than that of the case');
  if (step !== null && outcome !== 'confirm') return invalid('step: goes with the outcome confirm only');
  if (step !== null && !offeredSteps(one).includes(step)) {
    return invalid(`step: must be one of those the case offers: ${offeredSteps(one).join(', ') || 'none'}`);
  }
  if (outcome === 'other' && one.kind === 'suspension') {
    return invalid('outcome: a suspension is confirmed or found harmless');
  }
  return null;
}

/** Steps a person may impose with a case, the mildest first: graver than what is in force, none that needs more told. */
export function offeredSteps(one: Case): readonly Step[] {
  if (one.kind === 'audit') return [];
  const now = one.facts.stepNow === null ? 0 : rankOf(one.facts.stepNow);
  return STEPS.filter((step) => {
    if (step === 'operator') return one.unit.kind === 'operator';
    return rankOf(step) > now;
  });
}

/** Whether somebody else must want the same first. */
function lacksSecond(one: Case, viewer: Viewer, { step }: Decided): boolean {
  if (step === null || !NEEDS_TWO.includes(step)) return false;
  return one.awaited?.step !== step || one.awaited.by === viewer.id;
}

async function awaitInformation(desk: Desk, one: Case, viewer: Viewer, { reason }: Decided): Promise<Case> {
  const waiting: Case = {
    ...one,
    state: 'pending_info',
    assignee: viewer.id,
    lock: null,
    notes: [...desk.latest(one).notes, { by: viewer.id, atMs: desk.deps.clock.wallMs(), text: reason }],
  };
  await desk.save(waiting, [desk.event(waiting, viewer.id, 'awaits_information')]);
  return waiting;
}

/** To a second person, who sees what the first one wants; the first one does not see it again. */
async function passOn(desk: Desk, one: Case, viewer: Viewer, what: Decided): Promise<Case> {
  const awaited: Awaited = {
    by: viewer.id,
    outcome: what.outcome,
    conduct: what.conduct ?? one.conduct,
    step: what.step,
    reason: what.reason,
  };
  const passed: Case = { ...givenBack(one), excluded: withAll(one.excluded, [viewer.id]), awaited };
  await desk.save(passed, [
    desk.event(passed, viewer.id, 'escalated', { outcome: what.outcome, step: what.step }),
    insertReview(reviewOf(desk, one, viewer.id, what.outcome)),
  ]);
  desk.exposure.decided(viewer.id, one.conduct, desk.deps.clock.wallMs());
  return passed;
}

async function settle(desk: Desk, one: Case): Promise<Case> {
  const { ruling } = one;
  if (ruling === null) return one;
  const by = ruling.by.at(-1) ?? 'local';
  await desk.save(one, [
    desk.event(one, by, 'decided', { outcome: ruling.outcome, conduct: ruling.conduct }),
    insertReview(reviewOf(desk, one, by, ruling.outcome)),
  ]);
  desk.exposure.decided(by, one.conduct, ruling.atMs);
  if (one.twinOf !== null) {
    await settleTwin(desk, one, ruling);
    return one;
  }
  await readAgain(desk, one, ruling);
  return one;
}

function reviewOf(desk: Desk, one: Case, reviewer: string, outcome: Outcome) {
  return {
    id: desk.deps.mintId('crv'),
    caseId: one.id,
    twinOf: one.twinOf,
    queue: one.queue,
    conduct: one.conduct,
    severe: isSevere(one.severity),
    reviewer,
    outcome,
    atMs: desk.deps.clock.wallMs(),
  };
}

async function undo(desk: Desk, viewer: Viewer, id: string, reason: string): Promise<Result<Case, CaseRefusal>> {
  const found = await desk.find(viewer, id);
  if (!found.ok) return found;
  const one = found.value;
  const { ruling } = one;
  const nowMs = desk.deps.clock.wallMs();
  if (ruling === null || one.state !== 'decided' || ruling.undoUntilMs === null || ruling.undoUntilMs <= nowMs) {
    const message = 'it cannot be undone: it is not decided, what it did is for good, or its time to be undone is over';
    return refuse({ reason: 'not_undoable', message, status: 409 });
  }
  if (!viewer.leads && !ruling.by.includes(viewer.id)) {
    return refuse({ reason: 'not_yours', message: 'whoever decided it, or a lead, can undo it', status: 403 });
  }
  const back = await takeBack(desk.deps, ruling, viewer.id, reason);
  if (!back.ok) return back;
  return ok(await reopen(desk, { ...one, ruling: { ...ruling, undoneAtMs: nowMs } }, viewer.id, 'undone'));
}
