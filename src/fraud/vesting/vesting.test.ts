import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { usd } from '../../../test/world/plans.ts';
import { openVestingWorld, type VestingWorld } from '../../../test/world/vesting.ts';

let world: VestingWorld;

beforeEach(async () => {
  world = await openVestingWorld();
});

afterEach(async () => {
  // Requests here are made without the gateway, which would have recorded them.
  const unrecorded = 'what was booked for a request has its record, or the request is open';
  expect((await world.plans.audit()).filter((rule) => rule !== unrecorded)).toEqual([]);
  expect(await world.plans.total()).toBe(0n);
  await world.close();
});

async function began(): Promise<string> {
  const id = await world.account();
  await world.vesting.began(id);
  return id;
}

const envelope = async (id: string) => (await world.plans.ledger.balance(id)).envelope;

/** A clean day: three requests over as many hours. */
async function cleanDay(id: string, date: string): Promise<void> {
  for (const hour of ['09', '11', '15']) {
    world.plans.at(`${date}T${hour}:00:00Z`);
    await world.spend(id, usd('0.01'));
  }
}

async function tickAt(iso: string): Promise<number> {
  world.plans.at(iso);
  return (await world.vesting.tick()).released;
}

test('a verified mail address opens the envelope: the first tranche at once, the rest promised', async () => {
  const id = await began();
  expect([await world.available(id), await envelope(id)]).toEqual([usd('1'), usd('19')]);
  await world.vesting.began(id);
  expect([await world.available(id), await envelope(id)]).toEqual([usd('1'), usd('19')]);
  const order = { accountId: id, plan: 'free', interval: 'month', seats: 1, trial: false, payment: null } as const;
  expect(await world.plans.plans.subscriptions.start(order)).toMatchObject({ ok: true });
  expect(await world.available(id)).toBe(usd('1'));
});

test('credit promised by hand stays what it is', async () => {
  const id = await world.account();
  const order = { accountId: id, plan: 'free', interval: 'month', seats: 1, trial: false, payment: null } as const;
  await world.plans.plans.subscriptions.start(order);
  await world.vesting.began(id);
  expect([await world.available(id), await world.vesting.stateOf(id)]).toEqual([usd('1'), null]);
  expect(await world.plans.plans.signups.release(id, 2)).toMatchObject({ ok: true });
});

test('credit that vests is not released by hand', async () => {
  const id = await began();
  const refusal = { ok: false, refusal: { reason: 'credit_vests' } } as const;
  expect(await world.plans.plans.signups.release(id, 2)).toMatchObject(refusal);
  expect(await world.plans.plans.signups.clawBack(id, 'x')).toMatchObject(refusal);
});

test('fifty verifications at once begin once', async () => {
  const id = await world.account();
  await Promise.all(Array.from({ length: 50 }, () => world.vesting.began(id)));
  expect([await world.available(id), await envelope(id)]).toEqual([usd('1'), usd('19')]);
});

test('clean days and a phone release a quarter more; a card the second tranche, a part for each day', async () => {
  const id = await began();
  await cleanDay(id, '2026-02-02');
  expect(await tickAt('2026-02-03T00:01:00Z')).toBe(0);
  expect((await world.vesting.stateOf(id))?.tranches[1]?.missing).toEqual([
    'clean_days:1',
    'rung:phone',
    'rung:card',
    'rung:organisation',
    'paid:0.01',
  ]);
  await world.vesting.proved(id, 'phone', { token: 'digest of a number' });
  expect((await world.vesting.stateOf(id))?.given).toBe(usd('1.25'));
  await world.vesting.proved(id, 'card', { token: 'digest of a card' });
  // A part of a dollar, a little smaller for what was burned so far.
  expect((await world.vesting.stateOf(id))?.given).toBe(usd('2.24'));
  await cleanDay(id, '2026-02-03');
  expect(await tickAt('2026-02-04T00:01:00Z')).toBe(1);
  const state = await world.vesting.stateOf(id);
  expect([state?.given, state?.ceiling, await envelope(id)]).toEqual([usd('3'), usd('3'), usd('17')]);
  expect(state?.tranches[2]?.missing).toEqual(['clean_days:1', 'paid:0.01']);
});

test('the state tells each tranche, and what is missing', async () => {
  const id = await began();
  const state = await world.vesting.stateOf(id);
  expect(state).toMatchObject({
    rungs: ['mail'],
    ceiling: usd('1'),
    given: usd('1'),
    sanctioned: null,
    sharedWith: [],
  });
  expect(state?.tranches.map((one) => [one.amount, one.given, one.state])).toEqual([
    [usd('1'), usd('1'), 'released'],
    [usd('2'), 0n, 'waiting'],
    [usd('4'), 0n, 'waiting'],
    [usd('6'), 0n, 'waiting'],
    [usd('7'), 0n, 'waiting'],
  ]);
  expect(state?.tranches[4]?.missing).toEqual(['clean_days:12', 'paid:12.01']);
});

describe('operators', () => {
  test('further accounts get enough to begin with, out of the first one’s envelope', async () => {
    const ids = [await world.account(), await world.account(), await world.account()];
    await world.group([ids]);
    for (const id of ids) await world.vesting.began(id);
    expect(await Promise.all(ids.map(world.available))).toEqual([usd('1'), usd('0.25'), usd('0.25')]);
    expect(await Promise.all(ids.map(envelope))).toEqual([usd('18.5'), 0n, 0n]);
    expect((await world.vesting.stateOf(ids[1] ?? ''))?.tranches[0]?.state).toBe('shared');
  });

  test('a merge takes back what is unspent, a split gives it back', async () => {
    const [a, b] = [await began(), await began()];
    world.plans.at('2026-02-01T10:00:00Z');
    await world.spend(b, usd('0.4'));
    await world.group([[a, b]]);
    expect([await world.available(b), await envelope(a), await envelope(b)]).toEqual([0n, usd('18.6'), 0n]);
    await world.group([[a], [b]]);
    expect([await world.available(a), await world.available(b)]).toEqual([usd('1'), usd('0.6')]);
    expect([await envelope(a), await envelope(b)]).toEqual([usd('19'), usd('19')]);
  });

  test('what a request holds during a merge pays for it, and its rest follows', async () => {
    const [a, b] = [await began(), await began()];
    const held = await world.hold(b, usd('0.9'));
    await world.group([[a, b]]);
    expect([await world.available(b), await envelope(a)]).toEqual([0n, usd('18.1')]);
    await held?.end(usd('0.5'));
    await world.plans.revocations.sweep();
    await world.vesting.tick();
    expect([await world.available(b), await envelope(a)]).toEqual([0n, usd('18.5')]);
  });

  test('a merge nobody told of is found', async () => {
    const [a, b] = [await began(), await began()];
    await world.group([[a, b]], false);
    await world.vesting.tick();
    expect([await world.available(b), await envelope(a), await envelope(b)]).toEqual([usd('0.25'), usd('18.75'), 0n]);
  });

  test('soft links share what comes after the first tranche', async () => {
    const [a, b] = [await began(), await began()];
    world.soften(a, b);
    for (const [at, id] of [a, b].entries()) await world.vesting.proved(id, 'card', { token: `card ${at}` });
    for (let day = 2; day < 20; day++) {
      const date = `2026-02-${String(day).padStart(2, '0')}`;
      await cleanDay(a, date);
      await cleanDay(b, date);
      await tickAt(`${date}T23:59:00Z`);
    }
    await tickAt('2026-02-21T00:01:00Z');
    const given = await Promise.all([a, b].map(async (id) => (await world.vesting.stateOf(id))?.given ?? 0n));
    expect(given.reduce((total, one) => total + one)).toBe(usd('4'));
  });
});

test('a sanction takes back what is unspent and is undone with what it took', async () => {
  const id = await began();
  await world.spend(id, usd('0.3'));
  await world.vesting.clawBack(id, 'farm');
  expect([await world.available(id), await envelope(id)]).toEqual([0n, 0n]);
  expect((await world.vesting.stateOf(id))?.sanctioned).toMatchObject({ reason: 'farm' });
  await world.vesting.proved(id, 'card', { token: 'c' });
  expect(await world.available(id)).toBe(0n);
  await world.vesting.restore(id);
  expect((await world.available(id)) >= usd('0.7')).toBe(true);
});

test('free credit is paced, open holds included; credit that was bought is not', async () => {
  const id = await began();
  await world.vesting.proved(id, 'card', { token: 'c' });
  expect(await world.available(id)).toBe(usd('2'));
  const held = await world.hold(id, usd('0.7'));
  expect(await world.hold(id, usd('0.4'))).toBeNull();
  await held?.end(usd('0.7'));
  expect(await world.spend(id, usd('0.4'))).toBe(false);
  expect(world.vesting.waitMs(id, world.plans.clock.wallMs())).toBeGreaterThan(0);
  const bought = {
    id: 'grant_bought',
    accountId: id,
    kind: 'paid',
    source: 'topup',
    priority: 50,
    startsAtMs: 0,
    expiresAtMs: null,
    models: null,
    products: null,
    reason: 'top-up',
    paymentId: 'pay_1',
    createdAtMs: 0,
  } as const;
  const transfers = [{ debit: 'wash', credit: 'grant:grant_bought', amount: usd('5') }] as const;
  await world.plans.ledger.post({
    id: 'pay_1',
    kind: 'payment',
    accountId: id,
    transfers,
    grants: [bought],
    note: null,
  });
  expect(await world.spend(id, usd('2'))).toBe(true);
  world.plans.at('2026-01-31T11:00:00Z');
  expect(await world.spend(id, usd('0.9'))).toBe(true);
});

describe('the breaker', () => {
  const low = (rules: Parameters<NonNullable<Parameters<typeof openVestingWorld>[0]>>[0]) => ({
    ...rules,
    breaker: { ...rules.breaker, floor: usd('0.1') },
  });

  beforeEach(async () => {
    await world.close();
    world = await openVestingWorld(low);
  });

  test('opens on unpaid burn above the forecast, gives less, survives a restart, closes when it is calm', async () => {
    const spender = await began();
    await world.spend(spender, usd('0.5'));
    expect([world.vesting.breaker().open, world.turned]).toEqual([true, [true]]);
    const id = await began();
    expect(await world.available(id)).toBe(usd('0.25'));
    expect((await world.vesting.stateOf(id))?.tranches[0]?.missing).toEqual(['breaker']);
    await world.vesting.tick();
    world = await world.restart();
    expect(world.vesting.breaker().open).toBe(true);
    await tickAt('2026-01-31T11:10:00Z');
    expect(world.vesting.breaker().open).toBe(true);
    expect(await tickAt('2026-01-31T12:11:00Z')).toBe(1);
    expect(world.vesting.breaker().open).toBe(false);
    expect(await world.available(id)).toBe(usd('1'));
  });

  test('is held where staff pins it', async () => {
    const spender = await began();
    await world.vesting.pin('closed');
    await world.spend(spender, usd('0.5'));
    expect(await world.available(await began())).toBe(usd('1'));
    await world.vesting.pin('open');
    expect(await world.available(await began())).toBe(usd('0.25'));
    await world.vesting.pin(null);
  });
});

test('nothing is released before it is known who is behind whom, and everything after', async () => {
  const [first, banned, further] = [await began(), await began(), await world.account()];
  await cleanDay(first, '2026-02-02');
  await world.group([[first, further]]);
  const given = async (id: string) => (await world.vesting.stateOf(id))?.given;
  const before = await given(first);
  const reading = Promise.withResolvers<void>();
  world = await world.restart({ linkageReady: reading.promise });
  let open = 0;
  const waiting = [
    () => world.vesting.began(further),
    () => world.vesting.proved(first, 'phone', { token: 'digest of a number' }),
    () => world.vesting.clawBack(banned, 'a farm'),
    () => world.vesting.stateOf(first),
  ].map(async (ask) => {
    open++;
    await ask();
    open--;
  });
  expect(await tickAt('2026-02-03T00:01:00Z')).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([open, await world.available(banned), await world.available(further)]).toEqual([4, usd('1'), 0n]);
  reading.resolve();
  await Promise.all(waiting);
  expect([before, await given(first), await world.available(banned)]).toEqual([usd('1'), usd('1.25'), 0n]);
  expect((await world.vesting.stateOf(further))?.operatorId).toBe(first);
});

test('what was counted outlives an orderly end', async () => {
  const id = await began();
  await cleanDay(id, '2026-02-02');
  world = await world.restart();
  await tickAt('2026-02-03T00:01:00Z');
  expect((await world.vesting.stateOf(id))?.cleanDays).toBe(1);
});
