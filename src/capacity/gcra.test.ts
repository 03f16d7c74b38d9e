import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { remaining, resetMs, take, waitMs } from './gcra.ts';

test('a full minute may be taken at once, and then one unit at a time as it is earned', () => {
  const rate = { perMinute: 60 };
  let state = 0;
  for (let taken = 0; taken < 60; taken++) {
    expect(waitMs(state, 1, rate, 1_000)).toBe(0);
    state = take(state, 1, rate, 1_000);
  }
  expect(waitMs(state, 1, rate, 1_000)).toBe(1_000);
  expect(remaining(state, rate, 1_000)).toBe(0);
  expect(waitMs(state, 1, rate, 2_000)).toBe(0);
  expect(resetMs(state, 1_000)).toBe(60_000);
});

test('a full minute may be taken at any time of a clock that counts fractions, in one go or one by one', () => {
  const clock = fc.double({ min: 0, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(clock, fc.integer({ min: 1, max: 2_000 }), (now, perMinute) => {
      expect(waitMs(0, perMinute, { perMinute }, now)).toBe(0);
      let state = 0;
      for (let taken = 0; taken < perMinute; taken++) {
        expect(waitMs(state, 1, { perMinute }, now)).toBe(0);
        state = take(state, 1, { perMinute }, now);
      }
      expect(waitMs(state, 1, { perMinute }, now)).toBeGreaterThan(0);
    }),
  );
});

test('more than the limit can never be taken', () => {
  expect(waitMs(0, 61, { perMinute: 60 }, 0)).toBe(Number.POSITIVE_INFINITY);
});

test('in any window of w minutes no more than limit * (w + 1) units pass, and a stated wait is true', () => {
  const step = fc.record({ afterMs: fc.integer({ min: 0, max: 5_000 }), cost: fc.integer({ min: 1, max: 40 }) });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.array(step, { maxLength: 200 }), (perMinute, steps) => {
      const rate = { perMinute };
      let now = 0;
      let state = 0;
      let passed = 0;
      for (const { afterMs, cost } of steps) {
        now += afterMs;
        const wait = waitMs(state, cost, rate, now);
        if (wait === 0) {
          state = take(state, cost, rate, now);
          passed += cost;
        } else if (Number.isFinite(wait)) {
          expect(waitMs(state, cost, rate, now + wait + 1e-6)).toBeLessThan(1e-3);
        }
      }
      expect(passed).toBeLessThanOrEqual(perMinute * (now / 60_000 + 1) + 1e-6);
    }),
  );
});

test('what is given back may be taken again, and no more', () => {
  const rate = { perMinute: 100 };
  const full = take(0, 100, rate, 0);
  const back = take(full, -30, rate, 0);
  expect(remaining(back, rate, 0)).toBe(30);
  expect(remaining(take(back, -500, rate, 0), rate, 0)).toBe(100);
});
