import { expect, test } from 'bun:test';
import { createKeyedHash } from './keyed-hash.ts';
import { leastWordPairs } from './word-pairs.ts';

const HASH = createKeyedHash(new Uint8Array(32).fill(3));
const WORDS = Array.from({ length: 80 }, (_, at) => `word${at}`);

function sharedBy(a: Uint32Array, b: Uint32Array): number {
  return [...a].filter((pair) => b.includes(pair)).length;
}

test('a text of which some words were put otherwise still shares pairs, and another text none', () => {
  const own = leastWordPairs(WORDS, HASH, 24);
  const rewritten = WORDS.map((word, at) => (at % 4 === 0 ? `other${at}` : word));
  expect(sharedBy(own, leastWordPairs(rewritten, HASH, 24))).toBeGreaterThanOrEqual(6);
  const stranger = leastWordPairs(
    WORDS.map((word) => `${word}s`),
    HASH,
    24,
  );
  expect(sharedBy(own, stranger)).toBe(0);
});

test('pairs count once, in order, at most as many as asked for, and mean nothing under another secret', () => {
  const pairs = leastWordPairs([...WORDS, ...WORDS], HASH, 10);
  expect(pairs).toHaveLength(10);
  expect([...pairs]).toEqual([...new Set(pairs)].sort((a, b) => a - b));
  expect(leastWordPairs(['alone'], HASH, 10)).toHaveLength(0);
  const elsewhere = leastWordPairs(WORDS, createKeyedHash(new Uint8Array(32).fill(4)), 24);
  expect(sharedBy(leastWordPairs(WORDS, HASH, 24), elsewhere)).toBe(0);
});
