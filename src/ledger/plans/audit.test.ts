import { afterEach, beforeEach, expect, test } from 'bun:test';
import { openPlanWorld, paid, type PlanWorld } from '../../../test/world/plans.ts';

let world: PlanWorld;

beforeEach(async () => {
  world = await openPlanWorld();
  for (const plan of ['free', 'plus']) {
    const order = { accountId: await world.account(), plan, interval: 'month', seats: 1, trial: false } as const;
    await world.plans.subscriptions.start({ ...order, payment: plan === 'plus' ? paid('p', '20') : null });
  }
  expect(await world.audit()).toEqual([]);
});

afterEach(() => world.close());

test.each([
  ['update ledger_subscription set seats = 7', 'each subscription stands as the last entry of its log says'],
  ['delete from ledger_subscription_event', 'each subscription stands as the last entry of its log says'],
  [
    'update ledger_subscription_fee set recognised = recognised + 1',
    'what is deferred is what fees of plans have still to earn',
  ],
  [
    "update ledger_signup set released = '[1,2]'",
    'each envelope holds the tranches that were promised and not released',
  ],
  ['delete from ledger_subscription_fee', 'what is deferred is what fees of plans have still to earn'],
])('%s is found', async (sql, rule) => {
  expect((await world.storage.writer.write([{ sql, parameters: [] }])).ok).toBe(true);
  expect(await world.audit()).toEqual([rule]);
});
