import { z } from 'zod';
import type { CardSeen, Fact } from '../driver.ts';
import { fromCents } from '../cents.ts';

/** The events to send to the endpoint; every other one is ignored. */
export const STRIPE_EVENTS = [
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'checkout.session.expired',
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  'invoice.paid',
  'invoice.payment_failed',
  'customer.subscription.deleted',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.succeeded',
  'charge.dispute.created',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.closed',
] as const;

type StripeEventName = (typeof STRIPE_EVENTS)[number];

/** Where our own ids travel. */
export const METADATA = { payment: 'candor_payment', account: 'candor_account', refund: 'candor_refund' } as const;

const reference = z.string().min(1).max(255);
/** An id, or the object itself where the endpoint expands it. */
const link = z.union([reference, z.object({ id: reference }).transform((object) => object.id)]);
const cents = z.int().min(0);
const currency = z.string().max(8);
const metadata = z.record(z.string(), z.string()).nullish();

const envelope = z.object({
  id: z.string().regex(/^evt_[A-Za-z0-9_]{1,250}$/),
  type: z.string().max(128),
  data: z.object({ object: z.unknown() }),
});

const session = z.object({
  id: reference,
  mode: z.string(),
  payment_status: z.string(),
  amount_total: cents.nullish(),
  currency: currency.nullish(),
  client_reference_id: reference.nullish(),
  metadata,
  payment_intent: link.nullish(),
  customer: link.nullish(),
});

const intent = z.object({ id: reference, amount_received: cents, currency, metadata, customer: link.nullish() });

const period = z.object({ start: z.int(), end: z.int() });
const invoice = z.object({
  id: reference,
  amount_paid: cents,
  currency,
  customer: link.nullish(),
  parent: z.object({ subscription_details: z.object({ subscription: link, metadata }).nullish() }).nullish(),
  payments: z.object({ data: z.array(z.object({ payment: z.object({ payment_intent: link.nullish() }) })) }).nullish(),
  lines: z.object({ data: z.array(z.object({ period })).min(1) }),
});

const subscription = z.object({ id: reference, metadata });
const refund = z.object({
  id: reference,
  amount: cents,
  currency,
  status: z.string().nullish(),
  payment_intent: link.nullish(),
  metadata,
});
const charge = z.object({
  metadata,
  payment_method_details: z
    .object({
      card: z.object({ fingerprint: z.string().min(1).max(255).nullish(), funding: z.string().nullish() }).nullish(),
    })
    .nullish(),
});
const dispute = z.object({
  id: reference,
  amount: cents,
  currency,
  status: z.string(),
  payment_intent: link.nullish(),
});

/** What a signed event says; null when it is none of ours to read. */
export function readEvent(event: unknown): readonly (Fact | CardSeen)[] | null {
  const read = envelope.safeParse(event);
  if (!read.success) return null;
  const { id, type, data } = read.data;
  if (!(STRIPE_EVENTS as readonly string[]).includes(type)) return [];
  const fact = readObject(type as StripeEventName, id, data.object);
  return fact === undefined ? null : fact === null ? [] : [fact];
}

/** Null: nothing to do. Undefined: not of the shape it should have. */
function readObject(type: StripeEventName, eventId: string, object: unknown): Fact | CardSeen | null | undefined {
  switch (type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
      return readWith(session, object, (one) => paidSession(eventId, one));
    case 'checkout.session.async_payment_failed':
    case 'checkout.session.expired':
      return readWith(session, object, (one) => failed(eventId, one.metadata?.[METADATA.payment] ?? null, null));
    case 'payment_intent.succeeded':
      return readWith(intent, object, (one) => paidIntent(eventId, one));
    case 'payment_intent.payment_failed':
      return readWith(z.object({ metadata }), object, (one) =>
        failed(eventId, one.metadata?.[METADATA.payment] ?? null, null),
      );
    case 'invoice.paid':
      return readWith(invoice, object, (one) => paidInvoice(eventId, one));
    case 'invoice.payment_failed':
      return readWith(invoice, object, (one) =>
        failed(eventId, null, one.parent?.subscription_details?.subscription ?? null),
      );
    case 'customer.subscription.deleted':
      return readWith(subscription, object, (one) => ({
        kind: 'subscription_ended',
        eventId,
        subscriptionRef: one.id,
        paymentId: one.metadata?.[METADATA.payment] ?? null,
      }));
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed':
      return readWith(refund, object, (one) => refundFact(eventId, one));
    case 'charge.succeeded':
      return readWith(charge, object, cardFact);
    case 'charge.dispute.created':
    case 'charge.dispute.funds_withdrawn':
    case 'charge.dispute.closed':
      return readWith(dispute, object, (one) => disputeFact(type, eventId, one));
  }
}

function readWith<Shape extends z.ZodType>(
  shape: Shape,
  object: unknown,
  toFact: (value: z.output<Shape>) => Fact | CardSeen | null,
): Fact | CardSeen | null | undefined {
  const read = shape.safeParse(object);
  return read.success ? toFact(read.data) : undefined;
}

function failed(eventId: string, paymentId: string | null, subscriptionRef: string | null): Fact | null {
  if (paymentId === null && subscriptionRef === null) return null;
  return { kind: 'payment_failed', eventId, paymentId, subscriptionRef };
}

/** A session whose money is still under way says so; the one that follows when it arrives is read here too. */
function paidSession(eventId: string, one: z.output<typeof session>): Fact | null {
  if (one.mode !== 'payment' || one.payment_status !== 'paid') return null;
  return {
    kind: 'paid',
    eventId,
    paymentId: one.metadata?.[METADATA.payment] ?? one.client_reference_id ?? null,
    accountId: one.metadata?.[METADATA.account] ?? null,
    amount: fromCents(one.amount_total ?? 0),
    currency: one.currency ?? '',
    ref: one.payment_intent ?? one.id,
    customerRef: one.customer ?? null,
  };
}

/** Only charges without the customer carry our payment's id here; a checkout's own intent does not. */
function paidIntent(eventId: string, one: z.output<typeof intent>): Fact | null {
  const paymentId = one.metadata?.[METADATA.payment] ?? null;
  if (paymentId === null) return null;
  return {
    kind: 'paid',
    eventId,
    paymentId,
    accountId: one.metadata?.[METADATA.account] ?? null,
    amount: fromCents(one.amount_received),
    currency: one.currency,
    ref: one.id,
    customerRef: one.customer ?? null,
  };
}

function paidInvoice(eventId: string, one: z.output<typeof invoice>): Fact | null {
  const details = one.parent?.subscription_details;
  if (!details) return null;
  // Lines of a change within a period begin inside it; the one that ends last is the period paid for.
  const paidFor = one.lines.data.map((line) => line.period).reduce((a, b) => (b.end > a.end ? b : a));
  return {
    kind: 'subscription_paid',
    eventId,
    paymentId: details.metadata?.[METADATA.payment] ?? null,
    accountId: details.metadata?.[METADATA.account] ?? null,
    amount: fromCents(one.amount_paid),
    currency: one.currency,
    ref: one.id,
    chargeRef: one.payments?.data[0]?.payment.payment_intent ?? null,
    subscriptionRef: details.subscription,
    customerRef: one.customer ?? null,
    periodStartMs: paidFor.start * 1_000,
    periodEndMs: paidFor.end * 1_000,
  };
}

function refundFact(eventId: string, one: z.output<typeof refund>): Fact | null {
  const ref = one.payment_intent ?? null;
  if (ref === null) return null;
  const refundId = one.metadata?.[METADATA.refund] ?? null;
  if (one.status === 'failed' || one.status === 'canceled') {
    return { kind: 'refund_failed', eventId, refundRef: one.id, refundId, ref };
  }
  if (one.status !== 'succeeded') return null;
  return {
    kind: 'refunded',
    eventId,
    refundRef: one.id,
    refundId,
    ref,
    amount: fromCents(one.amount),
    currency: one.currency,
  };
}

/** Only charges of our own orders carry the account; prepaid cards are told because anybody has as many as they like. */
function cardFact({ metadata: told, payment_method_details: details }: z.output<typeof charge>): CardSeen | null {
  const accountId = told?.[METADATA.account];
  const card = details?.card;
  if (accountId === undefined || !card?.fingerprint) return null;
  return { kind: 'card_seen', accountId, fingerprint: card.fingerprint, prepaid: card.funding === 'prepaid' };
}

function disputeFact(type: string, eventId: string, one: z.output<typeof dispute>): Fact | null {
  const ref = one.payment_intent ?? null;
  if (ref === null) return null;
  if (type !== 'charge.dispute.closed') {
    // An inquiry has moved no money; if it becomes a dispute, the withdrawal tells.
    if (one.status.startsWith('warning')) return null;
    return {
      kind: 'disputed',
      eventId,
      disputeRef: one.id,
      ref,
      amount: fromCents(one.amount),
      currency: one.currency,
    };
  }
  if (one.status === 'won') return { kind: 'dispute_won', eventId, disputeRef: one.id, ref };
  return one.status === 'lost' ? { kind: 'dispute_lost', eventId, disputeRef: one.id, ref } : null;
}
