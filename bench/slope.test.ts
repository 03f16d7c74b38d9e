import { expect, test } from 'bun:test';
import { slopeOf } from './slope.ts';

test('points on a line give its slope', () => {
  const points = [0, 1, 2, 5, 9].map((x) => ({ x, y: 3 - 2 * x }));
  expect(slopeOf(points)).toBeCloseTo(-2, 10);
});

test('noise that repeats itself has hardly a slope', () => {
  const points = Array.from({ length: 100 }, (_, x) => ({ x, y: x % 2 }));
  expect(Math.abs(slopeOf(points))).toBeLessThan(0.001);
});

test('points above each other have none', () => {
  expect(slopeOf([])).toBe(0);
  expect(
    slopeOf([
      { x: 1, y: 1 },
      { x: 1, y: 2 },
    ]),
  ).toBe(0);
});
