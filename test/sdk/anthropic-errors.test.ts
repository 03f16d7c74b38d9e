import Anthropic, {
  APIError,
  AuthenticationError,
  BadRequestError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from '@anthropic-ai/sdk';
import { expect, test } from 'bun:test';
import { failureOf, refused, STRANGER, useWorld } from './sdk-world.ts';

const world = useWorld({ events: { endpoint: 'messages', client_class: 'anthropic-node' } });

/** With the client's own two retries, so that one event means that it did not retry. */
function client(apiKey = world.key): Anthropic {
  return new Anthropic({ apiKey, baseURL: world.url });
}

function ask(from: Anthropic, change: object = {}): Promise<Anthropic.Message> {
  const body = { model: 'demo', max_tokens: 50, messages: [{ role: 'user', content: 'Hello' }], ...change };
  return from.messages.create(body as Anthropic.MessageCreateParamsNonStreaming);
}

test('a wrong key is an AuthenticationError, asked once', async () => {
  const failure = await failureOf(ask(client('sk-ant-nonsense')));
  expect(failure).toBeInstanceOf(AuthenticationError);
  expect(failure).toMatchObject({ type: 'authentication_error', error: { error: { reason: 'invalid_key' } } });
  await world.booked({ ...refused('invalid_key', 401), ...STRANGER });
});

test('a revoked key is an AuthenticationError', async () => {
  const { text, key } = await world.createKey({ app: 'gone' });
  await world.revoke(key.id);
  expect(await failureOf(ask(client(text)))).toBeInstanceOf(AuthenticationError);
  await world.booked({ ...refused('key_revoked', 401), app: 'gone', key_id: key.id });
});

test('an unknown model is a NotFoundError, asked once', async () => {
  const failure = await failureOf(ask(client(), { model: 'claude-nothing' }));
  expect(failure).toBeInstanceOf(NotFoundError);
  expect(failure).toMatchObject({ type: 'not_found_error' });
  await world.booked({ ...refused('model_not_found', 404), model_requested: 'claude-nothing' });
});

test('a model the key may not use is a PermissionDeniedError', async () => {
  const { text, key } = await world.createKey({ app: 'narrow', models: ['steady'] });
  const failure = await failureOf(ask(client(text)));
  expect(failure).toBeInstanceOf(PermissionDeniedError);
  expect(failure).toMatchObject({ type: 'permission_error' });
  await world.booked({
    ...refused('model_not_allowed', 403),
    model_requested: 'demo',
    key_id: key.id,
    app: 'narrow',
  });
});

test('wrong fields are BadRequestErrors that name the field', async () => {
  const cases: [object, string][] = [
    [{ max_tokens: undefined }, 'max_tokens'],
    [{ temperature: 3 }, 'temperature'],
    [{ messages: [{ role: 'system', content: 'no' }] }, 'messages[0].role'],
    [
      { messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'moon' } }] }] },
      'messages[0].content[0].source.type',
    ],
    [{ tools: [{ name: 'x' }] }, 'tools[0].input_schema'],
  ];
  for (const [change, param] of cases) {
    const failure = await failureOf(ask(client(), change));
    expect(failure).toBeInstanceOf(BadRequestError);
    expect(failure).toMatchObject({ type: 'invalid_request_error', error: { error: { param } } });
  }
  const badly = { ...refused('', 400), reason: expect.stringMatching(/^(invalid|missing)_field$/) };
  await world.booked(...cases.map(() => ({ ...badly })));
});

test('a rate limit is a RateLimitError with a true retry-after', async () => {
  const { text, key } = await world.createKey({ app: 'one', limits: { requests_per_minute: 1 } });
  const once = new Anthropic({ apiKey: text, baseURL: world.url, maxRetries: 0 });
  await ask(once);
  const failure = await failureOf(ask(once));
  expect(failure).toBeInstanceOf(RateLimitError);
  expect(Number(failure instanceof APIError && failure.headers?.get('retry-after'))).toBeGreaterThan(50);
  const own = { key_id: key.id, app: 'one' };
  await world.booked(own, { ...refused('request_rate', 429), ...own });
});

test('a rate limit is waited out by the client, and the retry succeeds', async () => {
  const { text, key } = await world.createKey({ app: 'eager', limits: { requests_per_minute: 40 } });
  const own = { key_id: key.id, app: 'eager' };
  const burst = Array.from({ length: 40 }, () => ask(client(text)));
  await Promise.all(burst);
  await world.booked(...burst.map(() => own));
  expect((await ask(client(text))).role).toBe('assistant');
  await world.booked({ ...refused('request_rate', 429), ...own }, own);
});

test('an error has the request id of its event', async () => {
  const failure = await failureOf(ask(client(), { model: 'nothing' }));
  const [event] = await world.booked({ ...refused('model_not_found', 404), model_requested: 'nothing' });
  expect(failure).toMatchObject({ requestID: String(event?.id) });
});

test('an unknown path under messages is refused in this format', async () => {
  const failure = await failureOf(client().messages.batches.list());
  expect(failure).toBeInstanceOf(NotFoundError);
  expect(failure).toMatchObject({ type: 'not_found_error' });
  await world.booked({ ...refused('path_unknown', 404), ...STRANGER, endpoint: 'unknown' });
});

test('countTokens refuses what messages would refuse', async () => {
  const failure = await failureOf(
    client().messages.countTokens({ model: 'nothing', messages: [{ role: 'user', content: 'Hello' }] }),
  );
  expect(failure).toBeInstanceOf(NotFoundError);
  await world.booked({
    ...refused('model_not_found', 404),
    endpoint: 'messages.count_tokens',
    model_requested: 'nothing',
  });
});
