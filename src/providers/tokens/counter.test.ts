import { afterEach, describe, expect, test } from 'bun:test';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { createTokenCounter, encodingOf, type TokenCounter } from './counter.ts';

const open: TokenCounter[] = [];

function counter(...args: Parameters<typeof createTokenCounter>): TokenCounter {
  const made = createTokenCounter(...args);
  open.push(made);
  return made;
}

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** Longest time, in milliseconds, the event loop did not come round while `work` ran. */
async function longestDelay(work: () => Promise<unknown>): Promise<number> {
  let last = performance.now();
  let longest = 0;
  const beat = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - 1);
    last = now;
  }, 1);
  try {
    await work();
  } finally {
    clearInterval(beat);
  }
  return longest;
}

describe('createTokenCounter', () => {
  test('counts as the vocabulary does, special words as plain text', async () => {
    const counting = counter();
    expect(await counting.count('Hello, world!')).toBe(countTokens('Hello, world!'));
    expect(await counting.count('<|endoftext|>')).toBeGreaterThan(1);
    expect(await counting.count('')).toBe(0);
    expect(await counting.count('Hello, world!', 'cl100k_base')).toBe(4);
  });

  test('gives up on hostile texts without holding up the event loop', async () => {
    const counting = counter();
    await counting.count('warm');
    const hostile = [
      ' '.repeat(2_000_000),
      '😀'.repeat(1_000_000),
      'a'.repeat(2_000_000),
      ' '.repeat(390_000),
      '😀'.repeat(195_000),
      'a'.repeat(390_000),
      '今天'.repeat(195_000),
      `${'a'.repeat(1500)} `.repeat(260),
    ];
    let answers: (number | null)[] = [];
    const delay = await longestDelay(async () => {
      answers = await Promise.all(hostile.map((text) => counting.count(text)));
    });
    expect(answers.slice(0, 7)).toEqual([null, null, null, null, null, null, null]);
    expect(delay).toBeLessThan(60);
    expect(await counting.count('still here')).toBe(2);
  });

  test('a text that takes too long is given up and the thread replaced', async () => {
    const counting = counter({ countMs: 1 });
    const slow = Array.from({ length: 30_000 }, (_, i) => `word${i}`).join(' ');
    expect(await counting.count(slow)).toBeNull();
    expect(await counting.count('still here')).toBe(2);
  });

  test('refuses a text when the line is full, at once', async () => {
    const counting = counter({ queueMax: 1 });
    const answers = await Promise.all(['one', 'two', 'three'].map((text) => counting.count(text)));
    expect(answers).toEqual([1, 1, null]);
  });

  test('a caller waits no longer than the limit, even while the vocabulary loads', async () => {
    const counting = counter({ waitMs: 5 });
    expect(await counting.count('early')).toBeNull();
  });

  test('what waits is answered null when it closes', async () => {
    const counting = counter();
    const waiting = [counting.count('one'), counting.count('two')];
    await counting.close();
    expect(await Promise.all(waiting)).toEqual([null, null]);
    expect(await counting.count('three')).toBeNull();
  });
});

test('encodingOf knows the older names', () => {
  expect(['gpt-4', 'gpt-4-turbo', 'gpt-3.5-turbo', 'text-embedding-3-small'].map(encodingOf)).toEqual(
    Array(4).fill('cl100k_base'),
  );
  expect(['gpt-4o', 'gpt-4.1-mini', 'gpt-5.5', 'o3', 'llama-4'].map(encodingOf)).toEqual(Array(5).fill('o200k_base'));
});
