import { expect, test } from 'bun:test';
import OpenAI from 'openai';
import { zodFunction, zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { drain, STREAMED, useWorld } from './sdk-world.ts';

const world = useWorld({ events: { endpoint: 'chat.completions', client_class: 'openai-node' } });

function client(): OpenAI {
  return new OpenAI({ apiKey: world.key, baseURL: `${world.url}/v1` });
}

function tool(name: string): OpenAI.ChatCompletionFunctionTool {
  const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  return { type: 'function', function: { name, description: `Looks up the ${name}.`, parameters } };
}
const tools = [tool('get_weather'), tool('get_time')];
const City = z.object({ city: z.string() });
const Person = z.object({ name: z.string(), age: z.number().int(), tags: z.array(z.string()) });

function callsOf(answer: OpenAI.ChatCompletion): OpenAI.ChatCompletionMessageFunctionToolCall[] {
  return (answer.choices[0]?.message.tool_calls ?? []).filter((call) => call.type === 'function');
}

test('tool_choice required forces a call with arguments of the tool', async () => {
  const answer = await client().chat.completions.create({
    model: 'demo',
    tools,
    tool_choice: 'required',
    messages: [{ role: 'user', content: 'Hello' }],
  });
  expect(answer.choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } });
  const [call] = callsOf(answer);
  expect(call?.function.name).toBe('get_weather');
  expect(City.safeParse(JSON.parse(call?.function.arguments ?? '')).success).toBe(true);
  await world.booked({});
});

test('a named tool_choice calls that tool', async () => {
  const answer = await client().chat.completions.create({
    model: 'demo',
    tools,
    tool_choice: { type: 'function', function: { name: 'get_time' } },
    messages: [{ role: 'user', content: 'Hello' }],
  });
  expect(callsOf(answer).map((call) => call.function.name)).toEqual(['get_time']);
  await world.booked({});
});

test('tool_choice auto calls when it is wanted and none never does', async () => {
  const messages = [{ role: 'user' as const, content: 'Please get weather' }];
  const auto = await client().chat.completions.create({ model: 'demo', tools, tool_choice: 'auto', messages });
  const none = await client().chat.completions.create({ model: 'demo', tools, tool_choice: 'none', messages });
  expect(callsOf(auto).map((call) => call.function.name)).toEqual(['get_weather']);
  expect(none.choices[0]?.message.tool_calls).toBeUndefined();
  await world.booked({}, {});
});

test('parallel calls come together, and one by one when told so', async () => {
  const messages = [{ role: 'user' as const, content: 'Use get_weather and get_time' }];
  const both = await client().chat.completions.create({ model: 'demo', tools, messages });
  const one = await client().chat.completions.create({ model: 'demo', tools, messages, parallel_tool_calls: false });
  expect(new Set(callsOf(both).map((call) => call.id)).size).toBe(2);
  expect(callsOf(one)).toHaveLength(1);
  await world.booked({}, {});
});

test('the result of a tool goes back and is answered in text', async () => {
  const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'Use get_weather' }];
  const asked = await client().chat.completions.create({ model: 'demo', tools, messages });
  const message = asked.choices[0]?.message;
  if (!message) throw new Error('no message');
  messages.push(message, { role: 'tool', tool_call_id: callsOf(asked)[0]?.id ?? '', content: 'Sunny' });
  const told = await client().chat.completions.create({ model: 'demo', tools, messages });
  expect(told.choices[0]?.message.content).toContain('The tool answered with 5 characters');
  await world.booked({}, {});
});

test('a streamed call comes as one name and pieces of arguments', async () => {
  const stream = await client().chat.completions.create({
    model: 'demo',
    tools,
    stream: true,
    messages: [{ role: 'user', content: 'Use get_weather and get_time' }],
  });
  const { items } = await drain(stream);
  const deltas = items.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []);
  for (const index of [0, 1]) {
    const own = deltas.filter((delta) => delta.index === index);
    expect(own.filter((delta) => delta.id !== undefined)).toHaveLength(1);
    const text = own.map((delta) => delta.function?.arguments ?? '').join('');
    expect(City.safeParse(JSON.parse(text)).success).toBe(true);
  }
  expect(items.at(-1)?.choices[0]?.finish_reason).toBe('tool_calls');
  await world.booked(STREAMED);
});

test('the stream helper puts streamed calls together and parses them', async () => {
  const runner = client().chat.completions.stream({
    model: 'demo',
    tools: [zodFunction({ name: 'get_weather', parameters: City })],
    tool_choice: 'required',
    messages: [{ role: 'user', content: 'Hello' }],
  });
  const done: unknown[] = [];
  runner.on('tool_calls.function.arguments.done', (call) => done.push(call.parsed_arguments));
  const answer = await runner.finalChatCompletion();
  const call = answer.choices[0]?.message.tool_calls?.[0];
  const parsed: unknown = call?.type === 'function' ? call.function.parsed_arguments : undefined;
  expect(City.safeParse(parsed).success).toBe(true);
  expect(done).toEqual([parsed]);
  await world.booked(STREAMED);
});

test('runTools goes round until there is an answer: two requests, two events', async () => {
  const asked: unknown[] = [];
  const runner = client().chat.completions.runTools({
    model: 'demo',
    messages: [{ role: 'user', content: 'Use get_weather' }],
    tools: [
      {
        type: 'function',
        function: {
          name: 'get_weather',
          description: 'Tells the weather.',
          parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
          parse: (text: string) => City.parse(JSON.parse(text)),
          function: (city: z.infer<typeof City>) => {
            asked.push(city);
            return 'Rain';
          },
        },
      },
    ],
  });
  expect(await runner.finalContent()).toContain('The tool answered with 4 characters');
  expect(asked).toHaveLength(1);
  await world.booked({}, {});
});

test('runTools streams as well', async () => {
  const runner = client().chat.completions.runTools({
    model: 'demo',
    stream: true,
    messages: [{ role: 'user', content: 'Use get_time' }],
    tools: [
      {
        type: 'function',
        function: {
          name: 'get_time',
          description: 'Tells the time.',
          parameters: { type: 'object', properties: {} },
          function: () => 'noon',
        },
      },
    ],
  });
  expect(await runner.finalContent()).toContain('The tool answered with 4 characters');
  await world.booked(STREAMED, STREAMED);
});

test('the older functions are answered as function_call', async () => {
  const { function: described } = tool('get_weather');
  const answer = await client().chat.completions.create({
    model: 'demo',
    functions: [described],
    function_call: { name: 'get_weather' },
    messages: [{ role: 'user', content: 'Hello' }],
  });
  expect(answer.choices[0]?.finish_reason).toBe('function_call');
  expect(answer.choices[0]?.message.function_call?.name).toBe('get_weather');
  await world.booked({});
});

test('parse with a zod schema returns a checked object', async () => {
  const answer = await client().chat.completions.parse({
    model: 'demo',
    response_format: zodResponseFormat(Person, 'person'),
    messages: [{ role: 'user', content: 'Invent a person' }],
  });
  expect(Person.safeParse(answer.choices[0]?.message.parsed).success).toBe(true);
  await world.booked({});
});

test('a streamed schema parses piece by piece', async () => {
  const runner = client().chat.completions.stream({
    model: 'demo',
    response_format: zodResponseFormat(Person, 'person'),
    messages: [{ role: 'user', content: 'Invent a person' }],
  });
  const partial: unknown[] = [];
  runner.on('content.delta', ({ parsed }) => partial.push(parsed));
  const answer = await runner.finalChatCompletion();
  expect(Person.safeParse(answer.choices[0]?.message.parsed).success).toBe(true);
  expect(partial.length).toBeGreaterThan(2);
  await world.booked(STREAMED);
});

test('json_object gives a JSON object', async () => {
  const answer = await client().chat.completions.create({
    model: 'demo',
    response_format: { type: 'json_object' },
    messages: [{ role: 'user', content: 'Answer in JSON' }],
  });
  expect(JSON.parse(answer.choices[0]?.message.content ?? '')).toMatchObject({ demo: true });
  await world.booked({});
});
