import type { Stripe as StripeClient } from 'stripe';
import { ok, refuse, type Result } from '../../../base/result.ts';
import type { StripeConfig } from '../../../config/payments.ts';
import { toCents } from '../cents.ts';
import type {
  ChargeOrder,
  CheckoutOrder,
  DriverRefusal,
  PaymentDriver,
  RefundOrder,
  StartedCheckout,
  SubscriptionOrder,
} from '../driver.ts';
import { METADATA, readEvent } from './facts.ts';
import { verifySignature } from './signature.ts';

/** Payments of one customer, or refunds of one payment, looked through for one of ours. */
const LOOKED_THROUGH_MAX = 100;

/**
 * Payments by Stripe. Every call carries an idempotency key made from our own id, and our ids travel in `metadata`, so
 * that what was asked without an answer can be found again after the keys have lapsed.
 * Source: https://docs.stripe.com/api
 */
export async function createStripeDriver(config: StripeConfig): Promise<PaymentDriver> {
  const { Stripe } = await import('stripe');
  const base = new URL(config.baseUrl);
  const stripe = new Stripe(config.secretKey, {
    host: base.hostname,
    port: base.port || (base.protocol === 'https:' ? '443' : '80'),
    protocol: base.protocol === 'https:' ? 'https' : 'http',
    httpClient: Stripe.createFetchHttpClient(),
    timeout: config.timeoutMs,
    maxNetworkRetries: 0,
    telemetry: false,
  });
  const begin = (order: SessionOrder, parameters: StripeClient.Checkout.SessionCreateParams) =>
    attempt(async () => {
      const session = await stripe.checkout.sessions.create(
        {
          client_reference_id: order.paymentId,
          metadata: ours(order),
          success_url: config.successUrl,
          cancel_url: config.cancelUrl,
          ...(order.customerRef === null ? {} : { customer: order.customerRef }),
          ...parameters,
        },
        { idempotencyKey: order.paymentId },
      );
      return ok<StartedCheckout>({ url: session.url, ref: session.id });
    });
  return {
    name: 'stripe',
    checkout: (order) => begin(order, topupSession(order)),
    subscribe: (order) => begin(order, subscriptionSession(order)),
    unsubscribe: (ref) => attempt(() => unsubscribe(stripe, ref)),
    savedMethod: (customer) =>
      attempt(async () => {
        const { data } = await stripe.paymentMethods.list({ customer, type: 'card', limit: 1 });
        const [method] = data;
        if (method === undefined) return declined('no card was saved');
        const { brand, last4 } = method.card ?? { brand: 'card', last4: '' };
        return ok({ methodRef: method.id, label: `${brand} ${last4}`.trim() });
      }),
    charge: (order) => attempt(() => charge(stripe, order)),
    refund: (order) => attempt(() => refund(stripe, order)),
    readWebhook(delivery) {
      const signed = verifySignature(delivery, config.webhookSecret);
      if (!signed.ok) return signed;
      const facts = readEvent(parse(delivery.body));
      return facts === null ? refuse({ reason: 'malformed' }) : ok(facts);
    },
  };
}

type SessionOrder = Pick<CheckoutOrder, 'paymentId' | 'accountId' | 'customerRef'>;

function ours(order: { readonly paymentId: string; readonly accountId: string }): Record<string, string> {
  return { [METADATA.payment]: order.paymentId, [METADATA.account]: order.accountId };
}

function topupSession(order: CheckoutOrder): StripeClient.Checkout.SessionCreateParams {
  return {
    mode: 'payment',
    line_items: [line('Credit', order.credit), ...(order.tax > 0n ? [line('Tax', order.tax)] : [])],
    ...(order.customerRef === null && order.saveMethod ? { customer_creation: 'always' } : {}),
    // The charge tells whose card it was; the payment itself is told by its session.
    payment_intent_data: {
      metadata: { [METADATA.account]: order.accountId },
      ...(order.saveMethod ? { setup_future_usage: 'off_session' } : {}),
    },
  };
}

function subscriptionSession(order: SubscriptionOrder): StripeClient.Checkout.SessionCreateParams {
  const { interval } = order;
  return {
    mode: 'subscription',
    line_items: [
      line(`${order.plan}, ${order.seats} ${order.seats === 1 ? 'seat' : 'seats'}`, order.fee, interval),
      ...(order.tax > 0n ? [line('Tax', order.tax, interval)] : []),
    ],
    subscription_data: { metadata: ours(order) },
  };
}

function line(name: string, amount: bigint, interval?: 'month' | 'year') {
  const price = { currency: 'usd', unit_amount: toCents(amount), product_data: { name } };
  return { quantity: 1, price_data: interval === undefined ? price : { ...price, recurring: { interval } } };
}

async function unsubscribe(stripe: StripeClient, ref: string): Promise<Result<null, DriverRefusal>> {
  const found = await stripe.subscriptions.retrieve(ref);
  if (found.status !== 'canceled') await stripe.subscriptions.cancel(ref);
  return ok(null);
}

async function charge(stripe: StripeClient, order: ChargeOrder): Promise<Result<{ ref: string }, DriverRefusal>> {
  if (order.again) {
    const { data } = await stripe.paymentIntents.list({ customer: order.customerRef, limit: LOOKED_THROUGH_MAX });
    const found = data.find((intent) => intent.metadata[METADATA.payment] === order.paymentId);
    if (found !== undefined) return chargedBy(found);
  }
  const intent = await stripe.paymentIntents.create(
    {
      amount: toCents(order.amount),
      currency: 'usd',
      customer: order.customerRef,
      payment_method: order.methodRef,
      off_session: true,
      confirm: true,
      error_on_requires_action: true,
      metadata: ours(order),
    },
    { idempotencyKey: order.paymentId },
  );
  return chargedBy(intent);
}

function chargedBy(intent: StripeClient.PaymentIntent): Result<{ ref: string }, DriverRefusal> {
  if (intent.status === 'succeeded') return ok({ ref: intent.id });
  if (intent.status === 'processing') return refuse({ reason: 'unavailable', detail: 'the charge is being processed' });
  return declined('the bank did not pay');
}

async function refund(stripe: StripeClient, order: RefundOrder): Promise<Result<{ ref: string }, DriverRefusal>> {
  if (order.again) {
    const { data } = await stripe.refunds.list({ payment_intent: order.paymentRef, limit: LOOKED_THROUGH_MAX });
    const found = data.find((one) => one.metadata?.[METADATA.refund] === order.refundId);
    if (found !== undefined) return refundedBy(found);
  }
  const made = await stripe.refunds.create(
    {
      payment_intent: order.paymentRef,
      amount: toCents(order.amount),
      metadata: { [METADATA.refund]: order.refundId },
    },
    { idempotencyKey: order.refundId },
  );
  return refundedBy(made);
}

function refundedBy(made: StripeClient.Refund): Result<{ ref: string }, DriverRefusal> {
  return made.status === 'failed' || made.status === 'canceled' ? declined('the refund failed') : ok({ ref: made.id });
}

function declined(detail: string): Result<never, DriverRefusal> {
  return refuse({ reason: 'declined', detail });
}

/** Turns what the client throws into a refusal. Its messages may quote what a customer typed and are not passed on. */
async function attempt<Value>(
  call: () => Promise<Result<Value, DriverRefusal>>,
): Promise<Result<Value, DriverRefusal>> {
  try {
    return await call();
  } catch (error) {
    const { statusCode, code, type } = error as { statusCode?: unknown; code?: unknown; type?: unknown };
    const status = typeof statusCode === 'number' ? statusCode : null;
    const word = typeof code === 'string' && /^[a-z_]{1,64}$/.test(code) ? code : 'error';
    if (status === null) return refuse({ reason: 'unavailable', detail: 'no answer' });
    const detail = `status ${status}, ${word}`;
    // Of these nobody knows whether an earlier try with the same key moved money, or the operator can mend them.
    const open = status >= 500 || [401, 403, 409, 429].includes(status) || type === 'StripeIdempotencyError';
    return refuse({ reason: open ? 'unavailable' : 'declined', detail });
  }
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
  } catch {
    return undefined;
  }
}
