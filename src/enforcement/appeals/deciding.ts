import { toIso } from '../../base/calendar.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Decision } from '../decision.ts';
import { rankOf } from '../step.ts';
import { ANSWER_REASONS, type Appeal, type AppealAnswer, type AppealRefusal } from './appeal.ts';
import { ANSWERED, CHANGED, type Desk, isOpen, NOT_FOUND, NOT_YOURS } from './desk.ts';
import { ownOf, requestsOf } from './restitution.ts';
import { insertBegun } from './restitution-store.ts';
import { moveAppeal, readAppeal } from './store.ts';
import { AFTER_AN_ANSWER, answerNotice } from './words.ts';

/** Whoever holds the data folder may answer, too. */
const LOCAL = 'local';

/** Why somebody may not review an appeal; null when they may. */
export async function barTo(reviewer: string, { decisionId }: Appeal, desk: Desk): Promise<AppealRefusal | null> {
  const isReviewer = reviewer === LOCAL || (await desk.reviewers()).some(({ id }) => id === reviewer);
  if (!isReviewer)
    return { reason: 'not_a_reviewer', message: `${reviewer} is nobody of the staff who may answer appeals` };
  const decision = await desk.decisions.get(decisionId);
  if (decision === null || !(await barredFrom(decision, desk)).has(reviewer)) return null;
  const message = 'an appeal is reviewed by somebody who neither decided what is contested nor read its incidents';
  return { reason: 'own_decision', message };
}

/** Authors of a decision, who said or read what it rests on, and who judged it before. */
export async function barredFrom(
  { author, facts, sanctionId }: Decision,
  { incidents, readersOf }: Desk,
): Promise<Set<string>> {
  const ids = facts?.incidents ?? [];
  const found = await Promise.all(ids.map((id) => incidents.get(id)));
  const readBy = found.flatMap((incident) =>
    incident?.readBy?.startsWith(PERSON) ? [incident.readBy.slice(PERSON.length)] : [],
  );
  const others = await readersOf([...ids, ...(sanctionId === null ? [] : [sanctionId])]);
  return new Set([...(author.kind === 'staff' ? author.ids : []), ...readBy, ...others]);
}

/** Of `Incident.readBy`. */
const PERSON = 'person:';

/** Answers an appeal: the decision, the end of the appeal and what is to be restored are written together or not at all. */
export async function decide(
  appealId: string,
  answer: AppealAnswer,
  by: string,
  desk: Desk,
): Promise<Result<Appeal, AppealRefusal>> {
  const { storage, clock, decisions } = desk;
  const before = await readAppeal(storage.reader, appealId);
  if (before === null) return refuse(NOT_FOUND);
  if (!isOpen(before)) return refuse(ANSWERED);
  if (before.reviewer !== null && before.reviewer !== by) return refuse(NOT_YOURS);
  const barred = await barTo(by, before, desk);
  if (barred !== null) return refuse(barred);
  const decision = await decisions.get(before.decisionId);
  if (decision === null) return refuse(NOT_FOUND);
  const problem = problemOf(answer, decision);
  if (problem !== null) return refuse({ reason: 'invalid_field', message: problem });
  const now = clock.wallMs();
  const answering = answeringDecision({ id: desk.mintId('dec'), answer, decision, by, atMs: now });
  const after = { ...before, state: answer.outcome, stateAtMs: now, reviewer: by, answerId: answering.id };
  const harmless = harmlessOf(answer, decision);
  const requestIds = await requestsOf(await ownOf(decision.accountId, harmless, desk), desk);
  const wrongLink = answer.reason === 'wrong_link';
  const restitution = { appealId, begunAtMs: now, harmless, requestIds, milder: answer.step, wrongLink };
  const unit = [...moveAppeal(before, after, by), ...(answer.outcome === 'upheld' ? [] : [insertBegun(restitution)])];
  if (!(await decisions.append(answering, unit))) return refuse(CHANGED);
  if (answer.outcome !== 'upheld') await desk.restoreNow(appealId);
  desk.tell(after, decision);
  return ok(after);
}

function problemOf(
  { outcome, reason, harmless, step }: AppealAnswer,
  { facts, step: imposed }: Decision,
): string | null {
  const reasons: readonly string[] = ANSWER_REASONS[outcome];
  if (!reasons.includes(reason)) return `reason: must be one of ${reasons.join(', ')} where it is ${outcome}`;
  if (outcome !== 'partly') {
    return harmless.length > 0 || step !== null ? 'harmless, step: say something only where it is partly' : null;
  }
  const rested = facts?.incidents ?? [];
  const strange = harmless.find((id) => !rested.includes(id));
  if (strange !== undefined) return `harmless: the decision does not rest on ${strange}`;
  if (rested.length > 0 && harmless.length === rested.length) {
    return 'harmless: nothing is left of what the decision rested on; overturn it instead';
  }
  if (harmless.length === 0 && step === null) return 'harmless: name what was none, or a milder step';
  return step !== null && imposed !== null && rankOf(step) >= rankOf(imposed)
    ? 'step: must be milder than what was imposed'
    : null;
}

/** Incidents that were none, as an answer says. */
export function harmlessOf({ outcome, harmless }: Pick<AppealAnswer, 'outcome' | 'harmless'>, { facts }: Decision) {
  return outcome === 'overturned' ? (facts?.incidents ?? []) : outcome === 'partly' ? harmless : [];
}

function answeringDecision(made: {
  readonly id: string;
  readonly answer: AppealAnswer;
  readonly decision: Decision;
  readonly by: string;
  readonly atMs: number;
}): Decision {
  const { id, answer, decision, by, atMs } = made;
  return {
    ...decision,
    id,
    kind: 'appeal',
    atMs,
    about: decision.id,
    step: answer.step,
    scope: null,
    facts: null,
    automatedDetection: false,
    automatedDecision: 'none',
    certificate: null,
    alternatives: answer.reason,
    author: { kind: 'staff', ids: [by] },
    startMs: atMs,
    untilMs: null,
    notice: answerNotice(answer, toIso(decision.atMs).slice(0, 10)),
    redress: AFTER_AN_ANSWER,
  };
}
