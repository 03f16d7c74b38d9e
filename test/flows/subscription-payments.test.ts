import { afterEach, expect, test } from 'bun:test';
import { type MoneyOptions, type MoneyWorld, openMoney, usd } from '../world/money.ts';

let world: MoneyWorld;

afterEach(() => world.close());

const DAY_MS = 86_400_000;

/** An account that has ordered Plus by the month. */
async function open(options: MoneyOptions = {}) {
  world = await openMoney(options);
  const accountId = await world.account();
  const order = { accountId, plan: 'plus', interval: 'month' as const, seats: 1, driver: null };
  const started = await world.payments.subscribe(order);
  if (!started.ok) throw new Error(started.refusal.message);
  world.stripe.subscriptions.set('sub_1', { id: 'sub_1', status: 'active', metadata: {} });
  return { accountId, id: started.value.payment.id };
}

let invoices = 0;

function invoice(order: { accountId: string; id: string }, cents: number, changed: Record<string, unknown> = {}) {
  const start = Math.floor(world.now / 1_000);
  const number = ++invoices;
  return world.stripe.event('invoice.paid', {
    id: `in_${number}`,
    amount_paid: cents,
    currency: 'usd',
    customer: 'cus_1',
    parent: {
      subscription_details: {
        subscription: 'sub_1',
        metadata: { candor_payment: order.id, candor_account: order.accountId },
      },
    },
    payments: { data: [{ payment: { payment_intent: `pi_sub_${number}` } }] },
    lines: { data: [{ period: { start, end: start + 30 * 86_400 } }] },
    ...changed,
  });
}

async function state(response: Response): Promise<string> {
  return `${response.status} ${((await response.json()) as { state?: string }).state}`;
}

test('the first fee starts the plan, each later one pays the next period, each once', async () => {
  const order = await open({ taxBp: 1000 });
  const { accountId } = order;
  const first = invoice(order, 2200);
  const answers = await Promise.all(Array.from({ length: 5 }, () => world.deliver(first).then(state)));
  expect(answers.filter((answer) => answer === '200 applied')).toHaveLength(1);
  expect(world.plans.subscriptions.get(accountId)).toMatchObject({ plan: 'plus', state: 'active', seats: 1 });
  expect(await world.available(accountId)).toBe(usd(5));
  expect([await world.house('wash'), await world.house('tax_payable')]).toEqual([-usd(22), usd(2)]);
  world.now += 29 * DAY_MS;
  const second = invoice(order, 2200);
  expect(await state(await world.deliver(second))).toBe('200 applied');
  expect(await state(await world.deliver(second))).toMatch(/^200 (ignored|repeated)$/);
  const paid = await world.payments.list({ accountId, before: null, limit: 9 });
  expect(paid.map((one) => [one.kind, one.state, one.facts.renews ?? null])).toEqual([
    ['subscription', 'paid', order.id],
    ['subscription', 'paid', null],
  ]);
  expect([await world.house('wash'), await world.house('tax_payable')]).toEqual([-usd(44), usd(4)]);
  expect(await world.sum()).toBe(0n);
});

test('a fee of another amount, account or currency starts nothing', async () => {
  const order = await open();
  const other = await world.account();
  const lies = [
    invoice(order, 1),
    invoice(order, 2000, { currency: 'eur' }),
    invoice({ ...order, accountId: other }, 2000),
    invoice({ ...order, id: 'pay_00000000000000000000000000' }, 2000),
  ];
  for (const lie of lies) expect(await state(await world.deliver(lie))).toBe('200 rejected');
  expect(world.plans.subscriptions.get(order.accountId)).toBeNull();
  expect(await state(await world.deliver(invoice(order, 0)))).toBe('200 ignored');
  const foreign = invoice(order, 2000, { parent: { subscription_details: { subscription: 'sub_x', metadata: {} } } });
  expect(await state(await world.deliver(foreign))).toBe('200 ignored');
  expect(await state(await world.deliver(invoice(order, 2000)))).toBe('200 applied');
});

test('a plan that is cancelled is charged no more, and one that ended at the driver ends here with its time', async () => {
  const order = await open();
  await world.deliver(invoice(order, 2000));
  await world.plans.subscriptions.cancel(order.accountId);
  world.now += DAY_MS;
  await world.payments.sweep();
  expect(world.stripe.subscriptions.get('sub_1')).toMatchObject({ status: 'canceled' });
  const calls = world.stripe.calls.length;
  world.now += DAY_MS;
  await world.payments.sweep();
  expect(world.stripe.calls).toHaveLength(calls);
  await world.close();
  const again = await open();
  await world.deliver(invoice(again, 2000));
  const ended = world.stripe.event('customer.subscription.deleted', {
    id: 'sub_1',
    metadata: { candor_payment: again.id },
  });
  expect(await state(await world.deliver(ended))).toBe('200 applied');
  expect(world.plans.subscriptions.get(again.accountId)).toMatchObject({ state: 'active', cancelAtPeriodEnd: true });
});

test('a disputed fee ends its plan: what was not earned of it is no loss', async () => {
  const order = await open();
  const paid = invoice(order, 2000);
  await world.deliver(paid);
  world.now += 15 * DAY_MS;
  const ref = `pi_sub_${invoices}`;
  const dispute = { id: 'dp_sub', amount: 2000, currency: 'usd', status: 'needs_response', payment_intent: ref };
  expect(await state(await world.deliver(world.stripe.event('charge.dispute.created', dispute)))).toBe('200 applied');
  expect(world.plans.subscriptions.get(order.accountId)?.state).toBe('ended');
  const loss = -(await world.house('dispute_loss'));
  expect(loss).toBeGreaterThan(usd(9));
  expect(loss).toBeLessThan(usd(11));
  expect([await world.house('wash'), await world.available(order.accountId)]).toEqual([0n, 0n]);
  expect(await world.house('deferred_subscription')).toBe(0n);
  expect(await world.sum()).toBe(0n);
});

test('an operator records the fee of a plan as they record any other money', async () => {
  world = await openMoney();
  const accountId = await world.account();
  const order = { accountId, plan: 'business', interval: 'month' as const, seats: 3, driver: 'manual' as const };
  const started = await world.payments.subscribe(order);
  if (!started.ok) throw new Error(started.refusal.message);
  expect(started.value.payment.amount).toBe(usd(90));
  const recorded = await world.payments.record({ paymentId: started.value.payment.id, reference: 'wire 1' });
  expect(recorded.ok && recorded.value.payment.state).toBe('paid');
  const again = await world.payments.record({ paymentId: started.value.payment.id, reference: 'wire 1' });
  expect(again.ok && again.value.repeated).toBe(true);
  expect(world.plans.subscriptions.get(accountId)).toMatchObject({ plan: 'business', seats: 3, state: 'active' });
  const second = await world.payments.subscribe(order);
  expect(second.ok ? '' : second.refusal.reason).toBe('plan_refused');
});
