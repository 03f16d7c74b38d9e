import { expect, test } from 'bun:test';
import { createAttempts } from './attempts.ts';

function createHeld(keysMax?: number) {
  const time = { ms: 0 };
  return { time, attempts: createAttempts({ wallMs: () => 0, monoMs: () => time.ms }, keysMax) };
}

test('so many tries in a window, then the rest of it to wait', () => {
  const { time, attempts } = createHeld();
  const limit = { key: 'ada', max: 3, windowMs: 1_000 };
  expect([1, 2, 3].map(() => attempts.take([limit]))).toEqual([null, null, null]);
  time.ms = 400;
  expect(attempts.take([limit])).toBe(600);
  time.ms = 1_000;
  expect(attempts.take([limit])).toBeNull();
});

test('a try one limit refuses counts against none', () => {
  const { attempts } = createHeld();
  const narrow = { key: 'narrow', max: 1, windowMs: 1_000 };
  const wide = { key: 'wide', max: 2, windowMs: 1_000 };
  expect(attempts.take([narrow, wide])).toBeNull();
  expect(attempts.take([narrow, wide])).toBe(1_000);
  expect(attempts.take([wide])).toBeNull();
  expect(attempts.take([wide])).toBe(1_000);
});

test('a right try forgives the wrong ones before it', () => {
  const { attempts } = createHeld();
  const limit = { key: 'ada', max: 1, windowMs: 1_000 };
  attempts.take([limit]);
  attempts.forgive('ada');
  expect(attempts.take([limit])).toBeNull();
});

test('it holds so many keys and no more: the oldest is forgotten', () => {
  const { attempts } = createHeld(2);
  for (const key of ['a', 'b', 'c']) attempts.take([{ key, max: 1, windowMs: 1_000 }]);
  expect(['b', 'c'].map((key) => attempts.take([{ key, max: 1, windowMs: 1_000 }]))).toEqual([1_000, 1_000]);
  expect(attempts.take([{ key: 'a', max: 1, windowMs: 1_000 }])).toBeNull();
});
