import { expect, test } from 'bun:test';
import OpenAI, { BadRequestError } from 'openai';
import { failureOf, refused, useWorld } from './sdk-world.ts';

const world = useWorld({ events: { endpoint: 'embeddings', client_class: 'openai-node', output_tokens: 0 } });

function client(): OpenAI {
  return new OpenAI({ apiKey: world.key, baseURL: `${world.url}/v1` });
}

test('a vector comes as base64 by default and is decoded by the client', async () => {
  const answer = await client().embeddings.create({ model: 'demo', input: 'Hello' });
  expect(answer).toMatchObject({ object: 'list', model: 'demo' });
  const vector = answer.data[0]?.embedding ?? [];
  expect(vector).toHaveLength(256);
  expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  const [event] = await world.booked({});
  expect(answer.usage).toEqual({
    prompt_tokens: Number(event?.input_tokens),
    total_tokens: Number(event?.input_tokens),
  });
});

test('floats are the same vector as base64', async () => {
  const packed = await client().embeddings.create({ model: 'demo', input: 'Hello' });
  const plain = await client().embeddings.create({ model: 'demo', input: 'Hello', encoding_format: 'float' });
  expect(plain.data[0]?.embedding).toEqual(packed.data[0]?.embedding ?? []);
  await world.booked({}, {});
});

test('many inputs give as many vectors, in order', async () => {
  const input = Array.from({ length: 300 }, (_, at) => `text ${at}`);
  const answer = await client().embeddings.create({ model: 'demo', input });
  expect(answer.data.map((one) => one.index)).toEqual(input.map((_, at) => at));
  const alone = await client().embeddings.create({ model: 'demo', input: 'text 299' });
  expect(answer.data[299]?.embedding).toEqual(alone.data[0]?.embedding ?? []);
  await world.booked({}, {});
});

test('token numbers are an input too', async () => {
  const answer = await client().embeddings.create({
    model: 'demo',
    input: [
      [1, 2, 3],
      [4, 5],
    ],
  });
  expect(answer.data).toHaveLength(2);
  await world.booked({ input_tokens: 5 });
});

test('dimensions are followed', async () => {
  const answer = await client().embeddings.create({ model: 'demo', input: 'Hello', dimensions: 64 });
  expect(answer.data[0]?.embedding).toHaveLength(64);
  await world.booked({});
});

test('the end user of an embedding is on record', async () => {
  await client().embeddings.create({ model: 'demo', input: 'Hello', user: 'person-3' });
  await world.booked({ end_user: 'person-3' });
});

test('an empty input is refused before any upstream hears of it', async () => {
  const failure = await failureOf(client().embeddings.create({ model: 'demo', input: [] }));
  expect(failure).toBeInstanceOf(BadRequestError);
  expect(failure).toMatchObject({ code: 'invalid_value', param: 'input' });
  await world.booked({ ...refused('invalid_field', 400), output_tokens: null });
});
