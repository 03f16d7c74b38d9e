import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { type Burned, headroomOf, isPast, waitOf, withBurned } from './pace.ts';

const PACE = { most: 1_000n, windowMs: 1_800_000 };
const START_MS = Date.parse('2026-11-02T10:07:31Z');

test('whoever burns no more than there is headroom for stays within the cap in every window', () => {
  const burns = fc.array(fc.tuple(fc.nat({ max: 900_000 }), fc.nat({ max: 1_200 })), { maxLength: 60 });
  fc.assert(
    fc.property(burns, (steps) => {
      let burned: Burned | null = null;
      let now = START_MS;
      const done: { atMs: number; amount: bigint }[] = [];
      for (const [wait, wanted] of steps) {
        now += wait;
        const headroom = headroomOf(burned, now, PACE);
        const amount = BigInt(wanted) < headroom ? BigInt(wanted) : headroom;
        burned = withBurned(burned, now, amount, PACE);
        done.push({ atMs: now, amount });
      }
      for (const { atMs } of done) {
        const within = done.filter((one) => one.atMs > atMs - PACE.windowMs && one.atMs <= atMs);
        expect(within.reduce((total, one) => total + one.amount, 0n) <= PACE.most).toBe(true);
      }
    }),
  );
});

test('the wait ends when more may be burned, and what is past is forgotten', () => {
  const burned = withBurned(null, START_MS, 1_000n, PACE);
  const wait = waitOf(burned, START_MS, PACE);
  expect(wait).toBeLessThanOrEqual(PACE.windowMs * (31 / 30));
  expect(headroomOf(burned, START_MS + wait - 60_001, PACE)).toBe(0n);
  expect(headroomOf(burned, START_MS + wait, PACE)).toBe(1_000n);
  expect(waitOf(null, START_MS, PACE)).toBe(0);
  expect([isPast(burned, START_MS + wait - 60_001, PACE), isPast(burned, START_MS + wait, PACE)]).toEqual([
    false,
    true,
  ]);
});
