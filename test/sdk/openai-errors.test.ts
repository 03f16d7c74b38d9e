import { expect, test } from 'bun:test';
import OpenAI, {
  APIError,
  AuthenticationError,
  BadRequestError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from 'openai';
import { type ExpectedEvent, failureOf, refused, SLOW, STRANGER, useWorld } from './sdk-world.ts';

const BODY_BYTES_MAX = 65_536;
const world = useWorld({
  yaml: () => `
server: { body_bytes_max: ${BODY_BYTES_MAX} }
providers:
  quick: { kind: demo, tokens_per_second: 1000000 }
  slow: { kind: demo, tokens_per_second: 2 }
models:
  demo: { targets: [{ provider: quick, upstream_model: demo-quick }] }
  slow: { targets: [{ provider: slow, upstream_model: demo-slow }] }
  small: { targets: [{ provider: quick, upstream_model: demo-quick }], context_tokens: 50 }
`,
  events: { endpoint: 'chat.completions', client_class: 'openai-node' },
});

/** With the client's own two retries, so that one event means that it did not retry. */
function client(apiKey: string = world.key, headers: Record<string, string | null> = {}): OpenAI {
  return new OpenAI({ apiKey, baseURL: `${world.url}/v1`, defaultHeaders: headers });
}

function ask(from: OpenAI, change: object = {}): Promise<OpenAI.ChatCompletion> {
  const body = { model: 'demo', messages: [{ role: 'user', content: 'Hello' }], ...change };
  return from.chat.completions.create(body as OpenAI.ChatCompletionCreateParamsNonStreaming);
}

function unauthorised(reason: string): ExpectedEvent {
  return { ...refused(reason, 401), ...STRANGER };
}

test('a missing key is an authentication error, asked once', async () => {
  const failure = await failureOf(ask(client('x', { authorization: null })));
  expect(failure).toBeInstanceOf(AuthenticationError);
  expect(failure).toMatchObject({ code: 'missing_api_key', type: 'authentication_error', param: null });
  await world.booked(unauthorised('missing_key'));
});

test('a wrong key and a mistyped key get the same no', async () => {
  const mistyped = `${world.key.slice(0, -1)}${world.key.endsWith('A') ? 'B' : 'A'}`;
  for (const one of [client('sk-nonsense'), client(mistyped)]) {
    const failure = await failureOf(ask(one));
    expect(failure).toBeInstanceOf(AuthenticationError);
    expect(failure).toMatchObject({ code: 'invalid_api_key' });
  }
  const event = unauthorised('invalid_key');
  await world.booked(event, event);
});

test('a key under another scheme than Bearer is not read as a key', async () => {
  const failure = await failureOf(ask(client('x', { authorization: `Basic ${world.key}` })));
  expect(failure).toMatchObject({ status: 401, code: 'missing_api_key' });
  await world.booked(unauthorised('missing_key'));
});

test('a revoked key says that it was revoked', async () => {
  const { text, key } = await world.createKey({ app: 'gone' });
  await world.revoke(key.id);
  const failure = await failureOf(ask(client(text)));
  expect(failure).toBeInstanceOf(AuthenticationError);
  expect(failure).toMatchObject({ code: 'key_revoked' });
  await world.booked({ ...refused('key_revoked', 401), app: 'gone', key_id: key.id });
});

test('an expired key says that it expired', async () => {
  const { text, key } = await world.createKey({ app: 'old', expires_at: new Date(Date.now() + 50).toISOString() });
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(await failureOf(ask(client(text)))).toMatchObject({ status: 401, code: 'key_expired' });
  await world.booked({ ...refused('key_expired', 401), app: 'old', key_id: key.id });
});

test('a key from the wrong network is turned away', async () => {
  const { text, key } = await world.createKey({ app: 'office', networks: ['192.0.2.0/24'] });
  expect(await failureOf(ask(client(text)))).toBeInstanceOf(PermissionDeniedError);
  await world.booked({ ...refused('key_network', 403), app: 'office', key_id: key.id });
});

test('an unknown model is not found, asked once', async () => {
  const failure = await failureOf(ask(client(), { model: 'gpt-nothing' }));
  expect(failure).toBeInstanceOf(NotFoundError);
  expect(failure).toMatchObject({ code: 'model_not_found', param: 'model' });
  await world.booked({ ...refused('model_not_found', 404), model_requested: 'gpt-nothing' });
});

test('a model the key may not use is forbidden, asked once', async () => {
  const { text, key } = await world.createKey({ app: 'narrow', models: ['slow'] });
  const failure = await failureOf(ask(client(text)));
  expect(failure).toBeInstanceOf(PermissionDeniedError);
  expect(failure).toMatchObject({ code: 'model_not_allowed' });
  await world.booked({
    ...refused('model_not_allowed', 403),
    model_requested: 'demo',
    app: 'narrow',
    key_id: key.id,
  });
});

test('a field of the wrong type is named by its path', async () => {
  const cases: [object, string][] = [
    [{ temperature: 'hot' }, 'temperature'],
    [{ messages: 'Hello' }, 'messages'],
    [{ messages: [{ role: 'user', content: 7 }] }, 'messages[0].content'],
    [{ tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name'],
    [{ stream: 'yes' }, 'stream'],
  ];
  for (const [change, param] of cases) {
    const failure = await failureOf(ask(client(), change));
    expect(failure).toBeInstanceOf(BadRequestError);
    expect(failure).toMatchObject({ param, type: 'invalid_request_error' });
  }
  const badly = { ...refused('', 400), reason: expect.stringMatching(/^(invalid|missing)_field$/) };
  await world.booked(...cases.map(() => ({ ...badly })));
});

test('what is not offered is refused instead of ignored', async () => {
  const failure = await failureOf(ask(client(), { store: true }));
  expect(failure).toMatchObject({ status: 400, code: 'unsupported_parameter', param: 'store' });
  await world.booked(refused('unsupported_field', 400));
});

test('a body that is too large is refused, asked once', async () => {
  const messages = [{ role: 'user', content: 'x'.repeat(BODY_BYTES_MAX) }];
  const failure = await failureOf(ask(client(), { messages }));
  expect(failure).toBeInstanceOf(APIError);
  expect(failure).toMatchObject({ status: 413, code: 'body_too_large' });
  await world.booked(refused('body_too_large', 413));
});

test('more input than the model takes is refused with the code clients know', async () => {
  const messages = [{ role: 'user', content: 'many words '.repeat(200) }];
  const failure = await failureOf(ask(client(), { model: 'small', messages }));
  expect(failure).toMatchObject({ status: 400, code: 'context_length_exceeded' });
  await world.booked({ ...refused('context_too_long', 400), model_requested: 'small' });
});

test('an unknown path and a wrong method are refused in the same shape', async () => {
  expect(await failureOf(client().post('/fine_tuning/jobs', { body: {} }))).toMatchObject({
    status: 404,
    code: 'path_unknown',
  });
  const failure = await failureOf(client().get('/chat/completions'));
  expect(failure).toMatchObject({ status: 405, code: 'method_not_allowed' });
  expect(failure instanceof APIError && failure.headers?.get('allow')).toBe('POST');
  const nowhere = { ...STRANGER, endpoint: 'unknown' };
  await world.booked(
    { ...refused('path_unknown', 404), ...nowhere },
    { ...refused('method_not_allowed', 405), ...nowhere },
  );
});

test('a true rate limit is waited out by the client, and the retry succeeds', async () => {
  // One more request is earned every 1.5 s once the first 40 are taken.
  const { text, key } = await world.createKey({ app: 'eager', limits: { requests_per_minute: 40 } });
  const own = { key_id: key.id, app: 'eager' };
  const burst = Array.from({ length: 40 }, () => ask(client(text)));
  await Promise.all(burst);
  await world.booked(...burst.map(() => own));
  const started = performance.now();
  const answer = await ask(client(text));
  expect(answer.choices).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(4_000);
  await world.booked({ ...refused('request_rate', 429), ...own }, own);
});

test('a rate limit names its kind and its true wait when the client does not retry', async () => {
  const { text, key } = await world.createKey({ app: 'one', limits: { requests_per_minute: 1 } });
  const once = new OpenAI({ apiKey: text, baseURL: `${world.url}/v1`, maxRetries: 0 });
  await ask(once);
  const failure = await failureOf(ask(once));
  expect(failure).toBeInstanceOf(RateLimitError);
  expect(failure).toMatchObject({ code: 'rate_limit_exceeded', type: 'rate_limit_error' });
  const waitMs = Number(failure instanceof RateLimitError && failure.headers.get('retry-after-ms'));
  expect(waitMs).toBeGreaterThan(50_000);
  expect(waitMs).toBeLessThanOrEqual(60_000);
  const own = { key_id: key.id, app: 'one' };
  await world.booked(own, { ...refused('request_rate', 429), ...own });
});

test('a request no wait can make fit is refused once, without a retry', async () => {
  const { text, key } = await world.createKey({ app: 'tiny', limits: { tokens_per_minute: 10 } });
  const failure = await failureOf(ask(client(text)));
  expect(failure).toBeInstanceOf(RateLimitError);
  expect(failure).toMatchObject({ code: 'request_too_large' });
  expect(failure instanceof RateLimitError && failure.headers.get('x-should-retry')).toBe('false');
  const own = { key_id: key.id, app: 'tiny' };
  await world.booked({ ...refused('token_rate_never', 429), ...own, model_requested: 'demo' });
});

test('too many at once is a rate limit, and passes when a place is free', async () => {
  const { text, key } = await world.createKey({ app: 'single', limits: { concurrency: 1 } });
  const once = new OpenAI({ apiKey: text, baseURL: `${world.url}/v1`, maxRetries: 0 });
  const change = { model: 'slow', max_tokens: 1 };
  const [first, second] = await Promise.all([ask(once, change), failureOf(ask(once, change))]);
  expect(first.usage?.completion_tokens).toBe(1);
  expect(second).toMatchObject({ status: 429, code: 'concurrency_limit_exceeded' });
  expect((await ask(once)).choices).toHaveLength(1);
  const own = { key_id: key.id, app: 'single' };
  await world.booked({ ...own, ...SLOW }, { ...refused('concurrency', 429), ...own }, own);
});

test('the Azure style api-key header is the same key', async () => {
  const azure = client('unused', { authorization: null, 'api-key': world.key });
  expect((await ask(azure)).choices).toHaveLength(1);
  await world.booked({});
});

test('a person who reads Chinese is told in Chinese', async () => {
  const failure = await failureOf(
    ask(client(world.key, { 'accept-language': 'zh-CN,en;q=0.5' }), { model: 'nothing' }),
  );
  expect(failure instanceof APIError && failure.message).toContain('这里没有模型');
  await world.booked({ ...refused('model_not_found', 404), model_requested: 'nothing' });
});

test('an error has the request id of its event', async () => {
  const failure = await failureOf(ask(client(), { model: 'nothing' }));
  const [event] = await world.booked({ ...refused('model_not_found', 404), model_requested: 'nothing' });
  expect(failure).toMatchObject({ requestID: String(event?.id) });
});
