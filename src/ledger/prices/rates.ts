import { divideUp, formatUsd, type Nano, NANO_PER_USD } from '../../base/money.ts';
import type { Rates } from '../price.ts';

/** One dollar for each token, in nano-dollars per million: far beyond any price, and a sure sign of a wrong unit. */
export const TOKEN_RATE_MAX = NANO_PER_USD * 1_000_000n;
/** A thousand dollars for one image or one request. */
const FEE_MAX: Nano = 1000n * NANO_PER_USD;

/** What a rate is counted in. */
export const RATE_UNITS = {
  input: 'token',
  output: 'token',
  cacheRead: 'token',
  cacheWrite: 'token',
  reasoning: 'token',
  audioInput: 'token',
  audioOutput: 'token',
  image: 'fee',
  request: 'fee',
} as const satisfies Record<keyof Rates, 'token' | 'fee'>;

export const RATE_NAMES = Object.keys(RATE_UNITS) as (keyof Rates)[];

/** What is wrong with rates, in words that fit after the price's name; null when nothing is. */
export function checkRates(rates: Rates, free: boolean): string | null {
  for (const name of RATE_NAMES) {
    const rate = rates[name];
    if (rate === null) continue;
    if (rate < 0n) return `${name} is negative`;
    const most = RATE_UNITS[name] === 'token' ? TOKEN_RATE_MAX : FEE_MAX;
    if (rate > most) return `${name} is more than $${formatUsd(most)} per ${unitOf(name)}, which no price is`;
  }
  if (isFree(rates) && !free) return 'is zero throughout; say that it is free if that is meant';
  if (!isFree(rates) && free) return 'is said to be free and has a rate above zero';
  return null;
}

function unitOf(name: keyof Rates): string {
  return RATE_UNITS[name] === 'token' ? 'million tokens' : name;
}

export function isFree(rates: Rates): boolean {
  return RATE_NAMES.every((name) => (rates[name] ?? 0n) === 0n);
}

export function sameRates(one: Rates, other: Rates): boolean {
  return RATE_NAMES.every((name) => one[name] === other[name]);
}

/** Rates with a margin on top, each rounded up; `marginBp` basis points, more than -10000. */
export function raiseRates(rates: Rates, marginBp: number): Rates {
  const factor = 10_000n + BigInt(marginBp);
  const up = (rate: bigint) => divideUp(rate * factor, 10_000n);
  const upIf = (rate: bigint | null) => (rate === null ? null : up(rate));
  return {
    input: up(rates.input),
    output: up(rates.output),
    cacheRead: upIf(rates.cacheRead),
    cacheWrite: upIf(rates.cacheWrite),
    reasoning: upIf(rates.reasoning),
    audioInput: upIf(rates.audioInput),
    audioOutput: upIf(rates.audioOutput),
    image: up(rates.image),
    request: up(rates.request),
  };
}

/** Rates of input and output alone. */
export function plainRates(input: bigint, output: bigint): Rates {
  return {
    input,
    output,
    cacheRead: null,
    cacheWrite: null,
    reasoning: null,
    audioInput: null,
    audioOutput: null,
    image: 0n,
    request: 0n,
  };
}
