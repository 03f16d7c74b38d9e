import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Objects of the API, as far as anybody looks at them. */
export type StripeObject = Record<string, unknown> & { readonly id: string };

/** How a call goes wrong: before or after it had its effect. */
export type StripeFault =
  | 'down'
  | 'slow'
  | 'status_500'
  | 'status_500_after'
  | 'cut_after'
  | 'declined'
  | 'unauthorized';

/** Stripe as the driver meets it over HTTP: idempotency keys, form bodies, decline codes, and webhooks it really signs. */
export interface FakeStripe {
  readonly url: string;
  readonly secret: string;
  readonly sessions: Map<string, StripeObject>;
  readonly intents: Map<string, StripeObject>;
  readonly refunds: Map<string, StripeObject>;
  readonly subscriptions: Map<string, StripeObject>;
  /** `METHOD path` of every call. */
  readonly calls: string[];
  /** The next `times` calls whose path begins with `path` go wrong. */
  breakNext(path: string, fault: StripeFault, times?: number): void;
  /** As a customer pays on the page; gives the event to be delivered. */
  pay(sessionId: string, changed?: Record<string, unknown>): StripeObject;
  event(type: string, object: Record<string, unknown>): StripeObject;
  /** What arrives at the endpoint. */
  sign(
    event: unknown,
    changed?: { secret?: string; atMs?: number; body?: string },
  ): { body: string; headers: Record<string, string> };
  nowMs: () => number;
  close(): Promise<void>;
}

const SLOW_MS = 3_000;

export async function startStripe(
  nowMs: () => number = Date.now,
  secret = 'whsec_0123456789abcdef0123',
): Promise<FakeStripe> {
  const sessions = new Map<string, StripeObject>();
  const intents = new Map<string, StripeObject>();
  const refunds = new Map<string, StripeObject>();
  const subscriptions = new Map<string, StripeObject>();
  const replies = new Map<string, { status: number; body: unknown }>();
  const faults: { path: string; fault: StripeFault; left: number }[] = [];
  const calls: string[] = [];
  let count = 0;
  const mint = (prefix: string) => `${prefix}_${String(++count).padStart(8, '0')}`;

  function answer(method: string, path: string, form: URLSearchParams): { status: number; body: unknown } {
    const metadata = (prefix = 'metadata') =>
      Object.fromEntries(
        [...form].flatMap(([key, value]) => {
          const name = key.startsWith(`${prefix}[`) ? key.slice(prefix.length + 1, -1) : null;
          return name === null ? [] : [[name, value]];
        }),
      );
    if (method === 'POST' && path === '/v1/checkout/sessions') {
      const amounts = [...form].filter(([key]) => key.endsWith('[unit_amount]')).map(([, value]) => Number(value));
      const id = mint('cs');
      const session = {
        id,
        object: 'checkout.session',
        mode: form.get('mode'),
        url: `https://checkout.stripe.test/${id}`,
        payment_status: 'unpaid',
        currency: 'usd',
        amount_total: amounts.reduce((a, b) => a + b, 0),
        client_reference_id: form.get('client_reference_id'),
        metadata: metadata(),
        customer: form.get('customer'),
        payment_intent: null,
        subscription_metadata: metadata('subscription_data[metadata]'),
      };
      sessions.set(id, session);
      return { status: 200, body: session };
    }
    if (method === 'POST' && path === '/v1/payment_intents') {
      const id = mint('pi');
      const amount = Number(form.get('amount'));
      const intent = {
        id,
        object: 'payment_intent',
        amount,
        amount_received: amount,
        currency: form.get('currency'),
        customer: form.get('customer'),
        status: 'succeeded',
        metadata: metadata(),
      };
      intents.set(id, intent);
      return { status: 200, body: intent };
    }
    if (method === 'GET' && path === '/v1/payment_intents') return list([...intents.values()].reverse());
    if (method === 'GET' && path === '/v1/payment_methods') {
      return list([{ id: 'pm_card', object: 'payment_method', card: { brand: 'visa', last4: '4242' } }]);
    }
    if (method === 'POST' && path === '/v1/refunds') {
      const id = mint('re');
      const refund = {
        id,
        object: 'refund',
        amount: Number(form.get('amount')),
        currency: 'usd',
        payment_intent: form.get('payment_intent'),
        status: 'succeeded',
        metadata: metadata(),
      };
      refunds.set(id, refund);
      return { status: 200, body: refund };
    }
    if (method === 'GET' && path === '/v1/refunds') {
      return list([...refunds.values()].filter((one) => one['payment_intent'] === form.get('payment_intent')));
    }
    const [, subscriptionId = ''] = /^\/v1\/subscriptions\/(\w+)$/.exec(path) ?? [];
    const subscription = subscriptions.get(subscriptionId);
    if (subscription !== undefined) {
      if (method === 'DELETE') subscription['status'] = 'canceled';
      return { status: 200, body: subscription };
    }
    return {
      status: 404,
      body: { error: { type: 'invalid_request_error', code: 'resource_missing', message: 'none' } },
    };
  }

  function list(data: unknown[]) {
    return { status: 200, body: { object: 'list', data, has_more: false } };
  }

  function takeFault(path: string): StripeFault | null {
    const found = faults.find((one) => one.left > 0 && path.startsWith(one.path));
    if (found === undefined) return null;
    found.left--;
    return found.fault;
  }

  function decline(form: URLSearchParams): { status: number; body: unknown } {
    const id = mint('pi');
    const metadata = { candor_payment: form.get('metadata[candor_payment]') ?? '' };
    intents.set(id, { id, object: 'payment_intent', amount: 0, status: 'requires_payment_method', metadata });
    return {
      status: 402,
      body: { error: { type: 'card_error', code: 'card_declined', message: 'Your card was declined.' } },
    };
  }

  /** Null: the connection ends without an answer. */
  async function handle(method: string, path: string, form: URLSearchParams, key: string | null) {
    calls.push(`${method} ${path}`);
    const fault = takeFault(path);
    if (fault === 'down') return null;
    if (fault === 'slow') await Bun.sleep(SLOW_MS);
    if (fault === 'status_500') return { status: 500, body: { error: { type: 'api_error', message: 'oops' } } };
    if (fault === 'unauthorized') {
      return { status: 401, body: { error: { type: 'invalid_request_error', message: 'bad key' } } };
    }
    const name = `${method} ${path} ${key}`;
    const reply = replies.get(name) ?? (fault === 'declined' ? decline(form) : answer(method, path, form));
    if (key !== null) replies.set(name, reply);
    if (fault === 'status_500_after') return { status: 500, body: { error: { type: 'api_error' } } };
    return fault === 'cut_after' ? null : reply;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://stripe');
    const method = request.method ?? 'GET';
    const form = method === 'GET' ? url.searchParams : new URLSearchParams(await text(request));
    const key = request.headers['idempotency-key'];
    const reply = await handle(method, url.pathname, form, typeof key === 'string' ? key : null);
    if (reply === null) {
      request.socket.destroy();
      return;
    }
    response.writeHead(reply.status, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body));
  }
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  function event(type: string, object: Record<string, unknown>): StripeObject {
    return { id: mint('evt'), object: 'event', type, created: Math.floor(nowMs() / 1_000), data: { object } };
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secret,
    sessions,
    intents,
    refunds,
    subscriptions,
    calls,
    nowMs,
    breakNext: (path, fault, times = 1) => void faults.push({ path, fault, left: times }),
    pay(sessionId, changed = {}) {
      const session = sessions.get(sessionId);
      if (session === undefined) throw new Error(`there is no session ${sessionId}`);
      const paid = { customer: mint('cus'), payment_intent: mint('pi'), payment_status: 'paid', status: 'complete' };
      const whole = { ...session, ...paid, ...(session['customer'] ? { customer: session['customer'] } : {}) };
      sessions.set(sessionId, whole);
      return event('checkout.session.completed', { ...whole, ...changed });
    },
    event,
    sign(signed, changed = {}) {
      const body = JSON.stringify(signed);
      const seconds = Math.floor((changed.atMs ?? nowMs()) / 1_000);
      const mac = createHmac('sha256', changed.secret ?? secret)
        .update(`${seconds}.${body}`)
        .digest('hex');
      return {
        body: changed.body ?? body,
        headers: { 'content-type': 'application/json', 'stripe-signature': `t=${seconds},v1=${mac}` },
      };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
