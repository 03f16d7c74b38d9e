/** What the signs do, by the types on both sides. */
import {
  addDouble,
  addDuration,
  addInt,
  addTime,
  divideDouble,
  divideInt,
  joinLists,
  joinText,
  multiplyDouble,
  multiplyInt,
  remainderInt,
  subtractDouble,
  subtractDuration,
  subtractInt,
  subtractTime,
} from './arithmetic.ts';
import type { BinaryOperator } from './ast.ts';
import type { Limits } from './limits.ts';
import { isNumeric, type Type } from './types.ts';
import { compareStrings, failureOf, isNumber, type Value } from './value.ts';

export type Binary = (left: Value, right: Value) => Value;
export type Arithmetic = '+' | '-' | '*' | '/' | '%';
export type Ordering = '<' | '<=' | '>' | '>=';

interface Rule {
  readonly left: Type;
  readonly right: Type;
  readonly gives: Type;
  readonly run: Binary;
}

const RULES: Readonly<Record<Arithmetic, readonly Rule[]>> = {
  '+': [
    { left: 'int', right: 'int', gives: 'int', run: addInt },
    { left: 'double', right: 'double', gives: 'double', run: addDouble },
    { left: 'timestamp', right: 'duration', gives: 'timestamp', run: addTime },
    { left: 'duration', right: 'timestamp', gives: 'timestamp', run: addTime },
    { left: 'duration', right: 'duration', gives: 'duration', run: addDuration },
  ],
  '-': [
    { left: 'int', right: 'int', gives: 'int', run: subtractInt },
    { left: 'double', right: 'double', gives: 'double', run: subtractDouble },
    { left: 'timestamp', right: 'timestamp', gives: 'duration', run: subtractTime },
    { left: 'timestamp', right: 'duration', gives: 'timestamp', run: subtractDuration },
    { left: 'duration', right: 'duration', gives: 'duration', run: addNegative },
  ],
  '*': [
    { left: 'int', right: 'int', gives: 'int', run: multiplyInt },
    { left: 'double', right: 'double', gives: 'double', run: multiplyDouble },
  ],
  '/': [
    { left: 'int', right: 'int', gives: 'int', run: divideInt },
    { left: 'double', right: 'double', gives: 'double', run: divideDouble },
  ],
  '%': [{ left: 'int', right: 'int', gives: 'int', run: remainderInt }],
};

function addNegative(left: Value, right: Value): Value {
  return addDuration(left, typeof right === 'number' ? -right : right);
}

export function isArithmetic(operator: BinaryOperator): operator is Arithmetic {
  return Object.hasOwn(RULES, operator);
}

/** What `operator` makes of two types, or null where it has no meaning for them. `empty` goes with everything. */
export function arithmeticOf(
  operator: Arithmetic,
  left: Type,
  right: Type,
  limits: Limits,
): { readonly gives: Type; readonly run: Binary } | null {
  if (operator === '+' && goesWith(left, 'string') && goesWith(right, 'string')) {
    return { gives: 'string', run: joinText(limits.textCharacters) };
  }
  const rule = RULES[operator].find((one) => goesWith(left, one.left) && goesWith(right, one.right));
  if (rule !== undefined) return rule;
  if (operator !== '+' || typeof left === 'string' || typeof right === 'string') return null;
  return 'list' in left && 'list' in right ? { gives: left, run: joinLists(limits.listItems) } : null;
}

function goesWith(type: Type, wanted: Type): boolean {
  return type === wanted || type === 'empty';
}

/** Whether one can be before the other. */
export function canOrder(left: Type, right: Type): boolean {
  if (left === 'empty' || right === 'empty') return true;
  if (isNumeric(left) && isNumeric(right)) return true;
  return left === right && (left === 'string' || left === 'bool' || left === 'timestamp' || left === 'duration');
}

const HOLDS: Readonly<Record<Ordering, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** For every type that has an order; closures that know more are quicker. */
export function ordered(operator: Ordering): Binary {
  const holds = HOLDS[operator];
  return (left, right) => {
    if (isNumber(left) && isNumber(right)) {
      const order = typeof left === typeof right ? compare(left, right) : compare(Number(left), Number(right));
      return holds(order);
    }
    if (typeof left === 'string' && typeof right === 'string') return holds(compareStrings(left, right));
    if (typeof left === 'boolean' && typeof right === 'boolean') return holds(Number(left) - Number(right));
    return failureOf(left, right);
  };
}

/** NaN for what has no order. */
function compare(left: number | bigint, right: number | bigint): number {
  if (left < right) return -1;
  if (left > right) return 1;
  return left === right ? 0 : Number.NaN;
}
