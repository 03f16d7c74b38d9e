/** Which target answers, over HTTP: fallback, retries, the breaker, weights, redirects and readers that are slow. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { auditDatabase } from '../../src/app/audit.ts';
import { startCandor, type World } from '../world/candor.ts';
import { type Behaviour, type FakeUpstream, startUpstream } from '../world/upstream.ts';
import * as faults from '../world/upstream-faults.ts';
import { openAiDialect } from '../world/upstream-openai.ts';
import { play, textScript } from '../world/upstream-script.ts';

const SCRIPT = textScript(['alpha', 'beta', 'gamma']);
const healthy = play(openAiDialect, SCRIPT);
const UPSTREAM_KEY = 'sk-upstream-0123456789';

const worlds: World[] = [];
const upstreams: FakeUpstream[] = [];

/** Two upstreams, and the third a place where nobody listens. */
let first: FakeUpstream;
let second: FakeUpstream;
let nobody: FakeUpstream;

beforeAll(async () => {
  for (let made = 0; made < 3; made++) upstreams.push(await startUpstream({ behaviour: healthy }));
  [first, second, nobody] = upstreams as [FakeUpstream, FakeUpstream, FakeUpstream];
  await nobody.close();
});

afterAll(async () => {
  for (const world of worlds) {
    expect(await world.leftLive()).toBe(0);
    expect(world.app.gateway.health().filter(({ inFlight }) => inFlight !== 0)).toEqual([]);
    expect(await auditDatabase(world.dataDir)).toMatchObject({ clean: true, checked: { openRequests: 0 } });
    await world.close();
  }
  await Promise.all([first.close(), second.close()]);
});

async function start(models: string, more = ''): Promise<World> {
  const providerOf = (name: string, { url }: FakeUpstream) =>
    `  ${name}: { kind: openai, base_url: '${url}/v1', api_key_env: UPSTREAM_KEY }`;
  const yaml = `
providers:
${[providerOf('first', first), providerOf('second', second), providerOf('nobody', nobody)].join('\n')}
models:
${models}
${more}
`;
  const world = await startCandor({ yaml, env: { UPSTREAM_KEY } });
  worlds.push(world);
  return world;
}

const target = (provider: string, more = '') => `{ provider: ${provider}, upstream_model: up${more} }`;

/** A model whose first target fails and whose second answers, whatever the draw would have been. */
function ordered(primary: string, secondary: string, more = ''): string {
  return `  m: { targets: [${target(primary, more)}], fallbacks: [spare] }\n  spare: { targets: [${target(secondary)}] }`;
}

function ask(world: World, more: object = {}): Promise<Response> {
  return fetch(`${world.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.key}` },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }], ...more }),
  });
}

async function reasonOf(answer: Response): Promise<unknown> {
  return ((await answer.json()) as { error: { reason: unknown } }).error.reason;
}

const BEFORE_THE_FIRST_BYTE: readonly (readonly [string, Behaviour])[] = [
  ['429', faults.failWith(openAiDialect, 429, 'slow', { 'retry-after': '30' })],
  ['500', faults.failWith(openAiDialect, 500, 'no')],
  ['503', faults.failWith(openAiDialect, 503, 'no')],
  ['401', faults.failWith(openAiDialect, 401, 'no')],
  ['death', (exchange) => exchange.destroy()],
  ['garbage', faults.htmlPage],
  ['a redirect', faults.redirectTo('http://127.0.0.1:1/v1')],
];

for (const stream of [false, true]) {
  for (const [name, behaviour] of BEFORE_THE_FIRST_BYTE) {
    test(`${name} before the first byte moves on to the next target${stream ? ', streamed' : ''}`, async () => {
      first.answer(behaviour);
      second.answer(healthy);
      const world = await start(ordered('first', 'second'));
      const answer = await ask(world, { stream });
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('gamma');
      const [event] = await world.eventsOnce(1);
      expect(event).toMatchObject({ outcome: 'completed', attempts: 2, provider: 'second', target: 'spare/0' });
      expect(event).toMatchObject({ usage_source: 'reported', model_requested: 'm' });
    });
  }

  test(`a connection nobody takes moves on to the next target${stream ? ', streamed' : ''}`, async () => {
    second.answer(healthy);
    const world = await start(ordered('nobody', 'second'));
    expect(await (await ask(world, { stream })).text()).toContain('gamma');
    expect((await world.eventsOnce(1))[0]).toMatchObject({ outcome: 'completed', attempts: 2, target: 'spare/0' });
  });
}

test('silence before the first token moves on to the next target', async () => {
  first.answer(faults.silent);
  second.answer(healthy);
  const world = await start(ordered('first', 'second', ', timeouts: { first_token_ms: 150 }'));
  expect(await (await ask(world, { stream: true })).text()).toContain('[DONE]');
  expect((await world.eventsOnce(1))[0]).toMatchObject({ outcome: 'completed', attempts: 2, target: 'spare/0' });
});

test('after the first byte nothing is tried again', async () => {
  first.answer(faults.dieMidway(openAiDialect, SCRIPT, 'destroy'));
  second.answer(healthy);
  const asked = second.requests.length;
  const world = await start(ordered('first', 'second'));
  const body = await (await ask(world, { stream: true })).text();
  expect(body).toContain('upstream_died');
  expect(body).not.toContain('[DONE]');
  expect(second.requests.length).toBe(asked);
  expect((await world.eventsOnce(1))[0]).toMatchObject({ outcome: 'failed', attempts: 1, target: 'm/0' });
});

test('a request the upstream calls wrong is not tried elsewhere', async () => {
  first.answer(faults.failWith(openAiDialect, 400, 'temperature is too high'));
  const asked = second.requests.length;
  const world = await start(ordered('first', 'second'));
  const answer = await ask(world);
  expect([answer.status, answer.headers.get('x-should-retry')]).toEqual([400, 'false']);
  expect(await reasonOf(answer)).toBe('upstream_rejected');
  expect(second.requests.length).toBe(asked);
});

test('when every target fails the last fault is told, and all attempts are counted', async () => {
  first.answer(faults.failWith(openAiDialect, 500, 'no'));
  second.answer((exchange) => exchange.destroy());
  const world = await start(ordered('first', 'second'));
  const answer = await ask(world);
  expect([answer.status, await reasonOf(answer)]).toEqual([502, 'upstream_died']);
  expect((await world.eventsOnce(1))[0]).toMatchObject({ outcome: 'failed', attempts: 2, target: 'spare/0' });
});

test('a first attempt that may have cost something is booked, whatever the last one says', async () => {
  first.answer((exchange) => exchange.destroy());
  second.answer(faults.failWith(openAiDialect, 503, 'no'));
  const world = await start(ordered('first', 'second'), 'routing: { attempts_max: 2 }');
  expect((await ask(world)).status).toBe(503);
  const [event] = await world.eventsOnce(1);
  expect(event).toMatchObject({ outcome: 'failed', attempts: 2, usage_source: 'estimated', output_tokens: 0 });
  expect(Number(event?.['input_tokens'])).toBeGreaterThan(0);
});

test('a breaker opens after repeated failures, says truly when to come back, and lets a probe through then', async () => {
  const openMs = 1_200;
  first.answer(faults.failWith(openAiDialect, 500, 'no'));
  const breaker = `routing: { attempts_max: 1, breaker: { samples: 4, failure_ratio: 0.5, open_ms: ${openMs} } }`;
  const world = await start(`  m: { targets: [${target('first')}] }`, breaker);
  for (let failed = 0; failed < 4; failed++) expect((await ask(world)).status).toBe(502);
  const openedMs = performance.now();
  const asked = first.requests.length;
  const refused = await ask(world);
  expect([refused.status, await reasonOf(refused)]).toEqual([503, 'upstream_unavailable']);
  expect(first.requests.length).toBe(asked);
  expect(world.app.gateway.health()[0]?.breaker).toBe('open');
  const waitMs = Number(refused.headers.get('retry-after-ms'));
  expect(waitMs).toBeGreaterThan(0);
  expect(waitMs).toBeLessThanOrEqual(openMs);
  expect(Number(refused.headers.get('retry-after'))).toBe(Math.ceil(waitMs / 1_000));
  first.answer(healthy);
  await Bun.sleep(waitMs - (performance.now() - openedMs) + 50);
  expect((await ask(world)).status).toBe(200);
  expect(world.app.gateway.health()[0]?.breaker).toBe('closed');
  const events = await world.eventsOnce(6);
  expect(events[4]).toMatchObject({ outcome: 'failed', reason: 'upstream_unavailable', attempts: 0, status: 503 });
  expect(events[4]).toMatchObject({ usage_source: 'none', input_tokens: null, provider: null, target: null });
});

test('retries are a small share of the traffic when everything fails', async () => {
  first.answer(faults.failWith(openAiDialect, 500, 'no'));
  second.answer(faults.failWith(openAiDialect, 500, 'no'));
  const routing = 'routing: { attempts_max: 3, retry_ratio: 0.1, breaker: { samples: 10000 } }';
  const world = await start(ordered('first', 'second'), routing);
  const asked = [first.requests.length, second.requests.length] as const;
  const requests = 200;
  for (let sent = 0; sent < requests; sent += 10) {
    await Promise.all(Array.from({ length: 10 }, () => ask(world).then((answer) => answer.text())));
  }
  expect(first.requests.length - asked[0]).toBe(requests);
  // The budget is the second's own: ten to begin with, and what a few seconds add.
  const retries = second.requests.length - asked[1];
  expect(retries).toBeGreaterThanOrEqual(10);
  expect(retries).toBeLessThanOrEqual(15);
  const attempts = (await world.eventsOnce(requests)).reduce((sum, event) => sum + Number(event['attempts']), 0);
  expect(attempts).toBe(requests + retries);
});

test('weights are followed', async () => {
  first.answer(healthy);
  second.answer(healthy);
  const world = await start(`  m: { targets: [${target('first', ', weight: 3')}, ${target('second')}] }`);
  const requests = 400;
  for (let sent = 0; sent < requests; sent += 20) {
    await Promise.all(Array.from({ length: 20 }, () => ask(world).then((answer) => answer.text())));
  }
  const events = await world.eventsOnce(requests);
  const toFirst = events.filter((event) => event['target'] === 'm/0').length;
  // Five standard deviations either side of 300.
  expect(toFirst).toBeGreaterThan(256);
  expect(toFirst).toBeLessThan(344);
});

test('a redirect is refused, and the key goes nowhere but upstream', async () => {
  const elsewhere = await startUpstream({ behaviour: healthy });
  for (const location of [`${elsewhere.url}/v1/chat/completions`, `//127.0.0.1:${elsewhere.port}/`]) {
    first.answer(faults.redirectTo(location));
    const world = await start(`  m: { targets: [${target('first')}] }`);
    for (const stream of [false, true]) {
      const answer = await ask(world, { stream });
      expect([answer.status, await reasonOf(answer)]).toEqual([502, 'upstream_garbage']);
    }
    expect(first.requests.at(-1)?.headers['authorization']).toBe(`Bearer ${UPSTREAM_KEY}`);
    expect(world.log()).not.toContain(UPSTREAM_KEY);
  }
  expect(elsewhere.connections).toEqual([]);
  await elsewhere.close();
});
