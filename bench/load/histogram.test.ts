import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { Histogram } from './histogram.ts';

test('an empty histogram reads zero', () => {
  expect(new Histogram().summary()).toEqual({
    count: 0,
    meanMs: 0,
    p50Ms: 0,
    p90Ms: 0,
    p99Ms: 0,
    p999Ms: 0,
    maxMs: 0,
  });
});

test('every quantile is within one percent of the sorted values', () => {
  const durations = fc.array(fc.integer({ min: 0, max: 60_000_000 }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(durations, fc.double({ min: 0, max: 1, noNaN: true }), (micros, q) => {
      const histogram = new Histogram();
      for (const value of micros) histogram.record(value / 1000);
      const sorted = micros.toSorted((a, b) => a - b);
      const exact = (sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] ?? 0) / 1000;
      const read = histogram.quantileMs(q);
      expect(read).toBeGreaterThanOrEqual(exact);
      expect(read).toBeLessThanOrEqual(exact * 1.01 + 1e-9);
    }),
  );
});
