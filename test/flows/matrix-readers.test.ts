/** Callers that read slowly, or not at all, over bare sockets. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { connect, type Socket } from 'node:net';
import { auditDatabase } from '../../src/app/audit.ts';
import { startCandor, type World } from '../world/candor.ts';
import { type FakeUpstream, startUpstream } from '../world/upstream.ts';
import { openAiChunk, openAiDialect } from '../world/upstream-openai.ts';
import { play, textScript } from '../world/upstream-script.ts';

const STALL_MS = 400;
const PIECE_BYTES = 16 * 1024;
/** Far more than all socket buffers on the way hold together. */
const PIECES = 4_096;

let upstream: FakeUpstream;
let world: World;

beforeAll(async () => {
  upstream = await startUpstream();
  world = await startCandor({
    yaml: `
providers: { up: { kind: openai, base_url: '${upstream.url}/v1' } }
models: { m: { targets: [{ provider: up, upstream_model: up }] } }
streaming: { write_stall_ms: ${STALL_MS} }
limits: { key: { tokens_per_minute: null } }
`,
  });
});
afterAll(async () => {
  expect(await world.leftLive()).toBe(0);
  expect(await auditDatabase(world.dataDir)).toMatchObject({ clean: true, checked: { openRequests: 0 } });
  await world.close();
  await upstream.close();
});

/** Sends the request over a socket of its own. */
function ask(): Socket {
  const body = JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'hi' }] });
  const { hostname, port } = new URL(world.url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => undefined);
  const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${world.key}\r\n`;
  socket.write(`${head}connection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  return socket;
}

test('a reader that stops reading holds up the upstream, not memory, and is cut', async () => {
  let sentBytes = 0;
  upstream.answer(async (exchange) => {
    await exchange.startStream();
    const chunk = openAiChunk({ id: 'up', model: 'up' }, [
      { index: 0, delta: { content: 'w '.repeat(PIECE_BYTES / 2) } },
    ]);
    const frame = `data: ${JSON.stringify(chunk)}\n\n`;
    for (let piece = 0; piece < PIECES && (await exchange.chunk(frame)); piece++) sentBytes += frame.length;
  });
  const before = process.memoryUsage().rss;
  const socket = ask();
  await new Promise((resolve) => socket.once('data', resolve));
  socket.pause();
  const [event] = await world.eventsOnce(1);
  expect(event).toMatchObject({ outcome: 'disconnected', reason: 'reader_stalled', usage_source: 'estimated' });
  expect(Number(event?.['output_tokens'])).toBeGreaterThan(0);
  expect(Number(event?.['total_ms'])).toBeGreaterThan(STALL_MS);
  await upstream.connections[0]?.closed;
  expect(sentBytes).toBeLessThan((PIECES * PIECE_BYTES) / 2);
  expect(process.memoryUsage().rss - before).toBeLessThan(96 * 1024 * 1024);
  socket.destroy();
});

test('a reader that is slow, but reads, gets everything', async () => {
  const piece = 'slow '.repeat(PIECE_BYTES / 5);
  upstream.answer(play(openAiDialect, textScript(Array.from({ length: 256 }, () => piece))));
  const socket = ask();
  let bytes = 0;
  let tail = '';
  const pauses = { left: 20 };
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    tail = (tail + chunk.toString('latin1')).slice(-64);
    if (pauses.left-- <= 0) return;
    // Long, again and again, but never long enough to be a stall.
    socket.pause();
    setTimeout(() => socket.resume(), STALL_MS / 4);
  });
  await new Promise((resolve) => socket.once('close', resolve));
  expect(tail).toContain('data: [DONE]');
  expect(bytes).toBeGreaterThan(256 * piece.length);
  expect((await world.eventsOnce(2))[1]).toMatchObject({ outcome: 'completed', usage_source: 'reported' });
});
