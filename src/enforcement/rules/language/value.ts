/**
 * Values as they are worked on. `int` is a `number` up to 2^53 - 1 and a `bigint` beyond, one form for each value, so that
 * the usual case costs nothing and none is inexact; `timestamp` (since 1970) and `duration` are whole milliseconds.
 * `undefined` is unknown. Strings are UTF-16.
 */
export type Value =
  | boolean
  | number
  | bigint
  | string
  | null
  | undefined
  | Fault
  | typeof NOT_YET
  | readonly Value[]
  | ReadonlyMap<Key, Value>;
export type Key = boolean | number | bigint | string;

/** In a slot of an `Env` that remembers a shared part of several expressions: not worked out for this event. */
export const NOT_YET: unique symbol = Symbol('not yet');

export type FaultCode =
  | 'overflow'
  | 'division_by_zero'
  | 'no_such_key'
  | 'bad_index'
  | 'bad_conversion'
  | 'repeated_key'
  | 'too_large'
  /** The event holds something else than its schema says. */
  | 'wrong_value'
  | 'bug';

/** What went wrong while working an expression out; a value like others, never thrown. */
export class Fault {
  constructor(
    readonly code: FaultCode,
    readonly message: string,
  ) {}
}

const wrongValue = new Fault('wrong_value', 'a field holds something else than the schema says');

/** Of an operation that got something it cannot work with: unknown goes before a fault, and null counts as unknown. */
export function failureOf(first: Value, second?: Value): undefined | Fault {
  if (first === undefined || first === null) return undefined;
  if (first instanceof Fault) return second === undefined || second === null ? undefined : first;
  if (second instanceof Fault) return second;
  if (second === undefined || second === null) return undefined;
  return wrongValue;
}

/** As `failureOf`, for one operand. */
export function failureOfOne(value: Value): undefined | Fault {
  if (value === undefined || value === null) return undefined;
  return value instanceof Fault ? value : wrongValue;
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** Equality of CEL: of numbers whatever their type, of lists and maps by what is in them. Null equals null alone. */
export function equal(left: Value, right: Value): Value {
  if (left === undefined || right === undefined) return undefined;
  if (left instanceof Fault) return left;
  if (right instanceof Fault) return right;
  return isTooLong(left) || isTooLong(right) ? undefined : same(left, right);
}

/** What is longer is not compared element by element. */
const COMPARED_ITEMS_MAX = 256;

function isTooLong(value: Value): boolean {
  if (typeof value !== 'object') return false;
  return (isList(value) ? value.length : value instanceof Map ? value.size : 0) > COMPARED_ITEMS_MAX;
}

function same(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (typeof left === 'number' || typeof left === 'bigint') {
    return typeof right !== typeof left && isNumber(right) && Number(left) === Number(right);
  }
  if (isList(left)) {
    return isList(right) && left.length === right.length && left.every((item, at) => same(item, right[at]));
  }
  if (!(left instanceof Map) || !(right instanceof Map) || left.size !== right.size) return false;
  for (const [key, value] of left) {
    if (!right.has(key) || !same(value, right.get(key))) return false;
  }
  return true;
}

export function isNumber(value: Value): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** By code points, as CEL orders strings; JavaScript orders by UTF-16 units. Negative, 0 or positive. */
export function compareStrings(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const a = left.charCodeAt(at);
    const b = right.charCodeAt(at);
    if (a !== b) return inOrder(a) - inOrder(b);
  }
  return left.length - right.length;
}

/** Surrogates stand for code points above every other unit. */
function inOrder(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** Code points of a text. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let at = 0; at + 1 < text.length; at += 1) {
    if (isHigh(text.charCodeAt(at)) && isLow(text.charCodeAt(at + 1))) {
      count -= 1;
      at += 1;
    }
  }
  return count;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
