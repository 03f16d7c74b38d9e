import { expect, test } from 'bun:test';
import OpenAI, { APIError, APIUserAbortError } from 'openai';
import { DISCONNECTED, drain, failureOf, NO_MODEL, refused, SLOW, STEADY, STREAMED, useWorld } from './sdk-world.ts';

const world = useWorld({ events: { endpoint: 'chat.completions', client_class: 'openai-node' } });
const messages = [{ role: 'user' as const, content: 'Say 500 words' }];
const CANCEL = { ...NO_MODEL, endpoint: 'generations.cancel' };

/** With retries on: a cut must not be answered by another request. */
function client(apiKey = world.key): OpenAI {
  return new OpenAI({ apiKey, baseURL: `${world.url}/v1` });
}

function words(chunks: readonly OpenAI.ChatCompletionChunk[]): number {
  return chunks.filter((chunk) => chunk.choices[0]?.delta.content).length;
}

test('aborting before the first token is one disconnected event, of which only the prompt is estimated', async () => {
  const controller = new AbortController();
  const asking = client().chat.completions.create(
    { model: 'slow', messages, stream: true },
    { signal: controller.signal },
  );
  setTimeout(() => controller.abort(), 100);
  expect(await failureOf(asking)).toBeInstanceOf(APIUserAbortError);
  await world.booked({ ...DISCONNECTED, ...SLOW, output_tokens: 0, status: 499 });
});

test('aborting a request that does not stream is one disconnected event', async () => {
  const controller = new AbortController();
  const asking = client().chat.completions.create({ model: 'steady', messages }, { signal: controller.signal });
  setTimeout(() => controller.abort(), 100);
  expect(await failureOf(asking)).toBeInstanceOf(APIUserAbortError);
  await world.booked({ ...DISCONNECTED, ...STEADY, streamed: 0, status: 499 });
});

test('aborting mid-stream books what was written by then', async () => {
  const controller = new AbortController();
  const stream = await client().chat.completions.create(
    { model: 'steady', messages, stream: true },
    { signal: controller.signal },
  );
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
    if (words(chunks) === 10) controller.abort();
  }
  const [event] = await world.booked({ ...DISCONNECTED, ...STEADY });
  expect(event?.output_tokens).toBeGreaterThanOrEqual(10);
  expect(event?.output_tokens).toBeLessThan(100);
});

test('breaking the loop ends the generation', async () => {
  const stream = await client().chat.completions.create({ model: 'steady', messages, stream: true });
  let seen = 0;
  for await (const chunk of stream) if (chunk.choices[0]?.delta.content && ++seen === 5) break;
  const [event] = await world.booked({ ...DISCONNECTED, ...STEADY });
  expect(event?.output_tokens).toBeGreaterThanOrEqual(5);
});

test('aborting the stream helper ends the generation', async () => {
  const runner = client().chat.completions.stream({ model: 'steady', messages });
  runner.once('content', () => runner.abort());
  expect(await failureOf(runner.done())).toBeInstanceOf(APIUserAbortError);
  const [event] = await world.booked({ ...DISCONNECTED, ...STEADY });
  expect(event?.output_tokens).toBeGreaterThan(0);
});

test('aborting a streamed response stores nothing', async () => {
  const stream = await client().responses.create({ model: 'steady', input: 'Say 500 words', stream: true });
  let id = '';
  for await (const event of stream) {
    if (event.type === 'response.created') id = event.response.id;
    if (event.type === 'response.output_text.delta') break;
  }
  const [event] = await world.booked({ ...DISCONNECTED, ...STEADY, endpoint: 'responses' });
  expect(event?.output_tokens).toBeGreaterThan(0);
  expect(await failureOf(client().responses.retrieve(id))).toMatchObject({ status: 404 });
  await world.booked({ ...refused('response_not_found', 404), endpoint: 'responses.retrieve' });
});

test('a client timeout is a disconnect, and each try is one event', async () => {
  const impatient = new OpenAI({ apiKey: world.key, baseURL: `${world.url}/v1`, timeout: 150, maxRetries: 1 });
  expect(await failureOf(impatient.chat.completions.create({ model: 'slow', messages }))).toBeInstanceOf(
    OpenAI.APIConnectionTimeoutError,
  );
  const gone = { ...DISCONNECTED, ...SLOW, streamed: 0, status: 499 };
  await world.booked(gone, gone);
});

test('cancelling by the request id ends the stream with an error that says so', async () => {
  const { data, request_id } = await client()
    .chat.completions.create({ model: 'steady', messages, stream: true })
    .withResponse();
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  const failure = await failureOf(
    (async () => {
      for await (const chunk of data) {
        chunks.push(chunk);
        if (chunks.length === 5) await client().post(`/generations/${request_id}/cancel`);
      }
    })(),
  );
  expect(failure).toBeInstanceOf(APIError);
  expect(failure).toMatchObject({ code: 'cancelled', status: undefined });
  expect(chunks.some((chunk) => chunk.choices[0]?.finish_reason)).toBe(false);
  const [event] = await world.booked(
    { ...STREAMED, ...STEADY, outcome: 'cancelled', reason: 'cancelled', usage_source: 'estimated' },
    CANCEL,
  );
  expect(event?.id).toBe(request_id);
  expect(event?.output_tokens).toBeGreaterThan(0);
});

test('cancelling a streamed response raises the same error', async () => {
  const { data, request_id } = await client()
    .responses.create({ model: 'steady', input: 'Say 500 words', stream: true })
    .withResponse();
  setTimeout(() => void client().post(`/generations/${request_id}/cancel`), 100);
  const { items, error } = await drain(data);
  expect(error).toMatchObject({ code: 'cancelled' });
  expect(items.some((event) => event.type === 'response.completed')).toBe(false);
  await world.booked(
    {
      ...STREAMED,
      ...STEADY,
      endpoint: 'responses',
      outcome: 'cancelled',
      reason: 'cancelled',
      usage_source: 'estimated',
    },
    CANCEL,
  );
});

test('nobody cancels what is not theirs, nor what is over', async () => {
  const { text, key } = await world.createOtherKey();
  const { data, request_id } = await client()
    .chat.completions.create({ model: 'steady', messages: [{ role: 'user', content: 'Say 20 words' }], stream: true })
    .withResponse();
  const cancel = `/generations/${request_id}/cancel`;
  expect(await failureOf(client(text).post(cancel))).toMatchObject({ status: 404, code: 'generation_not_found' });
  const { error } = await drain(data);
  expect(error).toBeUndefined();
  expect(await failureOf(client().post(cancel))).toMatchObject({ status: 404 });
  const nothing = { ...refused('generation_not_found', 404), ...CANCEL };
  const other = { key_id: key.id, account_id: 'acct_other', app: null, app_source: 'none' };
  await world.booked({ ...STREAMED, ...STEADY }, { ...nothing, ...other, outcome: 'refused' }, nothing);
});

test('revoking a key cuts its stream in under a second, and says why', async () => {
  const { text, key } = await world.createKey({ app: 'cut' });
  const stream = await client(text).chat.completions.create({ model: 'steady', messages, stream: true });
  let revokedAt = 0;
  const failure = await failureOf(
    (async () => {
      let seen = 0;
      for await (const chunk of stream) {
        if (!chunk.choices[0]?.delta.content || ++seen !== 5) continue;
        revokedAt = performance.now();
        await world.revoke(key.id);
      }
    })(),
  );
  expect(performance.now() - revokedAt).toBeLessThan(1_000);
  expect(failure).toBeInstanceOf(APIError);
  expect(failure).toMatchObject({ code: 'access_revoked', type: 'authentication_error' });
  const [event] = await world.booked({
    ...STREAMED,
    ...STEADY,
    key_id: key.id,
    app: 'cut',
    outcome: 'cut',
    reason: 'access_revoked',
    usage_source: 'estimated',
  });
  expect(event?.output_tokens).toBeGreaterThanOrEqual(5);
});

test('revoking a key cuts a request that waits for its whole answer, asked once', async () => {
  const { text, key } = await world.createKey({ app: 'cut' });
  setTimeout(() => void world.revoke(key.id), 100);
  const failure = await failureOf(client(text).chat.completions.create({ model: 'steady', messages }));
  expect(failure).toMatchObject({ status: 401, code: 'access_revoked' });
  await world.booked({
    ...STEADY,
    key_id: key.id,
    app: 'cut',
    outcome: 'cut',
    reason: 'access_revoked',
    status: 401,
    usage_source: 'estimated',
  });
});

test('a key that expires mid-stream is cut as well', async () => {
  const { text, key } = await world.createKey({ app: 'brief', expires_at: new Date(Date.now() + 250).toISOString() });
  const { error } = await drain(
    await client(text).chat.completions.create({ model: 'steady', messages, stream: true }),
  );
  expect(error).toMatchObject({ code: 'access_revoked' });
  await world.booked({
    ...STREAMED,
    ...STEADY,
    key_id: key.id,
    app: 'brief',
    outcome: 'cut',
    reason: 'access_revoked',
    usage_source: 'estimated',
  });
});
