import { afterEach, beforeEach, expect, test } from 'bun:test';
import {
  AUTOMATIC,
  CERTIFICATE,
  openSanctionWorld,
  orderOf,
  type SanctionWorld,
} from '../../../test/world/sanctions.ts';

let world: SanctionWorld;
let ids: string[];

beforeEach(async () => {
  world = await openSanctionWorld();
  ids = [];
  for (let at = 0; at < 12; at++) ids.push(await world.account());
  for (const one of ids) world.operators.set(one, ids);
});

afterEach(() => world.close());

const first = () => ids[0] ?? '';
const unit = () => ({ kind: 'operator' as const, accountId: first() });

test('every linked account gets the step below, each with its own decision that tells nothing of the others', async () => {
  const imposed = await world.sanctions.impose(orderOf(first(), { unit: unit(), step: 'operator' }));
  expect(imposed.ok).toBe(true);
  for (const accountId of ids) {
    expect(world.standing.stopOfAccount(accountId)?.cause).toBe('sanction');
    const [decision] = await world.decisions.ofAccount(accountId);
    expect(decision).toMatchObject({ step: 'suspend', facts: { incidents: [], categories: [], requests: 0 } });
    const said = JSON.stringify(decision);
    for (const other of ids) if (other !== accountId) expect(said).not.toContain(other);
  }
  const head = imposed.ok ? imposed.value : null;
  expect(head?.linkedTo).toBeNull();
  const followers = await world.sanctions.followers(head?.id ?? '');
  expect(new Set(followers.map((one) => one.unit.accountId))).toEqual(new Set(ids.slice(1)));
  expect(world.sanctions.inForce(unit()).length).toBe(12);
  expect(await world.audit.verify()).toMatchObject({ entries: 12, broken: null });
});

test('the account they follow keeps its own, and a graver one of another is left as it is', async () => {
  const own = await world.sanctions.impose(orderOf(first(), { step: 'suspend' }));
  const linkedTo = own.ok ? own.value.id : '';
  const graver = await world.sanctions.impose(orderOf(ids[1] ?? '', { step: 'suspend' }));
  await world.sanctions.impose(orderOf(first(), { unit: unit(), step: 'suspend', linkedTo }));
  expect(world.sanctions.inForce({ kind: 'account', accountId: first() }).map(({ id }) => id)).toEqual([linkedTo]);
  const kept = world.sanctions.inForce({ kind: 'account', accountId: ids[1] ?? '' });
  expect(kept.map(({ id }) => id)).toEqual(graver.ok ? [graver.value.id] : []);
  const [other] = world.sanctions.inForce({ kind: 'account', accountId: ids[5] ?? '' });
  expect(other).toMatchObject({ step: 'restrict', linkedTo });
});

test('without a person it takes a certificate and ten accounts that hold together', async () => {
  const order = orderOf(first(), { unit: unit(), step: 'operator', author: AUTOMATIC });
  expect(await world.sanctions.impose(order)).toMatchObject({ refusal: { reason: 'needs_certificate' } });
  world.operators.set(first(), ids.slice(0, 9));
  const certified = { ...order, certificate: CERTIFICATE };
  expect(await world.sanctions.impose(certified)).toMatchObject({ refusal: { reason: 'above_automatic_cap' } });
  expect(world.standing.inForce('sanction')).toEqual([]);
  world.operators.set(first(), ids.slice(0, 10));
  expect((await world.sanctions.impose(certified)).ok).toBe(true);
  expect(world.standing.inForce('sanction').length).toBe(10);
});

test('a second order finds nothing left to do', async () => {
  const order = orderOf(first(), { unit: unit(), step: 'operator', author: AUTOMATIC, certificate: CERTIFICATE });
  await world.sanctions.impose(order);
  expect(await world.sanctions.impose(order)).toMatchObject({ refusal: { reason: 'graver_in_force' } });
  expect((await world.audit.verify()).entries).toBe(12);
});

test('all of a large one are stopped, in units of a hundred', async () => {
  for (let at = 12; at < 250; at++) ids.push(await world.account());
  await world.sanctions.impose(orderOf(first(), { unit: unit(), step: 'operator' }));
  expect(world.standing.inForce('sanction').length).toBe(250);
  world = await world.restart();
  expect(world.sanctions.inForce(unit()).length).toBe(250);
}, 60_000);

test.each([
  [false, 0],
  [true, 1],
])('what no person decided follows only whom links hold firmly (%p), at once and later', async (firm, followed) => {
  const newcomer = await world.account();
  const loose = ids.at(-1) ?? '';
  world = await world.restart({
    around: ({ operatorOf }) => ({
      operatorOf: (accountId) =>
        accountId === newcomer ? { accounts: [...ids, newcomer], strongly: 0 } : operatorOf(accountId),
      isFirm: (accountId) => firm || (accountId !== newcomer && accountId !== loose),
    }),
  });
  for (const one of ids) world.operators.set(one, ids);
  const order = orderOf(first(), { unit: unit(), step: 'operator', author: AUTOMATIC, certificate: CERTIFICATE });
  expect((await world.sanctions.impose(order)).ok).toBe(true);
  await world.sanctions.joined(newcomer);
  for (const accountId of [newcomer, loose]) {
    expect(world.sanctions.inForce({ kind: 'account', accountId })).toHaveLength(followed);
  }
});
