import { expect, test } from 'bun:test';
import OpenAI from 'openai';
import { drain, STEADY, STREAMED, useWorld } from './sdk-world.ts';

const world = useWorld({ events: { endpoint: 'chat.completions', client_class: 'openai-node', ...STREAMED } });
const messages = [{ role: 'user' as const, content: 'Say 12 words' }];

function client(): OpenAI {
  return new OpenAI({ apiKey: world.key, baseURL: `${world.url}/v1` });
}

test('a stream is a role, then text, then a finish reason, and no usage unless asked for', async () => {
  const stream = await client().chat.completions.create({ model: 'demo', messages, stream: true });
  const { items, error } = await drain(stream);
  expect(error).toBeUndefined();
  expect(items[0]?.choices[0]?.delta.role).toBe('assistant');
  expect(items.at(-1)?.choices[0]?.finish_reason).toBe('stop');
  expect(new Set(items.map((chunk) => chunk.id)).size).toBe(1);
  expect(items.every((chunk) => chunk.object === 'chat.completion.chunk' && chunk.model === 'demo')).toBe(true);
  expect(items.some((chunk) => chunk.usage)).toBe(false);
  await world.booked({ output_tokens: 12 });
});

test('include_usage adds one last chunk without choices, and null usage in the others', async () => {
  const stream = await client().chat.completions.create({
    model: 'demo',
    messages,
    stream: true,
    stream_options: { include_usage: true },
  });
  const { items } = await drain(stream);
  const last = items.at(-1);
  expect(last?.choices).toEqual([]);
  expect(items.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
  const [event] = await world.booked({});
  expect(last?.usage).toMatchObject({ prompt_tokens: event?.input_tokens, completion_tokens: 12 });
});

test('a stream says the same as the whole answer', async () => {
  const whole = await client().chat.completions.create({ model: 'demo', messages });
  const { items } = await drain(await client().chat.completions.create({ model: 'demo', messages, stream: true }));
  const text = items.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
  expect(text).toBe(whole.choices[0]?.message.content ?? '');
  await world.booked({ streamed: 0 }, {});
});

test('choices of one stream keep their own indexes', async () => {
  const { items } = await drain(
    await client().chat.completions.create({ model: 'demo', messages, n: 2, stream: true }),
  );
  const finished = items.flatMap((chunk) => chunk.choices).filter((choice) => choice.finish_reason !== null);
  expect(finished).toHaveLength(2);
  expect(new Set(finished.map((choice) => choice.index))).toEqual(new Set([0, 1]));
  await world.booked({ output_tokens: 24 });
});

test('max_tokens ends a stream with length', async () => {
  const { items } = await drain(
    await client().chat.completions.create({ model: 'demo', messages, max_tokens: 4, stream: true }),
  );
  expect(items.at(-1)?.choices[0]?.finish_reason).toBe('length');
  await world.booked({ output_tokens: 4 });
});

test('the stream helper accumulates the answer and tells of it in order', async () => {
  const told: string[] = [];
  const runner = client().chat.completions.stream({
    model: 'demo',
    messages,
    logprobs: true,
    stream_options: { include_usage: true },
  });
  runner
    .on('connect', () => told.push('connect'))
    .on('content.delta', ({ snapshot }) => told.push(snapshot))
    .on('content.done', () => told.push('done'))
    .on('end', () => told.push('end'));
  const answer = await runner.finalChatCompletion();
  const text = await runner.finalContent();
  expect(told[0]).toBe('connect');
  expect(told.slice(-2)).toEqual(['done', 'end']);
  expect(told.at(-3)).toBe(text ?? '');
  expect(answer.choices[0]).toMatchObject({ finish_reason: 'stop', message: { role: 'assistant', content: text } });
  expect(answer.choices[0]?.logprobs?.content).toHaveLength(12);
  expect((await runner.totalUsage()).completion_tokens).toBe(12);
  await world.booked({});
});

test('reasoning streams before the text', async () => {
  const { items } = await drain(
    await client().chat.completions.create({ model: 'demo', messages, reasoning_effort: 'low', stream: true }),
  );
  const deltas = items.map((chunk) => chunk.choices[0]?.delta ?? {});
  const lastThought = deltas.findLastIndex((delta) => 'reasoning_content' in delta);
  const firstWord = deltas.findIndex((delta) => Boolean(delta.content));
  expect(lastThought).toBeGreaterThan(-1);
  expect(firstWord).toBeGreaterThan(lastThought);
  const [event] = await world.booked({});
  expect(event?.reasoning_tokens).toBeGreaterThan(0);
});

test('words arrive as they are made, not at the end', async () => {
  const stream = await client().chat.completions.create({ model: 'steady', messages, stream: true });
  const arrivals: number[] = [];
  for await (const chunk of stream) if (chunk.choices[0]?.delta.content) arrivals.push(performance.now());
  // 12 words at 100 a second: far apart if relayed at once, at one moment if held back.
  expect((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(60);
  const [event] = await world.booked({ ...STEADY });
  expect(Number(event?.first_token_ms)).toBeLessThan(Number(event?.total_ms));
});

test('a stream of Chinese comes without a broken character', async () => {
  const { items } = await drain(
    await client().chat.completions.create({
      model: 'demo',
      messages: [{ role: 'user', content: '请写 30 个字' }],
      stream: true,
    }),
  );
  const text = items.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
  expect(text).toStartWith('这是 Candor 的演示提供商');
  expect(text).not.toContain('\uFFFD');
  await world.booked({});
});

test('a stream has its request id and limits in the headers', async () => {
  const { data, response, request_id } = await client()
    .chat.completions.create({ model: 'demo', messages, stream: true })
    .withResponse();
  await drain(data);
  expect(response.headers.get('content-type')).toStartWith('text/event-stream');
  expect(response.headers.get('x-ratelimit-remaining-requests')).toMatch(/^\d+$/);
  await world.booked({ id: request_id });
});

test('toReadableStream and tee hand the same stream on', async () => {
  const [left, right] = (await client().chat.completions.create({ model: 'demo', messages, stream: true })).tee();
  const [one, two] = await Promise.all([drain(left), drain(right)]);
  expect(one.items).toEqual(two.items);
  const again = await client().chat.completions.create({ model: 'demo', messages, stream: true });
  const lines = (await new Response(again.toReadableStream() as ReadableStream).text()).trim().split('\n');
  expect(lines).toHaveLength(one.items.length);
  await world.booked({}, {});
});
