import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { CreateKeyBody } from '../../src/accounts/contract.ts';
import { type AlertView, alertListView, budgetListView } from '../../src/ledger/budgets/contract.ts';
import { textScript } from '../world/upstream-script.ts';
import { type CreditWorld, MESSAGES, nano, type Payer, startCreditWorld } from './credit-world.ts';

let credit: CreditWorld;
beforeAll(async () => {
  credit = await startCreditWorld();
});
afterAll(() => credit.close());

const CHAT = '/v1/chat/completions';
const BODY = { model: 'm', messages: MESSAGES, max_tokens: 5 };

async function setBudget(payer: Payer, budget: object): Promise<void> {
  await credit.control('POST', '/control/v1/budgets', { account_id: payer.accountId, ...budget });
}

async function budgetsOf({ accountId }: Payer) {
  return budgetListView.parse(await credit.control('GET', `/control/v1/budgets?account=${accountId}`)).data;
}

async function alertsOf({ accountId }: Payer): Promise<AlertView[]> {
  return alertListView.parse(await credit.control('GET', `/control/v1/alerts?account=${accountId}`)).data.toReversed();
}

/** The same account with another key. */
async function withKey(payer: Payer, input: CreateKeyBody): Promise<Payer & { readonly keyId: string }> {
  const { text, key } = await credit.world.createKey({ ...input, account_id: payer.accountId });
  const headers = { authorization: `Bearer ${text}` };
  return { ...payer, key: text, keyId: key.id, ask: (path, body, init) => payer.ask(path, body, { headers, ...init }) };
}

async function statusOf(payer: Payer): Promise<number> {
  const answer = await payer.ask(CHAT, BODY);
  await answer.text();
  return answer.status;
}

test.each([
  ['key', 'day'],
  ['app', 'month'],
  ['member', 'total'],
  ['account', 'day'],
] as const)(
  'a budget of the %s for a %s stops at the right request and touches nobody else',
  async (subject, period) => {
    await credit.price('m', { request: '0.01' });
    credit.answer(textScript(['x']));
    const payer = await credit.payer('1', { app: 'other' });
    const budgeted = await withKey(payer, { app: 'web', member: 'ana' });
    const whose = { key: { key_id: budgeted.keyId }, app: { app: 'web' }, member: { member: 'ana' }, account: {} }[
      subject
    ];
    await setBudget(payer, { ...whose, limit_nano: String(nano('0.035')), period });
    for (let i = 0; i < 3; i++) expect(await statusOf(budgeted)).toBe(200);
    const refused = await budgeted.ask(CHAT, BODY);
    expect(refused.status).toBe(402);
    const { error } = (await refused.json()) as { error: { code: string; message: string } };
    expect(error.message).toStartWith(`The ${period} budget of this ${subject} is used up.`);
    expect(/It begins anew in \d+ s\./.test(error.message)).toBe(period !== 'total');
    expect(await statusOf(payer)).toBe(subject === 'account' ? 402 : 200);
    expect((await budgetsOf(payer)).map((one) => [one.used_nano, one.spent_nano])).toEqual([['30000000', '30000000']]);
    const told = (await alertsOf(payer)).map((one) => (one.kind === 'budget' ? one.percent : one.kind));
    expect(told).toEqual([50, 80, 'budget_stopped']);
    expect(credit.world.log().split(`the ${period} budget of ${subject} `).length).toBe(4);
  },
);

test('200 requests at once on budgets for seven: seven, and each alert once', async () => {
  await credit.price('quick', { request: '0.001' });
  const payer = await credit.payer('1', { member: 'bo' });
  await setBudget(payer, { limit_nano: String(nano('0.1')), period: 'month' });
  await setBudget(payer, { member: 'bo', limit_nano: String(nano('0.007')), period: 'day' });
  const statuses = await Promise.all(
    Array.from({ length: 200 }, async () => {
      const answer = await payer.ask(CHAT, { ...BODY, model: 'quick' });
      await answer.text();
      return answer.status;
    }),
  );
  expect(statuses.filter((status) => status === 200).length).toBe(7);
  expect(statuses.filter((status) => status === 402).length).toBe(193);
  expect((await payer.balance()).balance).toBe(nano('0.993'));
  expect((await budgetsOf(payer)).map((one) => one.used_nano)).toEqual(['7000000', '7000000']);
  const told = (await alertsOf(payer)).map((one) => (one.kind === 'budget' ? one.percent : one.kind));
  expect(told.map(String).sort()).toEqual(['100', '50', '80', 'budget_stopped']);
});

test('a rotated key spends the budget of the key it stands in for', async () => {
  await credit.price('m', { request: '0.01' });
  credit.answer(textScript(['x']));
  const payer = await credit.payer('1');
  const first = await withKey(payer, { app: 'web' });
  await setBudget(payer, { key_id: first.keyId, limit_nano: String(nano('0.02')), period: 'total' });
  expect(await statusOf(first)).toBe(200);
  const rotated = await credit.world.app.keys.rotate(first.keyId, 60_000);
  if (!rotated.ok) throw new Error('not rotated');
  const headers = { authorization: `Bearer ${rotated.value.text}` };
  const statuses = [];
  for (let i = 0; i < 2; i++) {
    const answer = await payer.ask(CHAT, BODY, { headers });
    await answer.text();
    statuses.push(answer.status);
  }
  expect(statuses).toEqual([200, 402]);
  expect(await statusOf(first)).toBe(402);
});

test('a budget that only tells stops nobody', async () => {
  await credit.price('m', { request: '0.01' });
  credit.answer(textScript(['x']));
  const payer = await credit.payer('1');
  const told = { limit_nano: String(nano('0.02')), period: 'day', action: 'alert', alert_at: [100, 200] };
  await setBudget(payer, told);
  for (let i = 0; i < 5; i++) expect(await statusOf(payer)).toBe(200);
  expect((await alertsOf(payer)).map((one) => one.kind === 'budget' && one.percent)).toEqual([100, 200]);
});

test('a stream is cut where a budget ends, and says so', async () => {
  await credit.price('m', { output: '1000' });
  credit.answer(textScript(Array.from({ length: 1_500 }, () => 'word ')));
  const payer = await credit.payer('10');
  await setBudget(payer, { limit_nano: String(nano('0.5')), period: 'day' });
  const answer = await payer.ask(CHAT, { model: 'm', messages: MESSAGES, stream: true });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('"cut":{"reason":"budget_exhausted"');
  const [budget] = await budgetsOf(payer);
  expect(budget?.used_nano).toBe(budget?.spent_nano ?? '');
  expect(BigInt(budget?.spent_nano ?? 0) > 0n).toBe(true);
  expect((await payer.balance()).held).toBe(0n);
});

test('credit that falls below its threshold is told once, and again after it was above', async () => {
  await credit.price('m', { request: '0.3' });
  credit.answer(textScript(['x']));
  const payer = await credit.payer('1');
  const threshold = { account_id: payer.accountId, threshold_nano: String(nano('0.5')) };
  await credit.control('POST', '/control/v1/alerts/low-balance', threshold);
  for (let i = 0; i < 3; i++) expect(await statusOf(payer)).toBe(200);
  await alertsOnce(payer, 1);
  const grant = { account_id: payer.accountId, amount_nano: String(nano('0.8')), kind: 'paid', reason: 'more' };
  await credit.control('POST', '/control/v1/credit/grants', grant);
  for (let i = 0; i < 2; i++) expect(await statusOf(payer)).toBe(200);
  const told = await alertsOnce(payer, 2);
  expect(told.map((one) => one.kind === 'low_balance' && one.threshold_nano)).toEqual(['500000000', '500000000']);
  const line = `the credit of ${payer.accountId} is down to 0.30 US dollars`;
  // The row is there a moment before whoever waits for it is told.
  for (let poll = 0; poll < 500 && !credit.world.log().includes(line); poll++) await Bun.sleep(10);
  expect(credit.world.log()).toContain(line);
});

async function alertsOnce(payer: Payer, count: number): Promise<AlertView[]> {
  for (let poll = 0; poll < 500; poll++) {
    const found = await alertsOf(payer);
    if (found.length >= count) return found;
    await Bun.sleep(10);
  }
  throw new Error(`expected ${count} alerts, found ${JSON.stringify(await alertsOf(payer))}`);
}
