import type { Keys } from '../../accounts/index.ts';
import { isoOrNull, toIso } from '../../base/calendar.ts';
import { type Appeal, contestableUntil, type Decision, type Sanction, type Unit } from '../../enforcement/index.ts';
import { type Asker, seesAll } from '../belonging.ts';
import type { Names } from '../names.ts';
import type { HeldView, OwnAppealView, OwnDecisionView } from './contract.ts';

export interface RedressParts {
  readonly names: Pick<Names, 'app' | 'key'>;
  readonly nowMs: number;
}

/** What is known beside a decision. */
export interface About {
  readonly sanction: Sanction | null;
  /** Newest first. */
  readonly appeals: readonly Appeal[];
  /** Decisions that answer appeals, by their ids. */
  readonly answers: ReadonlyMap<string, Decision>;
}

/** Felt now, as the clock says. */
export function isFelt({ startMs, untilMs, ended }: Sanction, nowMs: number): boolean {
  return ended === null && startMs <= nowMs && (untilMs === null || untilMs > nowMs);
}

/** What is held against somebody else's key is no matter of those who see what is their own alone. */
export function concerns(unit: Unit, { membership }: Asker, keys: Pick<Keys, 'get'>): boolean {
  if (seesAll(membership)) return true;
  if (unit.kind === 'key') return keys.get(unit.keyId)?.member === membership.member;
  return unit.kind !== 'end_user';
}

export function toHeldView(sanction: Sanction, decision: Decision, about: About, parts: RedressParts): HeldView {
  const { step, acknowledgedAtMs } = sanction;
  const [appeal] = about.appeals;
  return {
    sanction_id: sanction.id,
    decision_id: decision.id,
    subject: toSubject(sanction.unit, parts.names),
    step,
    scope: toScope(sanction.scope),
    conduct: sanction.conduct,
    since: toIso(sanction.startMs),
    until: isoOrNull(sanction.untilMs),
    acknowledged_at: isoOrNull(acknowledgedAtMs),
    may_acknowledge: acknowledgedAtMs === null && (step === 'notice' || step === 'warning'),
    contestable_until: untilOf(decision, about, parts),
    appeal: appeal === undefined ? null : { id: appeal.id, state: appeal.state, due_at: toIso(appeal.dueAtMs) },
  };
}

export function toOwnDecisionView(decision: Decision, about: About, parts: RedressParts): OwnDecisionView {
  const { facts, sanctionId } = decision;
  const { sanction } = about;
  const ended = decision.kind === 'sanction' ? (sanction?.ended ?? null) : null;
  return {
    id: decision.id,
    kind: decision.kind,
    at: toIso(decision.atMs),
    about: decision.about,
    sanction_id: sanctionId,
    subject: toSubject(decision.unit, parts.names),
    step: decision.step,
    scope: toScope(decision.scope),
    conduct: facts?.conduct ?? sanction?.conduct ?? null,
    policy: decision.policy,
    ground: decision.ground,
    facts: facts && {
      requests: facts.requests,
      first_at: toIso(facts.firstAtMs),
      last_at: toIso(facts.lastAtMs),
      sources: [...facts.sources],
      categories: [...facts.categories],
    },
    automated_detection: decision.automatedDetection,
    automated_decision: decision.automatedDecision,
    territory: decision.territory,
    starts_at: toIso(decision.startMs),
    until: isoOrNull(decision.untilMs),
    ended: ended && { how: ended.how, at: toIso(ended.atMs) },
    in_force: decision.kind === 'sanction' && sanction !== null && isFelt(sanction, parts.nowMs),
    acknowledged_at: isoOrNull(sanction?.acknowledgedAtMs ?? null),
    notice: decision.notice,
    redress: decision.redress,
    contestable_until: untilOf(decision, about, parts),
    appeals: about.appeals.map((appeal) => toOwnAppealView(appeal, about.answers.get(appeal.answerId ?? '') ?? null)),
  };
}

export function toOwnAppealView(appeal: Appeal, answer: Decision | null): OwnAppealView {
  return {
    id: appeal.id,
    decision_id: appeal.decisionId,
    state: appeal.state,
    language: appeal.language,
    text: appeal.text,
    filed_at: toIso(appeal.filedAtMs),
    due_at: toIso(appeal.dueAtMs),
    state_at: toIso(appeal.stateAtMs),
    answer: answer && { decision_id: answer.id, at: toIso(answer.atMs), notice: answer.notice },
  };
}

function untilOf(decision: Decision, { sanction, appeals }: About, { nowMs }: RedressParts): string | null {
  return isoOrNull(contestableUntil(decision, { sanction, earlier: appeals, nowMs }));
}

function toScope(scope: Decision['scope']): HeldView['scope'] {
  return scope && { models: [...scope.models], tools: scope.tools };
}

function toSubject(unit: Unit, names: RedressParts['names']): HeldView['subject'] {
  switch (unit.kind) {
    case 'account':
    case 'operator':
      return { kind: unit.kind, name: null };
    case 'app':
      return { kind: 'app', name: names.app(unit.app) ?? unit.app };
    case 'key':
      return { kind: 'key', name: names.key(unit.keyId) };
    case 'end_user':
      return { kind: 'end_user', name: unit.endUser };
  }
}
