/** From an order to what is written: the sanction, and the decision with its words. Pure but for the ids. */
import type { MintId } from '../../base/ids.ts';
import type { Conduct } from '../conduct.ts';
import type { Bilingual, Decision } from '../decision.ts';
import { endWords, noticeWords } from '../decisions/words/notice.ts';
import { NOTHING_TO_CONTEST, redressWords } from '../decisions/words/redress.ts';
import type { Author } from '../sanction.ts';
import type { AllowedOrder } from './allow.ts';
import { lengthOf } from './ladder.ts';
import type { HeldSanction } from './table.ts';

/** The terms a conduct is held against, with their version. */
export type PolicyOf = (conduct: Conduct) => { readonly policy: string; readonly ground: 'illegal' | 'terms' };

export interface Planned {
  readonly sanction: HeldSanction;
  readonly decision: Decision;
}

export interface PlanFor {
  readonly order: AllowedOrder;
  readonly nowMs: number;
  /** Of this unit, before this one. */
  readonly coolOffs: number;
  /** The operator all accounts of which it is imposed on. */
  readonly operatorId: string | null;
  readonly mintId: MintId;
  readonly policyOf: PolicyOf;
}

export function planSanction({ order, nowMs, coolOffs, operatorId, mintId, policyOf }: PlanFor): Planned {
  const startMs = nowMs + order.delayMs;
  const length = lengthOf(order.step, order.facts.severity, coolOffs);
  const sanction: HeldSanction = {
    id: mintId('san'),
    decisionId: mintId('dec'),
    unit: order.unit,
    step: order.step,
    scope: order.scope,
    conduct: order.facts.conduct,
    decidedAtMs: nowMs,
    startMs,
    appliedAtMs: order.delayMs === 0 ? nowMs : null,
    untilMs: order.untilMs ?? (length === null ? null : startMs + length),
    stopId: null,
    linkedTo: order.linkedTo,
    operatorId,
    ended: null,
    acknowledgedAtMs: null,
  };
  return { sanction, decision: decisionOf(sanction, order, policyOf) };
}

function decisionOf(sanction: HeldSanction, order: AllowedOrder, policyOf: PolicyOf): Decision {
  const { facts, author } = order;
  return {
    id: sanction.decisionId,
    kind: 'sanction',
    atMs: sanction.decidedAtMs,
    accountId: sanction.unit.accountId,
    unit: sanction.unit,
    sanctionId: sanction.id,
    about: null,
    step: order.step,
    scope: order.scope,
    ...policyOf(facts.conduct),
    facts,
    automatedDetection: isFoundAutomatically(facts.sources),
    automatedDecision: automationOf(author, facts.sources),
    certificate: order.certificate,
    alternatives: order.alternatives,
    author,
    territory: 'everywhere',
    startMs: sanction.startMs,
    untilMs: sanction.untilMs,
    ...wordsOf(order, sanction),
  };
}

/** What the person reads of it, and what they may do. */
export function wordsOf(
  order: AllowedOrder,
  { untilMs, decidedAtMs }: Pick<HeldSanction, 'untilMs' | 'decidedAtMs'>,
): { readonly notice: Bilingual; readonly redress: Bilingual } {
  const { step, unit, scope, facts, note } = order;
  return {
    notice: noticeWords({ step, unit, scope, facts, untilMs, note }),
    redress: redressWords(decidedAtMs),
  };
}

/** The decision that a sanction ends: it takes the first one back, or only ends what follows from it. */
export function planEnd(
  sanction: HeldSanction,
  end: { readonly how: 'lifted' | 'reversed'; readonly author: Author; readonly reason: string; readonly atMs: number },
  { mintId, policyOf }: { readonly mintId: MintId; readonly policyOf: PolicyOf },
): Decision {
  const { how, author, reason, atMs } = end;
  return {
    id: mintId('dec'),
    kind: how === 'reversed' ? 'reverse' : 'lift',
    atMs,
    accountId: sanction.unit.accountId,
    unit: sanction.unit,
    sanctionId: sanction.id,
    about: sanction.decisionId,
    step: sanction.step,
    scope: sanction.scope,
    ...policyOf(sanction.conduct),
    facts: null,
    automatedDetection: false,
    automatedDecision: author.kind === 'automatic' ? 'full' : 'none',
    certificate: null,
    alternatives: '',
    author,
    territory: 'everywhere',
    startMs: atMs,
    untilMs: null,
    notice: endWords(how, sanction.unit, reason),
    redress: NOTHING_TO_CONTEST,
  };
}

/** Sources in which a person says so; all others are machines. */
const BY_PEOPLE: ReadonlySet<string> = new Set(['report', 'staff', 'upstream']);

function isFoundAutomatically(sources: readonly string[]): boolean {
  return sources.some((source) => !BY_PEOPLE.has(source));
}

/** `partial`: people decided on what machines found. */
function automationOf(author: Author, sources: readonly string[]): Decision['automatedDecision'] {
  if (author.kind === 'automatic') return 'full';
  return isFoundAutomatically(sources) ? 'partial' : 'none';
}
