import { afterEach, expect, test } from 'bun:test';
import { type MoneyOptions, type MoneyWorld, openMoney, usd } from '../world/money.ts';

let world: MoneyWorld;

afterEach(() => world.close());

const MONTH_MS = 31 * 86_400_000;
const HOUR_MS = 3_600_000;

/** An account with 20 dollars and a saved card. */
async function open(options: MoneyOptions = {}): Promise<string> {
  world = await openMoney(options);
  const accountId = await world.account();
  const started = await world.payments.topup({ accountId, credit: usd(20), driver: null, saveMethod: true });
  if (!started.ok) throw new Error(started.refusal.message);
  await world.deliver(world.stripe.pay(started.value.payment.checkoutRef ?? ''));
  return accountId;
}

async function set(accountId: string, cap = 50, threshold = 5) {
  const order = { accountId, threshold: usd(threshold), credit: usd(10), monthlyCap: usd(cap) };
  const made = await world.payments.autoTopups.set(order);
  if (!made.ok) throw new Error(made.refusal.message);
}

const show = async (accountId: string) => {
  const auto = await world.payments.autoTopups.show(accountId);
  if (auto === null) throw new Error('there is none');
  return auto;
};

/** Waits until the charge in flight has ended. */
async function ended(accountId: string, failures = 0): Promise<void> {
  for (let round = 0; round < 400; round++) {
    const auto = await show(accountId);
    if (auto.paymentId === null && (failures > 0 ? auto.failures === failures : round > 4)) return;
    await Bun.sleep(5);
  }
  throw new Error('the charge did not end');
}

const charges = () => world.stripe.calls.filter((call) => call === 'POST /v1/payment_intents').length;

test('credit that runs low is bought once, and never beyond the cap of the month', async () => {
  const account = await open({ taxBp: 1000 });
  await set(account, 25);
  await world.spend(account, usd(14));
  expect(charges()).toBe(0);
  await world.spend(account, usd(2));
  await ended(account);
  expect([await world.available(account), charges()]).toEqual([usd(14), 1]);
  expect(await show(account)).toMatchObject({ spent: usd(11), paymentId: null, failures: 0 });
  // Stripe's own word of the same charge adds nothing.
  const [intent] = [...world.stripe.intents.values()];
  await world.deliver(world.stripe.event('payment_intent.succeeded', intent ?? {}));
  expect(await world.available(account)).toBe(usd(14));
  await Promise.all(Array.from({ length: 10 }, () => world.spend(account, usd(1))));
  await ended(account);
  expect(charges()).toBe(2);
  await world.spend(account, usd(13));
  for (let round = 0; round < 5; round++) await world.payments.sweep();
  await world.restart();
  await world.payments.sweep();
  expect([charges(), (await show(account)).spent]).toEqual([2, usd(22)]);
  world.now += MONTH_MS;
  await world.payments.sweep();
  await ended(account);
  expect([charges(), (await show(account)).spent]).toEqual([3, usd(11)]);
  expect(await world.sum()).toBe(0n);
});

test.each(['status_500', 'down', 'slow', 'status_500_after', 'cut_after', 'unauthorized'] as const)(
  'a charge whose driver is %s stays in flight, alone, and is finished later, once',
  async (fault) => {
    const account = await open({ timeoutMs: 300 });
    await set(account);
    world.stripe.breakNext('/v1/payment_intents', fault, fault === 'down' || fault === 'cut_after' ? 2 : 1);
    await world.spend(account, usd(18));
    for (let round = 0; round < 400 && (await show(account)).lastFailure === null; round++) await Bun.sleep(5);
    expect((await show(account)).paymentId).not.toBeNull();
    await world.spend(account, usd(1));
    await world.payments.sweep();
    await world.restart();
    await world.payments.sweep();
    world.now += 400_000;
    await world.payments.sweep();
    await ended(account);
    expect(await world.available(account)).toBe(usd(11));
    const ours = [...world.stripe.intents.values()];
    expect(ours).toHaveLength(1);
    expect(await show(account)).toMatchObject({ spent: usd(10), failures: 0, state: 'on' });
    expect(await world.sum()).toBe(0n);
  },
);

test('declined charges wait longer each time; the third turns it off until it is set again', async () => {
  const account = await open();
  await set(account);
  world.stripe.breakNext('/v1/payment_intents', 'declined', 3);
  await world.spend(account, usd(18));
  await ended(account, 1);
  await world.payments.sweep();
  expect(charges()).toBe(1);
  world.now += HOUR_MS;
  await world.payments.sweep();
  expect(charges()).toBe(2);
  world.now += HOUR_MS;
  await world.payments.sweep();
  expect(charges()).toBe(2);
  world.now += HOUR_MS;
  await world.payments.sweep();
  expect(await show(account)).toMatchObject({ state: 'disabled', failures: 3, spent: 0n, paymentId: null });
  world.now += 10 * HOUR_MS;
  await world.payments.sweep();
  await world.spend(account, usd(1));
  expect(charges()).toBe(3);
  expect(world.told.filter((line) => line.includes('declined'))).toHaveLength(3);
  await set(account);
  await ended(account);
  expect(await world.available(account)).toBe(usd(11));
});

test("Stripe's word of a decline before its answer counts once", async () => {
  const account = await open();
  await set(account);
  world.stripe.breakNext('/v1/payment_intents', 'slow');
  await world.spend(account, usd(18));
  while ((await show(account)).paymentId === null) await Bun.sleep(5);
  const { paymentId } = await show(account);
  const metadata = { candor_payment: paymentId, candor_account: account };
  await world.deliver(world.stripe.event('payment_intent.payment_failed', { id: 'pi_x', metadata }));
  expect(await show(account)).toMatchObject({ failures: 1, spent: 0n, paymentId: null });
});

test('it needs a saved card, a cap with room and Stripe, and off is off', async () => {
  world = await openMoney();
  const account = await world.account();
  const order = { accountId: account, threshold: usd(5), credit: usd(10), monthlyCap: usd(50) };
  const reason = async (changed: Partial<typeof order>) => {
    const made = await world.payments.autoTopups.set({ ...order, ...changed });
    return made.ok ? '' : made.refusal.reason;
  };
  expect(await reason({})).toBe('no_saved_method');
  expect(await reason({ monthlyCap: usd(9) })).toBe('cap_below_amount');
  expect(await reason({ credit: usd(0.5) })).toBe('amount_too_small');
  expect(await reason({ accountId: 'acct_nobody' })).toBe('account_not_found');
  const started = await world.payments.topup({ accountId: account, credit: usd(20), driver: null, saveMethod: true });
  if (!started.ok) throw new Error(started.refusal.message);
  await world.deliver(world.stripe.pay(started.value.payment.checkoutRef ?? ''));
  expect(await reason({})).toBe('');
  expect(await world.payments.autoTopups.off(account)).toMatchObject({ state: 'off' });
  await world.spend(account, usd(19));
  await world.payments.sweep();
  expect(charges()).toBe(0);
});
