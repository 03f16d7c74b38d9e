import { assert } from '../../base/assert.ts';
import { divideUp, type Nano, NANO_MAX } from '../../base/money.ts';
import type { Usage } from '../../providers/index.ts';
import type { Charge } from '../ledger.ts';
import type { Rates } from '../price.ts';

/** Rates are for a million tokens and margins in ten-thousandths: sums are exact in these parts of a nano-dollar. */
const TOKENS_PER_RATE = 1_000_000n;
const BASIS_POINTS = 10_000n;
const PARTS_PER_NANO = TOKENS_PER_RATE * BASIS_POINTS;

/**
 * What a request costs: every token at the rate of its class, images and the request's own fee, and the margin on all of
 * it, added up exactly and rounded up once. Never below the exact price; less than one nano-dollar above it.
 */
export function chargeOf(used: {
  readonly usage: Usage;
  readonly images: number;
  readonly rates: Rates;
  /** More than -10000. */
  readonly marginBp: number;
  /** What the upstream charges us; null when unknown. */
  readonly cost: Rates | null;
}): Charge {
  const { usage, images, rates, marginBp, cost } = used;
  const parts = partsOf(usage, images, rates) * factorOf(marginBp);
  const price = divideUp(parts, PARTS_PER_NANO);
  assert(price <= NANO_MAX, 'a charge is an amount that can be booked');
  return {
    price,
    rounding: parts % PARTS_PER_NANO === 0n ? 0n : 1n,
    cost: cost === null ? null : costOfUsage(usage, images, cost),
  };
}

/** What used tokens cost by these rates, without a margin, rounded up. */
export function costOfUsage(usage: Usage, images: number, rates: Rates): Nano {
  const cost = divideUp(partsOf(usage, images, rates), TOKENS_PER_RATE);
  assert(cost <= NANO_MAX, 'a cost is an amount that can be booked');
  return cost;
}

/** The most that so many tokens can cost by these rates, of whatever classes they are; `NANO_MAX` when it is more. */
export function boundOf(
  tokens: { readonly input: number; readonly output: number },
  images: number,
  rates: Rates,
  marginBp: number,
): Nano {
  const parts =
    whole(tokens.input) * dearestInput(rates) + whole(tokens.output) * dearestOutput(rates) + feesOf(images, rates);
  return cap(divideUp(parts * factorOf(marginBp), PARTS_PER_NANO));
}

/** The most that so many output tokens can cost by these rates; `NANO_MAX` when it is more. */
export function outputBoundOf(tokens: number, rates: Rates, marginBp: number): Nano {
  return cap(divideUp(whole(tokens) * dearestOutput(rates) * factorOf(marginBp), PARTS_PER_NANO));
}

/** Millionths of a nano-dollar. */
function partsOf(usage: Usage, images: number, rates: Rates): bigint {
  const input = split(whole(usage.inputTokens), rates.input, [
    [whole(usage.cachedInputTokens), rates.cacheRead],
    [whole(usage.cacheWriteTokens), rates.cacheWrite],
    [whole(usage.audioInputTokens ?? 0), rates.audioInput],
  ]);
  const output = split(whole(usage.outputTokens), rates.output, [
    [whole(usage.reasoningTokens), rates.reasoning],
    [whole(usage.audioOutputTokens ?? 0), rates.audioOutput],
  ]);
  return input + output + feesOf(images, rates);
}

/**
 * Tokens of one direction: each class is part of `all`, and what no class names is plain. Upstreams report classes that
 * overlap, or that are more than the whole; the dearest then has its tokens first and none is counted twice.
 */
function split(
  all: bigint,
  plain: bigint,
  classes: readonly (readonly [count: bigint, rate: bigint | null])[],
): bigint {
  let left = all;
  let parts = 0n;
  const dearestFirst = classes
    .map(([count, rate]) => [count, rate ?? plain] as const)
    .sort(([, one], [, other]) => (one < other ? 1 : one > other ? -1 : 0));
  for (const [count, rate] of dearestFirst) {
    const taken = count < left ? count : left;
    parts += taken * rate;
    left -= taken;
  }
  return parts + left * plain;
}

function feesOf(images: number, rates: Rates): bigint {
  return (whole(images) * rates.image + rates.request) * TOKENS_PER_RATE;
}

function dearestInput(rates: Rates): bigint {
  return dearest(rates.input, rates.cacheRead, rates.cacheWrite, rates.audioInput);
}

function dearestOutput(rates: Rates): bigint {
  return dearest(rates.output, rates.reasoning, rates.audioOutput);
}

function dearest(plain: bigint, ...others: readonly (bigint | null)[]): bigint {
  return others.reduce<bigint>((most, rate) => (rate !== null && rate > most ? rate : most), plain);
}

/** A count as an integer; estimates may come with fractions and are rounded up. */
function whole(count: number): bigint {
  assert(Number.isFinite(count) && count >= 0, 'a count is a number from 0 up');
  return BigInt(Math.ceil(count));
}

function factorOf(marginBp: number): bigint {
  assert(Number.isSafeInteger(marginBp) && marginBp > -10_000, 'a margin is whole basis points and leaves a price');
  return BASIS_POINTS + BigInt(marginBp);
}

function cap(amount: Nano): Nano {
  return amount > NANO_MAX ? NANO_MAX : amount;
}
