import { afterEach, beforeEach, expect, test } from 'bun:test';
import { openVestingWorld, type VestingWorld } from '../../../test/world/vesting.ts';

let world: VestingWorld;

beforeEach(async () => {
  world = await openVestingWorld();
});

afterEach(() => world.close());

async function write(sql: string): Promise<void> {
  const written = await world.plans.storage.writer.write([{ sql, parameters: [] }]);
  expect(written.ok).toBe(true);
}

test.each([
  [
    'an account that says it was given something else than the books gave it',
    'update fraud_vesting set given = given + 1',
    'what an account was given of sign-up credit that vests is what the books gave it',
  ],
  [
    'an envelope with more than one free tier',
    "update ledger_account set balance = balance + 1000000000 where id like 'envelope:%'",
    'no operator is promised and given more than one free tier',
  ],
])('finds %s', async (_, damage, rule) => {
  const id = await world.account();
  await world.vesting.began(id);
  expect(await world.plans.audit()).toEqual([]);
  await write(damage);
  expect(await world.plans.audit()).toContain(rule);
});

test('finds an envelope beside that of the first account of an operator', async () => {
  const [a, b] = [await world.account(), await world.account()];
  for (const id of [a, b]) await world.vesting.began(id);
  await write(`update fraud_vesting set principal_id = '${a}'`);
  expect(await world.plans.audit()).toContain(
    'only the first account of an operator has an envelope of sign-up credit that vests',
  );
});

test('leaves out what is not settled yet', async () => {
  const id = await world.account();
  await world.vesting.began(id);
  await write('update fraud_vesting set given = given + 1, unsettled = 1');
  expect(await world.plans.audit()).toEqual([]);
});
