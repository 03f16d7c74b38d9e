import { describe, expect, test } from 'bun:test';
import { asEventStream, listen, streamEnds } from '../../src/runtime/listener.ts';
import { useAttackWorld } from './attack-world.ts';
import { type RawAnswer, type RawOptions, requestHead, sendRaw } from './raw-http.ts';

/** The runtime counts in steps of 4 s, so that 4 s are the least. */
const KEEP_ALIVE_SEC = 4;
/** Longer than a connection without a request may live. */
const SILENCE_MS = 5_500;
/** The runtime gives the first headers of a connection 10 s and looks every 4 s. */
const FIRST_HEADERS_MS = 15_000;
const TEST_MS = 25_000;

const encoder = new TextEncoder();
const HOST = 'Host: localhost';

/** Answers at once, late, with a stream that falls silent, or after reading. */
function startListener() {
  return listen({
    hostname: '127.0.0.1',
    port: 0,
    keepAliveSec: KEEP_ALIVE_SEC,
    async handle(request) {
      const { pathname } = new URL(request.url);
      if (pathname === '/late') await new Promise((resolve) => setTimeout(resolve, SILENCE_MS));
      if (pathname === '/read') return new Response(await request.text());
      return pathname === '/stream' ? silentStream(request) : new Response('ok');
    },
    onError: () => new Response(null, { status: 500 }),
  });
}

function silentStream(request: Request): Response {
  let frames = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      frames++;
      if (frames === 2) await new Promise((resolve) => setTimeout(resolve, SILENCE_MS));
      if (frames < 3) return controller.enqueue(encoder.encode(`data: ${frames}\n\n`));
      streamEnds(request);
      controller.close();
    },
  });
  return asEventStream(new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
}

describe('connections that do nothing', () => {
  test(
    'headers that never end, and connections that stay, are closed; slow answers and silent streams are not',
    async () => {
      const listener = startListener();
      const watch = (pieces: readonly string[], options: RawOptions = {}): Promise<RawAnswer> =>
        sendRaw(listener.port, pieces, { untilClosed: true, withinMs: 20_000, ...options });
      const get = (path: string) => requestHead('GET', path, HOST);
      const drops = Array.from({ length: 19 }, (_, at) => `X-${at}: 1\r\n`);
      const half = `GET / HTTP/1.1\r\n${HOST}\r\n`;
      const unread = requestHead('POST', '/', HOST, 'Content-Length: 1000');
      const idle = KEEP_ALIVE_SEC * 1_000 + 4_500;
      const [nothing, headers, dripping, kept, keptHalf, keptDripping, body, late, stream, read] = await Promise.all([
        watch([]),
        watch([half]),
        watch([half, ...drops], { gapMs: 1_000 }),
        watch([get('/')]),
        watch([get('/'), half], { gapMs: 200 }),
        watch([get('/'), half, ...drops], { gapMs: 1_000 }),
        watch([unread, ...drops.map(() => 'x')], { gapMs: 1_000 }),
        watch([get('/late')]),
        watch([get('/stream')]),
        watch([requestHead('POST', '/read', HOST, 'Content-Length: 4'), 'abcd'], { gapMs: SILENCE_MS }),
      ]);
      await listener.stop(true);
      for (const one of [nothing, headers, dripping]) {
        expect([one.status, one.closed]).toEqual([0, true]);
        expect(one.tookMs).toBeLessThan(FIRST_HEADERS_MS);
      }
      for (const one of [kept, keptHalf, keptDripping, body]) {
        expect([one.status, one.closed]).toEqual([200, true]);
        expect(one.tookMs).toBeLessThan(idle);
      }
      expect([late.body, late.closed]).toEqual(['ok', true]);
      expect([read.body, read.closed]).toEqual(['abcd', true]);
      expect(stream.body).toMatch(/data: 1\n\n[^]*data: 2\n\n[^]*0\r\n\r\n$/);
      expect(stream.closed).toBe(true);
      expect(stream.tookMs).toBeLessThan(SILENCE_MS + idle);
    },
    TEST_MS,
  );
});

describe('many that do nothing', () => {
  const attack = useAttackWorld();

  test('five hundred half requests change nothing for anybody else', async () => {
    const half = `POST /v1/chat/completions HTTP/1.1\r\n${HOST}\r\n${attack.bearer}\r\n`;
    const bodiless = requestHead('POST', '/v1/chat/completions', HOST, attack.bearer, 'Content-Length: 100');
    const strangers = Array.from({ length: 500 }, (_, at) =>
      sendRaw(attack.port, [at % 2 === 0 ? half : bodiless], { withinMs: 1_000, untilClosed: true }),
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    const startMs = performance.now();
    for (let at = 0; at < 20; at++) expect((await attack.ask('/v1/models')).status).toBe(200);
    expect((performance.now() - startMs) / 20).toBeLessThan(50);
    await Promise.all(strangers);
  });
});
