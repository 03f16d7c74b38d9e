import { expect, test } from 'bun:test';
import { createDraw, type Distribution, drawFrom } from './draw.ts';
import { createEventQueue } from './event-queue.ts';

const SAMPLES = 20_000;

function sample(distribution: Distribution): number[] {
  const draw = createDraw('sample');
  return Array.from({ length: SAMPLES }, () => drawFrom(distribution, draw)).toSorted((a, b) => a - b);
}

function median(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

test('a seed repeats its numbers, and a fork is the same however often its parent was asked', () => {
  const [one, other] = [createDraw('7'), createDraw('7')];
  const numbers = (draw: { unit(): number }) => Array.from({ length: 50 }, () => draw.unit());
  for (let at = 0; at < 13; at += 1) other.unit();
  expect(numbers(one.fork('a'))).toEqual(numbers(other.fork('a')));
  expect(numbers(one.fork('a'))).not.toEqual(numbers(one.fork('b')));
});

test('distributions have the middle their names promise', () => {
  expect(median(sample({ lognormal: { median: 40, sigma: 0.8 } }))).toBeCloseTo(40, -1);
  expect(median(sample({ log_uniform: [5, 5_000] })) / 158).toBeCloseTo(1, 0);
  expect(mean(sample({ uniform: [2, 4] }))).toBeCloseTo(3, 1);
  expect(mean(sample({ exponential: { mean: 10 } })) / 10).toBeCloseTo(1, 1);
  expect(
    mean(
      sample({
        choice: [
          [1, 3],
          [5, 1],
        ],
      }),
    ),
  ).toBeCloseTo(2, 1);
  expect(sample({ lognormal: { median: 40, sigma: 3, max: 60 } }).at(-1)).toBe(60);
});

test('weights decide how often a name is drawn', () => {
  const draw = createDraw('weights');
  const drawn = Array.from({ length: SAMPLES }, () => draw.weighted({ a: 3, b: 1, c: 0 }));
  expect(drawn.filter((one) => one === 'a').length / SAMPLES).toBeCloseTo(0.75, 1);
  expect(drawn).not.toContain('c');
});

test('things happen in the order of their times, and of their asking where times are the same', () => {
  const queue = createEventQueue();
  const draw = createDraw('queue');
  const times = Array.from({ length: 500 }, () => draw.below(40));
  const happened: { atMs: number; order: number }[] = [];
  for (const [order, atMs] of times.entries()) queue.at(atMs, () => happened.push({ atMs, order }));
  for (let next = queue.next(); next !== null; next = queue.next()) next.happening();
  expect(happened).toHaveLength(500);
  expect(happened).toEqual(happened.toSorted((a, b) => a.atMs - b.atMs || a.order - b.order));
});
