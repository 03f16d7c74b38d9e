import { assert } from '../../base/assert.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { Decision } from '../decision.ts';
import type { Sanction } from '../sanction.ts';
import { accountsOf, findAffected, lostTimeOf } from './affected.ts';
import { type Appeal, RESTITUTION_STEPS, type RestitutionPreview, type RestitutionStep } from './appeal.ts';
import type { RestitutionDeps } from './deps.ts';
import { imposeMilder } from './milder.ts';
import { type Begun, insertDone, readBegun, readDone, setAllDone } from './restitution-store.ts';
import { readAppeal, readAppealsOf } from './store.ts';

/** Of one account, that are looked through. */
const APPEALS_MAX = 500;

/** What one appeal that was overturned is about. */
interface Wrong {
  readonly appeal: Appeal;
  readonly begun: Begun;
  /** The decision that was contested, and the one that answers. */
  readonly decision: Decision;
  readonly affected: readonly Sanction[];
  /** Who answered. */
  readonly by: string;
  /** The account was linked with others wrongly. */
  readonly wrongLink: boolean;
}

/** What a step did; statements are written with the note that it is done, or not at all. */
interface Did {
  readonly count: number;
  readonly statements?: readonly WriteStatement[];
}

/**
 * Makes good what a wrong decision did, step by step. Each step may be done anew when the service ends in its middle; what
 * is done is written down, and goes on from there. Rejects where a step cannot be done now.
 */
export async function restore(appealId: string, deps: RestitutionDeps): Promise<void> {
  const { storage, clock } = deps;
  const begun = await readBegun(storage.reader, appealId);
  assert(begun !== null, 'what is restored was begun');
  const done = new Set((await readDone(storage.reader, appealId)).map(({ step }) => step));
  for (const step of RESTITUTION_STEPS) {
    if (done.has(step)) continue;
    const wrong = await findWrong(begun, deps);
    const { count, statements = [] } = await DO[step](wrong, deps);
    await storage.writer.write([...statements, insertDone(appealId, { step, doneAtMs: clock.wallMs(), count })]);
  }
  await storage.writer.write([setAllDone(appealId, clock.wallMs())]);
}

async function findWrong(begun: Begun, deps: RestitutionDeps): Promise<Wrong> {
  const appeal = await readAppeal(deps.storage.reader, begun.appealId);
  assert(appeal !== null && appeal.answerId !== null, 'what is restored was answered');
  const decision = await deps.decisions.get(appeal.decisionId);
  const contested = await deps.sanctions.get(appeal.sanctionId);
  assert(decision !== null && contested !== null, 'decisions and sanctions are kept for ever');
  const affected = await findAffected(deps, contested, begun.harmless);
  return { appeal, begun, decision, affected, by: appeal.reviewer ?? 'local', wrongLink: begun.wrongLink };
}

const DO: Readonly<Record<RestitutionStep, (wrong: Wrong, deps: RestitutionDeps) => Promise<Did>>> = {
  async sanctions({ affected, by }, { sanctions }) {
    for (const { id } of affected) {
      const ended = await sanctions.end(id, 'reversed', by, '');
      if (!ended.ok && ended.refusal.reason !== 'already_ended') throw new Error(ended.refusal.message);
    }
    return { count: affected.length };
  },

  async stops({ affected, by }, deps) {
    const left = stopsOf(affected, deps);
    for (const { id } of left) await deps.standing.lift(id, by);
    return { count: affected.filter(({ stopId }) => stopId !== null).length };
  },

  async incidents({ appeal, begun }, { incidents, clock }) {
    const own = await ownOf(appeal.accountId, begun.harmless, { incidents });
    await incidents.undo(own, clock.wallMs());
    return { count: own.length };
  },

  milder: async (wrong, deps) => ({ count: await imposeMilder(wrong, deps) }),

  async links({ affected, wrongLink, appeal }, { links, standing }) {
    await links.ready;
    let cut = 0;
    for (const accountId of accountsOf(affected)) {
      if (!isStopped(accountId, standing)) links.sanctioned(accountId, false);
    }
    for (const { id } of wrongLink ? hardLinksOf(appeal.accountId, links) : []) {
      if (links.cut(id, `appeal ${appeal.id}`)) cut++;
    }
    await links.settled();
    return { count: cut };
  },

  async vesting({ affected }, { vesting, standing }) {
    const taken = await vesting.sanctioned();
    const back = accountsOf(affected).filter((id) => taken.has(id) && !isStopped(id, standing));
    for (const accountId of back) await vesting.restore(accountId);
    return { count: back.length };
  },

  async credit({ appeal, begun, affected }, deps) {
    const before = await madeGoodBefore(appeal, begun, deps);
    const left = affected.filter(({ id }) => !before.has(id));
    let grants = 0;
    for (const accountId of accountsOf(left)) {
      const spans = await lostTimeOf(accountId, left, deps);
      const reason = `time lost by ${appeal.decisionId}`;
      if (spans.length > 0) grants += await deps.prolongation.prolong({ id: appeal.id, accountId, spans, reason });
    }
    return { count: grants };
  },

  async labels({ appeal, begun, by }, deps) {
    const statements = await deps.harmless(begun.requestIds, `appeal ${appeal.id}`, by);
    return { count: statements.length, statements };
  },
};

/** Sanctions whose lost time was given back by an answer to another appeal of the account: nobody gets the same time twice. */
async function madeGoodBefore(appeal: Appeal, { begunAtMs }: Begun, deps: RestitutionDeps): Promise<Set<string>> {
  const { reader } = deps.storage;
  const sanctionIds = new Set<string>();
  for (const other of await readAppealsOf(reader, { accountId: appeal.accountId }, APPEALS_MAX)) {
    const begun = other.id === appeal.id ? null : await readBegun(reader, other.id);
    const contested = begun === null ? null : await deps.sanctions.get(other.sanctionId);
    if (begun === null || contested === null) continue;
    const isEarlier = begun.begunAtMs < begunAtMs || (begun.begunAtMs === begunAtMs && other.id < appeal.id);
    if (!isEarlier) continue;
    for (const { id } of await findAffected(deps, contested, begun.harmless)) sanctionIds.add(id);
  }
  return sanctionIds;
}

/** What an answer would set going, with nothing done. */
export async function foresee(
  contested: Sanction,
  harmless: readonly string[],
  deps: RestitutionDeps,
): Promise<RestitutionPreview> {
  const affected = await findAffected(deps, contested, harmless);
  const own = await ownOf(contested.unit.accountId, harmless, deps);
  const taken = await deps.vesting.sanctioned();
  const grants = [];
  for (const accountId of accountsOf(affected)) {
    const spans = await lostTimeOf(accountId, affected, deps);
    grants.push(...(await deps.prolongation.find({ accountId, spans })));
  }
  return {
    sanctions: affected
      .filter(({ ended }) => ended === null)
      .map(({ id, unit, step }) => ({ id, accountId: unit.accountId, step })),
    stops: stopsOf(affected, deps).length,
    incidents: own,
    vesting: accountsOf(affected).some((id) => taken.has(id)),
    grants: grants.map(({ grantId, amount, expiresAtMs }) => ({ id: grantId, nano: amount, untilMs: expiresAtMs })),
    requests: (await requestsOf(own, deps)).length,
  };
}

function stopsOf(affected: readonly Sanction[], { standing }: Pick<RestitutionDeps, 'standing'>) {
  const ids = new Set(affected.map(({ stopId }) => stopId));
  return standing.inForce('sanction').filter(({ id }) => ids.has(id));
}

/** Whether something else still says that the account did wrong. */
function isStopped(accountId: string, standing: RestitutionDeps['standing']): boolean {
  return (['sanction', 'staff'] as const).some((cause) =>
    standing.inForce(cause).some(({ subject }) => subject.kind === 'account' && subject.accountId === accountId),
  );
}

function hardLinksOf(accountId: string, links: RestitutionDeps['links']) {
  return links.linksOf(accountId).filter(({ strength }) => strength === 'hard');
}

/**
 * Incidents of the account itself. A decision about one of several linked accounts rests on what the others did, too: that
 * it was wrong about this one says nothing of them.
 */
export async function ownOf(
  accountId: string,
  incidentIds: readonly string[],
  { incidents }: Pick<RestitutionDeps, 'incidents'>,
): Promise<string[]> {
  const found = await Promise.all(incidentIds.map((id) => incidents.get(id)));
  return found.flatMap((incident) => (incident?.owner.accountId === accountId ? [incident.id] : []));
}

/** Requests of incidents, each once. */
export async function requestsOf(
  incidentIds: readonly string[],
  { incidents }: Pick<RestitutionDeps, 'incidents'>,
): Promise<string[]> {
  const found = await Promise.all(incidentIds.map((id) => incidents.get(id)));
  return [...new Set(found.flatMap((incident) => incident?.requestIds ?? []))];
}
