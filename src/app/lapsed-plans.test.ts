import { afterEach, beforeEach, expect, test } from 'bun:test';
import { openPlanWorld, type PlanWorld } from '../../test/world/plans.ts';
import { createKeys, createStanding, type Keys, openStopTable, type Standing } from '../accounts/index.ts';
import { createMintId } from '../base/ids.ts';
import { systemRandom } from '../base/random.ts';
import { followLapsedPlans } from './lapsed-plans.ts';
import type { Job } from './jobs.ts';

const YAML = '{ club: { price_usd: { month: 10 }, when_over: stop }, guest: { price_usd: { month: 10 } } }';
let world: PlanWorld;
let keys: Keys;
let standing: Standing;
let job: Job;

/** What a process does at its start. */
async function begin(): Promise<void> {
  const { storage, clock, accounts, plans } = world;
  const table = await openStopTable(storage, clock);
  keys = await createKeys({ storage, clock, random: systemRandom, stopOf: table.of });
  standing = createStanding({ storage, clock, mintId: createMintId(clock, systemRandom), table, keys, accounts });
  job = followLapsedPlans({
    plans,
    standing,
    onFault(error) {
      throw error;
    },
  });
}
beforeEach(async () => {
  world = await openPlanWorld(YAML);
  await begin();
});
afterEach(async () => {
  keys.close();
  await world.close();
});

async function startPaid(plan: string): Promise<{ account: string; key: string }> {
  const account = await world.account();
  await pay(account, plan, 'pay_1');
  const issued = await keys.create({ account_id: account });
  if (!issued.ok) throw new Error(issued.refusal.message);
  return { account, key: issued.value.key.id };
}

/** Past the end of the month, and then past the days a payment is waited for. */
async function lapse(): Promise<void> {
  for (const day of ['2026-06-01T00:00:00Z', '2026-06-05T00:00:00Z']) {
    world.at(day);
    await world.plans.tick();
  }
}

async function pay(accountId: string, plan: string, id: string): Promise<void> {
  const payment = { id: `${id}_${plan}`, amount: 10_000_000_000n, from: 'wash', note: 'by transfer' } as const;
  const order = { accountId, plan, interval: 'month', seats: 1, trial: false, payment } as const;
  const started = await world.plans.subscriptions.start(order);
  expect(started.ok).toBe(true);
}

test('an account whose plan stops it is stopped when that has ended, and goes on with the next one', async () => {
  const club = await startPaid('club');
  const guest = await startPaid('guest');
  await job.run();
  expect([keys.fallen(club.key), keys.fallen(guest.key)]).toEqual([null, null]);
  await lapse();
  // It is followed without the job, at once.
  await Bun.sleep(20);
  expect([keys.fallen(club.key), keys.fallen(guest.key)]).toEqual(['access_stopped', null]);
  expect(await standing.list(club.account)).toMatchObject([
    { cause: 'plan', by: 'plan', reason: 'the plan club has ended' },
  ]);
  await pay(club.account, 'club', 'pay_2');
  await job.run();
  expect(keys.fallen(club.key)).toBeNull();
  expect(standing.inForce('plan')).toEqual([]);
});

test('what a process that died left undone is done by the next, once', async () => {
  const { key } = await startPaid('club');
  keys.close();
  world = await world.restart();
  await lapse();
  world = await world.restart();
  await begin();
  expect(keys.fallen(key)).toBeNull();
  await Promise.all([job.run(), job.run()]);
  expect(keys.fallen(key)).toBe('access_stopped');
  expect(standing.inForce('plan')).toHaveLength(1);
});
