import { afterAll, beforeAll, expect, test } from 'bun:test';
import { startCandor, type World } from '../../test/world/candor.ts';
import { systemRandom } from '../base/random.ts';
import { createSafetyIdentifiers } from './safety-identifiers.ts';

const DAY_MS = 86_400_000;
let world: World;
beforeAll(async () => {
  world = await startCandor();
});
afterAll(() => world.close());

test('one for each end user of each account, the same after a restart, and led back while it is in use', async () => {
  const time = { ms: 1_000 * DAY_MS };
  const clock = { wallMs: () => time.ms, monoMs: () => 0 };
  const open = () => createSafetyIdentifiers({ storage: world.app.storage, clock, random: systemRandom });
  const identifiers = open();
  const ann = identifiers.of('acct_operator', 'ann');
  const all = [ann, identifiers.of('acct_operator', null), identifiers.of('acct_other', 'ann')];
  expect(new Set(all).size).toBe(3);
  expect(ann).toMatch(/^[0-9a-f]{64}$/);
  expect(open().of('acct_operator', 'ann')).toBe(ann);
  // Written after those notes, so that they are there.
  await world.app.storage.writer.write([]);
  expect(await identifiers.resolve(ann)).toEqual({ accountId: 'acct_operator', endUser: 'ann' });
  expect(await identifiers.resolve(all[1] ?? '')).toEqual({ accountId: 'acct_operator', endUser: null });
  expect(await identifiers.resolve('0'.repeat(64))).toBeNull();
  time.ms += 89 * DAY_MS;
  identifiers.of('acct_operator', 'ann');
  await world.app.storage.writer.write([]);
  time.ms += 2 * DAY_MS;
  expect(await identifiers.sweep()).toBe(2);
  expect(await identifiers.resolve(ann)).toEqual({ accountId: 'acct_operator', endUser: 'ann' });
  expect(await identifiers.resolve(all[2] ?? '')).toBeNull();
  await identifiers.forget('acct_operator');
  expect(await identifiers.resolve(ann)).toBeNull();
});
