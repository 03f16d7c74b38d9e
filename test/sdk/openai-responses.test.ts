import { expect, test } from 'bun:test';
import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { PIXEL, useWorld } from './sdk-world.ts';

const world = useWorld({ events: { endpoint: 'responses', client_class: 'openai-node' } });
const Person = z.object({ name: z.string(), age: z.number().int() });
const weather: OpenAI.Responses.FunctionTool = {
  type: 'function',
  name: 'get_weather',
  description: 'Tells the weather.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  strict: false,
};

function client(): OpenAI {
  return new OpenAI({ apiKey: world.key, baseURL: `${world.url}/v1` });
}

function callOf(response: OpenAI.Responses.Response): OpenAI.Responses.ResponseFunctionToolCall {
  const call = response.output.find((item) => item.type === 'function_call');
  if (call === undefined) throw new Error('no call');
  return call;
}

test('a question in one string gets a response with every required member', async () => {
  const response = await client().responses.create({ model: 'demo', input: 'Hello' });
  expect(response).toMatchObject({
    object: 'response',
    status: 'completed',
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    model: 'demo',
    parallel_tool_calls: true,
    temperature: null,
    tool_choice: 'auto',
    tools: [],
    top_p: null,
  });
  expect(response.id).toStartWith('resp_');
  expect(response.output_text).toContain('You sent 1 message');
  const [event] = await world.booked({});
  expect(response.usage).toEqual({
    input_tokens: Number(event?.input_tokens),
    input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
    output_tokens: Number(event?.output_tokens),
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: Number(event?.input_tokens) + Number(event?.output_tokens),
  });
});

test('instructions stand before the input and are repeated in the answer', async () => {
  const response = await client().responses.create({
    model: 'demo',
    instructions: 'Be brief.',
    input: [
      { role: 'user', content: 'One' },
      { role: 'assistant', content: 'Two' },
      { role: 'user', content: [{ type: 'input_text', text: 'Three' }] },
    ],
  });
  expect(response.instructions).toBe('Be brief.');
  expect(response.output_text).toContain('You sent 4 messages');
  await world.booked({});
});

test('images in the input arrive', async () => {
  const image = {
    type: 'input_image' as const,
    detail: 'auto' as const,
    image_url: `data:image/png;base64,${PIXEL}`,
  };
  const response = await client().responses.create({
    model: 'demo',
    input: [{ role: 'user', content: [{ type: 'input_text', text: 'What is this?' }, image] }],
  });
  expect(response.output_text).toContain('1 image');
  await world.booked({});
});

test('a call goes out and its output comes back in the next request', async () => {
  const input: OpenAI.Responses.ResponseInput = [{ role: 'user', content: 'Use get_weather' }];
  const asked = await client().responses.create({ model: 'demo', tools: [weather], input });
  const call = callOf(asked);
  expect(call).toMatchObject({ name: 'get_weather', status: 'completed' });
  expect(JSON.parse(call.arguments)).toHaveProperty('city');
  input.push(call, { type: 'function_call_output', call_id: call.call_id, output: 'Sunny' });
  const told = await client().responses.create({ model: 'demo', tools: [weather], input });
  expect(told.output_text).toContain('The tool answered with 5 characters');
  await world.booked({}, {});
});

test('the output of a call may follow by previous_response_id', async () => {
  const asked = await client().responses.create({ model: 'demo', tools: [weather], input: 'Use get_weather' });
  const told = await client().responses.create({
    model: 'demo',
    tools: [weather],
    previous_response_id: asked.id,
    input: [{ type: 'function_call_output', call_id: callOf(asked).call_id, output: 'Rain' }],
  });
  expect(told.output_text).toContain('The tool answered with 4 characters');
  await world.booked({}, {});
});

test('tool_choice required and a named tool both force the call', async () => {
  const input = 'Hello';
  const required = await client().responses.create({ model: 'demo', tools: [weather], tool_choice: 'required', input });
  const named = await client().responses.create({
    model: 'demo',
    tools: [weather],
    tool_choice: { type: 'function', name: 'get_weather' },
    input,
  });
  expect(callOf(required).name).toBe('get_weather');
  expect(callOf(named).name).toBe('get_weather');
  await world.booked({}, {});
});

test('parse with a zod format returns a checked object', async () => {
  const response = await client().responses.parse({
    model: 'demo',
    input: 'Invent a person',
    text: { format: zodTextFormat(Person, 'person') },
  });
  expect(Person.safeParse(response.output_parsed).success).toBe(true);
  await world.booked({});
});

test('reasoning comes as an item before the message, and is counted', async () => {
  const response = await client().responses.create({
    model: 'demo',
    input: 'Hello',
    reasoning: { effort: 'medium', summary: 'auto' },
    include: ['reasoning.encrypted_content'],
  });
  expect(response.output.map((item) => item.type)).toEqual(['reasoning', 'message']);
  const [thought] = response.output;
  expect(thought?.type === 'reasoning' && thought.encrypted_content).toBeTruthy();
  expect(response.reasoning).toMatchObject({ effort: 'medium' });
  const [event] = await world.booked({});
  expect(event?.reasoning_tokens).toBeGreaterThan(0);
  expect(response.usage?.output_tokens_details.reasoning_tokens).toBe(Number(event?.reasoning_tokens));
});

test('a reasoning item goes back as it came', async () => {
  const first = await client().responses.create({
    model: 'demo',
    input: 'Hello',
    reasoning: { effort: 'low' },
    include: ['reasoning.encrypted_content'],
    store: false,
  });
  const again = await client().responses.create({
    model: 'demo',
    input: [
      { role: 'user', content: 'Hello' },
      ...(first.output as OpenAI.Responses.ResponseInput),
      { role: 'user', content: 'And now?' },
    ],
    store: false,
  });
  expect(again.output_text).toContain('You sent 3 messages');
  await world.booked({}, {});
});

test('max_output_tokens leaves the response incomplete, and says why', async () => {
  const response = await client().responses.create({
    model: 'demo',
    input: 'Say 100 words',
    max_output_tokens: 6,
  });
  expect(response).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
  await world.booked({ output_tokens: 6 });
});

test('logprobs are included when asked for', async () => {
  const response = await client().responses.create({
    model: 'demo',
    input: 'Say 5 words',
    include: ['message.output_text.logprobs'],
    top_logprobs: 2,
  });
  const [message] = response.output;
  const part = message?.type === 'message' ? message.content[0] : undefined;
  const logprobs = part?.type === 'output_text' ? part.logprobs : [];
  expect(logprobs).toHaveLength(5);
  await world.booked({});
});

test('the request id and the end user are on record', async () => {
  const { data, request_id } = await client()
    .responses.create({ model: 'demo', input: 'Hello', safety_identifier: 'person-9', metadata: { team: 'a' } })
    .withResponse();
  expect(data.metadata).toEqual({ team: 'a' });
  expect(data.safety_identifier).toBe('person-9');
  await world.booked({ id: request_id, end_user: 'person-9' });
});
