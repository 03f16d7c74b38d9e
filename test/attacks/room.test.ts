import { afterAll, beforeAll, expect, test } from 'bun:test';
import OpenAI from 'openai';
import { startCandor, type World } from '../world/candor.ts';
import { requestHead, sendRaw } from './raw-http.ts';

let world: World;
beforeAll(async () => {
  const server = 'server: { body_bytes_max: 1048576, bodies_bytes_max: 2097152, body_timeout_ms: 1500 }';
  world = await startCandor({ yaml: `${server}\nlimits: { key: { tokens_per_minute: null } }` });
});
afterAll(() => world.close());

const port = () => Number(new URL(world.url).port);

/** Sends the head of a body and never the rest. */
function halfSent(key: string, bytes: number) {
  const lines = ['host: localhost', `authorization: Bearer ${key}`, `content-length: ${bytes}`];
  return sendRaw(port(), [`${requestHead('POST', '/v1/chat/completions', ...lines)}{"model":`], { withinMs: 4_000 });
}

const ask = (key: string) =>
  fetch(`${world.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: 'demo', messages: [{ role: 'user', content: 'hi' }], max_tokens: 4 }),
  });

test('half-sent bodies hold their key places, and end with a reason', async () => {
  const { text: key } = await world.createKey({ limits: { concurrency: 1 } });
  const half = halfSent(key, 1_000);
  await Bun.sleep(200);
  const second = await ask(key);
  expect(second.status).toBe(429);
  expect(await second.json()).toMatchObject({ error: { reason: 'concurrency' } });
  expect((await half).status).toBe(408);
  expect((await ask(key)).status).toBe(200);
});

test('bodies that arrive together share a budget of bytes, and others are asked back', async () => {
  const halves = [halfSent(world.key, 1_000_000), halfSent(world.key, 1_000_000)];
  await Bun.sleep(200);
  const large = await fetch(`${world.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.key}` },
    body: JSON.stringify({ model: 'demo', messages: [{ role: 'user', content: 'x'.repeat(500_000) }] }),
  });
  expect(large.status).toBe(503);
  expect(large.headers.get('retry-after')).toBe('1');
  expect((await ask(world.key)).status).toBe(200);
  await Promise.all(halves);
});

test('a conversation too long to load is refused with what to do', async () => {
  const client = new OpenAI({ apiKey: world.key, baseURL: `${world.url}/v1`, maxRetries: 0 });
  let previous: string | undefined;
  const refused = await (async () => {
    for (let turn = 0; turn < 14; turn++) {
      const made = await client.responses.create({
        model: 'demo',
        input: 'y'.repeat(700_000),
        max_output_tokens: 16,
        ...(previous === undefined ? {} : { previous_response_id: previous }),
      });
      previous = made.id;
    }
    return null;
  })().catch((error: unknown) => error);
  expect(refused).toMatchObject({ status: 400, param: 'previous_response_id' });
}, 20_000);
