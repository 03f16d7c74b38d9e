import { afterAll, beforeAll, expect, test } from 'bun:test';
import { startCandor, type World } from '../world/candor.ts';
import { startUpstream } from '../world/upstream.ts';
import { openAiDialect } from '../world/upstream-openai.ts';
import { play, textScript } from '../world/upstream-script.ts';

let world: World;
let upstream: Awaited<ReturnType<typeof startUpstream>>;
beforeAll(async () => {
  upstream = await startUpstream({ behaviour: play(openAiDialect, textScript(['hi'])) });
  const targets = 'targets: [{provider: up, upstream_model: m}], max_output_tokens: 500';
  world = await startCandor({
    yaml: [
      'providers:',
      `  up: {kind: openai, base_url: "${openAiDialect.baseUrl(upstream.url)}"}`,
      'models:',
      `  wide: {${targets}}`,
      `  narrow: {${targets}, context_tokens: 200}`,
    ].join('\n'),
  });
});
afterAll(async () => {
  await world.close();
  await upstream.close();
});

async function askedFor(model: string, maxTokens?: number): Promise<unknown> {
  const before = upstream.requests.length;
  const body = { model, messages: [{ role: 'user', content: 'hello' }], max_completion_tokens: maxTokens };
  const answer = await fetch(`${world.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.key}` },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
  return upstream.requests[before]?.body?.['max_completion_tokens'];
}

test("a request asks for no more than the model's limit, and an open one for just that", async () => {
  expect(await askedFor('wide', 100)).toBe(100);
  expect(await askedFor('wide', 9_999)).toBe(500);
  expect(await askedFor('wide')).toBe(500);
});

test('a limit nobody asked for leaves room for the input', async () => {
  const room = await askedFor('narrow');
  expect(room).toBeGreaterThan(150);
  expect(room).toBeLessThan(200);
  expect(await askedFor('narrow', 300)).toBe(300);
});
