/** Comparisons as closures, the commoner the shorter the way. */
import { merged } from './logic.ts';
import type { Ordering } from './operators.ts';
import type { Env } from './schema.ts';
import { equal, failureOf, Fault, isList, type Value } from './value.ts';

type Run = (env: Env) => Value;

/** In a list, of which it is unknown where longer than `itemsMax`, or among the keys of a map. */
export function among(left: Run, right: Run, itemsMax: number): Run {
  return (env) => {
    const value = left(env);
    const all = right(env);
    if (value === undefined || value instanceof Fault) return value;
    if (all instanceof Map) return all.has(value);
    if (!isList(all)) return failureOf(all);
    return all.length > itemsMax ? undefined : isAmong(value, all);
  };
}

/** A set of literals: one look-up, however many they are. Beyond 2^53 equal numbers have more forms than one. */
export function amongConstants(left: Run, constants: readonly Value[]): Run {
  const simple = constants.every(
    (one) => typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean',
  );
  if (!simple) {
    return (env) => {
      const value = left(env);
      if (value === undefined || value instanceof Fault) return value;
      return isAmong(value, constants);
    };
  }
  const set = new Set<Value>(constants);
  return (env) => {
    const value = left(env);
    return value === undefined || value instanceof Fault ? value : set.has(value);
  };
}

function isAmong(value: Value, among: readonly Value[]): Value {
  let outcome: Value = false;
  for (const one of among) {
    const holds = equal(value, one);
    if (holds === true) return true;
    outcome = merged(outcome, holds);
  }
  return outcome;
}

export function equality(left: Run, right: Run, constant: Value, wanted: boolean): Run {
  if (typeof constant === 'string' || typeof constant === 'number' || typeof constant === 'boolean') {
    const kind = typeof constant;
    return (env) => {
      const value = left(env);
      if (typeof value === kind) return (value === constant) === wanted;
      const outcome = equal(value, constant);
      return typeof outcome === 'boolean' ? outcome === wanted : outcome;
    };
  }
  return (env) => {
    const outcome = equal(left(env), right(env));
    return typeof outcome === 'boolean' ? outcome === wanted : outcome;
  };
}

/** The commonest of all conditions. */
export function fieldAgainst(
  slot: number,
  operator: Ordering,
  limit: number,
  otherwise: (left: Value, right: Value) => Value,
): Run {
  switch (operator) {
    case '<':
      return (env) => {
        const value = env[slot];
        return typeof value === 'number' ? value < limit : otherwise(value, limit);
      };
    case '<=':
      return (env) => {
        const value = env[slot];
        return typeof value === 'number' ? value <= limit : otherwise(value, limit);
      };
    case '>':
      return (env) => {
        const value = env[slot];
        return typeof value === 'number' ? value > limit : otherwise(value, limit);
      };
    case '>=':
      return (env) => {
        const value = env[slot];
        return typeof value === 'number' ? value >= limit : otherwise(value, limit);
      };
  }
}

export function numbersInOrder(
  left: Run,
  right: Run,
  operator: Ordering,
  otherwise: (left: Value, right: Value) => Value,
): Run {
  const both = (holds: (left: number, right: number) => boolean): Run => {
    return (env) => {
      const a = left(env);
      const b = right(env);
      return typeof a === 'number' && typeof b === 'number' ? holds(a, b) : otherwise(a, b);
    };
  };
  switch (operator) {
    case '<':
      return both((a, b) => a < b);
    case '<=':
      return both((a, b) => a <= b);
    case '>':
      return both((a, b) => a > b);
    case '>=':
      return both((a, b) => a >= b);
  }
}
