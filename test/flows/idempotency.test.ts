/** `Idempotency-Key` through the public door: one answer, one upstream request, one charge, however often it is asked. */
import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test';
import OpenAI from 'openai';
import { startCandor, type World } from '../world/candor.ts';
import { type Behaviour, type FakeUpstream, startUpstream } from '../world/upstream.ts';
import { failWith } from '../world/upstream-faults.ts';
import { openAiDialect } from '../world/upstream-openai.ts';
import { play, textScript } from '../world/upstream-script.ts';

const PIECES = ['one ', 'two ', 'three ', 'four'];
const usual = play(openAiDialect, textScript(PIECES), { gapMs: 20 });
let behaviour: Behaviour = usual;
let world: World;
let upstream: FakeUpstream;

beforeAll(async () => {
  upstream = await startUpstream({ behaviour: (exchange) => behaviour(exchange) });
  world = await startCandor({
    yaml: `
providers: { up: { kind: openai, base_url: '${openAiDialect.baseUrl(upstream.url)}' } }
models: { m: { targets: [{ provider: up, upstream_model: m }] } }
routing: { attempts_max: 1 }
idempotency: { answer_bytes_max: 16384 }
`,
  });
});
afterEach(() => {
  behaviour = usual;
});
afterAll(async () => {
  await world.close();
  await upstream.close();
});

interface Given {
  readonly name: string;
  readonly stream?: boolean;
  readonly content?: string;
  readonly key?: string;
  readonly path?: string;
  readonly signal?: AbortSignal;
}

function ask(given: Given): Promise<Response> {
  const { name, stream = false, content = 'count', key = world.key, path = 'chat/completions', signal } = given;
  const message = { role: 'user', content };
  const input = path === 'responses' ? { input: content } : { messages: [message] };
  return fetch(`${world.url}/v1/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'idempotency-key': name },
    body: JSON.stringify({ model: 'm', stream, ...input }),
    ...(signal ? { signal } : {}),
  });
}

async function upstreamRequestsOf<Value>(work: () => Promise<Value>): Promise<[Value, number]> {
  const before = upstream.requests.length;
  const value = await work();
  return [value, upstream.requests.length - before];
}

for (const path of ['chat/completions', 'responses']) {
  for (const stream of [false, true]) {
    test(`${path}, ${stream ? 'streamed' : 'whole'}: asked again, the same answer comes and nobody upstream is asked`, async () => {
      const given = { name: `again-${path}-${stream}`, path, stream };
      const [[first, second], asked] = await upstreamRequestsOf(async () => {
        const one = await ask(given);
        const text = await one.text();
        const two = await ask(given);
        return [
          { headers: one.headers, text },
          { headers: two.headers, text: await two.text() },
        ] as const;
      });
      expect(asked).toBe(1);
      expect(second.text).toBe(first.text);
      expect(first.text).toContain('three');
      expect(second.headers.get('content-type')).toBe(first.headers.get('content-type'));
      expect(first.headers.get('idempotency-replayed')).toBe(null);
      expect(second.headers.get('idempotency-replayed')).toBe('true');
      expect(second.headers.get('idempotency-original-request')).toBe(first.headers.get('x-request-id'));
      const id = second.headers.get('x-request-id');
      const event = (await world.events()).find((one) => one['id'] === id);
      expect(event).toMatchObject({ endpoint: 'generations.repeat', outcome: 'completed', usage_source: 'none' });
    });
  }
}

test('fifty at once: one is answered, all get its answer', async () => {
  const [texts, asked] = await upstreamRequestsOf(() =>
    Promise.all(Array.from({ length: 50 }, async () => (await ask({ name: 'fifty' })).text())),
  );
  expect(asked).toBe(1);
  expect(new Set(texts).size).toBe(1);
});

test('streams read along while it is written, from the first frame', async () => {
  const [texts, asked] = await upstreamRequestsOf(async () => {
    const first = await ask({ name: 'along', stream: true });
    const others = await Promise.all([1, 2, 3].map(() => ask({ name: 'along', stream: true })));
    return Promise.all([first, ...others].map((one) => one.text()));
  });
  expect(asked).toBe(1);
  expect(new Set(texts).size).toBe(1);
  expect(texts[0]).toEndWith('data: [DONE]\n\n');
});

test('a reader that went away finds the whole answer when it asks again', async () => {
  const [text, asked] = await upstreamRequestsOf(async () => {
    const hangup = new AbortController();
    const first = await ask({ name: 'gone', stream: true, signal: hangup.signal });
    await first.body?.getReader().read();
    hangup.abort();
    return (await ask({ name: 'gone', stream: true })).text();
  });
  expect(asked).toBe(1);
  for (const piece of PIECES) expect(text).toContain(JSON.stringify(piece).slice(1, -1));
  expect(text).toEndWith('data: [DONE]\n\n');
});

test('another body under the same name is refused, and the first still stands', async () => {
  const first = await (await ask({ name: 'other' })).text();
  for (const given of [{ content: 'else' }, { stream: true }, { path: 'responses' }]) {
    const refused = await ask({ name: 'other', ...given });
    expect(refused.status).toBe(409);
    expect(await refused.text()).toContain('idempotency_key_reused');
    expect(refused.headers.get('x-should-retry')).toBe('false');
  }
  expect(await (await ask({ name: 'other' })).text()).toBe(first);
});

test('what failed is not kept: the next request is tried anew', async () => {
  behaviour = failWith(openAiDialect, 500, 'down');
  expect((await ask({ name: 'fails' })).status).toBeGreaterThanOrEqual(500);
  behaviour = usual;
  const [second, asked] = await upstreamRequestsOf(() => ask({ name: 'fails' }));
  expect([second.status, asked]).toEqual([200, 1]);
});

test("another key's name is its own", async () => {
  const other = (await world.createKey()).text;
  const [, asked] = await upstreamRequestsOf(async () => {
    await (await ask({ name: 'mine' })).text();
    await (await ask({ name: 'mine', key: other })).text();
  });
  expect(asked).toBe(2);
});

test('a key that was rotated in between gets the answer of the key it stands in for', async () => {
  const key = await world.createKey();
  const first = await (await ask({ name: 'rotated', key: key.text })).text();
  const rotated = await world.app.keys.rotate(key.key.id, 60_000);
  if (!rotated.ok) throw new Error('not rotated');
  const [again, asked] = await upstreamRequestsOf(() => ask({ name: 'rotated', key: rotated.value.text }));
  expect([await again.text(), asked]).toEqual([first, 0]);
});

test('an answer too large to be kept is not given twice, nor made twice', async () => {
  behaviour = play(openAiDialect, textScript(['x'.repeat(20_000)]));
  expect((await ask({ name: 'large' })).status).toBe(200);
  const [again, asked] = await upstreamRequestsOf(() => ask({ name: 'large' }));
  expect([again.status, asked]).toEqual([409, 0]);
  expect(await again.text()).toContain('idempotency_answer_too_large');
});

test.each(['', 'a b', 'x'.repeat(256)])('the name "%s" is refused', async (name) => {
  const refused = await ask({ name });
  expect(refused.status).toBe(400);
  expect(await refused.text()).toContain('idempotency_key_invalid');
});

test('the official client reads a repeated stream like the first', async () => {
  const client = new OpenAI({ apiKey: world.key, baseURL: `${world.url}/v1` });
  async function read(): Promise<string> {
    let text = '';
    const stream = await client.chat.completions.create(
      { model: 'm', stream: true, messages: [{ role: 'user', content: 'count' }] },
      { headers: { 'Idempotency-Key': 'client' } },
    );
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    return text;
  }
  const [texts, asked] = await upstreamRequestsOf(async () => [await read(), await read()]);
  expect(texts).toEqual([PIECES.join(''), PIECES.join('')]);
  expect(asked).toBe(1);
});
