import type { Type } from './types.ts';
import type { Value } from './value.ts';

/** One input of expressions: a fact of the event, a declared counter, a list. */
export interface Field {
  /** Dotted, such as `account.age`; each part `[A-Za-z_][A-Za-z0-9_]*`. */
  readonly name: string;
  readonly type: Type;
  /** Whether it may be known to be nothing, as `null`; every field may be unknown. */
  readonly nullable: boolean;
  /** Whether the person concerned may be told that it counted. */
  readonly told: boolean;
}

/** What expressions may name. The place of a field in `fields` is its slot in an `Env`. */
export interface Schema {
  readonly fields: readonly Field[];
  /** Patterns in the syntax of RE2, by the name that `re2('name', text)` gives. */
  readonly patterns: Readonly<Record<string, string>>;
}

/**
 * One event, by slot: the fields of the schema in their order, then the slots of what expressions share, which start as
 * `NOT_YET` for each event. An array, because an index is the fastest look-up there is.
 */
export type Env = Value[];
