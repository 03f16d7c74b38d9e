import { afterEach, beforeEach, expect, test } from 'bun:test';
import type { Stop } from '../accounts/index.ts';
import { usd } from '../../test/world/plans.ts';
import { openVestingWorld, type VestingWorld } from '../../test/world/vesting.ts';
import { followSanctions } from './follow-sanctions.ts';

let world: VestingWorld;
let stops: Stop[];
let marked: [accountId: string, isSanctioned: boolean][];

beforeEach(async () => {
  world = await openVestingWorld();
  stops = [];
  marked = [];
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

function followed() {
  const standing = { inForce: (cause: Stop['cause']) => stops.filter((stop) => stop.cause === cause) };
  const linkage = { sanctioned: (id: string, isSanctioned: boolean) => void marked.push([id, isSanctioned]) };
  return followSanctions({ standing, linkage, vesting: world.vesting });
}

/** As after a restart. */
async function follow(): Promise<void> {
  await followed().run();
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

test('linkage hears at once who is stopped, and once when that begins and ends', async () => {
  stops = [stopOf('acct_a', 'sanction'), stopOf('acct_b', 'deletion')];
  const job = followed();
  expect(marked).toEqual([['acct_a', true]]);
  stops = [stopOf('acct_a', 'staff'), stopOf('acct_c', 'staff')];
  await job.run();
  await job.run();
  stops = [];
  await job.run();
  expect(marked.slice(1)).toEqual([
    ['acct_c', true],
    ['acct_a', false],
    ['acct_c', false],
  ]);
});
