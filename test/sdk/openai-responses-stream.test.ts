import { expect, test } from 'bun:test';
import OpenAI from 'openai';
import { zodResponsesFunction, zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { drain, STREAMED, useWorld } from './sdk-world.ts';

const world = useWorld({ events: { endpoint: 'responses', client_class: 'openai-node', ...STREAMED } });
const City = z.object({ city: z.string() });

function client(): OpenAI {
  return new OpenAI({ apiKey: world.key, baseURL: `${world.url}/v1` });
}

test('the events of a text come in the documented order, numbered without a gap', async () => {
  const stream = await client().responses.create({ model: 'demo', input: 'Say 6 words', stream: true });
  const { items, error } = await drain(stream);
  expect(error).toBeUndefined();
  expect(items.map((event) => event.sequence_number)).toEqual(items.map((_, at) => at));
  expect(items.map((event) => event.type)).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    ...Array.from({ length: 6 }, () => 'response.output_text.delta' as const),
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.completed',
  ]);
  await world.booked({ output_tokens: 6 });
});

test('the accumulator builds the same response that the last event holds', async () => {
  const runner = client().responses.stream({ model: 'demo', input: 'Say 10 words' });
  let text = '';
  runner.on('response.output_text.delta', ({ delta, snapshot }) => {
    text += delta;
    expect(snapshot).toBe(text);
  });
  const response = await runner.finalResponse();
  expect(response.status).toBe('completed');
  expect(response.output_text).toBe(text);
  const [event] = await world.booked({ output_tokens: 10 });
  expect(response.usage?.input_tokens).toBe(Number(event?.input_tokens));
});

test('a stream says the same as the whole response', async () => {
  const whole = await client().responses.create({ model: 'demo', input: 'Hello' });
  const streamed = await client().responses.stream({ model: 'demo', input: 'Hello' }).finalResponse();
  expect(streamed.output_text).toBe(whole.output_text);
  await world.booked({ streamed: 0 }, {});
});

test('streamed calls are accumulated and parsed, two at once', async () => {
  const runner = client().responses.stream({
    model: 'demo',
    input: 'Use get_weather and get_time',
    tools: [
      zodResponsesFunction({ name: 'get_weather', parameters: City }),
      zodResponsesFunction({ name: 'get_time', parameters: City }),
    ],
  });
  const done: string[] = [];
  runner.on('response.function_call_arguments.done', (event) => done.push(event.item_id));
  const response = await runner.finalResponse();
  const calls = response.output.filter((item) => item.type === 'function_call');
  expect(calls.map((call) => call.name)).toEqual(['get_weather', 'get_time']);
  expect(calls.every((call) => City.safeParse(call.parsed_arguments).success)).toBe(true);
  expect(done).toEqual(calls.map((call) => call.id ?? ''));
  await world.booked({});
});

test('a streamed format is parsed', async () => {
  const response = await client()
    .responses.stream({ model: 'demo', input: 'Invent a city', text: { format: zodTextFormat(City, 'city') } })
    .finalResponse();
  expect(City.safeParse(response.output_parsed).success).toBe(true);
  await world.booked({});
});

test('reasoning streams as its summary before the message', async () => {
  const stream = await client().responses.create({
    model: 'demo',
    input: 'Say 3 words',
    reasoning: { effort: 'minimal', summary: 'auto' },
    stream: true,
  });
  const { items } = await drain(stream);
  const types = items.map((event) => event.type);
  expect(types).toContain('response.reasoning_summary_part.added');
  expect(types).toContain('response.reasoning_summary_text.done');
  expect(types.indexOf('response.reasoning_summary_part.done')).toBeLessThan(
    types.indexOf('response.output_text.delta'),
  );
  await world.booked({});
});

test('an answer that reached its limit ends as incomplete', async () => {
  const runner = client().responses.stream({ model: 'demo', input: 'Say 50 words', max_output_tokens: 5 });
  const response = await runner.finalResponse();
  expect(response).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
  await world.booked({ output_tokens: 5 });
});

test('a streamed response is stored like any other', async () => {
  const streamed = await client().responses.stream({ model: 'demo', input: 'Hello' }).finalResponse();
  const next = await client()
    .responses.stream({ model: 'demo', input: 'And then?', previous_response_id: streamed.id })
    .finalResponse();
  expect(next.output_text).toContain('You sent 3 messages');
  await world.booked({}, {});
});
