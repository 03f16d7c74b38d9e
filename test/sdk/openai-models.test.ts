import { expect, test } from 'bun:test';
import OpenAI, { NotFoundError, PermissionDeniedError } from 'openai';
import { failureOf, NO_MODEL, refused, useWorld } from './sdk-world.ts';

const world = useWorld({ events: { endpoint: 'models', client_class: 'openai-node', ...NO_MODEL } });

function client(apiKey = world.key): OpenAI {
  return new OpenAI({ apiKey, baseURL: `${world.url}/v1` });
}

test('models are listed as one page', async () => {
  const page = await client().models.list();
  expect(page.data.map((model) => model.id).sort()).toEqual(['demo', 'other/demo', 'slow', 'steady']);
  expect(page.data[0]).toMatchObject({ object: 'model', created: expect.any(Number), owned_by: expect.any(String) });
  expect(page.hasNextPage()).toBe(false);
  await world.booked({});
});

test('the page can be iterated', async () => {
  const ids: string[] = [];
  for await (const model of client().models.list()) ids.push(model.id);
  expect(ids).toHaveLength(4);
  await world.booked({});
});

test('one model can be fetched, also when its name has a slash', async () => {
  expect((await client().models.retrieve('demo')).id).toBe('demo');
  expect(await client().models.retrieve('other/demo')).toMatchObject({ id: 'other/demo', owned_by: 'others' });
  await world.booked({ model_requested: 'demo' }, { model_requested: 'other/demo' });
});

test('a model that is not there is not found', async () => {
  expect(await failureOf(client().models.retrieve('nothing'))).toBeInstanceOf(NotFoundError);
  await world.booked({ ...refused('model_not_found', 404), model_requested: 'nothing' });
});

test('a restricted key sees its own models only', async () => {
  const { text, key } = await world.createKey({ app: 'narrow', models: ['steady'] });
  const page = await client(text).models.list();
  expect(page.data.map((model) => model.id)).toEqual(['steady']);
  expect(await failureOf(client(text).models.retrieve('demo'))).toBeInstanceOf(NotFoundError);
  const narrow = { key_id: key.id, app: 'narrow' };
  await world.booked(narrow, { ...refused('model_not_found', 404), ...narrow, model_requested: 'demo' });
});

test('a key without the scope lists nothing', async () => {
  const { text, key } = await world.createKey({ app: 'writer', scopes: ['inference'] });
  const failure = await failureOf(client(text).models.list());
  expect(failure).toBeInstanceOf(PermissionDeniedError);
  await world.booked({ ...refused('key_scope', 403), key_id: key.id, app: 'writer' });
});
