import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import type { Result } from '../../base/result.ts';
import { type Listener, listen } from '../../runtime/listener.ts';
import { type Refusal, refusalMessage } from '../refusal.ts';
import { createBodyBudget } from './body-budget.ts';
import { type Body, readBody } from './read-body.ts';

const LIMITS = { bodyBytesMax: 1_000, bodyTimeoutMs: 150 };

const BUDGET_BYTES = 1_000_000_000;

const budget = createBodyBudget(BUDGET_BYTES);
let listener: Listener;
let outcomes: Result<Body, Refusal>[] = [];
const sockets: Socket[] = [];

beforeAll(() => {
  listener = listen({
    hostname: '127.0.0.1',
    port: 0,
    onError: () => new Response('', { status: 500 }),
    async handle(request) {
      const outcome = await readBody(request, LIMITS, budget);
      outcomes.push(outcome);
      return Response.json(outcome.ok ? outcome.value.json : { reason: outcome.refusal.reason });
    },
  });
});
afterEach(() => {
  outcomes = [];
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(() => listener.stop(true));

function post(body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${listener.port}/`, { method: 'POST', body, headers });
}

async function reasonOf(answer: Promise<Response>): Promise<unknown> {
  return ((await (await answer).json()) as { reason?: string }).reason;
}

/** Sends bytes as they are, and gives all that came back by the time something did. */
function send(...pieces: string[]): { readonly socket: Socket; readonly answer: Promise<string> } {
  const socket = connect(listener.port, '127.0.0.1');
  sockets.push(socket);
  for (const piece of pieces) socket.write(piece);
  const answer = new Promise<string>((resolve) => {
    socket.on('data', (chunk) => resolve(chunk.toString('latin1')));
    socket.on('error', () => resolve('error'));
    socket.on('close', () => resolve('closed'));
  });
  return { socket, answer };
}

async function untilOutcome(): Promise<Result<Body, Refusal> | undefined> {
  const endMs = performance.now() + 2_000;
  while (outcomes.length === 0 && performance.now() < endMs) await new Promise((resolve) => setTimeout(resolve, 2));
  return outcomes[0];
}

const HEAD = 'POST / HTTP/1.1\r\nHost: test\r\n';

describe('readBody', () => {
  test('reads one JSON object', async () => {
    expect(await (await post('{"a":[1,"ä"]}')).json()).toEqual({ a: [1, 'ä'] });
    expect(await (await post('{"a":1}', { 'content-encoding': 'Identity' })).json()).toEqual({ a: 1 });
  });

  test('refuses what is no JSON object, and says why in both languages', async () => {
    for (const body of ['', '[]', 'null', '"a"', '{"a":1', '{"a":1,"a":2}', '{"a":1e999}', '{"__proto__":{}}']) {
      expect(await reasonOf(post(body)), body).toBe('body_not_json');
    }
    for (const outcome of outcomes) {
      const refused = outcome.ok ? undefined : outcome.refusal;
      expect(refused && refusalMessage(refused, 'en')).not.toMatch(/\p{Script=Han}|\{detail\}/u);
      expect(refused && refusalMessage(refused, 'zh').split('：')[1]).toMatch(/\p{Script=Han}/u);
    }
  });

  test('refuses compressed bodies without unpacking them', async () => {
    for (const encoding of ['gzip', 'br', 'gzip, gzip', 'identity, gzip', 'x']) {
      expect(await reasonOf(post('{}', { 'content-encoding': encoding }))).toBe('content_encoding');
    }
  });

  test('refuses a body that is too large by its own word', async () => {
    const { answer } = send(`${HEAD}Content-Length: 1001\r\n\r\n`);
    expect(await answer).toContain('body_too_large');
  });

  test('takes a body of exactly the limit', async () => {
    const body = JSON.stringify({ a: 'x'.repeat(LIMITS.bodyBytesMax - '{"a":""}'.length) });
    expect(body.length).toBe(LIMITS.bodyBytesMax);
    expect(await reasonOf(post(body))).toBeUndefined();
    expect(outcomes[0]?.ok).toBe(true);
  });

  test('refuses a body without a stated length once it passes the limit', async () => {
    const chunk = `200\r\n${'x'.repeat(0x200)}\r\n`;
    const { answer } = send(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`, chunk, chunk);
    expect(await answer).toContain('body_too_large');
  });

  test('reads a body without a stated length', async () => {
    const { answer } = send(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`, '3\r\n{"a\r\n', '4\r\n":1}\r\n0\r\n\r\n');
    expect(await answer).toEndWith('{"a":1}');
  });

  test('waits for a slow body only so long', async () => {
    const startMs = performance.now();
    const { answer } = send(`${HEAD}Content-Length: 100\r\n\r\n{"a":`);
    expect(await answer).toContain('body_timeout');
    const tookMs = performance.now() - startMs;
    expect(tookMs).toBeGreaterThanOrEqual(LIMITS.bodyTimeoutMs - 2);
    expect(tookMs).toBeLessThan(LIMITS.bodyTimeoutMs + 300);
  });

  test('gives back all it took of the budget, whatever arrives after it gave up', async () => {
    const late = Promise.withResolvers<ReadableStreamDefaultController<Uint8Array>>();
    const body = new ReadableStream<Uint8Array>({ start: late.resolve });
    const request = new Request('http://test/', { method: 'POST', body });
    const outcome = await readBody(request, LIMITS, budget);
    expect(!outcome.ok && outcome.refusal.reason).toBe('body_timeout');
    (await late.promise).enqueue(new Uint8Array(100));
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(budget.take(BUDGET_BYTES)).toBe(true);
    budget.give(BUDGET_BYTES);
  });

  for (const framing of ['Content-Length: 100\r\n\r\n{"a":', 'Transfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n']) {
    test(`knows a caller that hangs up from a body that is too large (${framing.split(':')[0]})`, async () => {
      const { socket } = send(HEAD + framing);
      await new Promise((resolve) => setTimeout(resolve, 30));
      socket.destroy();
      const outcome = await untilOutcome();
      expect(outcome && !outcome.ok && outcome.refusal.reason).toBe('client_gone');
    });
  }
});
