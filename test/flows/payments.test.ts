import { afterEach, expect, test } from 'bun:test';
import { type MoneyOptions, type MoneyWorld, openMoney, usd } from '../world/money.ts';

let world: MoneyWorld;

afterEach(() => world.close());

async function open(options: MoneyOptions = {}): Promise<string> {
  world = await openMoney(options);
  return world.account();
}

/** A top-up whose order waits; gives the ids of the payment and of its session. */
async function begin(accountId: string, dollars: number, saveMethod = false) {
  const started = await world.payments.topup({ accountId, credit: usd(dollars), driver: null, saveMethod });
  if (!started.ok) throw new Error(started.refusal.message);
  return { id: started.value.payment.id, session: started.value.payment.checkoutRef ?? '', url: started.value.url };
}

async function paid(accountId: string, dollars: number, saveMethod = false) {
  const order = await begin(accountId, dollars, saveMethod);
  const event = world.stripe.pay(order.session);
  expect(await state(await world.deliver(event))).toEqual([200, 'applied']);
  const details = await world.payments.show(order.id);
  return { ...order, event, ref: details?.payment.ref ?? '' };
}

async function state(response: Response): Promise<[number, string]> {
  const body = (await response.json()) as { state?: string; error?: { reason: string } };
  return [response.status, body.state ?? body.error?.reason ?? ''];
}

const show = async (id: string) => {
  const details = await world.payments.show(id);
  if (details === null) throw new Error('there is no such payment');
  return details;
};

test('a paid top-up is credit, its tax a debt, and nothing is lost on the way', async () => {
  const account = await open({ taxBp: 1900 });
  const order = await begin(account, 20);
  expect(order.url).toStartWith('https://checkout.stripe.test/');
  expect((await show(order.id)).payment).toMatchObject({ state: 'pending', amount: usd(23.8), tax: usd(3.8) });
  expect(await world.available(account)).toBe(0n);
  await world.deliver(world.stripe.pay(order.session));
  expect(await world.available(account)).toBe(usd(20));
  expect([await world.house('wash'), await world.house('tax_payable')]).toEqual([-usd(23.8), usd(3.8)]);
  expect(await world.sum()).toBe(0n);
  expect((await show(order.id)).payment).toMatchObject({ state: 'paid', grantId: `grant_${order.id.slice(4)}` });
});

test('what cannot be ordered is told in dollars, and an invoice saves no card', async () => {
  const accountId = await open();
  const order = { accountId, credit: usd(0.5), driver: 'manual', saveMethod: false } as const;
  const small = await world.payments.topup(order);
  expect(small.ok ? '' : small.refusal.message).toBe('the amount is below 1.00 US dollars (payments.topup.min_usd)');
  const saving = await world.payments.topup({ ...order, credit: usd(20), saveMethod: true });
  expect(saving.ok ? '' : saving.refusal.reason).toBe('driver_unsupported');
  expect(await world.payments.list({ accountId, limit: 10, before: null })).toEqual([]);
});

test('only what is unspent is paid back, and asking twice is asking once', async () => {
  const account = await open({ taxBp: 1900 });
  const { id, ref } = await paid(account, 20);
  await world.spend(account, usd(5) + 1n);
  const ask = (credit: bigint | null, key: string | null = null) =>
    world.payments.refund({ paymentId: id, credit, reason: 'asked', key, reference: null });
  const tooMuch = await ask(usd(15));
  expect(tooMuch.ok ? null : tooMuch.refusal).toEqual({
    reason: 'refund_too_large',
    message: 'only 14.999999999 US dollars of this payment are neither spent nor held',
  });
  const both = await Promise.all([ask(null), ask(null), ask(null)]);
  expect(both.map((one) => one.ok && one.value.refund.credit)).toEqual([usd(14.99), usd(14.99), usd(14.99)]);
  expect(both.filter((one) => one.ok && one.value.repeated)).toHaveLength(2);
  expect([...world.stripe.refunds.values()].map((one) => [one['amount'], one['payment_intent']])).toEqual([
    [1783, ref],
  ]);
  expect(await world.available(account)).toBe(usd(0.01) - 1n);
  const again = await ask(null, 'second');
  expect(again.ok ? '' : again.refusal.reason).toBe('nothing_to_refund');
  expect((await show(id)).payment.state).toBe('partly_refunded');
  expect(await world.house('wash')).toBe(-usd(23.8) + usd(17.83));
  expect(await world.sum()).toBe(0n);
  // Stripe's own word of it changes nothing more.
  const [made] = [...world.stripe.refunds.values()];
  await world.deliver(world.stripe.event('refund.created', made ?? {}));
  expect(await world.house('wash')).toBe(-usd(23.8) + usd(17.83));
});

test.each(['status_500', 'down', 'slow', 'status_500_after', 'cut_after', 'unauthorized'] as const)(
  'a refund whose driver is %s is finished later, once',
  async (fault) => {
    const account = await open({ timeoutMs: 300 });
    const { id } = await paid(account, 20);
    // The client tries a connection that was closed once more by itself.
    world.stripe.breakNext('/v1/refunds', fault, fault === 'down' || fault === 'cut_after' ? 2 : 1);
    const asked = await world.payments.refund({ paymentId: id, credit: null, reason: 'x', key: null, reference: null });
    expect(asked.ok && asked.value.refund.state).toBe('pending');
    expect(await world.available(account)).toBe(0n);
    await world.payments.sweep();
    const tries = world.stripe.calls.filter((call) => call === 'POST /v1/refunds');
    expect(tries.length).toBeLessThanOrEqual(2);
    world.now += 400_000;
    await world.payments.sweep();
    expect((await show(id)).refunds.map((one) => one.state)).toEqual(['done']);
    expect([...world.stripe.refunds.values()]).toHaveLength(1);
    expect(await world.sum()).toBe(0n);
  },
);

test('a refund that a crash cut off between its intent and the call is finished by the next process, once', async () => {
  const account = await open({ timeoutMs: 60_000 });
  const { id } = await paid(account, 20);
  world.stripe.breakNext('/v1/refunds', 'slow');
  void world.payments
    .refund({ paymentId: id, credit: null, reason: 'x', key: null, reference: null })
    .catch(() => null);
  while ((await show(id)).refunds.length === 0) await Bun.sleep(5);
  await world.restart();
  expect((await show(id)).refunds.map((one) => one.state)).toEqual(['pending']);
  world.now += 400_000;
  await world.payments.sweep();
  expect((await show(id)).refunds.map((one) => one.state)).toEqual(['done']);
  await Bun.sleep(3_100);
  expect([...world.stripe.refunds.values()]).toHaveLength(1);
  expect(await world.house('wash')).toBe(0n);
}, 15_000);

test('a refund the driver declines gives the credit back', async () => {
  const account = await open();
  const { id } = await paid(account, 20);
  world.stripe.breakNext('/v1/refunds', 'declined');
  const asked = await world.payments.refund({ paymentId: id, credit: usd(8), reason: 'x', key: null, reference: null });
  expect(asked.ok && asked.value.refund.state).toBe('failed');
  expect(await world.available(account)).toBe(usd(20));
  expect((await show(id)).payment).toMatchObject({ state: 'paid', refunded: 0n });
  const again = await world.payments.refund({
    paymentId: id,
    credit: usd(8),
    reason: 'x',
    key: 'again',
    reference: null,
  });
  expect(again.ok && again.value.refund.state).toBe('done');
  expect(await world.sum()).toBe(0n);
});

test('a dispute takes the unspent part out of reach and books the rest as a loss; won, it is given again', async () => {
  const account = await open({ taxBp: 1000 });
  const { id, ref } = await paid(account, 20);
  await world.spend(account, usd(5));
  const dispute = { id: 'dp_1', amount: 2200, currency: 'usd', status: 'needs_response', payment_intent: ref };
  await world.deliver(world.stripe.event('charge.dispute.created', dispute));
  expect(await world.available(account)).toBe(0n);
  expect(await world.house('dispute_loss')).toBe(-usd(5));
  expect([await world.house('wash'), await world.house('tax_payable')]).toEqual([0n, 0n]);
  expect((await show(id)).payment.state).toBe('disputed');
  const refund = await world.payments.refund({ paymentId: id, credit: null, reason: 'x', key: null, reference: null });
  expect(refund.ok ? '' : refund.refusal.reason).toBe('payment_state');
  await world.deliver(world.stripe.event('charge.dispute.closed', { ...dispute, status: 'won' }));
  expect(await world.available(account)).toBe(usd(15));
  expect([await world.house('dispute_loss'), await world.house('tax_payable')]).toEqual([0n, usd(2)]);
  expect((await show(id)).payment.state).toBe('paid');
  const { grants } = await world.ledger.balance(account);
  expect(grants.find((grant) => grant.available > 0n)?.source).toBe('restored');
  expect(await world.sum()).toBe(0n);
});

test('what a request held during a dispute is taken when it comes back; lost, it stays', async () => {
  const account = await open();
  const { id, ref } = await paid(account, 20);
  const order = {
    id: 'req_held',
    accountId: account,
    model: 'm',
    product: 'api',
    need: usd(20),
    least: usd(20),
    waitMs: 0,
  };
  const held = await world.ledger.hold({ ...order, signal: new AbortController().signal });
  if (!held.ok) throw new Error(held.refusal.reason);
  const keep = async (step: typeof held.value.open) =>
    step.kept((await world.storage.writer.write(step.statements)).ok);
  await keep(held.value.open);
  const dispute = { id: 'dp_1', amount: 2000, currency: 'usd', status: 'needs_response', payment_intent: ref };
  await world.deliver(world.stripe.event('charge.dispute.created', dispute));
  expect(await world.house('dispute_loss')).toBe(-usd(20));
  await world.deliver(world.stripe.event('charge.dispute.closed', { ...dispute, status: 'lost' }));
  await keep(held.value.settle({ price: usd(3), rounding: 0n, cost: null }));
  for (let round = 0; round < 200 && (await world.house('dispute_loss')) !== -usd(3); round++) await Bun.sleep(5);
  expect(await world.house('dispute_loss')).toBe(-usd(3));
  expect([await world.available(account), (await show(id)).payment.state]).toEqual([0n, 'lost']);
  expect(await world.sum()).toBe(0n);
});

test('events about a payment that come before it wait for it', async () => {
  const account = await open();
  const order = await begin(account, 20);
  const event = world.stripe.pay(order.session);
  const ref = (world.stripe.sessions.get(order.session)?.['payment_intent'] ?? '') as string;
  const refund = { id: 're_out', amount: 500, currency: 'usd', status: 'succeeded', payment_intent: ref, metadata: {} };
  const won = { id: 'dp_9', amount: 1500, currency: 'usd', status: 'won', payment_intent: ref };
  expect(await state(await world.deliver(world.stripe.event('refund.created', refund)))).toEqual([200, 'waiting']);
  expect(await state(await world.deliver(world.stripe.event('charge.dispute.closed', won)))).toEqual([200, 'waiting']);
  await world.deliver(world.stripe.event('charge.dispute.created', { ...won, status: 'needs_response' }));
  expect(await state(await world.deliver(event))).toEqual([200, 'applied']);
  expect(await world.available(account)).toBe(usd(15));
  expect((await show(order.id)).payment).toMatchObject({ state: 'partly_refunded', refunded: usd(5) });
  expect((await world.rows('ledger_payment_event')).map((row) => row['state'])).not.toContain('waiting');
  expect(await world.sum()).toBe(0n);
});

test('a refund made at the driver takes the credit it bought', async () => {
  const account = await open();
  const { id, ref } = await paid(account, 20);
  await world.spend(account, usd(12));
  const refund = {
    id: 're_out',
    amount: 2000,
    currency: 'usd',
    status: 'succeeded',
    payment_intent: ref,
    metadata: {},
  };
  await world.deliver(world.stripe.event('refund.created', refund));
  await world.deliver(world.stripe.event('refund.updated', refund));
  expect([await world.available(account), await world.house('dispute_loss')]).toEqual([0n, -usd(12)]);
  expect((await show(id)).payment.state).toBe('refunded');
  await world.deliver(world.stripe.event('refund.failed', { ...refund, status: 'failed' }));
  expect([await world.available(account), await world.house('dispute_loss')]).toEqual([usd(8), 0n]);
  expect((await show(id)).payment.state).toBe('paid');
});

test.each(['status_500', 'down', 'slow', 'declined'] as const)(
  'a checkout the driver answers with %s leaves no order open',
  async (fault) => {
    const account = await open({ timeoutMs: 300 });
    world.stripe.breakNext('/v1/checkout/sessions', fault, fault === 'down' ? 2 : 1);
    const started = await world.payments.topup({
      accountId: account,
      credit: usd(20),
      driver: null,
      saveMethod: false,
    });
    expect(started.ok ? '' : started.refusal.reason).toBe(
      fault === 'declined' ? 'driver_declined' : 'driver_unavailable',
    );
    expect((await world.payments.list({ accountId: account, before: null, limit: 9 })).map((one) => one.state)).toEqual(
      ['failed'],
    );
    const [order] = await world.payments.list({ accountId: account, before: null, limit: 1 });
    // Should the customer have paid all the same, the money still counts.
    const [session] = [...world.stripe.sessions.keys()];
    if (session !== undefined && fault === 'slow') {
      expect(await state(await world.deliver(world.stripe.pay(session)))).toEqual([200, 'applied']);
      expect((await show(order?.id ?? '')).payment.state).toBe('paid');
    }
  },
);

test('money the operator records is credit once for each reference', async () => {
  const account = await open({ taxBp: 1900 });
  const record = (credit: bigint, reference = 'wire 17') =>
    world.payments.record({ accountId: account, credit, tax: null, reference });
  const all = await Promise.all(Array.from({ length: 10 }, () => record(usd(100))));
  expect(all.filter((one) => one.ok && !one.value.repeated)).toHaveLength(1);
  expect(await world.available(account)).toBe(usd(100));
  expect(await world.house('wash')).toBe(-usd(119));
  const other = await record(usd(50));
  expect(other.ok ? '' : other.refusal.reason).toBe('reference_used');
  const invoice = await world.payments.topup({
    accountId: account,
    credit: usd(30),
    driver: 'manual',
    saveMethod: false,
  });
  if (!invoice.ok) throw new Error(invoice.refusal.message);
  expect(invoice.value).toMatchObject({ url: null, payment: { kind: 'invoice', state: 'pending' } });
  const paidLater = await world.payments.record({ paymentId: invoice.value.payment.id, reference: 'wire 18' });
  expect(paidLater.ok && paidLater.value.payment.state).toBe('paid');
  expect(await world.available(account)).toBe(usd(130));
  const id = invoice.value.payment.id;
  const refund = await world.payments.refund({
    paymentId: id,
    credit: null,
    reason: 'x',
    key: null,
    reference: 'wire 99',
  });
  expect(refund.ok && [refund.value.refund.state, refund.value.refund.ref]).toEqual(['done', 'wire 99']);
  expect(await world.sum()).toBe(0n);
});
