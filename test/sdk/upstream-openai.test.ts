import Anthropic from '@anthropic-ai/sdk';
import { afterAll, expect, test } from 'bun:test';
import OpenAI, { APIError, BadRequestError, InternalServerError, RateLimitError } from 'openai';
import { openAiChunk, openAiDialect, openAiFrame } from '../world/upstream-openai.ts';
import { dieMidway, errorInBand, failWith, silent } from '../world/upstream-faults.ts';
import { play, playFrames, textScript, USAGE } from '../world/upstream-script.ts';
import { type Behaviour, type FakeUpstream, startUpstream } from '../world/upstream.ts';
import { drain, failureOf, servedBy, STREAMED, useWorld } from './sdk-world.ts';

let upstream: FakeUpstream;
let reserve: FakeUpstream;
const world = useWorld({
  async yaml() {
    upstream = await startUpstream();
    reserve = await startUpstream({ behaviour: play(openAiDialect, SCRIPT) });
    return `
providers:
  first: { kind: openai, base_url: ${upstream.url}/v1 }
  second: { kind: openai, base_url: ${reserve.url}/v1 }
routing: { attempts_max: 2, retry_ratio: 1, breaker: { samples: 1000, failure_ratio: 1, open_ms: 10 } }
models:
  known: { targets: [{ provider: first, upstream_model: gpt-4o-mini }] }
  unknown: { targets: [{ provider: first, upstream_model: fake }] }
  limited: { targets: [{ provider: first, upstream_model: fake }] }
  flaky: { targets: [{ provider: first, upstream_model: fake }] }
  broken: { targets: [{ provider: first, upstream_model: fake }] }
  locked: { targets: [{ provider: first, upstream_model: fake }] }
  mute: { targets: [{ provider: first, upstream_model: fake, timeouts: { first_token_ms: 150, total_ms: 300 } }] }
  safe: { targets: [{ provider: first, upstream_model: fake }], fallbacks: [spare] }
  spare: { targets: [{ provider: second, upstream_model: fake }] }
`;
  },
  events: {
    endpoint: 'chat.completions',
    client_class: 'openai-node',
    ...servedBy('unknown', 'first', 'fake-model'),
  },
});
afterAll(async () => {
  await upstream.close();
  await reserve.close();
});

const SCRIPT = textScript(['One ', 'two ', 'three ', 'four.']);
const KNOWN = { ...servedBy('known', 'first', 'gpt-4o-mini') };
const REFUSAL = 'I will not do that.';
const messages = [{ role: 'user' as const, content: 'Hello' }];
const FAILED = { outcome: 'failed', status: 200, usage_source: 'estimated', ...STREAMED };

/** Columns of a request whose upstream never named its model. */
function asked(model: string) {
  return servedBy(model, 'first', 'fake');
}

function client(maxRetries = 0): OpenAI {
  return new OpenAI({ apiKey: world.key, baseURL: `${world.url}/v1`, maxRetries });
}

const refuses: Behaviour = async (exchange) => {
  const usage = { prompt_tokens: 9, completion_tokens: 5, total_tokens: 14 };
  if (!openAiDialect.asksForStream(exchange.request)) {
    const message = { role: 'assistant', content: null, refusal: REFUSAL };
    const choices = [{ index: 0, message, logprobs: null, finish_reason: 'stop' }];
    return exchange.send(
      200,
      {},
      { id: 'r', object: 'chat.completion', created: 1, model: 'fake-model', choices, usage },
    );
  }
  const chunk = (delta: object, finish: string | null = null) =>
    openAiFrame(openAiChunk(SCRIPT, [{ index: 0, delta, finish_reason: finish }]));
  await exchange.startStream();
  await playFrames(exchange, [
    chunk({ role: 'assistant', content: null, refusal: '' }),
    ...REFUSAL.split(' ').map((word, at) => chunk({ refusal: at === 0 ? word : ` ${word}` })),
    chunk({}, 'stop'),
    openAiFrame(openAiChunk(SCRIPT, [], { usage })),
    'data: [DONE]\n\n',
  ]);
  await exchange.endStream();
};

test('a refusal comes in its own field, whole and streamed', async () => {
  upstream.answer(refuses);
  const whole = await client().chat.completions.create({ model: 'unknown', messages });
  expect(whole.choices[0]?.message).toMatchObject({ content: null, refusal: REFUSAL });
  const runner = client().chat.completions.stream({ model: 'unknown', messages });
  const told: string[] = [];
  runner.on('refusal.done', ({ refusal }) => told.push(refusal));
  expect((await runner.finalChatCompletion()).choices[0]?.message.refusal).toBe(REFUSAL);
  expect(told).toEqual([REFUSAL]);
  await world.booked({ output_tokens: 5 }, { ...STREAMED, output_tokens: 5 });
});

test('a refusal is a part of its own in a response, whole and streamed', async () => {
  upstream.answer(refuses);
  const refused = [{ type: 'message', content: [{ type: 'refusal', refusal: REFUSAL }] }];
  const whole = await client().responses.create({ model: 'unknown', input: 'Hello' });
  const streamed = await client().responses.stream({ model: 'unknown', input: 'Hello' }).finalResponse();
  expect(whole.output).toMatchObject(refused);
  expect(streamed.output).toMatchObject(refused);
  await world.booked({ endpoint: 'responses' }, { endpoint: 'responses', ...STREAMED });
});

test("a refusal ends a message with Anthropic's stop reason for it", async () => {
  upstream.answer(refuses);
  const anthropic = new Anthropic({ apiKey: world.key, baseURL: world.url });
  const body = { model: 'unknown', max_tokens: 100, messages };
  const whole = await anthropic.messages.create(body);
  const streamed = await anthropic.messages.stream(body).finalMessage();
  for (const message of [whole, streamed]) {
    expect(message.stop_reason).toBe('refusal');
    expect(message.content).toMatchObject([{ type: 'text', text: REFUSAL }]);
  }
  const booked = { endpoint: 'messages', client_class: 'anthropic-node' };
  await world.booked(booked, { ...booked, ...STREAMED });
});

test('a length its caller leaves open stays open where the configuration sets none', async () => {
  upstream.answer(play(openAiDialect, SCRIPT));
  for (const asked of [{}, { max_completion_tokens: 30 }, { max_completion_tokens: 1_000_000 }]) {
    await client().chat.completions.create({ model: 'unknown', messages, ...asked });
  }
  const limits = upstream.requests.slice(-3).map(({ body }) => body?.max_completion_tokens);
  expect(limits).toEqual([undefined, 30, 1_000_000]);
  await world.booked({}, {}, {});
});

test('usage that the upstream does not tell is counted where the tokenizer is known', async () => {
  upstream.answer(play(openAiDialect, { ...SCRIPT, usage: null, model: 'gpt-4o-mini' }));
  const answer = await client().chat.completions.create({ model: 'known', messages });
  const { items } = await drain(
    await client().chat.completions.create({
      model: 'known',
      messages,
      stream: true,
      stream_options: { include_usage: true },
    }),
  );
  const counted = { ...KNOWN, usage_source: 'counted', output_tokens: 5 };
  await world.booked(counted, { ...counted, ...STREAMED });
  expect(answer.usage?.completion_tokens).toBe(5);
  expect(items.at(-1)?.usage?.completion_tokens).toBe(5);
});

test('usage that the upstream does not tell is estimated where it is not, and never zero', async () => {
  upstream.answer(play(openAiDialect, { ...SCRIPT, usage: null }));
  const answer = await client().chat.completions.create({ model: 'unknown', messages });
  const [event] = await world.booked({ usage_source: 'estimated' });
  expect(event?.output_tokens).toBeGreaterThan(0);
  expect(answer.usage?.completion_tokens).toBe(Number(event?.output_tokens));
});

test('cached tokens are told on', async () => {
  upstream.answer(play(openAiDialect, SCRIPT));
  const answer = await client().chat.completions.create({ model: 'unknown', messages });
  expect(answer.usage?.prompt_tokens_details?.cached_tokens).toBe(USAGE.cachedInputTokens);
  await world.booked({ cached_input_tokens: USAGE.cachedInputTokens });
});

test('an error inside the upstream stream surfaces as an APIError, and what came before it is booked', async () => {
  upstream.answer(errorInBand(openAiDialect, SCRIPT));
  const { items, error } = await drain(
    await client(2).chat.completions.create({ model: 'unknown', messages, stream: true }),
  );
  expect(error).toBeInstanceOf(APIError);
  expect(error).toMatchObject({ code: 'upstream_failed', status: undefined });
  expect(items.some((chunk) => chunk.choices[0]?.finish_reason)).toBe(false);
  const [event] = await world.booked({ ...FAILED, reason: 'upstream_failed' });
  expect(event?.output_tokens).toBeGreaterThan(0);
});

test('an error inside the upstream stream fails a streamed response, never completes it', async () => {
  upstream.answer(errorInBand(openAiDialect, SCRIPT));
  const { items, error } = await drain(
    await client(2).responses.create({ model: 'unknown', input: 'Hello', stream: true }),
  );
  expect(error).toMatchObject({ code: 'upstream_failed' });
  expect(items.map((event) => event.type)).not.toContain('response.completed');
  await world.booked({ ...FAILED, endpoint: 'responses', reason: 'upstream_failed' });
});

test('an upstream that dies mid-stream is an error, never a clean end', async () => {
  upstream.answer(dieMidway(openAiDialect, SCRIPT, 'reset'));
  const { items, error } = await drain(
    await client(2).chat.completions.create({ model: 'unknown', messages, stream: true }),
  );
  expect(error).toMatchObject({ code: 'upstream_died' });
  expect(items.length).toBeGreaterThan(0);
  const [event] = await world.booked({ ...FAILED, reason: 'upstream_died' });
  expect(event?.output_tokens).toBeGreaterThan(0);
});

test('an upstream at its limit is a RateLimitError with its own wait', async () => {
  upstream.answer(failWith(openAiDialect, 429, 'slow down', { 'retry-after': '7' }));
  const failure = await failureOf(client().chat.completions.create({ model: 'limited', messages }));
  expect(failure).toBeInstanceOf(RateLimitError);
  expect(failure).toMatchObject({ code: 'upstream_rate_limited' });
  expect(failure instanceof APIError && failure.headers?.get('retry-after')).toBe('7');
  const limited = { outcome: 'failed', reason: 'upstream_rate_limited', status: 429, usage_source: 'none' };
  await world.booked({ ...limited, ...asked('limited'), attempts: expect.any(Number) });
});

test('an upstream that is busy once is asked again before anybody notices', async () => {
  let calls = 0;
  upstream.answer((exchange) =>
    ++calls === 1 ? failWith(openAiDialect, 503, 'busy')(exchange) : play(openAiDialect, SCRIPT)(exchange),
  );
  const answer = await client().chat.completions.create({ model: 'flaky', messages });
  expect(answer.choices[0]?.message.content).toBe('One two three four.');
  expect(calls).toBe(2);
  await world.booked({ ...servedBy('flaky', 'first', 'fake-model'), attempts: 2 });
});

test('an upstream that failed on the request is left for the client to ask again, each try an event', async () => {
  upstream.answer(failWith(openAiDialect, 500, 'oops'));
  const failure = await failureOf(client(1).chat.completions.create({ model: 'broken', messages }));
  expect(failure).toBeInstanceOf(InternalServerError);
  expect(failure).toMatchObject({ status: 502, code: 'upstream_failed' });
  const failed = { outcome: 'failed', reason: 'upstream_failed', status: 502, usage_source: 'none' };
  const event = { ...failed, ...asked('broken') };
  await world.booked(event, event);
});

test('an upstream that refuses our credential is not the fault of the caller, and is asked once', async () => {
  upstream.answer(failWith(openAiDialect, 401, 'bad key sk-secret'));
  const failure = await failureOf(client(2).chat.completions.create({ model: 'locked', messages }));
  expect(failure).toMatchObject({ status: 503, code: 'upstream_credential' });
  expect(String(failure)).not.toContain('secret');
  const failed = { outcome: 'failed', reason: 'upstream_credential', status: 503, usage_source: 'none' };
  await world.booked({ ...failed, ...asked('locked'), attempts: expect.any(Number) });
});

test('what an upstream rejects is told with its words and field, asked once', async () => {
  upstream.answer(failWith(openAiDialect, 400, 'no such tool'));
  const failure = await failureOf(client(2).chat.completions.create({ model: 'unknown', messages }));
  expect(failure).toBeInstanceOf(BadRequestError);
  expect(failure).toMatchObject({ code: 'upstream_rejected', param: 'messages' });
  expect(failure instanceof APIError && failure.message).toContain('no such tool');
  const failed = { outcome: 'failed', reason: 'upstream_rejected', status: 400, usage_source: 'none' };
  await world.booked({ ...failed, ...asked('unknown'), attempts: 1 });
});

test('an upstream that never answers is given up in time, streamed or not', async () => {
  upstream.answer(silent);
  const whole = await failureOf(client().chat.completions.create({ model: 'mute', messages }));
  const streamed = await failureOf(client().chat.completions.create({ model: 'mute', messages, stream: true }));
  expect(whole).toMatchObject({ status: 504, code: 'upstream_timeout' });
  expect(streamed).toMatchObject({ status: 504, code: 'upstream_timeout' });
  const late = { outcome: 'failed', reason: 'upstream_timeout', status: 504, usage_source: 'estimated' };
  const event = { ...late, ...asked('mute'), attempts: expect.any(Number) };
  await world.booked(event, { ...event, ...STREAMED });
});

test('a fallback answers in its place, and the record says which', async () => {
  upstream.answer(failWith(openAiDialect, 503, 'down'));
  const answer = await client().chat.completions.create({ model: 'safe', messages });
  expect(answer).toMatchObject({ model: 'safe', choices: [{ message: { content: 'One two three four.' } }] });
  const served = { model_requested: 'safe', model_served: 'fake-model', provider: 'second', target: 'spare/0' };
  await world.booked({ ...served, attempts: 2 });
});
