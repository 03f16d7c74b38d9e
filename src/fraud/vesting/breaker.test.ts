import { describe, expect, test } from 'bun:test';
import { NANO_PER_USD, type Nano } from '../../base/money.ts';
import { type BreakerState, burnedIn, forecastFor, isOpen, newBreaker, withUnpaidBurn } from './breaker.ts';

const HOUR_MS = 3_600_000;
const WEEK_HOURS = 168;
const START_MS = Date.parse('2026-11-02T00:00:00Z');
const usd = (dollars: number): Nano => BigInt(dollars) * NANO_PER_USD;
const RULES = { floor: usd(10), openBp: 30_000, closeBp: 15_000, closeAfterMs: HOUR_MS };

/** Burns `dollars` in each of `hours` hours, in quarters. */
function burn(state: BreakerState, fromHour: number, hours: number, dollars: (hour: number) => number): BreakerState {
  let after = state;
  for (let hour = fromHour; hour < fromHour + hours; hour++) {
    for (let quarter = 0; quarter < 4; quarter++) {
      const nowMs = START_MS + hour * HOUR_MS + quarter * 900_000;
      after = withUnpaidBurn(after, nowMs, usd(dollars(hour)) / 4n, RULES);
    }
  }
  return after;
}

const dayAndNight = (hour: number) => (hour % 24 >= 8 && hour % 24 < 20 ? 100 : 4);

describe('the forecast', () => {
  test('is learnt for each hour of the week, and never below the floor', () => {
    const state = burn(newBreaker(START_MS), 0, 5 * WEEK_HOURS, dayAndNight);
    const at = (hour: number) =>
      Number(forecastFor(state, START_MS + (5 * WEEK_HOURS + hour) * HOUR_MS, RULES) / NANO_PER_USD);
    expect([at(3), at(12)]).toEqual([10, expect.any(Number)]);
    expect(at(12)).toBeGreaterThan(60);
    expect(isOpen(state)).toBe(false);
  });

  test('learns no more of an attack than it would have let pass', () => {
    const calm = burn(newBreaker(START_MS), 0, WEEK_HOURS, () => 10);
    const attacked = burn(calm, WEEK_HOURS, 24, () => 10_000);
    expect(isOpen(attacked)).toBe(true);
    const next = forecastFor(attacked, START_MS + 2 * WEEK_HOURS * HOUR_MS, RULES);
    expect(next <= usd(16)).toBe(true);
  });
});

describe('the breaker', () => {
  test('opens above the ratio and not at it, on the sum of an hour', () => {
    const at = burn(newBreaker(START_MS), 0, 1, () => 30);
    expect([isOpen(at), burnedIn(at)]).toEqual([false, usd(30)]);
    expect(isOpen(withUnpaidBurn(at, START_MS + 50 * 60_000, 1n, RULES))).toBe(true);
  });

  test('closes only after burn has been low for as long as it must', () => {
    const open = burn(newBreaker(START_MS), 0, 1, () => 100);
    const at = (minutes: number, state: BreakerState) => withUnpaidBurn(state, START_MS + minutes * 60_000, 0n, RULES);
    const calm = at(106, open);
    expect([isOpen(calm), calm.calmSinceMs !== null]).toEqual([true, true]);
    expect(isOpen(at(165, calm))).toBe(true);
    expect(isOpen(at(166, calm))).toBe(false);
    const disturbed = withUnpaidBurn(at(140, calm), START_MS + 150 * 60_000, usd(40), RULES);
    expect(isOpen(at(170, disturbed))).toBe(true);
  });

  test('goes by hand where it is pinned, and by its figures beneath', () => {
    const state = { ...newBreaker(START_MS), pinned: 'closed' as const };
    const burning = withUnpaidBurn(state, START_MS, usd(1_000), RULES);
    expect([isOpen(burning), isOpen({ ...burning, pinned: null })]).toEqual([false, true]);
    expect(isOpen({ ...newBreaker(START_MS), pinned: 'open' })).toBe(true);
  });
});
