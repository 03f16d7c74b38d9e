import type { Nano } from '../../base/money.ts';
import type { PlanInterval } from '../plan.ts';
import type { DriverName } from './driver.ts';

export type PaymentKind = 'topup' | 'subscription' | 'invoice';
export type PaymentState = 'pending' | 'paid' | 'failed' | 'refunded' | 'partly_refunded' | 'disputed' | 'lost';

/** What a customer was asked to pay, written before they were asked; nothing else is ever believed of it. */
export interface Payment {
  /** `pay_<ulid>`. */
  readonly id: string;
  readonly accountId: string;
  readonly kind: PaymentKind;
  readonly state: PaymentState;
  readonly driver: DriverName;
  /** What is charged: `credit` and `tax`. */
  readonly amount: Nano;
  /** Credit bought, or the fee of a plan. */
  readonly credit: Nano;
  readonly tax: Nano;
  /** Of `credit` and `tax`, what was paid back or is on its way. */
  readonly refunded: Nano;
  readonly refundedTax: Nano;
  /** The driver's id of the payment; null until it is paid. */
  readonly ref: string | null;
  readonly checkoutRef: string | null;
  readonly subscriptionRef: string | null;
  /** The grant it bought, if any. */
  readonly grantId: string | null;
  readonly facts: PaymentFacts;
  readonly createdAtMs: number;
  readonly paidAtMs: number | null;
}

/** Why it was asked for. */
export interface PaymentFacts {
  /** Charged without the customer because credit ran low. */
  readonly auto?: boolean;
  readonly plan?: { readonly name: string; readonly interval: PlanInterval; readonly seats: number };
  /** A later period of the subscription this payment began. */
  readonly renews?: string;
  /** End of the time a plan was paid for, wall milliseconds. */
  readonly periodEndMs?: number;
}

export type RefundState = 'pending' | 'done' | 'failed';

/** Money on its way back because the operator said so. */
export interface Refund {
  /** Derived from what was asked for, so that asking twice is asking once. */
  readonly id: string;
  readonly paymentId: string;
  readonly state: RefundState;
  readonly credit: Nano;
  readonly tax: Nano;
  readonly reason: string;
  readonly ref: string | null;
  readonly detail: string | null;
  readonly tries: number;
  readonly createdAtMs: number;
  readonly endedAtMs: number | null;
}

/** Money taken back by somebody else; `id` is the driver's. */
export interface Reversal {
  readonly id: string;
  readonly paymentId: string;
  readonly kind: 'dispute' | 'refund';
  readonly state: 'open' | 'won' | 'lost';
  readonly credit: Nano;
  readonly tax: Nano;
  /** Of `credit`, what was unspent and has been taken out of reach. */
  readonly drained: Nano;
}

/** Why something about money was not done, for whoever asked. */
export interface PaymentRefusal {
  readonly reason:
    | 'account_not_found'
    | 'house_account'
    | 'amount_invalid'
    | 'amount_too_small'
    | 'amount_too_large'
    | 'driver_not_configured'
    | 'driver_unsupported'
    | 'driver_declined'
    | 'driver_unavailable'
    | 'service_needed'
    | 'payment_not_found'
    | 'payment_state'
    | 'reference_used'
    | 'nothing_to_refund'
    | 'refund_too_large'
    | 'no_saved_method'
    | 'plan_refused'
    | 'cap_below_amount'
    | 'event_rejected';
  readonly message: string;
}
