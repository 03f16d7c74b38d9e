import { afterEach, beforeEach, expect, test } from 'bun:test';
import { openPlanWorld, type PlanWorld, usd } from '../../../test/world/plans.ts';

let world: PlanWorld;

beforeEach(async () => {
  world = await openPlanWorld();
});

afterEach(async () => {
  // The request of one test below is made without the gateway, which would have recorded it.
  const unrecorded = 'what was booked for a request has its record, or the request is open';
  expect((await world.audit()).filter((rule) => rule !== unrecorded)).toEqual([]);
  await world.close();
});

async function startFree(accountId: string) {
  const order = { accountId, plan: 'free', interval: 'month', seats: 1, trial: false, payment: null } as const;
  return world.plans.subscriptions.start(order);
}

async function freeAccount(): Promise<string> {
  const accountId = await world.account();
  expect(await startFree(accountId)).toMatchObject({ ok: true });
  return accountId;
}

test('the first part is released at the start, the rest is promised', async () => {
  const accountId = await freeAccount();
  const { available, envelope, grants } = await world.ledger.balance(accountId);
  expect([available, envelope]).toEqual([usd('1'), usd('19')]);
  expect(grants[0]).toMatchObject({ kind: 'promo', source: 'signup' });
  expect(grants[0]?.expiresAtMs).toBe(Date.parse('2026-01-31T10:00:00Z') + 90 * 86_400_000);
  expect(await world.balanceOf('promo_expense')).toBe(usd('-20'));
});

test('parts are released once each, in any order, and only those there are', async () => {
  const accountId = await freeAccount();
  const { release } = world.plans.signups;
  expect(await release(accountId, 3)).toMatchObject({ value: { amount: usd('4'), repeated: false } });
  world.at('2026-02-03T00:00:00Z');
  expect(await release(accountId, 3)).toMatchObject({ value: { amount: usd('4'), repeated: true } });
  expect(await release(accountId, 1)).toMatchObject({ value: { repeated: true } });
  for (const tranche of [0, 6, -1, 1.5]) {
    expect(await release(accountId, tranche)).toMatchObject({ refusal: { reason: 'tranche_not_found' } });
  }
  const all = await Promise.all([2, 4, 5, 2, 4, 5].map((tranche) => release(accountId, tranche)));
  expect(all.map((one) => one.ok && one.value.repeated)).toEqual([false, false, false, true, true, true]);
  const { available, envelope } = await world.ledger.balance(accountId);
  expect([available, envelope]).toEqual([usd('20'), 0n]);
  expect(await release(await world.account(), 1)).toMatchObject({ refusal: { reason: 'no_signup_credit' } });
});

test('nothing is promised to who takes a free plan by themselves', async () => {
  const accountId = await world.account();
  const order = { accountId, plan: 'free', interval: 'month', seats: 1, trial: false, payment: null } as const;
  expect(await world.plans.subscriptions.start({ ...order, ownChoice: true })).toMatchObject({ ok: true });
  const { available, envelope } = await world.ledger.balance(accountId);
  expect([available, envelope]).toEqual([0n, 0n]);
});

test('fifty starts at once make one promise', async () => {
  const accountId = await world.account();
  const started = await Promise.all(Array.from({ length: 50 }, () => startFree(accountId)));
  expect(started.filter((one) => one.ok)).toHaveLength(1);
  const { available, envelope } = await world.ledger.balance(accountId);
  expect([available, envelope]).toEqual([usd('1'), usd('19')]);
  expect(await world.balanceOf('promo_expense')).toBe(usd('-20'));
});

test('is promised once in the life of an account', async () => {
  const accountId = await freeAccount();
  await world.plans.subscriptions.endNow(accountId, { into: null, reason: 'left' });
  expect(await startFree(accountId)).toMatchObject({ ok: true });
  world = await world.restart();
  await world.plans.subscriptions.endNow(accountId, { into: null, reason: 'left' });
  await startFree(accountId);
  expect(await world.balanceOf('promo_expense')).toBe(usd('-20'));
});

test('taken back: what is unspent and what was promised, for good', async () => {
  const accountId = await freeAccount();
  await world.plans.signups.release(accountId, 2);
  expect(await world.plans.signups.clawBack(accountId, 'second account of the same person')).toEqual({
    ok: true,
    value: { grants: usd('3'), envelope: usd('17') },
  });
  expect(await world.plans.signups.clawBack(accountId, 'again')).toMatchObject({ value: { grants: 0n, envelope: 0n } });
  expect(await world.plans.signups.release(accountId, 4)).toMatchObject({ refusal: { reason: 'clawed_back' } });
  const { balance, envelope } = await world.ledger.balance(accountId);
  expect([balance, envelope]).toEqual([0n, 0n]);
  expect(await world.balanceOf('promo_expense')).toBe(0n);
});

test('releases and taking back at once leave nothing', async () => {
  const accountId = await freeAccount();
  const { release, clawBack } = world.plans.signups;
  await Promise.all([
    ...[2, 3].map((tranche) => release(accountId, tranche)),
    clawBack(accountId, 'farmed'),
    ...[4, 5].map((tranche) => release(accountId, tranche)),
  ]);
  const { balance, envelope } = await world.ledger.balance(accountId);
  expect([balance, envelope]).toEqual([0n, 0n]);
});

test('what a request holds of it is taken back when the request ends', async () => {
  const accountId = await freeAccount();
  const order = {
    id: 'req_1',
    accountId,
    model: 'demo',
    product: 'api',
    need: usd('0.6'),
    least: usd('0.6'),
    waitMs: 0,
    signal: new AbortController().signal,
  };
  const held = await world.ledger.hold(order);
  if (!held.ok) throw new Error(held.refusal.reason);
  const { open } = held.value;
  open.kept((await world.storage.writer.write(open.statements)).ok);
  expect(await world.plans.signups.clawBack(accountId, 'farmed')).toMatchObject({ value: { grants: usd('0.4') } });
  expect((await world.ledger.balance(accountId)).held).toBe(usd('0.6'));
  const settled = held.value.settle({ price: usd('0.1'), rounding: 0n, cost: null });
  settled.kept((await world.storage.writer.write(settled.statements)).ok);
  await world.revocations.sweep();
  expect((await world.ledger.balance(accountId)).balance).toBe(0n);
  expect(await world.balanceOf('promo_expense')).toBe(usd('-0.1'));
  expect(await world.balanceOf('earnings_promo')).toBe(usd('0.1'));
});
