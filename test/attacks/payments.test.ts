import { afterEach, expect, test } from 'bun:test';
import { startCandor, type World } from '../world/candor.ts';
import { type FakeStripe, startStripe } from '../world/stripe.ts';

const USD = 1_000_000_000n;
let world: World;
let stripe: FakeStripe;

afterEach(async () => {
  await world.close();
  await stripe.close();
});

async function open(): Promise<string> {
  stripe = await startStripe();
  world = await startCandor({
    yaml: `payments:
  topup: { min_usd: 1, max_usd: 1000 }
  redeem: { failures_per_hour: 5 }
  stripe:
    secret_key_env: STRIPE_SECRET_KEY
    webhook_secret_env: STRIPE_WEBHOOK_SECRET
    base_url: ${stripe.url}
    success_url: https://app.example.com/paid
    cancel_url: https://app.example.com/
`,
    env: { STRIPE_SECRET_KEY: 'sk_test_01234567', STRIPE_WEBHOOK_SECRET: stripe.secret },
  });
  return account();
}

async function control(method: string, path: string, body?: unknown) {
  const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await world.app.control.fetch(new Request(`http://control${path}`, init));
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function account(): Promise<string> {
  const made = await control('POST', '/control/v1/accounts', { name: 'Mallory' });
  return made.body['account_id'] as string;
}

async function available(accountId: string): Promise<string> {
  return (await control('GET', `/control/v1/ledger/accounts/${accountId}/balance`)).body['available_nano'] as string;
}

async function order(accountId: string, usd = 20n) {
  const started = await control('POST', '/control/v1/topups', {
    account_id: accountId,
    credit_nano: String(usd * USD),
  });
  expect(started.status).toBe(201);
  const [session = ''] = [...stripe.sessions.keys()].slice(-1);
  const payment = started.body['payment'] as { id: string };
  return { id: payment.id, session };
}

async function send(signed: { body: string; headers: Record<string, string> }) {
  const response = await fetch(`${world.url}/webhooks/stripe`, { method: 'POST', ...signed });
  const body = (await response.json()) as { state?: string; error?: { reason: string } };
  return `${response.status} ${body.state ?? body.error?.reason}`;
}

const deliver = (event: unknown) => send(stripe.sign(event));

test('what nobody signed, or signed long ago, changes nothing', async () => {
  const mallory = await open();
  const { session } = await order(mallory);
  const event = stripe.pay(session);
  const good = stripe.sign(event);
  const [time = '', mac = ''] = (good.headers['stripe-signature'] ?? '').split(',');
  const hour = 3_600_000;
  const forged = [
    { body: good.body, headers: {} },
    { body: good.body, headers: { 'stripe-signature': '' } },
    { body: good.body, headers: { 'stripe-signature': time } },
    { body: good.body, headers: { 'stripe-signature': mac } },
    { body: good.body, headers: { 'stripe-signature': `${time},v1=` } },
    { body: good.body, headers: { 'stripe-signature': `${time},v1=${'0'.repeat(64)}` } },
    { body: good.body, headers: { 'stripe-signature': `${time},v0=${mac.slice(3)}` } },
    { body: good.body, headers: { 'stripe-signature': `t=${Number(time.slice(2)) + 1},${mac}` } },
    { body: good.body, headers: { 'stripe-signature': `${time},${mac}`.repeat(100) } },
    { body: good.body.replace('2000', '200000'), headers: good.headers },
    { body: `${good.body} `, headers: good.headers },
    { body: '', headers: good.headers },
    stripe.sign(event, { secret: '' }),
    stripe.sign(event, { secret: 'whsec_another_secret_00' }),
    stripe.sign(event, { atMs: Date.now() - hour }),
    stripe.sign(event, { atMs: Date.now() - 301_000 }),
    stripe.sign(event, { atMs: Date.now() + hour }),
  ];
  for (const one of forged) expect(await send(one)).toStartWith('401 ');
  expect(await available(mallory)).toBe('0');
  expect(await send(good)).toBe('200 applied');
  expect(await available(mallory)).toBe(String(20n * USD));
});

test('one payment is one credit, however often and however many at once say so', async () => {
  const mallory = await open();
  const { session } = await order(mallory);
  const signed = stripe.sign(stripe.pay(session));
  const answers = await Promise.all(Array.from({ length: 50 }, () => send(signed)));
  expect(answers.filter((answer) => answer === '200 applied')).toHaveLength(1);
  expect(answers.every((answer) => answer.startsWith('200 '))).toBe(true);
  // The same news under other names.
  const paid = stripe.sessions.get(session) ?? {};
  expect(await deliver(stripe.event('checkout.session.completed', paid))).toBe('200 ignored');
  expect(await deliver(stripe.event('checkout.session.async_payment_succeeded', paid))).toBe('200 ignored');
  expect(await available(mallory)).toBe(String(20n * USD));
  // Another charge for the same order is money nobody asked for: kept, told and not credited.
  const twice = stripe.event('checkout.session.completed', { ...paid, payment_intent: 'pi_other' });
  expect(await deliver(twice)).toBe('200 rejected');
  expect(await available(mallory)).toBe(String(20n * USD));
});

test('an order is paid in its own currency, amount and account, or not at all', async () => {
  const mallory = await open();
  const victim = await account();
  const { id, session } = await order(mallory);
  const lies = [
    { currency: 'eur' },
    { currency: 'jpy', amount_total: 2000 },
    { amount_total: 1 },
    { amount_total: 200_000 },
    { amount_total: 0 },
    { metadata: { candor_payment: id, candor_account: victim } },
    { metadata: { candor_payment: id } },
    { metadata: { candor_payment: 'pay_00000000000000000000000000', candor_account: mallory } },
  ];
  for (const lie of lies) expect(await deliver(stripe.pay(session, lie))).toBe('200 rejected');
  for (const lie of [{ amount_total: -2000 }, { amount_total: 20.5 }, { amount_total: '2000' }]) {
    expect(await deliver(stripe.pay(session, lie))).toBe('400 malformed');
  }
  expect(await deliver(stripe.pay(session, { payment_status: 'unpaid' }))).toBe('200 ignored');
  expect([await available(mallory), await available(victim)]).toEqual(['0', '0']);
  expect(world.log()).toContain('a payment event was refused: nothing was credited');
  const shown = await control('GET', `/control/v1/payments/${id}`);
  const events = shown.body['events'] as { state: string }[];
  expect(events.filter((one) => one.state === 'rejected')).toHaveLength(7);
  expect(await deliver(stripe.pay(session))).toBe('200 applied');
});

test('what is no event of ours is answered and forgotten', async () => {
  await open();
  expect(await deliver(stripe.event('customer.created', { id: 'cus_1' }))).toBe('200 ignored');
  expect(await deliver(stripe.event('invoice.paid', { id: 'in_1' }))).toBe('400 malformed');
  expect(await deliver([])).toBe('400 malformed');
  expect(await deliver('x')).toBe('400 malformed');
  expect(await deliver({ ...stripe.event('payment_intent.succeeded', {}), id: 'x' })).toBe('400 malformed');
  const large = { body: 'x'.repeat(1_100_000), headers: { 'stripe-signature': 't=1,v1=00' } };
  expect(await send(large)).toBe('413 body_too_large');
  expect((await fetch(`${world.url}/webhooks/stripe`)).status).toBe(405);
  expect((await fetch(`${world.url}/webhooks/paypal`, { method: 'POST', body: '{}' })).status).toBe(404);
});

test('amounts that are none buy, record and refund nothing', async () => {
  const mallory = await open();
  const { id, session } = await order(mallory);
  await deliver(stripe.pay(session));
  const amounts = [
    '-1',
    '-5000000000',
    '0',
    '1',
    '1e9',
    '0x10',
    '5.5',
    '',
    ' 5',
    '5000000001',
    '99999999999999999999',
    5,
    null,
    {},
  ];
  for (const amount of amounts) {
    const top = await control('POST', '/control/v1/topups', { account_id: mallory, credit_nano: amount });
    expect([400, 409]).toContain(top.status);
  }
  for (const amount of ['-1', '0', '', '1.5', 5, {}, '99999999999999999999']) {
    const reference = `r ${JSON.stringify(amount)}`;
    const record = { account_id: mallory, credit_nano: amount, reference };
    expect((await control('POST', '/control/v1/payments/record', record)).status).toBe(400);
    const refund = { credit_nano: amount, reason: 'x' };
    expect((await control('POST', `/control/v1/payments/${id}/refunds`, refund)).status).toBe(400);
  }
  const tooMuch = await control('POST', `/control/v1/payments/${id}/refunds`, {
    credit_nano: String(21n * USD),
    reason: 'x',
  });
  expect(tooMuch.body['error']).toMatchObject({ reason: 'refund_too_large' });
  const odd = await control('POST', `/control/v1/payments/${id}/refunds`, { credit_nano: '15000000', reason: 'x' });
  expect(odd.body['error']).toMatchObject({ reason: 'amount_invalid' });
  const house = await control('POST', '/control/v1/topups', {
    account_id: 'acct_operator',
    credit_nano: String(5n * USD),
  });
  expect(house.body['error']).toMatchObject({ reason: 'house_account' });
  const nobody = await control('POST', '/control/v1/topups', {
    account_id: 'acct_nobody',
    credit_nano: String(5n * USD),
  });
  expect(nobody.status).toBe(404);
  expect(await available(mallory)).toBe(String(20n * USD));
});

test('a payment is refunded once, however many ask', async () => {
  const mallory = await open();
  const { id, session } = await order(mallory);
  await deliver(stripe.pay(session));
  const ask = () => control('POST', `/control/v1/payments/${id}/refunds`, { reason: 'asked' });
  const answers = await Promise.all(Array.from({ length: 20 }, ask));
  expect(answers.filter((one) => one.status === 201)).toHaveLength(1);
  expect([...stripe.refunds.values()].map((one) => one['amount'])).toEqual([2000]);
  const other = await control('POST', `/control/v1/payments/${id}/refunds`, { reason: 'again', key: 'b' });
  expect(other.body['error']).toMatchObject({ reason: 'payment_state' });
  expect(await available(mallory)).toBe('0');
});

async function redeem(key: string, code: unknown): Promise<string> {
  const response = await fetch(`${world.url}/v1/credit/redeem`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ code }),
  });
  const body = (await response.json()) as { object?: string; error?: { code: string } };
  return `${response.status} ${body.object ?? body.error?.code}`;
}

async function newCode(options: Record<string, unknown> = {}) {
  const made = await control('POST', '/control/v1/codes', { credit_nano: String(5n * USD), ...options });
  return { id: made.body['id'] as string, code: made.body['code'] as string };
}

test('a code gives what it is worth once, to one of many who try', async () => {
  const mallory = await open();
  const { code } = await newCode();
  const { text: key } = await world.createKey({ account_id: mallory });
  const one = await Promise.all(Array.from({ length: 50 }, () => redeem(key, code)));
  expect(one.filter((answer) => answer === '200 credit.redemption')).toHaveLength(1);
  expect(await available(mallory)).toBe(String(5n * USD));
  // Written another way it is the same code.
  expect(await redeem(key, code.toLowerCase().replaceAll('-', ' '))).toMatch(/^4/);
  const wanted = await newCode({ uses_max: 3 });
  const crowd = await Promise.all(Array.from({ length: 20 }, account));
  const keys = await Promise.all(crowd.map((id) => world.createKey({ account_id: id })));
  const all = await Promise.all(keys.map(({ text }) => redeem(text, wanted.code)));
  expect(all.filter((answer) => answer === '200 credit.redemption')).toHaveLength(3);
  const balances = await Promise.all(crowd.map(available));
  expect(balances.filter((nano) => nano === String(5n * USD))).toHaveLength(3);
  expect(balances.filter((nano) => nano === '0')).toHaveLength(17);
});

test('codes are not guessed, and what ends one ends it', async () => {
  const mallory = await open();
  const { text: key } = await world.createKey({ account_id: mallory });
  const good = await newCode();
  const gone = await newCode();
  await control('POST', `/control/v1/codes/${gone.id}/revoke`, {});
  expect(await redeem(key, gone.code)).toBe('404 code_invalid');
  for (const guess of ['0000-0000-0000-0000', '', 'x'.repeat(10_000), 7]) {
    expect(await redeem(key, guess)).toBe('404 code_invalid');
  }
  expect(await redeem(key, '1111-1111-1111-1111')).toMatch(/^(404 code_invalid|429 code_attempts)$/);
  // From here on even the right one has to wait, and other accounts do not.
  expect(await redeem(key, good.code)).toBe('429 code_attempts');
  const other = await world.createKey({ account_id: await account() });
  expect(await redeem(other.text, good.code)).toBe('200 credit.redemption');
  const reader = await world.createKey({ account_id: mallory, scopes: ['inference', 'credit.read'] });
  expect(await redeem(reader.text, good.code)).toBe('403 key_scope');
  expect(await redeem(world.key, good.code)).toBe('409 house_account');
  expect(await redeem('cd_live_nothing', good.code)).toStartWith('401 ');
  const listed = JSON.stringify((await control('GET', '/control/v1/codes')).body);
  expect(listed).not.toContain(good.code);
  expect(world.log()).not.toContain(good.code);
});
