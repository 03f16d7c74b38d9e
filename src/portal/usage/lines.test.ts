import { expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Rates } from '../../ledger/index.ts';
import { chargeOf } from '../../ledger/index.ts';
import { type ChargedUse, priceLines } from './lines.ts';

const rate = fc.bigInt(0n, 1_000_000_000_000n);
const rates: fc.Arbitrary<Rates> = fc.record({
  input: rate,
  output: rate,
  cacheRead: fc.option(rate),
  cacheWrite: fc.option(rate),
  reasoning: fc.option(rate),
  audioInput: fc.option(rate),
  audioOutput: fc.option(rate),
  image: fc.bigInt(0n, 1_000_000_000n),
  request: fc.bigInt(0n, 1_000_000_000n),
});
const count = fc.nat(1_000_000);
const used = fc.record({
  inputTokens: count,
  cachedInputTokens: count,
  cacheWriteTokens: count,
  audioInputTokens: count,
  outputTokens: count,
  reasoningTokens: count,
  audioOutputTokens: count,
  images: fc.nat(20),
  marginBp: fc.integer({ min: -9_999, max: 50_000 }),
});

/** A decimal in parts of 10^-10. */
function parts(text: string): bigint {
  const [, sign, whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,10}))?$/.exec(text) ?? [];
  const size = BigInt(whole) * 10_000_000_000n + BigInt(fraction.padEnd(10, '0'));
  return sign === '-' ? -size : size;
}

test('the lines of a receipt add up to what was charged, to the last part of a nano-dollar', () => {
  fc.assert(
    fc.property(used, rates, (usage, prices) => {
      const { price, rounding } = chargeOf({
        usage,
        images: usage.images,
        rates: prices,
        marginBp: usage.marginBp,
        cost: null,
      });
      const lines = priceLines({ ...usage, priceNano: price } satisfies ChargedUse, prices);
      const sum = lines.reduce((all, { amount_nano: amount }) => all + parts(amount), 0n);
      expect(sum).toBe(price * 10_000_000_000n);
      expect(lines.some(({ what }) => what === 'rounding')).toBe(rounding === 1n);
    }),
  );
});

test('tokens stand in one line each, however the upstream counted them', () => {
  const use = {
    inputTokens: 1e3,
    cachedInputTokens: 400,
    cacheWriteTokens: 0,
    audioInputTokens: null,
    outputTokens: 50,
    reasoningTokens: 20,
    audioOutputTokens: null,
    images: 0,
    marginBp: 1e3,
    priceNano: 2310000n,
  };
  const prices: Rates = {
    input: 2000000000n,
    output: 10000000000n,
    cacheRead: 1000000000n,
    cacheWrite: null,
    reasoning: null,
    audioInput: null,
    audioOutput: null,
    image: 0n,
    request: 0n,
  };
  expect(priceLines(use, prices).map(({ what, quantity, amount_nano }) => [what, quantity, amount_nano])).toEqual([
    ['input', 600, '1200000'],
    ['cached_input', 400, '400000'],
    ['output', 30, '300000'],
    ['reasoning', 20, '200000'],
    ['margin', 1_000, '210000'],
  ]);
});
