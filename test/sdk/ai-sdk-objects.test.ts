import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { APICallError, embed, embedMany, generateObject, generateText, Output, streamText } from 'ai';
import { expect, test } from 'bun:test';
import { z } from 'zod';
import { failureOf, refused, STRANGER, STREAMED, useWorld } from './sdk-world.ts';

// It warns of every model whose name it does not know.
Reflect.set(globalThis, 'AI_SDK_LOG_WARNINGS', false);

const world = useWorld({ events: { client_class: 'ai-sdk', endpoint: 'responses' } });
const City = z.object({ city: z.string(), people: z.number() });

function openai(apiKey = world.key) {
  return createOpenAI({ apiKey, baseURL: `${world.url}/v1` });
}

function anthropic() {
  return createAnthropic({ apiKey: world.key, baseURL: `${world.url}/v1` });
}

test('Output.object gives a checked object over chat completions', async () => {
  const answer = await generateText({
    model: openai().chat('demo'),
    prompt: 'Invent a city',
    output: Output.object({ schema: City }),
  });
  expect(City.safeParse(answer.output).success).toBe(true);
  await world.booked({ endpoint: 'chat.completions' });
});

test('Output.object gives a checked object over responses', async () => {
  const answer = await generateText({
    model: openai()('demo'),
    prompt: 'Invent a city',
    output: Output.object({ schema: City }),
  });
  expect(City.safeParse(answer.output).success).toBe(true);
  await world.booked({});
});

test('generateObject gives a checked object over messages', async () => {
  const answer = await generateObject({ model: anthropic()('demo'), prompt: 'Invent a city', schema: City });
  expect(City.safeParse(answer.object).success).toBe(true);
  await world.booked({ endpoint: 'messages' });
});

test('a streamed object grows piece by piece', async () => {
  const stream = streamText({
    model: openai()('demo'),
    prompt: 'Invent a city',
    output: Output.object({ schema: City }),
  });
  const partial: unknown[] = [];
  for await (const piece of stream.partialOutputStream) partial.push(piece);
  expect(partial.length).toBeGreaterThan(1);
  expect(City.safeParse(await stream.output).success).toBe(true);
  await world.booked(STREAMED);
});

test('reasoning comes apart from the text', async () => {
  const answer = await generateText({
    model: anthropic()('demo'),
    prompt: 'Hello',
    maxOutputTokens: 2_000,
    providerOptions: { anthropic: { thinking: { type: 'enabled', budgetTokens: 1_024 } } },
  });
  expect(answer.reasoningText).toBeTruthy();
  const [event] = await world.booked({ endpoint: 'messages' });
  expect(event?.reasoning_tokens).toBeGreaterThan(0);
});

test('embed and embedMany give vectors', async () => {
  const model = openai().embedding('demo');
  const one = await embed({ model, value: 'Hello' });
  const many = await embedMany({ model, values: ['Hello', 'World', 'Again'] });
  expect(one.embedding).toHaveLength(256);
  expect(many.embeddings[0]).toEqual(one.embedding);
  const embedded = { endpoint: 'embeddings' };
  const [first] = await world.booked(embedded, embedded);
  expect(one.usage.tokens).toBe(Number(first?.input_tokens));
});

test('a wrong key is an APICallError that is not retried', async () => {
  const failure = await failureOf(generateText({ model: openai('sk-nonsense')('demo'), prompt: 'Hello' }));
  expect(failure).toBeInstanceOf(APICallError);
  expect(failure).toMatchObject({ statusCode: 401, isRetryable: false });
  await world.booked({ ...refused('invalid_key', 401), ...STRANGER });
});

test('an unknown model is an APICallError with our sentence', async () => {
  const failure = await failureOf(generateText({ model: anthropic()('nothing'), prompt: 'Hello' }));
  expect(failure).toBeInstanceOf(APICallError);
  expect(failure instanceof APICallError && failure.message).toContain('There is no model "nothing" here');
  await world.booked({ ...refused('model_not_found', 404), endpoint: 'messages', model_requested: 'nothing' });
});

test('a rate limit is waited out, and the retry succeeds', async () => {
  const { text, key } = await world.createKey({ app: 'eager', limits: { requests_per_minute: 40 } });
  const own = { key_id: key.id, app: 'eager', endpoint: 'chat.completions' };
  const ask = () => generateText({ model: openai(text).chat('demo'), prompt: 'Hello' });
  const burst = Array.from({ length: 40 }, ask);
  await Promise.all(burst);
  await world.booked(...burst.map(() => own));
  expect((await ask()).finishReason).toBe('stop');
  await world.booked({ ...refused('request_rate', 429), ...own }, own);
});

test('a key revoked mid-stream surfaces as an error of the stream', async () => {
  const { text, key } = await world.createKey({ app: 'cut' });
  const errors: unknown[] = [];
  const stream = streamText({
    model: openai(text).chat('steady'),
    prompt: 'Say 500 words',
    onError: ({ error }) => void errors.push(error),
  });
  setTimeout(() => void world.revoke(key.id), 100);
  const { finishes } = await readParts(stream.fullStream);
  expect(JSON.stringify(errors)).toContain('access_revoked');
  expect(finishes).not.toContain('stop');
  await world.booked({
    ...STREAMED,
    endpoint: 'chat.completions',
    model_requested: 'steady',
    model_served: 'demo-steady',
    provider: 'steady',
    target: 'steady/0',
    key_id: key.id,
    app: 'cut',
    outcome: 'cut',
    reason: 'access_revoked',
    usage_source: 'estimated',
  });
});

/** Reads every part of a stream; returns the finish reasons it named. */
async function readParts(stream: AsyncIterable<{ type: string }>): Promise<{ finishes: unknown[] }> {
  const finishes: unknown[] = [];
  for await (const part of stream) if ('finishReason' in part) finishes.push(part.finishReason);
  return { finishes };
}
