import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { portalBalanceView, portalPlanView, portalStatementView } from '../../src/portal/billing/contract.ts';
import type { FakeStripe } from '../world/stripe.ts';
import { startStripe } from '../world/stripe.ts';
import { openOwnPortal, type OwnPortal } from './own-portal.ts';

let stripe: FakeStripe;
let portal: OwnPortal;
let ann: string;
let bob: string;

const at = (account: string, rest: string) => `/portal/v1/accounts/${account}/${rest}`;
const usd = (dollars: number) => String(BigInt(Math.round(dollars * 100)) * 10_000_000n);

beforeAll(async () => {
  stripe = await startStripe();
  portal = await openOwnPortal(
    `
providers: {demo: {kind: demo}}
models: {small: {targets: [{provider: demo, upstream_model: demo}]}}
monitor: {enabled: false}
moderation: {encoder: {enabled: false}}
plans:
  pro: {price_usd: {month: 10, year: 100}, trial_days: 7}
  closed: {price_usd: {month: 0, year: 0}}
payments:
  topup: {min_usd: 5, max_usd: 500, tax_bp: 1900}
  stripe:
    base_url: ${stripe.url}
    secret_key_env: STRIPE_SECRET_KEY
    webhook_secret_env: STRIPE_WEBHOOK_SECRET
    success_url: https://app.example.com/paid
    cancel_url: https://app.example.com/
`,
    { STRIPE_SECRET_KEY: 'sk_test_01234567', STRIPE_WEBHOOK_SECRET: stripe.secret },
  );
  ann = await portal.person('Ann');
  bob = await portal.person('Bob');
});
afterAll(async () => {
  await portal.close();
  await stripe.close();
});

const get = async (path: string, person = ann, account = ann) =>
  (await portal.ask(person, 'GET', at(account, path))).json;
const post = (path: string, body: unknown, person = ann, account = ann) =>
  portal.ask(person, 'POST', at(account, path), body);

describe('credit', () => {
  test('the balance tells bought from given, and not why operators gave it', async () => {
    await portal.credit(ann, 3);
    await portal.credit(ann, 2, 'paid');
    const told = await portal.ask(ann, 'GET', at(ann, 'balance'));
    const balance = portalBalanceView.parse(told.json);
    expect(balance).toMatchObject({ available_nano: usd(5), free_nano: usd(3), paid_nano: usd(2), expires: [] });
    expect(told.text).not.toContain('note of an operator');
  });

  test('a statement adds up and keeps the notes of operators to itself', async () => {
    const month = new Date().toISOString().slice(0, 7);
    const told = await portal.ask(ann, 'GET', at(ann, `statement?month=${month}`));
    const statement = portalStatementView.parse(told.json);
    const sum = statement.lines.reduce(
      (all, { amount_nano: amount }) => all + BigInt(amount),
      BigInt(statement.opening_nano),
    );
    expect(sum).toBe(BigInt(statement.closing_nano));
    expect(statement.lines.map(({ text }) => text).sort()).toEqual([
      'paid credit, manual',
      'promotional credit, manual',
    ]);
    expect((await portal.ask(bob, 'GET', at(bob, `statement?month=${month}`))).json).toMatchObject({
      error: { reason: 'no_statement' },
    });
    expect((await portal.ask(ann, 'GET', at(ann, 'statement?month=2026-13'))).status).toBe(400);
  }, 30_000);

  test('low credit is told below what was said', async () => {
    const told = await portal.ask(ann, 'PUT', at(ann, 'low-balance'), { threshold_nano: usd(20) });
    expect(told.json).toEqual({ threshold_nano: usd(20) });
    expect((await get('attention'))['data']).toContainEqual({
      kind: 'low_credit',
      available_nano: usd(5),
      threshold_nano: usd(20),
    });
  });

  test('a code is redeemed once', async () => {
    const { text } = await portal.serving.money.payments.payments.codes.create({
      credit: 1000000000n,
      usesMax: 10,
      perAccountMax: 1,
      models: null,
      grantMs: null,
      expiresAtMs: null,
    });
    expect((await post('redeem', { code: text })).json).toMatchObject({ credit_nano: usd(1), expires_at: null });
    expect((await post('redeem', { code: text })).json).toMatchObject({ error: { reason: 'code_used_by_account' } });
    expect((await post('redeem', { code: 'nonsense' })).status).toBe(404);
    expect((await post('redeem', { code: text, account_id: bob })).status).toBe(400);
  });

  test('vesting is told without who else is taken for the same person', async () => {
    expect(await get('vesting')).toEqual({ vesting: null });
    portal.vesting.set(ann, {
      accountId: ann,
      operatorId: bob,
      sharedWith: [bob],
      rungs: ['mail'],
      cleanDays: 0,
      given: 1000000000n,
      ceiling: 1000000000n,
      sanctioned: null,
      releases: [],
      pace: {
        most: 1000000000n,
        windowMs: 18e5,
        headroom: 1000000000n,
      },
      tranches: [
        {
          tranche: 1,
          amount: 1000000000n,
          given: 1000000000n,
          state: 'released',
          releasedAtMs: 17e11,
          missing: [],
        },
        {
          tranche: 2,
          amount: 2000000000n,
          given: 0n,
          state: 'waiting',
          releasedAtMs: null,
          missing: ['clean_days:3'],
        },
      ],
    });
    const told = await portal.ask(ann, 'GET', at(ann, 'vesting'));
    expect(told.text).not.toContain(bob);
    expect(told.json).toMatchObject({ vesting: { shared_with: 1, tranches: [{}, { missing: ['clean_days:3'] }] } });
  });
});

describe('budgets', () => {
  test('one is made, changed and removed, of what is there and by its owner', async () => {
    const { json: key } = await post('keys', { app: 'bot', name: 'A key' });
    const body = { key_id: key['id'], limit_nano: usd(1), period: 'day' };
    const made = await post('budgets', body);
    expect(made).toMatchObject({ status: 201, json: { subject: 'key', name: 'A key', limit_nano: usd(1) } });
    const changed = await post('budgets', { ...body, limit_nano: usd(2), action: 'alert' });
    expect(changed.json).toMatchObject({ id: made.json['id'], limit_nano: usd(2), action: 'alert' });
    expect((await get('budgets'))['data']).toHaveLength(1);
    const remove = (person: string, account: string) =>
      portal.ask(person, 'DELETE', at(account, `budgets/${String(made.json['id'])}`));
    expect((await remove(bob, bob)).status).toBe(404);
    expect((await remove(bob, ann)).status).toBe(404);
    expect((await remove(ann, ann)).status).toBe(200);
    expect((await get('budgets'))['data']).toEqual([]);
    expect((await post('budgets', body, bob, bob)).status).toBe(404);
  });

  test.each([
    [404, { app: 'nobody' }],
    [404, { member: 'nobody' }],
    [400, { app: 'bot', member: 'nobody' }],
    [400, { limit_nano: '0' }],
    [400, { limit_nano: '-5' }],
    [400, { account_id: 'acct_operator' }],
    [400, { period: 'year' }],
  ])('%d for %j', async (status, body) => {
    expect((await post('budgets', { limit_nano: usd(1), period: 'day', ...body })).status).toBe(status);
  });
});

describe('the plan', () => {
  test('a trial begins at once, is had once, and what is paid is ordered first', async () => {
    expect(portalPlanView.parse(await get('plan'))).toMatchObject({
      plan: 'free',
      subscription: null,
      trial_used: false,
    });
    expect(await get('plan/quote?plan=pro&interval=year')).toMatchObject({ due_nano: usd(100), effective: 'now' });
    expect((await post('plan/start', { plan: 'pro', trial: true })).json).toMatchObject({
      subscription: {
        plan: 'pro',
        state: 'trialing',
      },
      payment: null,
    });
    expect(portalPlanView.parse(await get('plan'))).toMatchObject({ plan: 'pro', trial_used: true });
    expect((await post('plan/cancel', {})).json).toMatchObject({ subscription: { cancel_at_period_end: true } });
    expect((await get('attention'))['data']).toContainEqual(
      expect.objectContaining({ kind: 'plan_ends', plan: 'pro' }),
    );
    expect((await post('plan/resume', {})).json).toMatchObject({ subscription: { cancel_at_period_end: false } });
    const ordered = await post('plan/start', { plan: 'pro', interval: 'month' }, bob, bob);
    expect(ordered.json).toMatchObject({
      subscription: null,
      payment: {
        kind: 'subscription',
        state: 'pending',
        plan: 'pro',
      },
      url: expect.stringContaining('http') as string,
    });
  });

  test('what has a line or asks for an invitation is neither shown nor to be had by choosing it', async () => {
    const dora = await portal.person('Dora');
    const { plans } = portalPlanView.parse(await get('plan', dora, dora));
    expect(plans.map(({ name }) => name)).not.toContain('closed');
    for (const verb of ['plan/start', 'plan/change']) {
      if (verb === 'plan/change') await post('plan/start', { plan: 'pro', trial: true }, dora, dora);
      const { status, json } = await post(verb, { plan: 'closed', interval: 'month' }, dora, dora);
      expect([status, json]).toMatchObject([403, { error: { reason: 'plan_not_offered' } }]);
    }
  });

  test.each([
    ['plan/start', { plan: 'nothing' }, 404],
    ['plan/start', { plan: 'pro', seats: 0 }, 400],
    ['plan/start', { plan: 'pro', paid_by: 'nobody' }, 400],
    ['plan/change', {}, 409],
    ['plan/cancel', {}, 409],
  ])('%s %j is refused', async (path, body, status) => {
    const carl = await portal.person('Carl');
    expect((await post(path, body, carl, carl)).status).toBe(status);
  });
});

describe('money in', () => {
  test('a top-up leads to where it is paid, or to an invoice, and stands in the list of its own account', async () => {
    expect(await get('top-up')).toMatchObject({
      min_nano: usd(5),
      tax_bp: 1_900,
      drivers: ['stripe', 'manual'],
      auto: null,
    });
    const byCard = await post('top-ups', { credit_nano: usd(20) });
    expect(byCard).toMatchObject({
      status: 201,
      json: {
        payment: {
          driver: 'stripe',
          amount_nano: usd(23.8),
        },
      },
    });
    expect(byCard.json['url']).toStartWith('http');
    const invoice = await post('top-ups', { credit_nano: usd(10), driver: 'manual' });
    expect(invoice.json).toMatchObject({ url: null, payment: { kind: 'invoice', state: 'pending' } });
    const listed = (await get('payments'))['data'] as { id: string }[];
    expect(listed).toHaveLength(2);
    const theirs = (await get('payments', bob, bob))['data'] as { id: string }[];
    expect(theirs.some(({ id }) => listed.some((one) => one.id === id))).toBe(false);
  });

  test('refusals are in words for customers', async () => {
    const small = await post('top-ups', { credit_nano: usd(1) });
    expect(small.json).toMatchObject({
      error: { reason: 'amount_too_small', message: 'the amount is below 5.00 US dollars' },
    });
    const auto = await portal.ask(ann, 'PUT', at(ann, 'auto-top-up'), {
      threshold_nano: usd(5),
      credit_nano: usd(10),
      monthly_cap_nano: usd(50),
    });
    expect(auto.json).toMatchObject({ error: { reason: 'no_saved_method' } });
    expect(auto.text).not.toContain('candor');
  });

  test('orders without end come to an end', async () => {
    const dan = await portal.person('Dan');
    const ordered = Array.from({ length: 25 }, () =>
      post('top-ups', { credit_nano: usd(10), driver: 'manual' }, dan, dan),
    );
    const statuses = (await Promise.all(ordered)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(20);
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
  });
});

test('money is for those whose role has it', async () => {
  const team = await portal.workspace('Team');
  const roles = ['owner', 'admin', 'developer', 'billing', 'viewer'] as const;
  const asked = roles.map(async (role) => {
    const person = await portal.person(role);
    portal.join(team, person, role);
    const read = await portal.ask(person, 'GET', at(team, 'balance'));
    const write = await portal.ask(person, 'PUT', at(team, 'low-balance'), { threshold_nano: null });
    return [role, [read.status, write.status]] as const;
  });
  expect(Object.fromEntries(await Promise.all(asked))).toEqual({
    owner: [200, 200],
    admin: [200, 403],
    developer: [403, 403],
    billing: [200, 200],
    viewer: [403, 403],
  });
});
