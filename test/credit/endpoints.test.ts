import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import OpenAI from 'openai';
import { openAiDialect } from '../world/upstream-openai.ts';
import { play, textScript } from '../world/upstream-script.ts';
import { type CreditWorld, MESSAGES, moneyOf, nano, type Payer, startCreditWorld } from './credit-world.ts';

let credit: CreditWorld;
beforeAll(async () => {
  credit = await startCreditWorld();
  for (const model of ['m', 'quick']) {
    await credit.price(model, { input: '100', output: '1000', request: '0.001', image: '0.01' });
  }
});
afterAll(() => credit.close());

const CHAT = '/v1/chat/completions';
const ENDPOINTS: readonly (readonly [path: string, body: object])[] = [
  [CHAT, { model: 'm', messages: MESSAGES }],
  [CHAT, { model: 'm', messages: MESSAGES, stream: true }],
  ['/v1/responses', { model: 'm', input: 'hello' }],
  ['/v1/responses', { model: 'm', input: 'hello', stream: true }],
  ['/v1/messages', { model: 'm', max_tokens: 5, messages: MESSAGES }],
  ['/v1/messages', { model: 'm', max_tokens: 5, messages: MESSAGES, stream: true }],
  ['/v1/messages/count_tokens', { model: 'm', messages: MESSAGES }],
  ['/v1/embeddings', { model: 'm', input: 'hello' }],
];

/** Candor's own word for a refusal, wherever the format puts it. */
async function reasonOf(answer: Response): Promise<unknown> {
  return ((await answer.json()) as { error?: { reason?: unknown } }).error?.reason;
}

function get(payer: Payer, path: string): Promise<Response> {
  return fetch(`${credit.world.url}${path}`, { headers: { authorization: `Bearer ${payer.key}` } });
}

describe('an account without credit', () => {
  test.each(ENDPOINTS)('is refused at %s, and nothing goes upstream', async (path, body) => {
    const payer = await credit.payer('0');
    const before = credit.upstream.requests.length;
    const answer = await payer.ask(path, body);
    expect([answer.status, answer.headers.get('x-should-retry')]).toEqual([402, 'false']);
    expect(await reasonOf(answer)).toBe('credit_exhausted');
    expect(credit.upstream.requests.length).toBe(before);
    const [event] = await payer.events(1);
    expect(event).toMatchObject({ outcome: 'refused', reason: 'credit_exhausted', price_nano: 0, price_id: null });
  });

  test('is told so by the official client as an error it does not repeat', async () => {
    const payer = await credit.payer('0');
    const client = new OpenAI({ apiKey: payer.key, baseURL: `${credit.world.url}/v1` });
    const error = await client.chat.completions.create({ model: 'm', messages: MESSAGES }).catch((e: unknown) => e);
    expect(error).toMatchObject({ status: 402, code: 'insufficient_quota', type: 'insufficient_quota' });
    expect(await payer.events(1)).toHaveLength(1);
  });

  test('still sees its models, its credit and what it was charged', async () => {
    const payer = await credit.payer('0');
    expect((await get(payer, '/v1/models')).status).toBe(200);
    expect(await (await get(payer, '/v1/credit')).json()).toMatchObject({ available_nano: '0', grants: [] });
  });
});

describe('a model without a price', () => {
  test('is refused to those who pay, once, and costs the operator nothing', async () => {
    const payer = await credit.payer('10');
    const answer = await payer.ask(CHAT, { model: 'unpriced', messages: MESSAGES });
    expect([answer.status, answer.headers.get('x-should-retry')]).toEqual([503, 'false']);
    expect(await reasonOf(answer)).toBe('model_unpriced');
    expect(credit.world.log()).toContain('unpriced has no price');
    expect((await payer.balance()).available).toBe(nano('10'));
  });

  test("is served to the house's own key, which pays nothing", async () => {
    credit.answer(textScript(['hi']));
    const answer = await fetch(`${credit.world.url}${CHAT}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${credit.world.key}` },
      body: JSON.stringify({ model: 'unpriced', messages: MESSAGES }),
    });
    expect(answer.status).toBe(200);
  });
});

describe('what is asked cannot make the hold unbounded', () => {
  const REFUSED: readonly (readonly [string, object])[] = [
    ['max_tokens: -1', { max_tokens: -1 }],
    ['max_tokens: 1e12', { max_tokens: 1e12 }],
    ['n: 128', { n: 128 }],
    ['best_of', { best_of: 5 }],
    ['logprobs beyond what there are', { logprobs: true, top_logprobs: 1_000 }],
  ];
  test.each(REFUSED)('%s is refused, or held for within what there is', async (_what, more) => {
    const payer = await credit.payer('1');
    credit.answer(textScript(['x']));
    const answer = await payer.ask(CHAT, { model: 'm', messages: MESSAGES, ...more });
    expect([200, 400]).toContain(answer.status);
    await answer.text();
    await credit.world.leftLive();
    const { balance, held } = await payer.balance();
    expect([balance > 0n, held]).toEqual([true, 0n]);
  });

  test('the largest number allowed begins with what credit pays for', async () => {
    const payer = await credit.payer('1');
    credit.answer(textScript(['x']));
    const before = credit.upstream.requests.length;
    const body = { model: 'm', messages: MESSAGES, max_completion_tokens: 1_900, n: 8 };
    expect((await payer.ask(CHAT, body)).status).toBe(200);
    expect((await credit.upstream.requestAfter(before)).body).toMatchObject({ stream: true, n: 8 });
  });
});

test('a tier that costs more than the price book says is refused, to those who pay by it', async () => {
  const payer = await credit.payer('1');
  credit.answer(textScript(['x']));
  const ask = (tier: string) => payer.ask(CHAT, { model: 'm', messages: MESSAGES, service_tier: tier });
  const refused = await ask('priority');
  expect([refused.status, (await refused.text()).includes('service_tier')]).toEqual([400, true]);
  expect((await ask('flex')).status).toBe(200);
});

describe('what was used is what is charged', () => {
  test('embeddings cost their input', async () => {
    const payer = await credit.payer('1');
    credit.answer((exchange) => exchange.send(200, {}, openAiDialect.embeddings?.([[0.5]], 7) ?? {}));
    expect((await payer.ask('/v1/embeddings', { model: 'm', input: 'hello' })).status).toBe(200);
    const [event] = await payer.events(1);
    expect(moneyOf(event)).toEqual([7 * 100_000 + 1_000_000, 0]);
  });

  test('images cost each', async () => {
    const payer = await credit.payer('1');
    credit.answer(textScript(['a dot']));
    const image = { type: 'image_url', image_url: { url: 'https://example.org/dot.png' } };
    const content = [{ type: 'text', text: 'What is this?' }, image, image];
    await payer.ask(CHAT, { model: 'm', messages: [{ role: 'user', content }], max_tokens: 20 });
    const [event] = await payer.events(1);
    expect(event).toMatchObject({ images: 2 });
    expect(moneyOf(event)).toEqual([21 * 100_000 + 13 * 1_000_000 + 2 * 10_000_000 + 1_000_000, 0]);
  });

  test('an attempt that failed before another target answered is not charged', async () => {
    const payer = await credit.payer('1');
    let attempts = 0;
    credit.answer(async (exchange) => {
      if (++attempts === 1) return exchange.send(503, {}, openAiDialect.errorBody(503, 'busy'));
      return play(openAiDialect, textScript(['ok']))(exchange);
    });
    expect((await payer.ask(CHAT, { model: 'm', messages: MESSAGES })).status).toBe(200);
    const [event] = await payer.events(1);
    expect([event?.['attempts'], ...moneyOf(event)]).toEqual([2, 21 * 100_000 + 13 * 1_000_000 + 1_000_000, 0]);
  });
});

describe('receipts', () => {
  test('name tokens, price and the grants that paid, and only the account itself sees them', async () => {
    const payer = await credit.payer('0.01');
    await credit.control('POST', '/control/v1/credit/grants', {
      account_id: payer.accountId,
      amount_nano: '5000000',
      kind: 'promo',
      reason: 'a welcome',
    });
    credit.answer(textScript(['hi'], { usage: { ...USED, inputTokens: 10, outputTokens: 5 } }));
    const answer = await payer.ask(CHAT, { model: 'm', messages: MESSAGES, max_tokens: 5 });
    const id = answer.headers.get('x-request-id') ?? '';
    await answer.text();
    const receipt = (await (await get(payer, `/v1/receipts/${id}`)).json()) as Record<string, unknown>;
    expect(receipt).toMatchObject({
      object: 'receipt',
      id,
      model: 'm',
      outcome: 'completed',
      exact: true,
      usage_source: 'reported',
      usage: { input_tokens: 10, output_tokens: 5, images: 0 },
      price_estimated: false,
      rates: { input_nano: '100000000000', output_nano: '1000000000000', request_nano: '1000000' },
      price_nano: '7000000',
      written_off_nano: '0',
    });
    // Promotional credit goes first.
    expect(receipt['paid_by']).toMatchObject([
      { kind: 'promo', amount_nano: '5000000' },
      { kind: 'paid', amount_nano: '2000000' },
    ]);

    expect(receipt['corrections']).toEqual([]);
    const stranger = await credit.payer('1');
    const refused = await get(stranger, `/v1/receipts/${id}`);
    expect([refused.status, await reasonOf(refused)]).toEqual([404, 'receipt_not_found']);
    expect((await get(payer, '/v1/receipts/req_none')).status).toBe(404);

    const told = (await (await get(payer, '/v1/credit')).json()) as Record<string, unknown>;
    expect(told).toMatchObject({ billing: 'prepaid', plan: 'free', available_nano: '8000000', held_nano: '0' });
    expect(JSON.stringify(told)).not.toContain('a welcome');

    const correction = { request_id: id, amount_nano: '1000000', reason: 'a mistake' };
    await credit.control('POST', '/control/v1/ledger/corrections', correction);
    const corrected = (await (await get(payer, `/v1/receipts/${id}`)).json()) as Record<string, unknown>;
    expect(corrected).toMatchObject({ price_nano: '7000000', corrections: [{ amount_nano: '1000000' }] });
  });

  test('need their own scope', async () => {
    const payer = await credit.payer('1', { scopes: ['inference'] });
    for (const path of ['/v1/credit', '/v1/receipts/req_1']) expect((await get(payer, path)).status).toBe(403);
  });
});

const USED = { inputTokens: 0, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 };
