import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createManualDriver, createStripeDriver, type PaymentDriver } from '../../src/ledger/index.ts';
import { usd } from '../world/money.ts';
import { type FakeStripe, startStripe } from '../world/stripe.ts';

let stripe: FakeStripe;
let drivers: Record<'stripe' | 'manual', PaymentDriver>;

beforeAll(async () => {
  stripe = await startStripe();
  drivers = {
    manual: createManualDriver(),
    stripe: await createStripeDriver({
      secretKey: 'sk_test_01234567',
      webhookSecret: stripe.secret,
      baseUrl: stripe.url,
      successUrl: 'https://app.example.com/paid',
      cancelUrl: 'https://app.example.com/',
      timeoutMs: 500,
    }),
  };
});

afterAll(() => stripe.close());

const topup = { accountId: 'acct_1', credit: usd(20), tax: usd(3.8), saveMethod: true, customerRef: null };
const plan = {
  accountId: 'acct_1',
  tax: 0n,
  customerRef: null,
  plan: 'plus',
  interval: 'month',
  seats: 2,
  fee: usd(40),
} as const;

/** What every driver keeps, whoever moves the money. */
describe.each(['stripe', 'manual'] as const)('%s', (name) => {
  const driver = () => drivers[name];

  test('says its name, and begins a checkout once for each payment', async () => {
    expect(driver().name).toBe(name);
    const order = { ...topup, paymentId: 'pay_1' };
    const [one, two] = [await driver().checkout(order), await driver().checkout(order)];
    expect(one.ok).toBe(true);
    expect(one).toEqual(two);
    const other = await driver().checkout({ ...topup, paymentId: 'pay_2' });
    expect(other.ok && one.ok && other.value.ref !== one.value.ref).toBe(true);
  });

  test('begins a subscription once for each payment', async () => {
    const order = { ...plan, paymentId: 'pay_3' };
    const [one, two] = [await driver().subscribe(order), await driver().subscribe(order)];
    expect(one.ok).toBe(true);
    expect(one).toEqual(two);
  });

  test('pays back once for each refund, also when it is asked again later', async () => {
    const order = { refundId: `refund_${name}`, paymentRef: 'pi_1', amount: usd(5), again: false };
    const [one, two] = [await driver().refund(order), await driver().refund({ ...order, again: true })];
    expect(one.ok).toBe(true);
    expect(one).toEqual(two);
  });

  test('charges a saved method, or says that it cannot', async () => {
    const order = { paymentId: 'pay_4', accountId: 'acct_1', amount: usd(10), customerRef: 'cus_1', methodRef: 'pm_1' };
    const [one, two] = [
      await driver().charge({ ...order, again: false }),
      await driver().charge({ ...order, again: true }),
    ];
    expect(one).toEqual(two);
    expect(one.ok ? 'charged' : one.refusal.reason).toBe(name === 'stripe' ? 'charged' : 'unsupported');
    const saved = await driver().savedMethod('cus_1');
    expect(saved.ok ? saved.value.label : saved.refusal.reason).toBe(name === 'stripe' ? 'visa 4242' : 'unsupported');
  });

  test('believes nobody who did not sign', () => {
    const body = new TextEncoder().encode(JSON.stringify({ id: 'evt_1', type: 'x', data: { object: {} } }));
    const read = driver().readWebhook({ body, headers: new Headers(), atMs: Date.now() });
    expect(read.ok ? '' : read.refusal.reason).toBe('signature_missing');
  });
});

describe('stripe alone', () => {
  test('asks for what the order says, with our ids beside it', async () => {
    const started = await drivers.stripe.checkout({ ...topup, paymentId: 'pay_5' });
    const session = stripe.sessions.get(started.ok ? started.value.ref : '');
    expect(session).toMatchObject({
      mode: 'payment',
      amount_total: 2380,
      client_reference_id: 'pay_5',
      metadata: { candor_payment: 'pay_5', candor_account: 'acct_1' },
    });
    const subscribed = await drivers.stripe.subscribe({ ...plan, paymentId: 'pay_6', tax: usd(4) });
    const subscription = stripe.sessions.get(subscribed.ok ? subscribed.value.ref : '');
    expect(subscription).toMatchObject({
      mode: 'subscription',
      amount_total: 4400,
      subscription_metadata: { candor_payment: 'pay_6', candor_account: 'acct_1' },
    });
  });

  test.each([
    ['status_500', 'unavailable'],
    ['slow', 'unavailable'],
    ['unauthorized', 'unavailable'],
    ['declined', 'declined'],
  ] as const)('%s is %s, in words of its own', async (fault, reason) => {
    stripe.breakNext('/v1/payment_intents', fault);
    const order = { paymentId: `pay_${fault}`, accountId: 'acct_1', amount: usd(10), customerRef: 'c', methodRef: 'm' };
    const charged = await drivers.stripe.charge({ ...order, again: false });
    expect(charged.ok ? '' : charged.refusal.reason).toBe(reason);
    expect(charged.ok ? '' : charged.refusal.detail).toMatch(/^(no answer|status \d{3}, [a-z_]+)$/);
  });

  test("reads what Stripe's own library signs, and nothing five minutes off", async () => {
    const { Stripe } = await import('stripe');
    const payload = JSON.stringify(
      stripe.event('payment_intent.succeeded', {
        id: 'pi_9',
        amount_received: 1000,
        currency: 'usd',
        metadata: { candor_payment: 'pay_9', candor_account: 'acct_1' },
      }),
    );
    const atMs = Date.now();
    const timestamp = Math.floor(atMs / 1_000);
    const signature = await Stripe.webhooks.generateTestHeaderStringAsync({
      payload,
      secret: stripe.secret,
      timestamp,
    });
    const delivery = {
      body: new TextEncoder().encode(payload),
      headers: new Headers({ 'stripe-signature': signature }),
    };
    const read = drivers.stripe.readWebhook({ ...delivery, atMs });
    expect(read.ok && read.value).toMatchObject([{ kind: 'paid', paymentId: 'pay_9', amount: usd(10), ref: 'pi_9' }]);
    for (const offMs of [302_000, -302_000]) {
      const stale = drivers.stripe.readWebhook({ ...delivery, atMs: atMs + offMs });
      expect(stale.ok ? '' : stale.refusal.reason).toBe('too_old');
    }
    // While a secret is rolled, one good signature of several is enough.
    const rolled = new Headers({ 'stripe-signature': signature.replace(',v1=', `,v1=${'0'.repeat(64)},v1=`) });
    expect(drivers.stripe.readWebhook({ ...delivery, headers: rolled, atMs }).ok).toBe(true);
  });
});
