import { afterEach, beforeEach, expect, test } from 'bun:test';
import { type MoneyWorld, openMoney, usd } from '../../../test/world/money.ts';
import { createRefundPaid } from './refund-paid.ts';

let world: MoneyWorld;

beforeEach(async () => {
  world = await openMoney();
});

afterEach(() => world.close());

async function pay(accountId: string, dollars: number, reference: string): Promise<void> {
  const recorded = await world.payments.record({ accountId, credit: usd(dollars), tax: null, reference });
  if (!recorded.ok) throw new Error(recorded.refusal.message);
}

test('what was paid and is not spent goes back where it came from, once, and nobody else loses any', async () => {
  const [closed, other] = [await world.account(), await world.account()];
  await pay(closed, 20, 'a');
  await pay(closed, 10, 'b');
  await pay(other, 5, 'c');
  await world.spend(closed, usd(12));
  const refundPaid = createRefundPaid(world.payments);
  await refundPaid(closed, 'san_1');
  expect([await world.available(closed), await world.available(other)]).toEqual([0n, usd(5)]);
  const amounts = (await world.rows('ledger_refund')).map((row) => Number(row['credit']));
  expect(amounts.reduce((sum, one) => sum + one, 0)).toBe(Number(usd(18)));
  await refundPaid(closed, 'san_1');
  expect((await world.rows('ledger_refund')).length).toBe(amounts.length);
  expect(await world.sum()).toBe(0n);
});
