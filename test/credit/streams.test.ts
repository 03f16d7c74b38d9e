import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import Anthropic from '@anthropic-ai/sdk';
import { streamText } from 'ai';
import OpenAI from 'openai';
import type { Exchange } from '../world/upstream.ts';
import { openAiDialect } from '../world/upstream-openai.ts';
import { playFrames, textScript } from '../world/upstream-script.ts';
import { type CreditWorld, MESSAGES, moneyOf, nano, type Payer, startCreditWorld } from './credit-world.ts';

/** A dollar for a thousand tokens out, ten cents for a thousand in: sums a person can check. */
const INPUT = 0.0001;
const OUTPUT = 0.001;

let credit: CreditWorld;
beforeAll(async () => {
  credit = await startCreditWorld();
  for (const model of ['m', 'open']) await credit.price(model, { input: '100', output: '1000' });
});
afterAll(() => credit.close());

const CHAT = '/v1/chat/completions';
const LONG = Array.from({ length: 2_000 }, (_, at) => `word${at} `);

/** What the tokens of an event cost at these prices, in nano-dollars. */
function priceOf(event: Record<string, unknown> | undefined): number {
  return Math.round((Number(event?.['input_tokens']) * INPUT + Number(event?.['output_tokens']) * OUTPUT) * 1e9);
}

/** One event of this payer, charged exactly for its tokens, and nothing left held. */
async function expectCharged(payer: Payer, usd: string): Promise<Record<string, unknown>> {
  const [event] = await payer.events(1);
  await credit.world.leftLive();
  const [price, writtenOff] = moneyOf(event);
  expect(price).toBe(priceOf(event));
  expect(price).toBeGreaterThan(0);
  const { balance, held } = await payer.balance();
  expect([balance, held]).toEqual([nano(usd) - BigInt(price - writtenOff), 0n]);
  return event ?? {};
}

/** Plays the first `frames` frames of a long answer, then does something else. */
function partly(frames: number, then: (exchange: Exchange) => unknown) {
  return async (exchange: Exchange) => {
    await exchange.startStream();
    await playFrames(exchange, openAiDialect.frames(textScript(LONG)).slice(0, frames));
    await then(exchange);
  };
}

describe('a stream is charged for what was produced', () => {
  test('when it ends whole, by what the upstream says', async () => {
    const payer = await credit.payer('10');
    credit.answer(textScript(['one ', 'two']));
    await (await payer.ask(CHAT, { model: 'm', messages: MESSAGES, stream: true })).text();
    const event = await expectCharged(payer, '10');
    expect(event).toMatchObject({ usage_source: 'reported', input_tokens: 21, output_tokens: 13 });
  });

  test('when the upstream never says what it used', async () => {
    const payer = await credit.payer('10');
    credit.answer(textScript(['one ', 'two ', 'three'], { usage: null }));
    await (await payer.ask(CHAT, { model: 'm', messages: MESSAGES, stream: true })).text();
    const event = await expectCharged(payer, '10');
    expect(event).toMatchObject({ usage_source: 'estimated', outcome: 'completed' });
  });

  test('when the upstream dies in the middle', async () => {
    const payer = await credit.payer('10');
    credit.answer(partly(50, (exchange) => exchange.reset()));
    const text = await (await payer.ask(CHAT, { model: 'm', messages: MESSAGES, stream: true })).text();
    expect(text).toContain('"reason":"upstream_died"');
    const event = await expectCharged(payer, '10');
    expect(event).toMatchObject({ outcome: 'failed', usage_source: 'estimated' });
    expect(Number(event['output_tokens'])).toBeGreaterThan(40);
    expect(Number(event['output_tokens'])).toBeLessThan(400);
  });

  test('when its caller leaves after some of it', async () => {
    const payer = await credit.payer('10');
    credit.answer(partly(30, (exchange) => exchange.pause(5_000)));
    const leaving = new AbortController();
    const answer = await payer.ask(CHAT, { model: 'm', messages: MESSAGES, stream: true }, withKey(payer, leaving));
    const reader = answer.body?.getReader();
    for (let seen = ''; !seen.includes('word20'); ) seen += new TextDecoder().decode((await reader?.read())?.value);
    leaving.abort();
    const event = await expectCharged(payer, '10');
    expect(event).toMatchObject({ outcome: 'disconnected', usage_source: 'estimated' });
    expect(Number(event['output_tokens'])).toBeGreaterThan(15);
  });

  test('when its caller leaves just before the usage frame, a hundred times over', async () => {
    const payer = await credit.payer('100');
    const frames = openAiDialect.frames(textScript(['some ', 'words'])).length;
    credit.answer(async (exchange) => {
      await exchange.startStream();
      await playFrames(exchange, openAiDialect.frames(textScript(['some ', 'words'])).slice(0, frames - 2));
      await exchange.pause(5_000);
    });
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        const leaving = new AbortController();
        const answer = await payer.ask(CHAT, { model: 'm', messages: MESSAGES, stream: true }, withKey(payer, leaving));
        const reader = answer.body?.getReader();
        for (let seen = ''; !seen.includes('words'); ) seen += new TextDecoder().decode((await reader?.read())?.value);
        leaving.abort();
      }),
    );
    const events = await payer.events(100);
    expect(new Set(events.map((event) => event['output_tokens']))).toEqual(new Set([2]));
    expect(events.every((event) => moneyOf(event)[0] === priceOf(event) && priceOf(event) > 0)).toBe(true);
  });
});

describe('before any output', () => {
  test('a caller that leaves pays for the prompt', async () => {
    const payer = await credit.payer('10');
    credit.answer((exchange) => exchange.pause(5_000));
    const leaving = new AbortController();
    const before = credit.upstream.requests.length;
    const asking = payer.ask(CHAT, { model: 'm', messages: MESSAGES, stream: true }, withKey(payer, leaving));
    asking.catch(() => undefined);
    await credit.upstream.requestAfter(before);
    leaving.abort();
    const event = await expectCharged(payer, '10');
    expect(event).toMatchObject({ outcome: 'disconnected', output_tokens: 0 });
  });

  test('an upstream that fails costs the caller nothing, and gives all of the hold back', async () => {
    for (const stream of [true, false]) {
      const payer = await credit.payer('10');
      credit.answer((exchange) => exchange.reset());
      const answer = await payer.ask(CHAT, { model: 'm', messages: MESSAGES, stream });
      expect(answer.status).toBe(502);
      const [event] = await payer.events(1);
      expect([event?.['price_id'], event?.['price_nano']]).toEqual([null, 0]);
      await credit.world.leftLive();
      expect(await payer.balance()).toEqual({ balance: nano('10'), available: nano('10'), held: 0n });
    }
  });
});

describe('when credit runs out in the middle', () => {
  test('chat: the official client sees a length, and the reason stands beside it', async () => {
    const payer = await credit.payer('0.5');
    credit.answer(textScript(LONG));
    const client = new OpenAI({ apiKey: payer.key, baseURL: `${credit.world.url}/v1` });
    const stream = await client.chat.completions.create({ model: 'open', messages: MESSAGES, stream: true });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const last = chunks.findLast((chunk) => chunk.choices.length > 0);
    expect(last?.choices[0]?.finish_reason).toBe('length');
    expect(last).toMatchObject({ cut: { reason: 'credit_exhausted' } });
    await expectCut(payer);
  });

  test('responses: it ends incomplete', async () => {
    const payer = await credit.payer('0.5');
    credit.answer(textScript(LONG));
    const client = new OpenAI({ apiKey: payer.key, baseURL: `${credit.world.url}/v1` });
    const stream = client.responses.stream({ model: 'open', input: 'hello', store: false });
    const final = await stream.finalResponse();
    expect(final).toMatchObject({ status: 'incomplete', cut: { reason: 'credit_exhausted' } });
    expect(final.output_text.length).toBeGreaterThan(100);
    await expectCut(payer);
  });

  test('messages: it stops at max_tokens', async () => {
    const payer = await credit.payer('0.5');
    credit.answer(textScript(LONG));
    const client = new Anthropic({ apiKey: payer.key, baseURL: credit.world.url });
    const events: Anthropic.RawMessageStreamEvent[] = [];
    const body = { model: 'open', max_tokens: 5_000, messages: MESSAGES, stream: true } as const;
    for await (const event of await client.messages.create(body)) events.push(event);
    const delta = events.find((event) => event.type === 'message_delta');
    expect(delta).toMatchObject({ delta: { stop_reason: 'max_tokens' }, cut: { reason: 'credit_exhausted' } });
    expect(events.at(-1)?.type).toBe('message_stop');
    await expectCut(payer);
  });

  test.each(['chat', 'responses', 'messages'] as const)('%s: the AI SDK reads it as a length', async (format) => {
    const payer = await credit.payer('0.5');
    credit.answer(textScript(LONG));
    const settings = { apiKey: payer.key, baseURL: `${credit.world.url}/v1` };
    const openai = createOpenAI(settings);
    const model = { chat: openai.chat('open'), responses: openai('open'), messages: createAnthropic(settings)('open') };
    const stream = streamText({ model: model[format], prompt: 'hello', maxOutputTokens: 5_000 });
    expect((await stream.text).length).toBeGreaterThan(100);
    expect(await stream.finishReason).toBe('length');
    await expectCut(payer);
  });

  /** What was held at the cut was all there was, so next to nothing is written off. */
  async function expectCut(payer: Payer): Promise<void> {
    const event = await expectCharged(payer, '0.5');
    expect(event).toMatchObject({ outcome: 'cut', reason: 'credit_exhausted', status: 200 });
    const [price, writtenOff] = moneyOf(event);
    expect(price - writtenOff).toBeGreaterThan(0.48e9);
    expect(writtenOff).toBeLessThan(0.005e9);
  }
});

test('a stream whose upstream sends all of it at once is cut where credit ends, in the middle of that piece', async () => {
  const payer = await credit.payer('0.5');
  credit.answer(textScript(['word '.repeat(20_000)], { usage: null }));
  const text = await (await payer.ask(CHAT, { model: 'm', messages: MESSAGES, stream: true })).text();
  expect(text).toContain('"reason":"credit_exhausted"');
  const event = await expectCharged(payer, '0.5');
  expect(Number(event['output_tokens'])).toBeLessThan(700);
});

describe('a whole answer of an account that is short', () => {
  test('is paid for while it grows, and comes whole when that suffices', async () => {
    const payer = await credit.payer('0.5');
    credit.answer(textScript(['one ', 'two']));
    const before = credit.upstream.requests.length;
    const answer = (await (await payer.ask(CHAT, { model: 'm', messages: MESSAGES })).json()) as object;
    expect(answer).toMatchObject({ choices: [{ finish_reason: 'stop', message: { content: 'one two' } }] });
    expect(answer).not.toHaveProperty('cut');
    expect((await credit.upstream.requestAfter(before)).body?.['stream']).toBe(true);
    expect(await expectCharged(payer, '0.5')).toMatchObject({ outcome: 'completed', output_tokens: 13 });
  });

  test('ends where its credit ends, as at its length, and says so', async () => {
    const payer = await credit.payer('0.5');
    credit.answer(textScript(LONG, { usage: null }));
    const answer = await payer.ask(CHAT, { model: 'm', messages: MESSAGES });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      cut: { reason: 'credit_exhausted' },
      choices: [{ finish_reason: 'length' }],
    });
    const event = await expectCharged(payer, '0.5');
    expect(event).toMatchObject({ outcome: 'cut', reason: 'credit_exhausted', status: 200 });
    expect(Number(event['output_tokens'])).toBeGreaterThan(400);
  });

  test('leaves the rest to others of its account', async () => {
    const payer = await credit.payer('1');
    credit.answer(textScript(['one ', 'two']));
    const ask = { model: 'm', messages: MESSAGES };
    const answers = await Promise.all([1, 2, 3].map(() => payer.ask(CHAT, ask)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  test('of an account that is not short is asked for whole', async () => {
    const rich = await credit.payer('50');
    credit.answer(textScript(['one ', 'two']));
    const before = credit.upstream.requests.length;
    await rich.ask(CHAT, { model: 'm', messages: MESSAGES });
    const { body } = await credit.upstream.requestAfter(before);
    expect([body?.['stream'] ?? false, body?.['max_completion_tokens']]).toEqual([false, 2_000]);
  });
});

test('a price that changes in the middle of a stream does not touch it', async () => {
  const payer = await credit.payer('10');
  await credit.price('m', { input: '100', output: '1000' });
  const dearer = Promise.withResolvers<void>();
  credit.answer(async (exchange) => {
    await exchange.startStream();
    const frames = openAiDialect.frames(textScript(['one ', 'two']));
    await playFrames(exchange, frames.slice(0, 3));
    await dearer.promise;
    await playFrames(exchange, frames.slice(3));
    await exchange.endStream();
  });
  const before = credit.upstream.requests.length;
  const asking = payer.ask(CHAT, { model: 'm', messages: MESSAGES, stream: true }).then((answer) => answer.text());
  await credit.upstream.requestAfter(before);
  await credit.price('m', { input: '200', output: '2000' });
  dearer.resolve();
  await asking;
  await expectCharged(payer, '10');
  await credit.price('m', { input: '100', output: '1000' });
});

function withKey(payer: Payer, { signal }: AbortController): RequestInit {
  return { headers: { authorization: `Bearer ${payer.key}` }, signal };
}
