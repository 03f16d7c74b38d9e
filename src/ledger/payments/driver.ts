/** The seam between credit and whoever moves the money. A driver knows nothing of grants; it says what happened, and does what it is told once. */
import type { Nano } from '../../base/money.ts';
import type { Result } from '../../base/result.ts';
import type { PlanInterval } from '../plan.ts';

export type DriverName = 'stripe' | 'manual';

/** Always US dollars, always whole cents. */
export interface CheckoutOrder {
  /** Our payment; the key that makes asking twice the same as asking once. */
  readonly paymentId: string;
  readonly accountId: string;
  /** Before tax. */
  readonly credit: Nano;
  readonly tax: Nano;
  /** Keep the means of payment for charges without the customer. */
  readonly saveMethod: boolean;
  /** Whom the driver knows the account as; null for a first payment. */
  readonly customerRef: string | null;
}

export interface SubscriptionOrder extends Omit<CheckoutOrder, 'credit' | 'saveMethod'> {
  readonly plan: string;
  readonly interval: PlanInterval;
  readonly seats: number;
  /** Of one interval, all seats, before tax. */
  readonly fee: Nano;
}

export interface StartedCheckout {
  /** Where the customer pays; null when there is no such page. */
  readonly url: string | null;
  /** The driver's own id of it. */
  readonly ref: string;
}

export interface SavedMethod {
  readonly methodRef: string;
  /** For people, such as `visa 4242`. */
  readonly label: string;
}

export interface ChargeOrder {
  readonly paymentId: string;
  readonly accountId: string;
  readonly amount: Nano;
  readonly customerRef: string;
  readonly methodRef: string;
  /** An earlier try ended without an answer: look first whether it came through. */
  readonly again: boolean;
}

export interface RefundOrder {
  /** Ours; the key that makes asking twice the same as asking once. */
  readonly refundId: string;
  /** The driver's id of the payment. */
  readonly paymentRef: string;
  readonly amount: Nano;
  /** An earlier try ended without an answer: look first whether it came through. */
  readonly again: boolean;
}

export interface DriverRefusal {
  /**
   * `declined`: the customer's bank or the driver said no; nothing moved. `unsupported`: this driver cannot do that.
   * `unavailable`: no answer, so nobody knows; asking again with the same order is safe.
   */
  readonly reason: 'declined' | 'unsupported' | 'unavailable';
  /** For the operator; from a closed set of words, never what a customer typed. */
  readonly detail: string;
}

/** What a driver says happened, by kind. Amounts are in nano-dollars, the currency as the driver named it. */
interface FactBodies {
  readonly paid: {
    readonly paymentId: string | null;
    readonly accountId: string | null;
    readonly amount: Nano;
    readonly currency: string;
    /** The driver's id that refunds and disputes name. */
    readonly ref: string;
    readonly customerRef: string | null;
  };
  readonly subscription_paid: {
    readonly paymentId: string | null;
    readonly accountId: string | null;
    readonly amount: Nano;
    readonly currency: string;
    /** Of this payment (an invoice); each is one period. */
    readonly ref: string;
    /** What refunds and disputes name, where the event tells it. */
    readonly chargeRef: string | null;
    readonly subscriptionRef: string;
    readonly customerRef: string | null;
    readonly periodStartMs: number;
    readonly periodEndMs: number;
  };
  readonly subscription_ended: { readonly subscriptionRef: string; readonly paymentId: string | null };
  /** The payment is null for a renewal, which `subscriptionRef` names. */
  readonly payment_failed: { readonly paymentId: string | null; readonly subscriptionRef: string | null };
  readonly refunded: {
    /** The driver's id of the refund: each counts once. */
    readonly refundRef: string;
    /** Ours, when we asked for it. */
    readonly refundId: string | null;
    readonly ref: string;
    readonly amount: Nano;
    readonly currency: string;
  };
  readonly refund_failed: { readonly refundRef: string; readonly refundId: string | null; readonly ref: string };
  readonly disputed: {
    readonly disputeRef: string;
    readonly ref: string;
    readonly amount: Nano;
    readonly currency: string;
  };
  readonly dispute_won: { readonly disputeRef: string; readonly ref: string };
  readonly dispute_lost: { readonly disputeRef: string; readonly ref: string };
}

type FactKind = keyof FactBodies;

/** A card somebody paid with, as far as it tells accounts of one person apart from those of many. Moves no money. */
export interface CardSeen {
  readonly kind: 'card_seen';
  readonly accountId: string;
  /** The same for the same card, whoever pays with it; tells nothing of its number. */
  readonly fingerprint: string;
  readonly prepaid: boolean;
}

export type Fact<Kind extends FactKind = FactKind> = {
  [Each in Kind]: {
    readonly kind: Each;
    /** The driver's id of the event: each counts once. */
    readonly eventId: string;
  } & FactBodies[Each];
}[Kind];

export interface Delivery {
  /** The bytes as they came. */
  readonly body: Uint8Array;
  readonly headers: Headers;
  readonly atMs: number;
}

export type DeliveryRefusal = { readonly reason: 'signature_missing' | 'signature_wrong' | 'too_old' | 'malformed' };

export interface PaymentDriver {
  readonly name: DriverName;
  checkout(order: CheckoutOrder): Promise<Result<StartedCheckout, DriverRefusal>>;
  subscribe(order: SubscriptionOrder): Promise<Result<StartedCheckout, DriverRefusal>>;
  /** Ends a subscription now; one that has ended is no error. */
  unsubscribe(subscriptionRef: string): Promise<Result<null, DriverRefusal>>;
  /** The means of payment this customer left for charges without them. */
  savedMethod(customerRef: string): Promise<Result<SavedMethod, DriverRefusal>>;
  /** Charges a saved method now; resolves with the driver's id of the payment. */
  charge(order: ChargeOrder): Promise<Result<{ readonly ref: string }, DriverRefusal>>;
  refund(order: RefundOrder): Promise<Result<{ readonly ref: string }, DriverRefusal>>;
  /** Who sent this and what it says. Events of no interest are no facts. */
  readWebhook(delivery: Delivery): Result<readonly (Fact | CardSeen)[], DeliveryRefusal>;
}
