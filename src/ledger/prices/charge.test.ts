import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { NANO_MAX } from '../../base/money.ts';
import type { Usage } from '../../providers/index.ts';
import type { Rates } from '../price.ts';
import { boundOf, chargeOf, costOfUsage, outputBoundOf } from './charge.ts';
import { plainRates, TOKEN_RATE_MAX } from './rates.ts';

const NONE: Usage = {
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
};
/** Dollars per million tokens, as nano-dollars. */
const usd = (dollars: number) => BigInt(Math.round(dollars * 1e9));
const GPT = { ...plainRates(usd(2.5), usd(10)), cacheRead: usd(1.25) };

function priceOf(usage: Partial<Usage>, rates: Rates, marginBp = 0, images = 0) {
  return chargeOf({ usage: { ...NONE, ...usage }, images, rates, marginBp, cost: null });
}

const rate = fc.bigInt(0n, usd(1000));
const maybeRate = fc.option(rate);
const anyRates: fc.Arbitrary<Rates> = fc.record({
  input: rate,
  output: rate,
  cacheRead: maybeRate,
  cacheWrite: maybeRate,
  reasoning: maybeRate,
  audioInput: maybeRate,
  audioOutput: maybeRate,
  image: fc.bigInt(0n, usd(1)),
  request: fc.bigInt(0n, usd(1)),
});
const count = fc.nat(10_000_000);
const anyUsage: fc.Arbitrary<Usage> = fc.record(
  {
    inputTokens: count,
    cachedInputTokens: count,
    cacheWriteTokens: count,
    outputTokens: count,
    reasoningTokens: count,
    audioInputTokens: count,
    audioOutputTokens: count,
  },
  { requiredKeys: ['inputTokens', 'cachedInputTokens', 'cacheWriteTokens', 'outputTokens', 'reasoningTokens'] },
);
/** Classes that fit into what they are part of. */
const soundUsage = fc
  .tuple(fc.array(fc.nat(1_000_000), { minLength: 7, maxLength: 7 }))
  .map(([[plainIn = 0, cached = 0, write = 0, audioIn = 0, plainOut = 0, reasoning = 0, audioOut = 0]]) => ({
    plainIn,
    plainOut,
    usage: {
      inputTokens: plainIn + cached + write + audioIn,
      cachedInputTokens: cached,
      cacheWriteTokens: write,
      audioInputTokens: audioIn,
      outputTokens: plainOut + reasoning + audioOut,
      reasoningTokens: reasoning,
      audioOutputTokens: audioOut,
    },
  }));
const margin = fc.integer({ min: -9999, max: 50_000 });
const images = fc.nat(50);

describe('a charge', () => {
  test('is the sum of its classes', () => {
    const usage = { inputTokens: 1000, cachedInputTokens: 400, outputTokens: 200 };
    // 600 at $2.50, 400 at $1.25 and 200 at $10 the million.
    expect(priceOf(usage, GPT)).toEqual({ price: 1_500_000n + 500_000n + 2_000_000n, rounding: 0n, cost: null });
    expect(priceOf(usage, GPT, 1000).price).toBe(4_400_000n);
    expect(priceOf(usage, GPT, -1000).price).toBe(3_600_000n);
  });

  test('adds images and the fee of the request, with the margin on both', () => {
    const rates = { ...GPT, image: 1_000_000n, request: 100_000n };
    expect(priceOf({}, rates, 0, 3).price).toBe(3_100_000n);
    expect(priceOf({}, rates, 10_000, 3).price).toBe(6_200_000n);
  });

  test('charges a class without a rate as what it is part of', () => {
    const plain = plainRates(usd(2), usd(8));
    const classes = { cachedInputTokens: 10, cacheWriteTokens: 20, audioInputTokens: 5 };
    const whole = { inputTokens: 100, outputTokens: 50 };
    const spread = { ...whole, ...classes, reasoningTokens: 30, audioOutputTokens: 5 };
    expect(priceOf(spread, plain)).toEqual(priceOf(whole, plain));
  });

  test('tells the cost apart, without the margin', () => {
    const used = { usage: { ...NONE, inputTokens: 1_000_001 }, images: 0, rates: GPT, marginBp: 2500 };
    const cost = plainRates(1_000_000n, 0n);
    expect(chargeOf({ ...used, cost }).cost).toBe(1_000_001n);
    expect(chargeOf({ ...used, cost: plainRates(1n, 0n) }).cost).toBe(2n);
    expect(costOfUsage(used.usage, 0, cost)).toBe(1_000_001n);
  });

  test('rounds a part of a nano-dollar up, once, and says so', () => {
    const rates = plainRates(1n, 1n);
    expect(priceOf({ inputTokens: 1 }, rates)).toEqual({ price: 1n, rounding: 1n, cost: null });
    expect(priceOf({ inputTokens: 1, outputTokens: 1 }, rates).price).toBe(1n);
    expect(priceOf({ inputTokens: 1_000_000 }, rates)).toEqual({ price: 1n, rounding: 0n, cost: null });
    expect(priceOf({}, rates)).toEqual({ price: 0n, rounding: 0n, cost: null });
  });

  test('counts parts of tokens, as estimates have them, as whole ones', () => {
    expect(priceOf({ inputTokens: 0.2 }, plainRates(1_000_000n, 0n)).price).toBe(1n);
  });

  test('more of a class than there is of the whole is no more than the whole', () => {
    const rates = { ...plainRates(usd(2), usd(8)), cacheRead: usd(1), cacheWrite: usd(4), reasoning: usd(8) };
    expect(priceOf({ inputTokens: 100, cachedInputTokens: 150 }, rates).price).toBe(100_000n);
    // The dearer class has its tokens first.
    expect(priceOf({ inputTokens: 100, cachedInputTokens: 80, cacheWriteTokens: 60 }, rates).price).toBe(280_000n);
    expect(priceOf({ cachedInputTokens: 10, reasoningTokens: 10 }, rates).price).toBe(0n);
  });

  test('of numbers that cannot be is refused as a bug', () => {
    expect(() => priceOf({ inputTokens: -1 }, GPT)).toThrow('from 0 up');
    expect(() => priceOf({ inputTokens: Number.NaN }, GPT)).toThrow('from 0 up');
    expect(() => priceOf({}, GPT, -10_000)).toThrow('margin');
    expect(() => priceOf({ inputTokens: 1e15 }, plainRates(TOKEN_RATE_MAX, 0n))).toThrow('booked');
  });

  test('the largest counts upstreams are believed at the largest rates can be booked', () => {
    const dearest = plainRates(TOKEN_RATE_MAX, TOKEN_RATE_MAX);
    const { price } = priceOf({ inputTokens: 100_000_000, outputTokens: 100_000_000 }, dearest, 10_000);
    expect(price).toBe(400_000_000n * 1_000_000_000n);
    expect(price).toBeLessThan(NANO_MAX);
  });
});

describe('laws', () => {
  test('never below the exact price, and less than a nano-dollar above it', () => {
    fc.assert(
      fc.property(soundUsage, anyRates, margin, images, ({ usage, plainIn, plainOut }, rates, marginBp, imageCount) => {
        const { price, rounding } = chargeOf({ usage, images: imageCount, rates, marginBp, cost: null });
        const at = (tokens: number, own: bigint | null, plain: bigint) => BigInt(tokens) * (own ?? plain);
        const tokens =
          at(plainIn, null, rates.input) +
          at(usage.cachedInputTokens, rates.cacheRead, rates.input) +
          at(usage.cacheWriteTokens, rates.cacheWrite, rates.input) +
          at(usage.audioInputTokens, rates.audioInput, rates.input) +
          at(plainOut, null, rates.output) +
          at(usage.reasoningTokens, rates.reasoning, rates.output) +
          at(usage.audioOutputTokens, rates.audioOutput, rates.output);
        const fees = (BigInt(imageCount) * rates.image + rates.request) * 1_000_000n;
        const exact = (tokens + fees) * BigInt(10_000 + marginBp);
        const over = price * 10_000_000_000n - exact;
        expect(over >= 0n && over < 10_000_000_000n).toBe(true);
        expect(rounding).toBe(over === 0n ? 0n : 1n);
      }),
      { numRuns: 1000 },
    );
  });

  test('more tokens of the whole never cost less, whatever the classes say', () => {
    fc.assert(
      fc.property(anyUsage, anyRates, margin, fc.nat(1000), fc.nat(1000), (usage, rates, marginBp, moreIn, moreOut) => {
        const more = {
          ...usage,
          inputTokens: usage.inputTokens + moreIn,
          outputTokens: usage.outputTokens + moreOut,
        };
        expect(priceOf(more, rates, marginBp).price).toBeGreaterThanOrEqual(priceOf(usage, rates, marginBp).price);
      }),
      { numRuns: 1000 },
    );
  });

  test('a use in parts is never cheaper than at once', () => {
    fc.assert(
      fc.property(anyUsage, anyUsage, anyRates, margin, (one, other, rates, marginBp) => {
        const fee = { ...rates, request: 0n };
        const both = {
          inputTokens: one.inputTokens + other.inputTokens,
          cachedInputTokens: 0,
          cacheWriteTokens: 0,
          outputTokens: one.outputTokens + other.outputTokens,
          reasoningTokens: 0,
        };
        const plain = {
          ...fee,
          cacheRead: null,
          cacheWrite: null,
          reasoning: null,
          audioInput: null,
          audioOutput: null,
        };
        const apart = priceOf(one, plain, marginBp).price + priceOf(other, plain, marginBp).price;
        expect(apart).toBeGreaterThanOrEqual(priceOf(both, plain, marginBp).price);
      }),
    );
  });

  test('a million calls of one token bring in at least what a million tokens cost', () => {
    fc.assert(
      fc.property(rate, margin, (input, marginBp) => {
        const rates = plainRates(input, 0n);
        const each = priceOf({ inputTokens: 1 }, rates, marginBp).price;
        expect(each * 1_000_000n).toBeGreaterThanOrEqual(priceOf({ inputTokens: 1_000_000 }, rates, marginBp).price);
      }),
    );
  });

  test('a bound holds for every way the tokens may be classed, consistent or not', () => {
    fc.assert(
      fc.property(anyUsage, anyRates, margin, images, (usage, rates, marginBp, imageCount) => {
        const tokens = { input: usage.inputTokens, output: usage.outputTokens };
        const bound = boundOf(tokens, imageCount, rates, marginBp);
        expect(bound).toBeGreaterThanOrEqual(priceOf(usage, rates, marginBp, imageCount).price);
      }),
      { numRuns: 1000 },
    );
  });

  test('a bound of output grows with the tokens and is never less than their price', () => {
    fc.assert(
      fc.property(count, anyRates, margin, (tokens, rates, marginBp) => {
        const bound = outputBoundOf(tokens, rates, marginBp);
        const free = { ...rates, request: 0n };
        expect(bound).toBeGreaterThanOrEqual(priceOf({ outputTokens: tokens }, free, marginBp).price);
        expect(outputBoundOf(tokens + 1, rates, marginBp)).toBeGreaterThanOrEqual(bound);
      }),
    );
  });
});

test('a bound beyond all money is the most that can be booked', () => {
  const rates = plainRates(TOKEN_RATE_MAX, TOKEN_RATE_MAX);
  expect(boundOf({ input: 0, output: Number.MAX_SAFE_INTEGER }, 0, rates, 0)).toBe(NANO_MAX);
  expect(outputBoundOf(1e300, rates, 0)).toBe(NANO_MAX);
});
