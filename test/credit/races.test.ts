import { afterAll, beforeAll, expect, test } from 'bun:test';
import { textScript } from '../world/upstream-script.ts';
import { type CreditWorld, MESSAGES, nano, type Payer, startCreditWorld } from './credit-world.ts';

let credit: CreditWorld;
beforeAll(async () => {
  credit = await startCreditWorld();
});
afterAll(() => credit.close());

const CHAT = '/v1/chat/completions';

/** The statuses of so many requests sent at once. */
async function rush(payer: Payer, count: number, body: object): Promise<number[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const answer = await payer.ask(CHAT, body);
      await answer.text();
      return answer.status;
    }),
  );
}

function served(statuses: readonly number[]): number {
  return statuses.filter((status) => status === 200).length;
}

test('1,000 requests at once on one cent: exactly as many as it pays for', async () => {
  await credit.price('quick', { request: '0.0003' });
  const payer = await credit.payer('0.01');
  const statuses = await rush(payer, 1_000, { model: 'quick', messages: MESSAGES, max_tokens: 3 });
  expect(served(statuses)).toBe(33);
  expect(statuses.every((status) => [200, 402, 429].includes(status))).toBe(true);
  expect(await payer.balance()).toEqual({ balance: 100_000n, available: 100_000n, held: 0n });
}, 60_000);

test('a price by tokens: never more than there is, and what is served is what was paid', async () => {
  await credit.price('quick', { input: '2', output: '30' });
  const payer = await credit.payer('0.01');
  const statuses = await rush(payer, 1_000, { model: 'quick', messages: MESSAGES, stream: true });
  expect(served(statuses)).toBeGreaterThan(0);
  const events = await payer.events(1_000);
  const paid = events.reduce((sum, event) => sum + Number(event['price_nano']) - Number(event['written_off_nano']), 0);
  const { balance, held } = await payer.balance();
  expect(BigInt(paid) + balance).toBe(nano('0.01'));
  expect(balance >= 0n).toBe(true);
  expect(held).toBe(0n);
}, 60_000);

// No more: callers and upstream calls of this one process share 256 connections.
test('240 requests at once on a balance for 5, whole answers through an upstream', async () => {
  await credit.price('m', { request: '1' });
  credit.answer(textScript(['x']));
  const payer = await credit.payer('5.5');
  const statuses = await rush(payer, 240, { model: 'm', messages: MESSAGES, max_tokens: 5 });
  expect(served(statuses)).toBe(5);
  expect((await payer.balance()).balance).toBe(nano('0.5'));
}, 60_000);

test('the first requests of an account, all at once: none is let in before its credit is known', async () => {
  await credit.price('quick', { request: '0.001' });
  const payers = await Promise.all(Array.from({ length: 10 }, (_, at) => credit.payer(at % 2 === 0 ? '0.005' : '0')));
  const body = { model: 'quick', messages: MESSAGES, max_tokens: 3 };
  const all = await Promise.all(payers.map((payer) => rush(payer, 50, body)));
  expect(all.map(served)).toEqual([5, 0, 5, 0, 5, 0, 5, 0, 5, 0]);
}, 60_000);

test('calls of one token each, many of them, never cost less than the exact price', async () => {
  // A third of a nano-dollar for a token: each call is rounded up, so many small ones are never cheaper than a large one.
  await credit.price('m', { input: '0.000333333', output: '0.000333333' });
  credit.answer(textScript(['x'], { usage: { ...ONE_TOKEN } }));
  const payer = await credit.payer('0.01');
  await rush(payer, 200, { model: 'm', messages: MESSAGES, max_tokens: 1 });
  const events = await payer.events(200);
  expect(events.every((event) => Number(event['price_nano']) === 1)).toBe(true);
}, 60_000);

const ONE_TOKEN = { inputTokens: 1, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 1, reasoningTokens: 0 };
