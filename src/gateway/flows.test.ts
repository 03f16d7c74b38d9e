import { afterAll, beforeAll, expect, test } from 'bun:test';
import { startCandor, type World } from '../../test/world/candor.ts';

let world: World;
beforeAll(async () => {
  world = await startCandor({ yaml: 'responses: { stored_bytes_max: 16384 }' });
});
afterAll(() => world.close());

function respond(input: string): Promise<Response> {
  return fetch(`${world.url}/v1/responses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.key}` },
    body: JSON.stringify({ model: 'demo', input, max_output_tokens: 16 }),
  });
}

test('a small limit on what is stored leaves half of it to the input, in bytes', async () => {
  expect((await respond('x'.repeat(8_000))).status).toBe(200);
  expect((await respond('x'.repeat(9_000))).status).toBe(400);
  expect((await respond('中'.repeat(3_000))).status).toBe(400);
});
