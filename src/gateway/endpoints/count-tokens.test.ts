import { afterAll, beforeAll, expect, test } from 'bun:test';
import { startCandor, type World } from '../../../test/world/candor.ts';
import { type FakeUpstream, startUpstream } from '../../../test/world/upstream.ts';

let upstream: FakeUpstream;
let world: World;

beforeAll(async () => {
  upstream = await startUpstream({ behaviour: () => undefined });
  world = await startCandor({
    yaml: `
providers: { up: { kind: anthropic, base_url: "${upstream.url}" } }
models: { claude: { targets: [{ provider: up, upstream_model: claude }] } }
`,
  });
});
afterAll(async () => {
  await world.close();
  await upstream.close();
});

test('a caller that hangs up while the upstream counts is recorded as gone, and is no fault of ours', async () => {
  const leaving = new AbortController();
  const asked = fetch(`${world.url}/v1/messages/count_tokens`, {
    method: 'POST',
    headers: { 'x-api-key': world.key },
    body: JSON.stringify({ model: 'claude', messages: [{ role: 'user', content: 'Hello' }] }),
    signal: leaving.signal,
  }).catch(() => null);
  const { connection } = await upstream.requestAfter(0);
  leaving.abort();
  await asked;
  await connection.closed;
  expect(await world.eventsOnce(1)).toMatchObject([{ outcome: 'disconnected', reason: 'client_gone' }]);
  expect(world.log()).not.toContain('failed to');
});
