import { createLanes } from '../../ledger/index.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Decision } from '../decision.ts';
import { type Appeal, type AppealRefusal, type Appeals, RESTITUTION_STEPS } from './appeal.ts';
import { createContestTokens } from './contest-token.ts';
import { barredFrom, barTo, decide, harmlessOf } from './deciding.ts';
import { ANSWERED, CHANGED, type Desk, isOpen, NOT_FOUND } from './desk.ts';
import type { AppealsDeps } from './deps.ts';
import { APPEALS_OF_ONE_DECISION_MAX, contestableUntil, file } from './filing.ts';
import { foresee, restore } from './restitution.ts';
import { readDone, readUndone } from './restitution-store.ts';
import { countAppeals, listAppeals, moveAppeal, readAppeal, readAppealsOf } from './store.ts';

type Answered = Result<Appeal, AppealRefusal>;

const APPEALS_OF_ACCOUNT_MAX = 500;
const UNDONE_AT_ONCE_MAX = 100;

/** Appeals: filed, reviewed by somebody who had no part in what is contested, answered, and made good. */
export function createAppeals(deps: AppealsDeps): Appeals {
  const { storage, clock, decisions } = deps;
  const { reader } = storage;
  const tokens = createContestTokens(deps.secret, clock);
  const listeners = new Set<(appeal: Appeal, decision: Decision) => void>();
  const inLane = createLanes();
  const desk: Desk = {
    ...deps,
    tell(appeal, decision) {
      for (const listener of listeners) listener(appeal, decision);
    },
    restoreNow: (appealId) => inLane(appealId, () => restoreOnce(appealId, deps)),
  };

  return {
    file: (order) => file(order, desk),
    withdraw: (appealId, accountId) => withdraw(appealId, accountId, desk),
    triage: (appealId, urgent, by) =>
      move(appealId, by, desk, async (before) =>
        ok({ ...before, urgent, state: before.state === 'received' ? 'triaged' : before.state }),
      ),
    assign: (appealId, reviewer, by) =>
      move(appealId, by, desk, async (before) => {
        const refusal = await barTo(reviewer, before, desk);
        return refusal === null ? ok({ ...before, reviewer, state: 'in_review' }) : refuse(refusal);
      }),
    decide: (appealId, answer, by) => decide(appealId, answer, by, desk),
    async preview(appealId, { outcome, harmless }) {
      const appeal = await readAppeal(reader, appealId);
      const decision = appeal && (await decisions.get(appeal.decisionId));
      const contested = appeal && (await deps.sanctions.get(appeal.sanctionId));
      if (!appeal || !decision || !contested || outcome === 'upheld') return null;
      return foresee(contested, harmlessOf({ outcome, harmless }, decision), deps);
    },
    get: (appealId) => readAppeal(reader, appealId),
    count: (fromMs, toMs) => countAppeals(reader, fromMs, toMs),
    list: (filter, page) => listAppeals(reader, filter, page),
    ofAccount: (accountId) => readAppealsOf(reader, { accountId }, APPEALS_OF_ACCOUNT_MAX),
    async contestOf(decisionId) {
      const decision = await decisions.get(decisionId);
      if (decision === null) return null;
      const appeals = await readAppealsOf(reader, { decisionId }, APPEALS_OF_ONE_DECISION_MAX);
      const sanction = decision.sanctionId === null ? null : await deps.sanctions.get(decision.sanctionId);
      const untilMs = contestableUntil(decision, { sanction, earlier: appeals, nowMs: clock.wallMs() });
      return { decision, appeals, untilMs };
    },
    async restitutionOf(appealId) {
      const done = await readDone(reader, appealId);
      return RESTITUTION_STEPS.map(
        (step) => done.find((one) => one.step === step) ?? { step, doneAtMs: null, count: 0 },
      );
    },
    async barredFrom(decisionId) {
      const decision = await decisions.get(decisionId);
      return decision === null ? new Set() : barredFrom(decision, desk);
    },
    contestUrl: (decisionId) => `${deps.portalUrl}/contest/${tokens.make(decisionId)}`,
    openToken: tokens.open,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async resume() {
      const undone = await readUndone(reader, UNDONE_AT_ONCE_MAX);
      const restored = await Promise.all(undone.map(desk.restoreNow));
      return restored.filter(Boolean).length;
    },
  };
}

async function restoreOnce(appealId: string, deps: AppealsDeps): Promise<boolean> {
  try {
    await restore(appealId, deps);
    return true;
  } catch (error) {
    deps.onFault('make good what an appeal found wrong', error);
    return false;
  }
}

async function withdraw(appealId: string, accountId: string, desk: Desk): Promise<Answered> {
  const appeal = await readAppeal(desk.storage.reader, appealId);
  if (appeal?.accountId !== accountId) return refuse(NOT_FOUND);
  return move(appealId, accountId, desk, async (before) => ok({ ...before, state: 'withdrawn' }));
}

/** Changes an appeal that is open; refused where somebody else changed it meanwhile. */
async function move(
  appealId: string,
  by: string,
  desk: Desk,
  change: (before: Appeal) => Promise<Answered>,
): Promise<Answered> {
  const { storage, clock, decisions } = desk;
  const before = await readAppeal(storage.reader, appealId);
  if (before === null) return refuse(NOT_FOUND);
  if (!isOpen(before)) return refuse(ANSWERED);
  const changed = await change(before);
  if (!changed.ok) return changed;
  const after = { ...changed.value, stateAtMs: clock.wallMs() };
  const written = await storage.writer.write(moveAppeal(before, after, by));
  if (!written.ok) return refuse(CHANGED);
  const decision = await decisions.get(after.decisionId);
  if (!isOpen(after) && decision !== null) desk.tell(after, decision);
  return ok(after);
}
