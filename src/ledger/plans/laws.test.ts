import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { openPlanWorld, type PlanWorld, usd } from '../../../test/world/plans.ts';
import type { PlanInterval, PlanPayment } from '../plan.ts';

/** Odd fees, so that every division leaves a remainder. */
const PLANS = `{
  plus: { price_usd: { month: '19.990000001', year: '203.33' }, included_credit_usd: '3.333333333' },
  business: { price_usd: { month: '31.07', year: '299.99' }, seats: { min: 1, max: 9 } },
}`;

type Move =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'order'; readonly plan: string; readonly interval: PlanInterval; readonly seats: number }
  | { readonly kind: 'renew' | 'cancel' | 'resume' | 'end' | 'tick' };

const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 40 * 86_400_000 }) }),
  fc.record({
    kind: fc.constant('order' as const),
    plan: fc.constantFrom('free', 'plus', 'business'),
    interval: fc.constantFrom('month' as const, 'year' as const),
    seats: fc.integer({ min: 1, max: 4 }),
  }),
  fc.constantFrom<Move>({ kind: 'renew' }, { kind: 'cancel' }, { kind: 'resume' }, { kind: 'end' }, { kind: 'tick' }),
);

async function play(world: PlanWorld, accountId: string, moves: readonly Move[]): Promise<void> {
  const { subscriptions } = world.plans;
  let now = Date.parse('2026-01-31T10:00:00Z');
  let payments = 0;
  const pay = (due: bigint): PlanPayment | null =>
    due === 0n ? null : { id: `${accountId}:${payments++}`, amount: due, from: 'wash', note: 'paid' };
  for (const one of moves) {
    switch (one.kind) {
      case 'wait':
        now += one.ms;
        world.at(new Date(now).toISOString());
        break;
      case 'order': {
        const order = { accountId, plan: one.plan, interval: one.interval, seats: one.seats };
        // Whoever quotes meets the subscription as it stands now.
        await world.plans.tick();
        const start = subscriptions.quote(order);
        const change = start.ok ? start : await subscriptions.quoteChange(order);
        const payment = change.ok ? pay(change.value.due) : null;
        const done = start.ok
          ? await subscriptions.start({ ...order, trial: false, payment })
          : await subscriptions.change({ ...order, payment });
        expect(done.ok).toBe(change.ok);
        break;
      }
      case 'renew': {
        await world.plans.tick();
        const quoted = subscriptions.renewal(accountId);
        const payment = quoted.ok ? pay(quoted.value.due) : null;
        if (payment !== null) expect((await subscriptions.renew(accountId, payment)).ok).toBe(true);
        break;
      }
      case 'cancel':
        await subscriptions.cancel(accountId);
        break;
      case 'resume':
        await subscriptions.resume(accountId);
        break;
      case 'end':
        await subscriptions.endNow(accountId, { into: 'wash', reason: 'refund' });
        break;
      case 'tick':
        await world.plans.tick();
    }
  }
}

test('what was received is what is earned, deferred and given as paid credit, less what rounding gave away', async () => {
  const world = await openPlanWorld(PLANS);
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(move, { minLength: 1, maxLength: 14 }), async (moves) => {
        world.at('2026-01-31T10:00:00Z');
        const before = await sums(world);
        const accountId = await world.account();
        await play(world, accountId, moves);
        const after = await sums(world);
        const delta = (name: keyof typeof after) => after[name] - before[name];
        const { grants } = await world.ledger.balance(accountId);
        const surplus = grants.filter((one) => one.kind === 'paid').reduce((sum, one) => sum + one.available, 0n);
        expect(-delta('wash') - delta('rounding')).toBe(
          delta('earnings_subscription') + delta('deferred_subscription') + surplus,
        );
        expect(await world.audit()).toEqual([]);
        // Once all that was paid for is over, nothing is deferred and nothing was earned twice.
        world.at('2040-01-01T00:00:00Z');
        await world.plans.subscriptions.cancel(accountId);
        await world.plans.tick();
        expect(await world.balanceOf('deferred_subscription')).toBe(0n);
        expect(await isRebuilt(world, accountId)).toBe(true);
      }),
      { numRuns: 25 },
    );
  } finally {
    await world.close();
  }
}, 60_000);

async function sums(world: PlanWorld) {
  return {
    wash: await world.balanceOf('wash'),
    rounding: await world.balanceOf('rounding'),
    earnings_subscription: await world.balanceOf('earnings_subscription'),
    deferred_subscription: await world.balanceOf('deferred_subscription'),
  };
}

/** The last entry of the log says what memory says. */
async function isRebuilt(world: PlanWorld, accountId: string): Promise<boolean> {
  const events = await world.plans.events(accountId);
  const last = events.at(-1);
  const standing = world.plans.subscriptions.get(accountId);
  if (last === undefined || standing === null) return last === undefined && standing === null;
  return (
    events.every((event, at) => event.version === at + 1 && event.atMs >= (events[at - 1]?.atMs ?? 0)) &&
    last.plan === standing.plan &&
    last.interval === standing.interval &&
    last.seats === standing.seats &&
    last.state === standing.state &&
    last.periodStartMs === standing.periodStartMs &&
    last.periodEndMs === standing.periodEndMs &&
    last.cancelAtPeriodEnd === standing.cancelAtPeriodEnd &&
    last.fee >= usd('0')
  );
}
