import { expect, test } from 'bun:test';
import { createFireRate } from './fire-rate.ts';

const BUCKET_MS = 600_000;

/** Ten minutes each in which it fires on `hits` of a thousand events, of `accounts` accounts. */
function fire(rate: ReturnType<typeof createFireRate>, bucket: number, hits: number, accounts: number): boolean {
  let isPaused = false;
  for (let nth = 0; nth < 1_000; nth++) {
    const isHit = nth < hits;
    const accountId = isHit ? `acct_${nth % accounts}` : `other_${nth % 200}`;
    isPaused = rate.seen(bucket * BUCKET_MS, isHit, accountId) !== null || isPaused;
  }
  return isPaused;
}

function known() {
  const rate = createFireRate();
  for (let bucket = 0; bucket < 12; bucket++) expect(fire(rate, bucket, 1, 1)).toBe(false);
  return rate;
}

test('a rule that suddenly fires on many accounts is not about abuse', () => {
  expect(fire(known(), 12, 100, 40)).toBe(true);
});

test.each([1, 9])('%i who meet a rule on purpose, again and again, do not get it paused', (accounts) => {
  const rate = known();
  for (let nth = 0; nth < 1_000; nth++) rate.seen(12 * BUCKET_MS, false, `other_${nth}`);
  let isPaused = false;
  for (let nth = 0; nth < 900; nth++) {
    isPaused = rate.seen(12 * BUCKET_MS, true, `acct_${nth % accounts}`) !== null || isPaused;
  }
  expect(isPaused).toBe(false);
});

test('one that fires on everything is paused, however few ask', () => {
  const rate = createFireRate();
  let isPaused = false;
  for (let nth = 0; nth < 1_000; nth++) isPaused = rate.seen(0, true, `acct_${nth % 3}`) !== null;
  expect(isPaused).toBe(true);
});
