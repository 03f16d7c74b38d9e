import type { Canonical } from '../../audit/canonical.ts';
import type { Decision } from '../decision.ts';

/** A decision as plain data, of which one text can be made. */
export type Said = { readonly [Key in keyof Decision]: Canonical };

/**
 * Everything a decision says. What end users are called is the caller's own text and may hold halves of surrogate pairs,
 * which no canonical text has a place for; they are written as U+FFFD.
 */
export function saidOf(decision: Decision): Said {
  return JSON.parse(JSON.stringify(decision, (_key, value: unknown) => wellFormed(value))) as Said;
}

function wellFormed(value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}
