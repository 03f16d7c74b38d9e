import { expect, test } from 'bun:test';
import OpenAI, { NotFoundError, PermissionDeniedError } from 'openai';
import { failureOf, NO_MODEL, refused, useWorld } from './sdk-world.ts';

const world = useWorld({ events: { endpoint: 'responses', client_class: 'openai-node' } });
const RETRIEVED = { ...NO_MODEL, endpoint: 'responses.retrieve' };

function client(apiKey = world.key): OpenAI {
  return new OpenAI({ apiKey, baseURL: `${world.url}/v1` });
}

test('previous_response_id carries a conversation over several turns', async () => {
  let previous: OpenAI.Responses.Response | undefined;
  for (const turn of [1, 2, 3, 4]) {
    previous = await client().responses.create({
      model: 'demo',
      input: `Turn ${turn}`,
      ...(previous && { previous_response_id: previous.id }),
    });
    // Each turn before this one was a question and an answer.
    expect(previous.output_text).toContain(`You sent ${2 * turn - 1} message`);
  }
  await world.booked({}, {}, {}, {});
});

test('instructions of an earlier turn do not carry over', async () => {
  const first = await client().responses.create({ model: 'demo', instructions: 'Be brief.', input: 'One' });
  const second = await client().responses.create({ model: 'demo', previous_response_id: first.id, input: 'Two' });
  expect(second.output_text).toContain('You sent 3 messages');
  expect(second.previous_response_id).toBe(first.id);
  expect(second.instructions).toBeNull();
  await world.booked({}, {});
});

test('a stored response can be fetched, and is what was answered', async () => {
  const made = await client().responses.create({ model: 'demo', input: 'Hello', metadata: { a: 'b' } });
  const fetched = await client().responses.retrieve(made.id);
  expect(fetched.output).toEqual(made.output);
  expect(fetched.usage).toEqual(made.usage as OpenAI.Responses.ResponseUsage);
  expect(fetched.output_text).toBe(made.output_text);
  await world.booked({}, RETRIEVED);
});

test('store false keeps nothing', async () => {
  const made = await client().responses.create({ model: 'demo', input: 'Hello', store: false });
  const fetching = await failureOf(client().responses.retrieve(made.id));
  const going = await failureOf(
    client().responses.create({ model: 'demo', input: 'And?', previous_response_id: made.id }),
  );
  expect(fetching).toBeInstanceOf(NotFoundError);
  expect(going).toMatchObject({ status: 404, code: 'response_not_found', param: 'previous_response_id' });
  const gone = refused('response_not_found', 404);
  await world.booked({}, { ...gone, ...RETRIEVED }, gone);
});

test('a deleted response is gone, and cannot be deleted twice', async () => {
  const made = await client().responses.create({ model: 'demo', input: 'Hello' });
  await client().responses.delete(made.id);
  expect(await failureOf(client().responses.retrieve(made.id))).toBeInstanceOf(NotFoundError);
  expect(await failureOf(client().responses.delete(made.id))).toBeInstanceOf(NotFoundError);
  const gone = refused('response_not_found', 404);
  const deleted = { ...NO_MODEL, endpoint: 'responses.delete' };
  await world.booked({}, deleted, { ...gone, ...RETRIEVED }, { ...gone, ...deleted });
});

test('input items come page by page', async () => {
  const made = await client().responses.create({
    model: 'demo',
    input: ['One', 'Two', 'Three', 'Four', 'Five'].map((content) => ({ role: 'user', content })),
  });
  const texts: string[] = [];
  for await (const item of client().responses.inputItems.list(made.id, { limit: 2, order: 'asc' })) {
    const [part] = item.type === 'message' ? item.content : [];
    texts.push(part?.type === 'input_text' ? part.text : '');
  }
  expect(texts).toEqual(['One', 'Two', 'Three', 'Four', 'Five']);
  const page = { ...NO_MODEL, endpoint: 'responses.input_items' };
  await world.booked({}, page, page, page);
});

test('the newest input item comes first unless asked otherwise', async () => {
  const made = await client().responses.create({
    model: 'demo',
    input: ['One', 'Two'].map((content) => ({ role: 'user', content })),
  });
  const page = await client().responses.inputItems.list(made.id);
  expect(page.has_more).toBe(false);
  expect(page.data.map((item) => JSON.stringify(item).includes('Two'))).toEqual([true, false]);
  await world.booked({}, { ...NO_MODEL, endpoint: 'responses.input_items' });
});

test('another account sees nothing of it: not the response, not its input, not its continuation', async () => {
  const made = await client().responses.create({ model: 'demo', input: 'Hello' });
  const { text, key } = await world.createOtherKey();
  const other = client(text);
  const attempts = [
    other.responses.retrieve(made.id),
    other.responses.inputItems.list(made.id),
    other.responses.delete(made.id),
    other.responses.create({ model: 'demo', input: 'And?', previous_response_id: made.id }),
  ];
  for (const failure of await Promise.all(attempts.map(failureOf))) expect(failure).toBeInstanceOf(NotFoundError);
  const stranger = { key_id: key.id, account_id: 'acct_other', app: null, app_source: 'none' };
  const gone = { ...refused('response_not_found', 404), ...stranger };
  const endpoints = ['responses.retrieve', 'responses.input_items', 'responses.delete', 'responses'];
  // Sent at the same time, so that their order of arrival is anybody's.
  const [, ...rest] = await world.booked({}, ...endpoints.map(() => ({ ...gone, endpoint: expect.anything() })));
  expect(new Set(rest.map((event) => String(event.endpoint)))).toEqual(new Set(endpoints));
  expect((await client().responses.retrieve(made.id)).id).toBe(made.id);
  await world.booked(RETRIEVED);
});

test('another key of the same account may read it', async () => {
  const made = await client().responses.create({ model: 'demo', input: 'Hello' });
  const { text, key } = await world.createKey({ app: 'sibling' });
  expect((await client(text).responses.retrieve(made.id)).id).toBe(made.id);
  await world.booked({}, { ...RETRIEVED, key_id: key.id, app: 'sibling' });
});

test('a key without the scope reads no stored responses', async () => {
  const made = await client().responses.create({ model: 'demo', input: 'Hello' });
  const { text, key } = await world.createKey({ app: 'narrow', scopes: ['inference'] });
  const failure = await failureOf(client(text).responses.retrieve(made.id));
  expect(failure).toBeInstanceOf(PermissionDeniedError);
  expect(failure).toMatchObject({ code: 'key_scope' });
  await world.booked(
    {},
    { ...refused('key_scope', 403), endpoint: 'responses.retrieve', key_id: key.id, app: 'narrow' },
  );
});
