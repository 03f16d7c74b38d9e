import type { Severity } from '../conduct.ts';
import type { Case } from './case.ts';

/** What makes a case pressing; `value` is their product. */
export interface Priority {
  readonly value: number;
  /** That it is so. */
  readonly probability: number;
  /** How much it hurts if it is so. */
  readonly harm: number;
  /** How much of it there is: grows by one with each tenfold of requests, and with each doubling of accounts. */
  readonly reach: number;
  /** 1 when it is new, 2 when it is due, at most 4. */
  readonly age: number;
}

const HARM: Readonly<Record<Severity, number>> = { 1: 1, 2: 3, 3: 10, terminal: 40 };
const AGE_MAX = 4;
/** Somebody was wronged for certain if nobody looks: what is hardly probable is not forgotten. */
const PROBABILITY_MIN = 0.02;

/** Reckoned anew whenever it is asked for. */
export function priorityOf(
  one: Pick<Case, 'probability' | 'severity' | 'facts' | 'openedAtMs' | 'dueMs'>,
  nowMs: number,
): Priority {
  const probability = Math.max(PROBABILITY_MIN, one.probability);
  const harm = HARM[one.severity];
  const reach = 1 + Math.log10(1 + one.facts.requests) + Math.log2(Math.max(1, one.facts.accounts));
  const waited = Math.max(0, nowMs - one.openedAtMs) / Math.max(1, one.dueMs - one.openedAtMs);
  const age = Math.min(AGE_MAX, 1 + waited);
  return { value: probability * harm * reach * age, probability, harm, reach, age };
}
