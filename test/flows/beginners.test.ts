import { afterAll, beforeAll, expect, test } from 'bun:test';
import { startCandor, type World } from '../world/candor.ts';

let world: World;
beforeAll(async () => {
  world = await startCandor({
    yaml: [
      'providers:',
      '  nobody: {kind: openai, base_url: "http://127.0.0.1:9/v1"}',
      'models:',
      '  gone: {targets: [{provider: nobody, upstream_model: x}]}',
    ].join('\n'),
  });
});
afterAll(() => world.close());

const post = (path: string, language = 'en') =>
  fetch(world.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.key}`, 'accept-language': language },
    body: JSON.stringify({ model: 'gone', messages: [{ role: 'user', content: 'hi' }] }),
  });

test('a base address with one /v1 too few or too many is told apart from a wrong path', async () => {
  expect(await (await post('/chat/completions')).text()).toContain('The base address ends in /v1.');
  expect(await (await post('/v1/v1/messages')).text()).toContain('the base address ends before /v1.');
  expect(await (await post('/v1/v1/messages', 'zh')).text()).toContain('不应包含 /v1');
  expect(await (await post('/v1/nothing')).text()).not.toContain('base address');
});

test('an upstream that cannot be reached is told to the operator, with what to look at', async () => {
  expect((await post('/v1/chat/completions')).status).toBe(503);
  expect(world.log()).toContain('upstream gone/0 failed: connect');
  expect(world.log()).toContain('see whether its base_url is right');
});
