import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { createHeldTime } from '../../../test/world/time.ts';
import { createRetryBudget } from './retry-budget.ts';

const BURST = 10;
const PER_SECOND = 0.1;

test('a fresh budget holds a burst and no more', () => {
  const budget = createRetryBudget(0.1, createHeldTime().clock);
  const taken = Array.from({ length: 50 }, () => budget.spend()).filter(Boolean).length;
  expect(taken).toBe(BURST);
});

test('a quiet service earns a retry back in ten seconds', async () => {
  const time = createHeldTime();
  const budget = createRetryBudget(0.1, time.clock);
  while (budget.spend());
  await time.advance(9_900);
  expect(budget.spend()).toBe(false);
  await time.advance(200);
  expect(budget.spend()).toBe(true);
  expect(budget.spend()).toBe(false);
});

test('in any run, retries stay within the share of first attempts plus the burst and the trickle', () => {
  const step = fc.record({ afterMs: fc.nat(2_000), first: fc.nat(20), retries: fc.nat(20) });
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.array(step, { maxLength: 40 }), (ratio, steps) => {
      let nowMs = 0;
      const budget = createRetryBudget(ratio, { monoMs: () => nowMs, wallMs: () => 0 });
      let firsts = 0;
      let retries = 0;
      for (const { afterMs, first, retries: wanted } of steps) {
        nowMs += afterMs;
        for (let i = 0; i < first; i++) budget.earn();
        firsts += first;
        for (let i = 0; i < wanted; i++) if (budget.spend()) retries++;
        expect(retries).toBeLessThanOrEqual(ratio * firsts + BURST + (nowMs / 1_000) * PER_SECOND + 1e-6);
      }
    }),
  );
});
