/**
 * The language of rules: a subset of CEL, checked against a schema before it is admitted and compiled to closures. It has
 * no clock, no randomness and no effects; work is bounded by the limits. Nothing here throws for what a person wrote or
 * what an event holds.
 */
import type { Result } from '../../../base/result.ts';
import type { Node } from './ast.ts';
import type { Problem } from './problem.ts';
import type { Env } from './schema.ts';
import type { Type } from './types.ts';
import type { Fault, Value } from './value.ts';

/** `unknown`: a field it rests on is unknown, or was too long to look at. A fault is never false and never true. */
export type Outcome = boolean | 'unknown' | Fault;

/** A part that could be shared: the same `key` in any expression over the same schema means the same value. */
export interface Part {
  /** Its text, in the one form `printed`. */
  readonly key: string;
  readonly nodes: number;
}

/** An expression that was admitted. */
export interface Expression {
  readonly ast: Node;
  /** In the one form that every expression of this meaning and structure is printed in. */
  readonly printed: string;
  readonly type: Type;
  /** The fields it reads, each once, in the order of the schema. */
  readonly fields: readonly string[];
  readonly nodes: number;
  /** Outside macros and larger than a name or a literal, each once. */
  readonly parts: readonly Part[];
  value(env: Env): Value;
}

/** An expression of type `bool`. */
export interface Condition extends Expression {
  evaluate(env: Env): Outcome;
  /** Why it came out as it did: the fewest parts that suffice. */
  explain(env: Env): Explanation;
}

export interface Explanation {
  readonly outcome: Outcome;
  readonly clauses: readonly Clause[];
}

/** One comparison or test, and what it came to. With values: for staff alone. */
export interface Clause {
  readonly text: string;
  readonly outcome: Outcome;
  readonly values: readonly FieldValue[];
}

export interface FieldValue {
  readonly name: string;
  readonly value: Value;
  readonly told: boolean;
}

export type Compiled<Admitted> = Result<Admitted, readonly Problem[]>;
