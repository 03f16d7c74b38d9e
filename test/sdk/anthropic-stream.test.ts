import Anthropic, { APIError, APIUserAbortError } from '@anthropic-ai/sdk';
import { expect, test } from 'bun:test';
import { DISCONNECTED, drain, failureOf, NO_MODEL, STEADY, STREAMED, useWorld } from './sdk-world.ts';

const world = useWorld({ events: { endpoint: 'messages', client_class: 'anthropic-node', ...STREAMED } });
const weather: Anthropic.Tool = {
  name: 'get_weather',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

function client(apiKey = world.key): Anthropic {
  return new Anthropic({ apiKey, baseURL: world.url });
}

function body(content: string, model = 'demo') {
  return { model, max_tokens: 1_000, messages: [{ role: 'user' as const, content }] };
}

test('the events of a stream come in the documented order', async () => {
  const stream = await client().messages.create({ ...body('Say 3 words'), stream: true });
  const { items, error } = await drain(stream);
  expect(error).toBeUndefined();
  expect(items.map((event) => event.type)).toEqual([
    'message_start',
    'content_block_start',
    'content_block_delta',
    'content_block_delta',
    'content_block_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ]);
  await world.booked({ output_tokens: 3 });
});

test('the stream helper ends with the same message as without a stream', async () => {
  const whole = await client().messages.create(body('Hello'));
  const runner = client().messages.stream(body('Hello'));
  let text = '';
  runner.on('text', (delta, snapshot) => {
    text += delta;
    expect(snapshot).toBe(text);
  });
  const message = await runner.finalMessage();
  expect(message.content.map((block) => block.type === 'text' && block.text)).toEqual(
    whole.content.map((block) => block.type === 'text' && block.text),
  );
  expect(await runner.finalText()).toBe(text);
  expect(message.stop_reason).toBe('end_turn');
  const [, event] = await world.booked({ streamed: 0 }, {});
  expect(message.usage).toMatchObject({ input_tokens: event?.input_tokens, output_tokens: event?.output_tokens });
});

test('a streamed tool call is put together', async () => {
  const runner = client().messages.stream({ ...body('Hello'), tools: [weather], tool_choice: { type: 'any' } });
  const partial: unknown[] = [];
  runner.on('inputJson', (_delta, snapshot) => partial.push(snapshot));
  const message = await runner.finalMessage();
  const call = message.content.find((block) => block.type === 'tool_use');
  expect(call).toMatchObject({ name: 'get_weather', input: { city: expect.any(String) } });
  expect(partial.length).toBeGreaterThan(1);
  expect(message.stop_reason).toBe('tool_use');
  await world.booked({});
});

test('parallel calls stream into blocks of their own', async () => {
  const time = { ...weather, name: 'get_time' };
  const runner = client().messages.stream({ ...body('Use get_weather and get_time'), tools: [weather, time] });
  const blocks: string[] = [];
  runner.on('contentBlock', (block) => blocks.push(block.type));
  const message = await runner.finalMessage();
  expect(blocks).toEqual(['tool_use', 'tool_use']);
  expect(message.content.map((block) => block.type === 'tool_use' && block.name)).toEqual(['get_weather', 'get_time']);
  await world.booked({});
});

test('thinking streams before the text and ends with its signature', async () => {
  const runner = client().messages.stream({
    ...body('Say 5 words'),
    max_tokens: 2_000,
    thinking: { type: 'enabled', budget_tokens: 1_024 },
  });
  let thought = '';
  let signature = '';
  runner.on('thinking', (delta) => {
    thought += delta;
  });
  runner.on('signature', (text) => {
    signature = text;
  });
  const message = await runner.finalMessage();
  expect(message.content[0]).toMatchObject({ type: 'thinking', thinking: thought, signature });
  expect(signature).not.toBe('');
  const [event] = await world.booked({});
  expect(event?.reasoning_tokens).toBeGreaterThan(0);
});

test('a stop sequence and a limit are told at the end of a stream', async () => {
  const stopped = await client()
    .messages.stream({ ...body('Hello'), stop_sequences: ['provider'] })
    .finalMessage();
  const limited = await client()
    .messages.stream({ ...body('Say 50 words'), max_tokens: 5 })
    .finalMessage();
  expect(stopped).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: 'provider' });
  expect(limited).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 5 } });
  await world.booked({}, {});
});

test('withResponse shows the request id of a stream', async () => {
  const { data, request_id } = await client()
    .messages.create({ ...body('Say 3 words'), stream: true })
    .withResponse();
  await drain(data);
  await world.booked({ id: request_id });
});

test('aborting mid-stream books what was written by then', async () => {
  const runner = client().messages.stream(body('Say 500 words', 'steady'));
  runner.once('text', () => runner.abort());
  expect(await failureOf(runner.done())).toBeInstanceOf(APIUserAbortError);
  const [event] = await world.booked({ ...DISCONNECTED, ...STEADY });
  expect(event?.output_tokens).toBeGreaterThan(0);
});

test('breaking the loop ends the generation', async () => {
  const stream = await client().messages.create({ ...body('Say 500 words', 'steady'), stream: true });
  for await (const event of stream) if (event.type === 'content_block_delta') break;
  const [event] = await world.booked({ ...DISCONNECTED, ...STEADY });
  expect(event?.output_tokens).toBeGreaterThan(0);
});

test('revoking the key mid-stream raises an error, never a clean end', async () => {
  const { text, key } = await world.createKey({ app: 'cut' });
  const stream = await client(text).messages.create({ ...body('Say 500 words', 'steady'), stream: true });
  setTimeout(() => void world.revoke(key.id), 100);
  const { items, error } = await drain(stream);
  expect(error).toBeInstanceOf(APIError);
  expect(error).toMatchObject({ type: 'authentication_error', error: { error: { reason: 'access_revoked' } } });
  expect(items.some((event) => event.type === 'message_stop')).toBe(false);
  await world.booked({
    ...STEADY,
    key_id: key.id,
    app: 'cut',
    outcome: 'cut',
    reason: 'access_revoked',
    usage_source: 'estimated',
  });
});

test('cancelling by the request id raises an error in the stream', async () => {
  const { data, request_id } = await client()
    .messages.create({ ...body('Say 500 words', 'steady'), stream: true })
    .withResponse();
  setTimeout(() => void client().post(`/v1/generations/${request_id}/cancel`), 100);
  const { error } = await drain(data);
  expect(error).toMatchObject({ error: { error: { reason: 'cancelled' } } });
  await world.booked(
    { ...STEADY, outcome: 'cancelled', reason: 'cancelled', usage_source: 'estimated' },
    { ...NO_MODEL, endpoint: 'generations.cancel', streamed: 0 },
  );
});

test('the beta stream helper works unmodified', async () => {
  const message = await client().beta.messages.stream(body('Say 6 words')).finalMessage();
  expect(message.usage.output_tokens).toBe(6);
  await world.booked({ output_tokens: 6 });
});
