import Anthropic from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { expect, test } from 'bun:test';
import { z } from 'zod';
import { NO_MODEL, PIXEL, useWorld } from './sdk-world.ts';

const world = useWorld({ events: { endpoint: 'messages', client_class: 'anthropic-node' } });
const weather: Anthropic.Tool = {
  name: 'get_weather',
  description: 'Tells the weather.',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const time: Anthropic.Tool = { ...weather, name: 'get_time', description: 'Tells the time.' };

function client(): Anthropic {
  return new Anthropic({ apiKey: world.key, baseURL: world.url });
}

function ask(change: Partial<Anthropic.MessageCreateParamsNonStreaming> = {}): Promise<Anthropic.Message> {
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'Hello' }];
  return client().messages.create({ model: 'demo', max_tokens: 1_000, messages, ...change });
}

function textOf(message: Anthropic.Message): string {
  return message.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('');
}

function callsOf(message: Anthropic.Message): Anthropic.ToolUseBlock[] {
  return message.content.filter((block) => block.type === 'tool_use');
}

test('a plain question gets a message, and its usage is what is booked', async () => {
  const message = await ask();
  expect(message).toMatchObject({
    type: 'message',
    role: 'assistant',
    model: 'demo',
    stop_reason: 'end_turn',
    stop_sequence: null,
  });
  expect(message.id).toStartWith('msg_');
  expect(textOf(message)).toContain('You sent 1 message');
  const [event] = await world.booked({});
  expect(message.usage).toMatchObject({
    input_tokens: event?.input_tokens,
    output_tokens: event?.output_tokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
  });
});

test('the request id is under the name this client reads', async () => {
  const asked = { model: 'demo', max_tokens: 50, messages: [{ role: 'user' as const, content: 'Hello' }] };
  const message = await client().messages.create(asked);
  expect(message._request_id).toStartWith('req_');
  await world.booked({ id: message._request_id });
});

test('a system text and system blocks with cache marks are one message in front', async () => {
  const text = await ask({ system: 'Be brief.' });
  const blocks = await ask({
    system: [
      { type: 'text', text: 'Be brief.' },
      { type: 'text', text: 'Be kind.', cache_control: { type: 'ephemeral' } },
    ],
  });
  expect(textOf(text)).toContain('You sent 2 messages');
  expect(textOf(blocks)).toContain('You sent 2 messages');
  await world.booked({}, {});
});

test('several turns arrive, content as text or as blocks', async () => {
  const message = await ask({
    messages: [
      { role: 'user', content: 'One' },
      { role: 'assistant', content: [{ type: 'text', text: 'Two' }] },
      { role: 'user', content: [{ type: 'text', text: 'Three' }] },
    ],
  });
  expect(textOf(message)).toContain('You sent 3 messages');
  await world.booked({});
});

test('stop_sequences end the text and name the one that was met', async () => {
  const message = await ask({ stop_sequences: ['nowhere', 'provider'] });
  expect(message).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: 'provider' });
  expect(textOf(message)).not.toContain('provider');
  await world.booked({});
});

test('max_tokens ends the message and says so', async () => {
  const message = await ask({ max_tokens: 4, messages: [{ role: 'user', content: 'Say 90 words' }] });
  expect(message).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 4 } });
  await world.booked({ output_tokens: 4 });
});

test('a tool is called and its result is answered', async () => {
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'Use get_weather' }];
  const asked = await ask({ tools: [weather, time], messages });
  const [call] = callsOf(asked);
  expect(asked.stop_reason).toBe('tool_use');
  expect(call?.name).toBe('get_weather');
  expect(call?.input).toHaveProperty('city');
  messages.push(
    { role: 'assistant', content: asked.content },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: call?.id ?? '', content: 'Sunny' }] },
  );
  const told = await ask({ tools: [weather, time], messages });
  expect(textOf(told)).toContain('The tool answered with 5 characters');
  await world.booked({}, {});
});

test('results of several tools, one of them an error, go back in one turn', async () => {
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'Use get_weather and get_time' }];
  const asked = await ask({ tools: [weather, time], messages });
  expect(callsOf(asked)).toHaveLength(2);
  const results = callsOf(asked).map((call, at) => ({
    type: 'tool_result' as const,
    tool_use_id: call.id,
    content: [{ type: 'text' as const, text: 'noon' }],
    is_error: at === 1,
  }));
  messages.push({ role: 'assistant', content: asked.content }, { role: 'user', content: results });
  const told = await ask({ tools: [weather, time], messages });
  expect(textOf(told)).toContain('2 tools answered with 8 characters');
  await world.booked({}, {});
});

test('every tool_choice does what it says', async () => {
  const tools = [weather, time];
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'Use get_weather and get_time' }];
  const plain: Anthropic.MessageParam[] = [{ role: 'user', content: 'Hello' }];
  const named = async (change: Partial<Anthropic.MessageCreateParamsNonStreaming>) =>
    callsOf(await ask({ tools, messages: plain, ...change })).map((call) => call.name);
  expect(await named({ tool_choice: { type: 'any' } })).toEqual(['get_weather']);
  expect(await named({ tool_choice: { type: 'tool', name: 'get_time' } })).toEqual(['get_time']);
  expect(await named({ tool_choice: { type: 'none' }, messages })).toEqual([]);
  expect(await named({ tool_choice: { type: 'auto' }, messages })).toHaveLength(2);
  expect(await named({ tool_choice: { type: 'auto', disable_parallel_tool_use: true }, messages })).toHaveLength(1);
  await world.booked({}, {}, {}, {}, {});
});

test('images arrive, as data and by address, and documents as text', async () => {
  const message = await ask({
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } },
          { type: 'image', source: { type: 'url', url: 'https://example.com/cat.png' } },
          { type: 'document', title: 'Notes', source: { type: 'text', media_type: 'text/plain', data: 'Some notes.' } },
          { type: 'text', text: 'What is this?' },
        ],
      },
    ],
  });
  expect(textOf(message)).toContain('2 images');
  await world.booked({});
});

test('thinking comes as a signed block, goes back, and is counted', async () => {
  const thinking = { type: 'enabled' as const, budget_tokens: 1_024 };
  const first = await ask({ thinking, max_tokens: 2_000 });
  const [thought, text] = first.content;
  expect(thought?.type === 'thinking' && thought.signature.length).toBeGreaterThan(0);
  expect(text?.type).toBe('text');
  const again = await ask({
    thinking,
    max_tokens: 2_000,
    messages: [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: first.content },
      { role: 'user', content: 'And now?' },
    ],
  });
  expect(textOf(again)).toContain('You sent 3 messages');
  const [event] = await world.booked({}, {});
  expect(event?.reasoning_tokens).toBeGreaterThan(0);
});

test('parse with a zod format returns a checked object', async () => {
  const City = z.object({ city: z.string(), people: z.number() });
  const message = await client().messages.parse({
    model: 'demo',
    max_tokens: 500,
    messages: [{ role: 'user', content: 'Invent a city' }],
    output_config: { format: zodOutputFormat(City) },
  });
  expect(City.safeParse(message.parsed_output).success).toBe(true);
  await world.booked({});
});

test('metadata.user_id is the end user on record', async () => {
  await ask({ metadata: { user_id: 'person-4' } });
  await world.booked({ end_user: 'person-4' });
});

test('countTokens counts what a message would take', async () => {
  const short = await client().messages.countTokens({ model: 'demo', messages: [{ role: 'user', content: 'Hello' }] });
  const long = await client().messages.countTokens({
    model: 'demo',
    system: 'Be brief.',
    tools: [weather],
    messages: [{ role: 'user', content: 'Hello '.repeat(100) }],
  });
  expect(short.input_tokens).toBeGreaterThan(0);
  expect(long.input_tokens).toBeGreaterThan(short.input_tokens + 100);
  const counted = { endpoint: 'messages.count_tokens', usage_source: 'none' };
  await world.booked(counted, counted);
});

test('the key works as a bearer token too', async () => {
  const bearer = new Anthropic({ authToken: world.key, apiKey: null, baseURL: world.url });
  const message = await bearer.messages.create({
    model: 'demo',
    max_tokens: 50,
    messages: [{ role: 'user', content: 'Hello' }],
  });
  expect(message.role).toBe('assistant');
  await world.booked({});
});

test('models are listed for this client as for the other', async () => {
  const ids: string[] = [];
  for await (const model of client().models.list()) ids.push(model.id);
  expect(ids).toContain('demo');
  await world.booked({ ...NO_MODEL, endpoint: 'models' });
});

test('the beta namespace reaches the same endpoint', async () => {
  const message = await client().beta.messages.create({
    model: 'demo',
    max_tokens: 50,
    messages: [{ role: 'user', content: 'Hello' }],
  });
  expect(message.content[0]?.type).toBe('text');
  await world.booked({});
});
