import { assert } from './assert.ts';
import { ok, refuse, type Result } from './result.ts';

/** Nano-dollars: 10^-9 US dollars, a signed 64-bit integer. All money of the program is counted in these. */
export type Nano = bigint;

export const NANO_PER_USD: Nano = 1_000_000_000n;
export const NANO_PER_CENT: Nano = NANO_PER_USD / 100n;
/** The most one amount may be: nine billion dollars, which 64 bits still hold. */
export const NANO_MAX: Nano = 9_000_000_000n * NANO_PER_USD;

/**
 * Reads dollars as a person writes them (`20`, `0.01`, `-3.5`): at most nine decimals, no exponent, no separators.
 * Refuses, in words that fit after the field's name, what is no such amount or is beyond `NANO_MAX`.
 */
export function parseUsd(text: string): Result<Nano, string> {
  const match = /^(-?)(\d{1,10})(?:\.(\d{1,9}))?$/.exec(text);
  if (!match) return refuse('must be an amount in US dollars such as 20 or 0.01, with at most nine decimals');
  const [, sign, whole = '', fraction = ''] = match;
  const size = BigInt(whole) * NANO_PER_USD + BigInt(fraction.padEnd(9, '0'));
  if (size > NANO_MAX) return refuse('must be at most 9000000000 US dollars');
  return ok(sign === '-' ? -size : size);
}

/** The exact amount in dollars with at least two decimals: `0.01`, `-3.50`, `0.000000001`. */
export function formatUsd(amount: Nano): string {
  const size = amount < 0n ? -amount : amount;
  const fraction = (size % NANO_PER_USD)
    .toString()
    .padStart(9, '0')
    .replace(/0{1,7}$/, '');
  return `${amount < 0n ? '-' : ''}${size / NANO_PER_USD}.${fraction}`;
}

/** As a parameter of SQL: numbers cross between threads faster than bigints, and only what they cannot hold needs one. */
export function toSqlInteger(amount: Nano): number | bigint {
  const number = Number(amount);
  return Number.isSafeInteger(number) ? number : amount;
}

/** Reads what `cast(x as text)` gave: columns of money never pass through a floating-point number. */
export function fromSqlText(text: unknown): Nano {
  assert(typeof text === 'string' && /^-?\d{1,19}$/.test(text), 'an amount is read from the database as text');
  return BigInt(text);
}

/** The smallest integer at or above `numerator / denominator`; the denominator is positive. */
export function divideUp(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  return numerator % denominator > 0n ? quotient + 1n : quotient;
}

/** The largest integer at or below `numerator / denominator`; the denominator is positive. */
export function divideDown(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  return numerator % denominator < 0n ? quotient - 1n : quotient;
}

export function sum(amounts: readonly Nano[]): Nano {
  return amounts.reduce((total, amount) => total + amount, 0n);
}

export function smaller(a: Nano, b: Nano): Nano {
  return a < b ? a : b;
}
