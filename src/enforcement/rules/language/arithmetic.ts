/** Signed 64-bit integers, exact and never wrapping, and the operations on what else can be added. */
import { failureOf, failureOfOne, Fault, isList, isNumber, type Value } from './value.ts';

type Operation = (left: Value, right: Value) => Value;

const INT_MIN = -(2n ** 63n);
const INT_MAX = 2n ** 63n - 1n;
/** From the year 1 to 9999, as CEL has it. */
const TIMESTAMP_MIN_MS = -62_135_596_800_000;
const TIMESTAMP_MAX_MS = 253_402_300_799_999;
/** As many nanoseconds as 64 bits hold, in whole milliseconds. */
const DURATION_MAX_MS = 9_223_372_036_854;

const overflow = new Fault('overflow', 'a whole number does not fit into 64 bits');
const byZero = new Fault('division_by_zero', 'a number is divided by zero');
const timeOutOfRange = new Fault('overflow', 'a time lies before the year 1 or after 9999');
const durationOutOfRange = new Fault('overflow', 'a duration is longer than 292 years');

/** The one form of a whole number, or a fault where it does not fit. */
export function intOf(value: bigint): number | bigint | Fault {
  if (value < INT_MIN || value > INT_MAX) return overflow;
  const short = Number(value);
  return Number.isSafeInteger(short) ? short : value;
}

function integer(
  quick: (left: number, right: number) => number,
  exact: (left: bigint, right: bigint) => bigint,
): Operation {
  return (left, right) => {
    if (typeof left === 'number' && typeof right === 'number') {
      const result = quick(left, right);
      // No rounding leads from outside the safe integers into them, and + 0 leaves no negative zero.
      if (Number.isSafeInteger(result)) return result + 0;
    }
    if (!isNumber(left) || !isNumber(right)) return failureOf(left, right);
    if (!isWhole(left) || !isWhole(right))
      return new Fault('wrong_value', 'a whole number is expected and has a fraction');
    return intOf(exact(BigInt(left), BigInt(right)));
  };
}

function isWhole(value: number | bigint): boolean {
  return typeof value === 'bigint' || Number.isInteger(value);
}

function divided(operation: Operation): Operation {
  return (left, right) => (right === 0 && isNumber(left) ? byZero : operation(left, right));
}

function double(quick: (left: number, right: number) => number): Operation {
  return (left, right) =>
    typeof left === 'number' && typeof right === 'number' ? quick(left, right) : failureOf(left, right);
}

function timed(quick: (left: number, right: number) => number, inRange: (value: number) => number | Fault): Operation {
  return (left, right) =>
    typeof left === 'number' && typeof right === 'number' ? inRange(quick(left, right)) : failureOf(left, right);
}

const plus = (left: number, right: number): number => left + right;
const minus = (left: number, right: number): number => left - right;

export const addInt = integer(plus, (left, right) => left + right);
export const subtractInt = integer(minus, (left, right) => left - right);
export const multiplyInt = integer(
  (left, right) => left * right,
  (left, right) => left * right,
);
export const divideInt = divided(
  integer(
    (left, right) => (left - (left % right)) / right,
    (left, right) => left / right,
  ),
);
export const remainderInt = divided(
  integer(
    (left, right) => left % right,
    (left, right) => left % right,
  ),
);
export const addDouble = double(plus);
export const subtractDouble = double(minus);
export const multiplyDouble = double((left, right) => left * right);
export const divideDouble = double((left, right) => left / right);
export const addTime = timed(plus, timestampOf);
export const subtractDuration = timed(minus, timestampOf);
export const subtractTime = timed(minus, durationOf);
export const addDuration = timed(plus, durationOf);

export function negateInt(value: Value): Value {
  if (!isNumber(value)) return failureOfOne(value);
  return subtractInt(0, value);
}

export function negateDouble(value: Value): Value {
  return typeof value === 'number' ? -value : failureOfOne(value);
}

/** Milliseconds since 1970 as a time, or a fault. */
export function timestampOf(ms: number): number | Fault {
  return ms >= TIMESTAMP_MIN_MS && ms <= TIMESTAMP_MAX_MS ? ms : timeOutOfRange;
}

export function durationOf(ms: number): number | Fault {
  return Math.abs(ms) <= DURATION_MAX_MS ? ms : durationOutOfRange;
}

/** What two texts or two lists make together, with a limit on its length. */
export function joinText(charactersMax: number): Operation {
  return (left, right) => {
    if (typeof left !== 'string' || typeof right !== 'string') return failureOf(left, right);
    if (left.length + right.length > charactersMax) return new Fault('too_large', 'a text grows too long');
    return left + right;
  };
}

export function joinLists(itemsMax: number): Operation {
  return (left, right) => {
    if (!isList(left) || !isList(right)) return failureOf(left, right);
    if (left.length + right.length > itemsMax) return new Fault('too_large', 'a list grows too long');
    return [...left, ...right];
  };
}
