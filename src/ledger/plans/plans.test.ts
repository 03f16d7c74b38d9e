import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { openPlanWorld, paid, type PlanWorld, usd } from '../../../test/world/plans.ts';
import type { PlanPayment } from '../plan.ts';

let world: PlanWorld;

beforeEach(async () => {
  world = await openPlanWorld();
});

afterEach(async () => {
  expect(await world.audit()).toEqual([]);
  await world.close();
});

async function start(accountId: string, plan: string, payment: PlanPayment | null = null, seats = 1) {
  return world.plans.subscriptions.start({ accountId, plan, interval: 'month', seats, trial: false, payment });
}

async function plus(): Promise<string> {
  const accountId = await world.account();
  const started = await start(accountId, 'plus', paid(`pay_${accountId}`, '20'));
  expect(started).toMatchObject({ ok: true });
  return accountId;
}

function stateOf(accountId: string) {
  const one = world.plans.subscriptions.get(accountId);
  return one && `${one.plan} ${one.state} to ${new Date(one.periodEndMs).toISOString()}`;
}

async function kindsOf(accountId: string) {
  return (await world.plans.events(accountId)).map((event) => event.kind);
}

describe('a fee', () => {
  test('is deferred when it comes, earned day by day, and earned to the nano-dollar at the end', async () => {
    await plus();
    expect(await world.balanceOf('deferred_subscription')).toBe(usd('20'));
    expect(await world.balanceOf('wash')).toBe(usd('-20'));
    expect(await world.balanceOf('earnings_subscription')).toBe(0n);
    // 31 January, 10:00 to 28 February, 10:00: 28 days, of which 14 hours lie in January.
    world.at('2026-02-01T00:30:00Z');
    await world.plans.tick();
    expect(await world.balanceOf('earnings_subscription')).toBe((usd('20') * 14n) / (28n * 24n));
    await world.plans.tick();
    world.at('2026-02-14T23:59:59Z');
    await world.plans.tick();
    expect(await world.balanceOf('earnings_subscription')).toBe((usd('20') * (14n + 13n * 24n)) / (28n * 24n));
    world.at('2026-02-28T10:00:00Z');
    await world.plans.tick();
    expect(await world.balanceOf('earnings_subscription')).toBe(usd('20'));
    expect(await world.balanceOf('deferred_subscription')).toBe(0n);
  });

  test('is one posting for each day of UTC, named by it', async () => {
    await plus();
    world.at('2026-03-05T00:00:00Z');
    await world.plans.tick();
    const rows = await world.storage.reader
      .withTables<{ ledger_transfer: { id: string; kind: string } }>()
      .selectFrom('ledger_transfer')
      .select('id')
      .where('kind', '=', 'recognition')
      .orderBy('id')
      .execute();
    const days = rows.map((row) => row.id.slice(row.id.lastIndexOf(':') + 1));
    expect(days).toHaveLength(29);
    expect([days[0], days[1], days.at(-1)]).toEqual(['2026-01-31', '2026-02-01', '2026-02-28']);
  });

  test('that is not paid, or not wholly, starts nothing', async () => {
    const accountId = await world.account();
    expect(await start(accountId, 'plus')).toMatchObject({
      ok: false,
      refusal: { reason: 'payment_required', due: usd('20') },
    });
    expect(await start(accountId, 'plus', paid('p', '19.99'))).toMatchObject({
      ok: false,
      refusal: { reason: 'payment_too_small', due: usd('20') },
    });
    expect(stateOf(accountId)).toBeNull();
    expect(await world.balanceOf('wash')).toBe(0n);
  });

  test('that was paid above is credit for the rest, which is paid and stays', async () => {
    const accountId = await world.account();
    await start(accountId, 'plus', paid('p', '21.50'));
    const { grants } = await world.ledger.balance(accountId);
    expect(grants.map((one) => [one.kind, one.available, one.expiresAtMs === null])).toEqual([
      ['promo', usd('5'), false],
      ['paid', usd('1.50'), true],
    ]);
  });

  test('the same payment again changes nothing, and pays for nobody else', async () => {
    const accountId = await world.account();
    const [first, second] = await Promise.all([
      start(accountId, 'plus', paid('p', '20')),
      start(accountId, 'plus', paid('p', '20')),
    ]);
    expect([first, second]).toMatchObject([
      { ok: true, value: { repeated: false } },
      { ok: true, value: { repeated: true } },
    ]);
    const other = await world.account();
    expect(await start(other, 'plus', paid('p', '20'))).toMatchObject({ refusal: { reason: 'payment_used' } });
    expect(await world.balanceOf('wash')).toBe(usd('-20'));
  });
});

describe('periods', () => {
  test('keep the day of the month they began on, as far as a month has it', async () => {
    const accountId = await plus();
    const ends: (string | null)[] = [stateOf(accountId)];
    for (const [at, id] of [
      ['2026-02-28T09:00:00Z', 'a'],
      ['2026-03-31T09:00:00Z', 'b'],
    ] as const) {
      world.at(at);
      await world.plans.subscriptions.renew(accountId, paid(id, '20'));
      world.at(at.replace('T09', 'T11'));
      await world.plans.tick();
      ends.push(stateOf(accountId));
    }
    expect(ends).toEqual([
      'plus active to 2026-02-28T10:00:00.000Z',
      'plus active to 2026-03-31T10:00:00.000Z',
      'plus active to 2026-04-30T10:00:00.000Z',
    ]);
    expect(await kindsOf(accountId)).toEqual(['started', 'paid_ahead', 'renewed', 'paid_ahead', 'renewed']);
  });

  test('a year from a leap day ends on 28 February, and the next leap day comes back', async () => {
    world.at('2024-02-29T00:00:00Z');
    const accountId = await world.account();
    const order = { accountId, plan: 'plus', interval: 'year', seats: 1, trial: false } as const;
    await world.plans.subscriptions.start({ ...order, payment: paid('p0', '204') });
    expect(stateOf(accountId)).toBe('plus active to 2025-02-28T00:00:00.000Z');
    for (const year of [2025, 2026, 2027]) {
      world.at(`${year}-02-27T00:00:00Z`);
      await world.plans.subscriptions.renew(accountId, paid(`p${year}`, '204'));
      world.at(`${year}-03-01T00:00:00Z`);
      await world.plans.tick();
    }
    expect(stateOf(accountId)).toBe('plus active to 2028-02-29T00:00:00.000Z');
  });

  test('without a payment are past due, waited for three days, and then over', async () => {
    const accountId = await plus();
    world.at('2026-02-28T10:00:00Z');
    await world.plans.tick();
    expect(stateOf(accountId)).toContain('past_due');
    expect(world.plans.terms.termsOf(accountId).plan).toBe('plus');
    world.at('2026-03-03T09:59:59Z');
    await world.plans.tick();
    expect(stateOf(accountId)).toContain('past_due');
    world.at('2026-03-03T10:00:00Z');
    await world.plans.tick();
    expect(stateOf(accountId)).toContain('ended');
    expect(world.plans.terms.termsOf(accountId).plan).toBe('free');
    expect(await kindsOf(accountId)).toEqual(['started', 'past_due', 'ended']);
    expect(await world.plans.subscriptions.renew(accountId, paid('late', '20'))).toMatchObject({
      refusal: { reason: 'not_subscribed' },
    });
  });

  test('a payment in the days of grace pays from the day it was due', async () => {
    const accountId = await plus();
    world.at('2026-03-01T12:00:00Z');
    await world.plans.subscriptions.renew(accountId, paid('late', '20'));
    expect(stateOf(accountId)).toBe('plus active to 2026-03-31T10:00:00.000Z');
    world.at('2026-03-31T10:00:00Z');
    await world.plans.tick();
    expect(await world.balanceOf('earnings_subscription')).toBe(usd('40'));
  });

  test('cancelled, run to their end; taken back, go on', async () => {
    const accountId = await plus();
    const { cancel, resume } = world.plans.subscriptions;
    expect(await cancel(accountId)).toMatchObject({ value: { subscription: { cancelAtPeriodEnd: true } } });
    expect(await cancel(accountId)).toMatchObject({ value: { repeated: true } });
    expect(await resume(accountId)).toMatchObject({ value: { subscription: { cancelAtPeriodEnd: false } } });
    expect(await resume(accountId)).toMatchObject({ refusal: { reason: 'nothing_to_do' } });
    await cancel(accountId);
    world.at('2026-02-28T10:00:00Z');
    await world.plans.tick();
    expect(stateOf(accountId)).toContain('ended');
    expect(await kindsOf(accountId)).toEqual([
      'started',
      'cancel_requested',
      'cancel_undone',
      'cancel_requested',
      'ended',
    ]);
  });

  test('outlive the process', async () => {
    const accountId = await plus();
    const before = world.plans.subscriptions.get(accountId);
    world = await world.restart();
    expect(world.plans.subscriptions.get(accountId)).toEqual(before);
    world.at('2026-03-10T00:00:00Z');
    await world.plans.tick();
    expect(stateOf(accountId)).toContain('past_due');
  });
});

describe('included credit', () => {
  test('is given with the period and ends with it', async () => {
    const accountId = await plus();
    const [grant] = (await world.ledger.balance(accountId)).grants;
    expect(grant).toMatchObject({ kind: 'promo', source: 'plan', available: usd('5') });
    expect(grant?.expiresAtMs).toBe(Date.parse('2026-02-28T10:00:00Z'));
    expect(await world.balanceOf('promo_expense')).toBe(usd('-5'));
  });

  test('comes every month of a year, and months nobody looked are not made up for', async () => {
    const accountId = await world.account();
    const order = { accountId, plan: 'business', interval: 'year', seats: 2, trial: false } as const;
    await world.plans.subscriptions.start({ ...order, payment: paid('p', '600') });
    const ends = async () =>
      (await world.ledger.balance(accountId)).grants
        .map((one) => `${one.amount / usd('1')} to ${new Date(one.expiresAtMs ?? 0).toISOString().slice(0, 10)}`)
        .sort();
    world.at('2026-03-01T00:00:00Z');
    await world.plans.tick();
    await world.plans.tick();
    expect(await ends()).toEqual(['20 to 2026-02-28', '20 to 2026-03-31']);
    world.at('2026-06-15T00:00:00Z');
    await world.plans.tick();
    expect(await ends()).toEqual(['20 to 2026-02-28', '20 to 2026-03-31', '20 to 2026-06-30']);
  });
});

describe('trials', () => {
  const trial = (accountId: string, plan = 'plus') =>
    world.plans.subscriptions.start({ accountId, plan, interval: 'month', seats: 1, trial: true, payment: null });

  test('cost nothing, give the terms of the plan and no credit, and then wait for a payment', async () => {
    const accountId = await world.account();
    expect(await trial(accountId)).toMatchObject({ ok: true });
    expect(stateOf(accountId)).toBe('plus trialing to 2026-02-07T10:00:00.000Z');
    expect(world.plans.terms.termsOf(accountId).plan).toBe('plus');
    expect((await world.ledger.balance(accountId)).grants).toEqual([]);
    world.at('2026-02-07T10:00:00Z');
    await world.plans.tick();
    expect(stateOf(accountId)).toContain('past_due');
    await world.plans.subscriptions.renew(accountId, paid('p', '20'));
    expect(stateOf(accountId)).toBe('plus active to 2026-03-07T10:00:00.000Z');
    expect(await kindsOf(accountId)).toEqual(['trial_started', 'trial_ended', 'renewed']);
  });

  test('that are paid before their end go over into the first period', async () => {
    const accountId = await world.account();
    await trial(accountId);
    await world.plans.subscriptions.renew(accountId, paid('p', '20'));
    expect(await world.plans.subscriptions.renew(accountId, paid('q', '20'))).toMatchObject({
      refusal: { reason: 'already_paid' },
    });
    world.at('2026-02-07T09:00:00Z');
    await world.plans.tick();
    expect(await world.balanceOf('earnings_subscription')).toBe(0n);
    world.at('2026-02-09T00:00:00Z');
    await world.plans.tick();
    expect(stateOf(accountId)).toBe('plus active to 2026-03-07T10:00:00.000Z');
    expect((await world.ledger.balance(accountId)).available).toBe(usd('5'));
  });

  test('are had once, and where the plan has one', async () => {
    const accountId = await world.account();
    expect(await trial(accountId, 'free')).toMatchObject({ refusal: { reason: 'payment_required' } });
    await trial(accountId);
    await world.plans.subscriptions.cancel(accountId);
    world.at('2026-02-08T00:00:00Z');
    await world.plans.tick();
    expect(stateOf(accountId)).toContain('ended');
    expect(await trial(accountId)).toMatchObject({ refusal: { reason: 'payment_required' } });
  });
});

describe('changes', () => {
  const business = { plan: 'business', interval: 'month', seats: 2 } as const;

  test('to more: the unused time is set off to the nano-dollar, and cents are due', async () => {
    const accountId = await plus();
    // Half of the 28 days.
    world.at('2026-02-14T10:00:00Z');
    const quoted = await world.plans.subscriptions.quoteChange({ accountId, ...business });
    expect(quoted).toEqual({ ok: true, value: { due: usd('20'), fee: usd('60'), effective: 'now' } });
    const changed = await world.plans.subscriptions.change({ accountId, ...business, payment: paid('up', '20') });
    expect(changed).toMatchObject({ ok: true });
    expect(stateOf(accountId)).toBe('business active to 2026-02-28T10:00:00.000Z');
    expect(await world.balanceOf('earnings_subscription')).toBe(usd('10'));
    expect(await world.balanceOf('deferred_subscription')).toBe(usd('30'));
    // Half a month at 20 of included credit, less half a month at 5.
    expect((await world.ledger.balance(accountId)).available).toBe(usd('12.5'));
    world.at('2026-02-28T10:00:00Z');
    await world.plans.tick();
    expect(await world.balanceOf('earnings_subscription')).toBe(usd('40'));
    expect(await world.balanceOf('rounding')).toBe(0n);
  });

  test('at an odd moment round once, down to a cent, and say so in the books', async () => {
    const accountId = await plus();
    world.at('2026-02-11T03:47:11.123Z');
    const quoted = await world.plans.subscriptions.quoteChange({ accountId, ...business });
    const due = quoted.ok ? quoted.value.due : 0n;
    expect(due % usd('0.01')).toBe(0n);
    const payment = { ...paid('up', '1'), amount: due };
    await world.plans.subscriptions.change({ accountId, ...business, payment });
    const rounding = await world.balanceOf('rounding');
    expect(rounding).toBeLessThanOrEqual(0n);
    expect(rounding).toBeGreaterThan(-usd('0.01'));
    world.at('2026-03-01T00:00:00Z');
    await world.plans.tick();
    expect(await world.balanceOf('earnings_subscription')).toBe(usd('20') + due - rounding);
    expect(await world.balanceOf('deferred_subscription')).toBe(0n);
  });

  test('from months to years begin a year now', async () => {
    const accountId = await plus();
    world.at('2026-02-14T10:00:00Z');
    const order = { accountId, plan: 'plus', interval: 'year', seats: 1 } as const;
    await world.plans.subscriptions.change({ ...order, payment: paid('up', '194') });
    expect(stateOf(accountId)).toBe('plus active to 2027-02-14T10:00:00.000Z');
    expect(await world.balanceOf('deferred_subscription')).toBe(usd('204'));
    // 5 for the new month less half of the 5 that were given for the old one.
    expect((await world.ledger.balance(accountId)).available).toBe(usd('7.5'));
  });

  test('to less wait for the next period, and give nothing back', async () => {
    const accountId = await world.account();
    await start(accountId, 'business', paid('p', '90'), 3);
    world.at('2026-02-14T10:00:00Z');
    const down = { accountId, plan: 'plus', interval: 'month', seats: 1 } as const;
    await world.plans.subscriptions.change({ ...down, payment: null });
    expect(stateOf(accountId)).toContain('business active');
    expect(world.plans.subscriptions.renewal(accountId)).toMatchObject({ value: { due: usd('20') } });
    await world.plans.subscriptions.renew(accountId, paid('q', '20'));
    world.at('2026-02-28T10:00:00Z');
    await world.plans.tick();
    expect(stateOf(accountId)).toBe('plus active to 2026-03-31T10:00:00.000Z');
    expect(await world.balanceOf('earnings_subscription')).toBe(usd('90'));
    expect((await kindsOf(accountId)).slice(1)).toEqual(['change_scheduled', 'paid_ahead', 'renewed']);
  });

  test('down to free take effect at the end, without a payment', async () => {
    const accountId = await plus();
    const free = { accountId, plan: 'free', interval: 'month', seats: 1 } as const;
    await world.plans.subscriptions.change({ ...free, payment: null });
    expect(await world.plans.subscriptions.resume(accountId)).toMatchObject({ ok: true });
    await world.plans.subscriptions.change({ ...free, payment: null });
    world.at('2026-02-28T10:00:00Z');
    await world.plans.tick();
    expect(stateOf(accountId)).toBe('free active to 2026-03-31T10:00:00.000Z');
  });

  test('of seats: more now, fewer later, never out of range', async () => {
    const accountId = await world.account();
    await start(accountId, 'business', paid('p', '60'), 2);
    world.at('2026-02-14T10:00:00Z');
    const seats = (count: number, payment: PlanPayment | null) =>
      world.plans.subscriptions.change({ accountId, plan: 'business', interval: 'month', seats: count, payment });
    expect(await seats(4, null)).toMatchObject({ refusal: { reason: 'payment_required', due: usd('30') } });
    expect(await seats(4, paid('more', '30'))).toMatchObject({ value: { subscription: { seats: 4 } } });
    expect(await seats(3, null)).toMatchObject({ value: { subscription: { seats: 4 } } });
    for (const count of [1, 501, 0, -2, 2.5, Number.NaN]) {
      expect(await seats(count, null)).toMatchObject({ refusal: { reason: 'seats_out_of_range' } });
    }
    expect(await seats(4, null)).toMatchObject({ refusal: { reason: 'nothing_to_do' } });
    expect((await kindsOf(accountId)).slice(1)).toEqual(['seats_changed', 'change_scheduled']);
  });

  test('up and down again make no credit out of nothing', async () => {
    const accountId = await plus();
    for (let at = 0; at < 5; at++) {
      await world.plans.subscriptions.change({ accountId, ...business, payment: paid(`up${at}`, '40') });
      const down = { accountId, plan: 'plus', interval: 'month', seats: 1, payment: null } as const;
      await world.plans.subscriptions.change(down);
      await world.plans.subscriptions.resume(accountId);
    }
    const { grants } = await world.ledger.balance(accountId);
    const promo = grants.filter((one) => one.kind === 'promo').reduce((sum, one) => sum + one.amount, 0n);
    expect(promo).toBe(usd('20'));
  });

  test('in a trial change what the trial is of', async () => {
    const accountId = await world.account();
    const order = { accountId, plan: 'plus', interval: 'month', seats: 1 } as const;
    await world.plans.subscriptions.start({ ...order, trial: true, payment: null });
    await world.plans.subscriptions.change({ accountId, ...business, payment: null });
    expect(stateOf(accountId)).toBe('business trialing to 2026-02-07T10:00:00.000Z');
    expect(world.plans.subscriptions.renewal(accountId)).toMatchObject({ value: { due: usd('60') } });
  });
});

describe('an early end', () => {
  test('pays back what is unused and takes back the credit of the plan', async () => {
    const accountId = await plus();
    world.at('2026-02-14T10:00:00Z');
    const ended = await world.plans.subscriptions.endNow(accountId, { into: 'wash', reason: 'refund asked for' });
    expect(ended).toEqual({ ok: true, value: usd('10') });
    expect(await world.balanceOf('wash')).toBe(usd('-10'));
    expect(await world.balanceOf('earnings_subscription')).toBe(usd('10'));
    expect(await world.balanceOf('promo_expense')).toBe(0n);
    expect(stateOf(accountId)).toContain('ended');
    world.at('2026-04-01T00:00:00Z');
    await world.plans.tick();
    expect(await world.balanceOf('earnings_subscription')).toBe(usd('10'));
    expect(await start(accountId, 'plus', paid('again', '20'))).toMatchObject({ ok: true });
  });

  test('that pays nothing back earns the rest at once', async () => {
    const accountId = await plus();
    expect(await world.plans.subscriptions.endNow(accountId, { into: null, reason: 'fraud' })).toMatchObject({
      value: 0n,
    });
    expect(await world.balanceOf('earnings_subscription')).toBe(usd('20'));
  });
});

test('orders that make no sense are refused with their reason', async () => {
  const accountId = await world.account();
  const order = { accountId, plan: 'plus', interval: 'month', seats: 1, trial: false, payment: null } as const;
  const cases = [
    [{ accountId: 'acct_nobody' }, 'account_not_found'],
    [{ accountId: 'acct_operator' }, 'house_account'],
    [{ plan: 'gold' }, 'plan_not_found'],
    [{ plan: 'enterprise', seats: 20 }, 'interval_not_offered'],
    [{ plan: 'constructor' }, 'plan_not_found'],
    [{ seats: 2 }, 'seats_out_of_range'],
  ] as const;
  for (const [wrong, reason] of cases) {
    expect(await world.plans.subscriptions.start({ ...order, ...wrong })).toMatchObject({ refusal: { reason } });
  }
  expect(await world.plans.subscriptions.cancel(accountId)).toMatchObject({ refusal: { reason: 'not_subscribed' } });
  expect(world.plans.terms.termsOf('acct_operator').billing).toBe('house');
  expect(world.plans.terms.termsOf(accountId)).toMatchObject({ billing: 'prepaid', plan: 'free' });
});
