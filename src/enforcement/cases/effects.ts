/** What follows from how a case was decided, and taking that back. */
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Conduct } from '../conduct.ts';
import type { SanctionOrder } from '../sanction.ts';
import type { Step } from '../step.ts';
import type { Case, Ruling } from './case.ts';
import type { Outcome } from './contract.ts';
import type { CaseDeps } from './deps.ts';
import type { CaseRefusal } from './desk.ts';

export interface Done {
  readonly sanctionIds: readonly string[];
  readonly read: readonly string[];
  /** It cannot be taken back. */
  readonly isForGood: boolean;
}

export interface Order {
  readonly outcome: Outcome;
  readonly conduct: Conduct | null;
  readonly step: Step | null;
  readonly reason: string;
  readonly note: string;
  readonly alternatives: string;
  readonly by: readonly string[];
}

/** How sure a person is taken to be who looked at it. */
const PERSON_CONFIDENCE = 0.97;
const NOTHING: Done = { sanctionIds: [], read: [], isForGood: false };

/** Does what the outcome asks for; what an earlier ruling did that another reader contradicts is taken back first. */
export async function carryOut(deps: CaseDeps, one: Case, order: Order): Promise<Result<Done, CaseRefusal>> {
  const earlier = one.ruling !== null && one.ruling.undoneAtMs === null ? one.ruling : null;
  if (earlier !== null && earlier.outcome === order.outcome && order.step === null) {
    return ok({ sanctionIds: earlier.sanctionIds, read: earlier.read, isForGood: earlier.undoUntilMs === null });
  }
  if (earlier !== null) {
    const back = await takeBack(deps, earlier, lastOf(order.by), order.reason);
    if (!back.ok) return back;
  }
  return order.outcome === 'confirm' ? confirm(deps, one, order) : clear(deps, one, order);
}

async function confirm(deps: CaseDeps, one: Case, order: Order): Promise<Result<Done, CaseRefusal>> {
  // A sanction, and a step the figures ask for, stand on incidents that are confirmed already.
  const isSettled = isForGood(one);
  const read = isSettled ? NOTHING : await readAll(deps, one, 'abuse', order);
  if (!isSettled && one.incidents.length === 0) await say(deps, one, one.conduct, lastOf(order.by));
  if (order.step === null) return ok(read);
  const imposed = await deps.actions.impose(orderOf(one, order.step, order));
  if (!imposed.ok) {
    const { reason, message } = imposed.refusal;
    return refuse({ reason, message, status: 409 });
  }
  return ok({ ...read, sanctionIds: [...read.sanctionIds, imposed.value.id] });
}

/** Whether clearing somebody is for good: a sanction that was found wrong, and confirmed incidents taken back, do not return. */
export function isForGood(one: Case): boolean {
  return one.sanctionId !== null || one.kind === 'proposal';
}

/** Harmless, or something else than it was held to be. */
async function clear(deps: CaseDeps, one: Case, order: Order): Promise<Result<Done, CaseRefusal>> {
  const { actions } = deps;
  const by = lastOf(order.by);
  if (order.outcome === 'other' && order.conduct !== null) await say(deps, one, order.conduct, by);
  if (!isForGood(one)) return ok(await readAll(deps, one, 'harmless', order));
  if (one.sanctionId !== null) {
    const ended = await actions.endSanction(one.sanctionId, 'reversed', by, order.reason);
    if (!ended.ok && ended.refusal.reason !== 'already_ended') {
      return refuse({ reason: ended.refusal.reason, message: ended.refusal.message, status: 409 });
    }
  }
  await actions.undo(one.incidents, one.unit, by, order.reason);
  return ok({ ...NOTHING, isForGood: true });
}

async function readAll(deps: CaseDeps, one: Case, outcome: 'abuse' | 'harmless', order: Order): Promise<Done> {
  const by = `person:${lastOf(order.by)}`;
  const sanctionIds: string[] = [];
  const read: string[] = [];
  for (const incidentId of one.incidents) {
    const reading = { incidentId, outcome, confidence: PERSON_CONFIDENCE, by, atMs: deps.clock.wallMs() };
    const done = await deps.actions.read(reading);
    if (done.known) read.push(incidentId);
    sanctionIds.push(...done.sanctions);
  }
  return { sanctionIds, read, isForGood: false };
}

function say(deps: CaseDeps, one: Case, conduct: Conduct, by: string): Promise<void> {
  const { owner, language } = one;
  return deps.actions.say({ owner, conduct, requestId: one.requestIds.at(-1) ?? null, language, by });
}

function orderOf(one: Case, step: Step, { by, note, alternatives }: Order): SanctionOrder {
  const { facts, proposal, conduct, severity } = one;
  return {
    unit: one.unit,
    step,
    scope: step === 'restrict' ? { models: [], tools: true } : null,
    untilMs: null,
    facts: {
      conduct,
      severity,
      incidents: one.incidents,
      requests: facts.requests,
      firstAtMs: facts.firstAtMs,
      lastAtMs: facts.lastAtMs,
      sources: facts.sources,
      categories: facts.categories.map(({ name }) => name),
      score: facts.score,
    },
    certificate: proposal?.certificate ?? null,
    author: { kind: 'staff', ids: by },
    note,
    alternatives,
    linkedTo: null,
    delayMs: 0,
  };
}

/** Ends what was imposed, and puts what was read in doubt again. */
export async function takeBack(
  { actions, clock }: CaseDeps,
  ruling: Ruling,
  by: string,
  reason: string,
): Promise<Result<void, CaseRefusal>> {
  for (const id of ruling.sanctionIds) {
    const ended = await actions.endSanction(id, 'reversed', by, reason);
    if (!ended.ok && ended.refusal.reason !== 'already_ended') {
      return refuse({ reason: ended.refusal.reason, message: ended.refusal.message, status: 409 });
    }
  }
  for (const incidentId of ruling.read) {
    await actions.read({ incidentId, outcome: 'unsure', confidence: 0.5, by: `person:${by}`, atMs: clock.wallMs() });
  }
  return ok(undefined);
}

function lastOf(by: readonly string[]): string {
  return by.at(-1) ?? 'local';
}
