import { afterEach, beforeEach, expect, test } from 'bun:test';
import type { Stop } from '../accounts/index.ts';
import { usd } from '../../test/world/plans.ts';
import { openVestingWorld, type VestingWorld } from '../../test/world/vesting.ts';
import { followSanctions } from './follow-sanctions.ts';

let world: VestingWorld;
let stops: Stop[];

beforeEach(async () => {
  world = await openVestingWorld();
  stops = [];
});

afterEach(() => world.close());

const stopOf = (accountId: string, cause: Stop['cause']): Stop => ({
  id: `stop_${accountId}`,
  subject: { kind: 'account', accountId },
  cause,
  reason: 'resold keys',
  by: 'staff_1',
  untilMs: null,
  atMs: 0,
  lifted: null,
});

async function follow(): Promise<void> {
  const standing = { inForce: (cause: Stop['cause']) => stops.filter((stop) => stop.cause === cause) };
  await followSanctions({ standing, vesting: world.vesting }).run();
}

test('sign-up credit goes with a sanction and comes back with its end, over a restart too', async () => {
  const id = await world.account();
  await world.vesting.began(id);
  stops = [stopOf(id, 'sanction')];
  await follow();
  await follow();
  expect(await world.available(id)).toBe(0n);
  expect((await world.vesting.stateOf(id))?.sanctioned?.reason).toBe('stopped: resold keys');
  world = await world.restart();
  stops = [];
  await follow();
  expect(await world.available(id)).toBe(usd('1'));
});

test('who is stopped for another reason keeps theirs, and what staff took back stays taken back', async () => {
  const [paused, taken] = [await world.account(), await world.account()];
  for (const id of [paused, taken]) await world.vesting.began(id);
  stops = [stopOf(paused, 'deletion')];
  await world.vesting.clawBack(taken, 'a farm');
  await follow();
  expect([await world.available(paused), await world.available(taken)]).toEqual([usd('1'), 0n]);
});
