import { NANO_PER_CENT, type Nano, smaller } from '../../base/money.ts';
import type { Payment } from './payment.ts';

/** What of a payment is credit and what is tax. */
export interface Share {
  readonly credit: Nano;
  readonly tax: Nano;
}

/** `amount` that went back, parted as the payment was; all that is left of it takes all that is left of the tax. */
export function shareOfAmount(payment: Payment, amount: Nano): Share {
  const creditLeft = payment.credit - payment.refunded;
  const taxLeft = payment.tax - payment.refundedTax;
  if (amount >= creditLeft + taxLeft) return { credit: amount - taxLeft, tax: taxLeft };
  const tax = smaller(floorToCents((amount * payment.tax) / payment.amount), taxLeft);
  const credit = smaller(amount - tax, creditLeft);
  return { credit, tax: amount - credit };
}

/** The tax that goes back with `credit`, in whole cents so that a card can carry it. */
export function shareOfCredit(payment: Payment, credit: Nano): Share {
  const taxLeft = payment.tax - payment.refundedTax;
  if (credit >= payment.credit - payment.refunded) return { credit, tax: taxLeft };
  return { credit, tax: smaller(floorToCents((payment.tax * credit) / payment.credit), taxLeft) };
}

export function floorToCents(amount: Nano): Nano {
  return amount - (amount % NANO_PER_CENT);
}
