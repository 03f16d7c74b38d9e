import { ok, refuse, type Result } from '../../base/result.ts';
import type { Decision } from '../decision.ts';
import type { Sanction } from '../sanction.ts';
import {
  ANSWERED_WITHIN_MS,
  type Appeal,
  APPEAL_CHARS_MAX,
  type AppealOrder,
  type AppealRefusal,
  CONTESTABLE_MS,
} from './appeal.ts';
import { ALREADY_OPEN, type Desk, isOpen } from './desk.ts';
import { insertAppeal, readAppealsOf } from './store.ts';

/** Filed and withdrawn ones included. */
export const APPEALS_OF_ONE_DECISION_MAX = 3;
const FILED_PER_DAY_MAX = 20;
const DAY_MS = 86_400_000;

export async function file(order: AppealOrder, desk: Desk): Promise<Result<Appeal, AppealRefusal>> {
  const { storage, clock, decisions, attempts } = desk;
  const text = order.text.trim();
  if (text === '' || text.length > APPEAL_CHARS_MAX) {
    return refuse({ reason: 'invalid_field', message: `text: must be 1 to ${APPEAL_CHARS_MAX} characters` });
  }
  const decision = await decisions.get(order.decisionId);
  if (decision === null || decision.accountId !== order.accountId) {
    return refuse({ reason: 'decision_not_found', message: 'there is no such decision here' });
  }
  const lack = await lackOf(decision, desk);
  if (lack !== null) return refuse(lack);
  const limit = { key: `appeals of ${order.accountId}`, max: FILED_PER_DAY_MAX, windowMs: DAY_MS };
  if (attempts.take([limit]) !== null) {
    return refuse({
      reason: 'too_often',
      message: `at most ${FILED_PER_DAY_MAX} appeals are filed in a day; try again tomorrow`,
    });
  }
  const now = clock.wallMs();
  const { accountId, source, filedBy, language } = order;
  const appeal: Appeal = {
    accountId,
    source,
    filedBy,
    language,
    text,
    id: desk.mintId('apl'),
    decisionId: decision.id,
    sanctionId: decision.sanctionId ?? '',
    filedAtMs: now,
    dueAtMs: now + ANSWERED_WITHIN_MS,
    urgent: false,
    state: 'received',
    stateAtMs: now,
    reviewer: null,
    answerId: null,
  };
  const written = await storage.writer.write(insertAppeal(appeal, filedBy ?? source));
  if (!written.ok) return refuse(ALREADY_OPEN);
  desk.tell(appeal, decision);
  return ok(appeal);
}

/** Why a decision cannot be contested now; null when it can. */
async function lackOf(decision: Decision, { storage, clock, sanctions }: Desk): Promise<AppealRefusal | null> {
  const sanction = decision.sanctionId === null ? null : await sanctions.get(decision.sanctionId);
  const earlier = await readAppealsOf(storage.reader, { decisionId: decision.id }, APPEALS_OF_ONE_DECISION_MAX);
  return lackBy(decision, { sanction, earlier, nowMs: clock.wallMs() });
}

/** What is known of a decision that somebody may want to contest. */
export interface ContestFacts {
  /** Null where it imposed none. */
  readonly sanction: Pick<Sanction, 'ended'> | null;
  /** Every appeal there was. */
  readonly earlier: readonly Appeal[];
  readonly nowMs: number;
}

/** Until when a decision may be contested; null where it may not be now. */
export function contestableUntil(decision: Decision, facts: ContestFacts): number | null {
  return lackBy(decision, facts) === null ? decision.atMs + CONTESTABLE_MS : null;
}

function lackBy({ kind, atMs }: Decision, { sanction, earlier, nowMs }: ContestFacts): AppealRefusal | null {
  if (kind !== 'sanction' || sanction === null || sanction.ended?.how === 'reversed') return NOTHING_AGAINST;
  if (nowMs > atMs + CONTESTABLE_MS) return TOO_LATE;
  if (earlier.some(isOpen)) return ALREADY_OPEN;
  // Whoever saw a refusal may file by its address: that takes nothing from whoever is signed in.
  if (earlier.some(({ answerId, source }) => answerId !== null && source !== 'contest')) return ANSWERED_BEFORE;
  return earlier.length < APPEALS_OF_ONE_DECISION_MAX ? null : TOO_MANY;
}

const NOTHING_AGAINST: AppealRefusal = {
  reason: 'not_contestable',
  message: 'this decision holds nothing against anybody, so there is nothing to contest',
};
const TOO_LATE: AppealRefusal = {
  reason: 'too_late',
  message: 'a decision may be contested for six months, and this one is older',
};
const ANSWERED_BEFORE: AppealRefusal = {
  reason: 'already_answered',
  message: 'this decision was contested before, and that was answered',
};
const TOO_MANY: AppealRefusal = {
  reason: 'too_many_appeals',
  message: `a decision is contested at most ${APPEALS_OF_ONE_DECISION_MAX} times`,
};
