import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { type MoneyWorld, openMoney } from '../world/money.ts';

let world: MoneyWorld;

interface Bought {
  readonly id: string;
  readonly session: string;
  event: unknown;
  ref: string;
  /** Cents: charged, paid back by us, taken back by others. */
  readonly amount: number;
  back: number;
  disputed: boolean;
  taken: number;
}

const step = fc.record({
  kind: fc.constantFrom('buy', 'pay', 'repay', 'refund', 'spend', 'dispute', 'win', 'lose', 'elsewhere', 'restart'),
  at: fc.nat(7),
  cents: fc.integer({ min: 1, max: 3000 }),
});

const TAX_BP = 1900;
const NANO_PER_CENT = 10_000_000n;

/** Everything that may happen to money, in any order; the model counts in whole cents what crossed the border. */
class Model {
  readonly bought: Bought[] = [];
  events = 0;

  constructor(readonly account: string) {}

  async run({ kind, at, cents }: { kind: string; at: number; cents: number }): Promise<void> {
    const one = this.bought[at % Math.max(1, this.bought.length)];
    if (kind === 'buy') return this.buy(cents);
    if (kind === 'restart') return world.restart();
    if (kind === 'spend') return this.spend(BigInt(cents) * NANO_PER_CENT + 7n);
    if (one === undefined) return;
    const isPaid = one.event !== null;
    if (kind === 'pay' && !isPaid) {
      one.event = world.stripe.pay(one.session);
      one.ref = String(world.stripe.sessions.get(one.session)?.['payment_intent']);
    }
    if (kind === 'pay' || kind === 'repay') {
      if (one.event !== null) await world.deliver(one.event);
      return;
    }
    if (!isPaid) return;
    if (kind === 'refund') return this.refund(one, cents);
    const object = { id: `dp_${one.id}`, currency: 'usd', payment_intent: one.ref, amount: one.amount };
    const left = one.amount - one.back - one.taken;
    if (kind === 'dispute' && !one.disputed && left === one.amount) {
      one.disputed = true;
      one.taken = one.amount;
      await world.deliver(world.stripe.event('charge.dispute.created', { ...object, status: 'needs_response' }));
    } else if ((kind === 'win' || kind === 'lose') && one.disputed && one.taken > 0) {
      const status = kind === 'win' ? 'won' : 'lost';
      await world.deliver(world.stripe.event('charge.dispute.closed', { ...object, status }));
      if (kind === 'win') one.taken = 0;
    } else if (kind === 'elsewhere' && !one.disputed && cents <= left) {
      const refund = { id: `re_out_${++this.events}`, amount: cents, currency: 'usd', status: 'succeeded' };
      await world.deliver(world.stripe.event('refund.created', { ...refund, payment_intent: one.ref, metadata: {} }));
      one.back += cents;
    }
  }

  async buy(cents: number): Promise<void> {
    const credit = BigInt(100 + cents) * NANO_PER_CENT;
    const started = await world.payments.topup({ accountId: this.account, credit, driver: null, saveMethod: false });
    if (!started.ok) throw new Error(started.refusal.message);
    const { id, checkoutRef, amount } = started.value.payment;
    const session = checkoutRef ?? '';
    const whole = Number(amount / NANO_PER_CENT);
    this.bought.push({ id, session, event: null, ref: '', amount: whole, back: 0, disputed: false, taken: 0 });
  }

  async spend(amount: bigint): Promise<void> {
    if ((await world.available(this.account)) >= amount) await world.spend(this.account, amount);
  }

  async refund(one: Bought, cents: number): Promise<void> {
    const before = [...world.stripe.refunds.values()].length;
    const credit = BigInt(cents) * NANO_PER_CENT;
    await world.payments.refund({ paymentId: one.id, credit, reason: 'x', key: null, reference: null });
    const made = [...world.stripe.refunds.values()].slice(before);
    for (const refund of made) {
      one.back += Number(refund['amount']);
      await world.deliver(world.stripe.event('refund.created', refund));
    }
  }

  /** What came in and did not go back. */
  inside(): bigint {
    const paid = this.bought.filter((one) => one.event !== null);
    return BigInt(paid.reduce((sum, one) => sum + one.amount - one.back - one.taken, 0)) * NANO_PER_CENT;
  }
}

test('money in is credit, revenue, tax and losses, whatever happens in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 30 }), async (steps) => {
      world = await openMoney({ taxBp: TAX_BP });
      try {
        const model = new Model(await world.account());
        await model.run({ kind: 'buy', at: 0, cents: 1900 });
        for (const one of steps) await model.run(one);
        await world.payments.sweep();
        const [wash, tax, earned, loss] = await Promise.all(
          ['wash', 'tax_payable', 'earnings', 'dispute_loss'].map((id) => world.house(id)),
        );
        const { available, held } = await world.ledger.balance(model.account);
        expect(-(wash ?? 0n)).toBe(model.inside());
        expect(await world.sum()).toBe(0n);
        expect(available + held + (earned ?? 0n) + (tax ?? 0n) + (loss ?? 0n)).toBe(model.inside());
        expect([available >= 0n, held, (tax ?? 0n) >= 0n, (loss ?? 0n) <= 0n]).toEqual([true, 0n, true, true]);
        expect(await states()).not.toContain('rejected');
      } finally {
        await world.close();
      }
    }),
    { numRuns: 40 },
  );
}, 120_000);

async function states(): Promise<unknown[]> {
  return (await world.rows('ledger_payment_event')).map((row) => row['state']);
}
