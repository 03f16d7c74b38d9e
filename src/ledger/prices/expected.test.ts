import { expect, test } from 'bun:test';
import { expectedPrice } from './expected.ts';
import { plainRates } from './rates.ts';

const RATES = {
  ...plainRates(2_000_000n, 8_000_000n),
  cacheRead: 1_000_000n,
  audioOutput: 16_000_000n,
  image: 5n,
  request: 3n,
};
const NOTHING = {
  inputTokens: null,
  cachedInputTokens: null,
  cacheWriteTokens: null,
  outputTokens: null,
  reasoningTokens: null,
  audioInputTokens: null,
  audioOutputTokens: null,
  images: 0,
  marginBp: 0,
};

test('an event is charged for every class it tells, with its images, its fee and its margin', () => {
  const used = { ...NOTHING, inputTokens: 10, cachedInputTokens: 4, outputTokens: 3, audioOutputTokens: 1, images: 2 };
  // 6 at 2, 4 at 1, 2 at 8, 1 at 16, 2 images at 5 and the request at 3 nano-dollars.
  expect(expectedPrice(used, RATES)).toBe(61n);
  expect(expectedPrice({ ...used, marginBp: 1000 }, RATES)).toBe(68n);
});

test('an event without counts is charged its fee', () => {
  expect(expectedPrice(NOTHING, RATES)).toBe(3n);
});
