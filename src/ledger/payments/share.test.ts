import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { NANO_PER_CENT } from '../../base/money.ts';
import { isWholeCents, taxOn } from './cents.ts';
import type { Payment } from './payment.ts';
import { shareOfAmount, shareOfCredit } from './share.ts';

const cents = fc.bigInt({ min: 1n, max: 1_000_000n });

function paymentOf(credit: bigint, taxBp: number): Payment {
  const tax = taxOn(credit, taxBp);
  return { credit, tax, amount: credit + tax, refunded: 0n, refundedTax: 0n } as Payment;
}

test('parts that go back are whole cents, and all of them are all of it', () => {
  fc.assert(
    fc.property(
      cents,
      fc.integer({ min: 0, max: 10_000 }),
      fc.array(cents, { maxLength: 8 }),
      (whole, taxBp, parts) => {
        let payment = paymentOf(whole * NANO_PER_CENT, taxBp);
        let back = 0n;
        for (const part of [...parts, whole]) {
          const left = payment.credit - payment.refunded;
          const credit = part * NANO_PER_CENT < left ? part * NANO_PER_CENT : left;
          if (credit === 0n) break;
          const share = shareOfCredit(payment, credit);
          expect(isWholeCents(share.credit + share.tax)).toBe(true);
          back += share.credit + share.tax;
          payment = {
            ...payment,
            refunded: payment.refunded + share.credit,
            refundedTax: payment.refundedTax + share.tax,
          };
          expect(payment.refundedTax <= payment.tax).toBe(true);
        }
        expect(back).toBe(payment.amount);
      },
    ),
  );
});

test('an amount taken back by others is parted without a rest', () => {
  fc.assert(
    fc.property(cents, fc.integer({ min: 0, max: 10_000 }), cents, (whole, taxBp, taken) => {
      const payment = paymentOf(whole * NANO_PER_CENT, taxBp);
      const amount = taken * NANO_PER_CENT < payment.amount ? taken * NANO_PER_CENT : payment.amount;
      const share = shareOfAmount(payment, amount);
      expect(share.credit + share.tax).toBe(amount);
      expect(share.tax <= payment.tax && share.credit <= payment.credit).toBe(true);
      if (amount === payment.amount) expect(share).toEqual({ credit: payment.credit, tax: payment.tax });
    }),
  );
});
