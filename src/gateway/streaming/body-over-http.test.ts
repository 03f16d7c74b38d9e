import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'bun:test';
import { createFeedWorld, type HeldParts, type FeedWorld, text } from '../../../test/world/streams.ts';
import type { GenerationEvent } from '../../providers/index.ts';
import { type Listener, listen } from '../../runtime/listener.ts';
import { streamBody } from './body.ts';
import { createStallWatch, type StallWatch } from './stall-watch.ts';

const BATCH_CHARS = 16_384;

interface Server {
  readonly listener: Listener;
  readonly world: FeedWorld;
  readonly told: { readonly what: string; readonly atMs: number }[];
  readonly stalls: StallWatch;
}

const servers: Server[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const { listener, stalls } of servers.splice(0)) {
    stalls.close();
    await listener.stop(true);
  }
});

function serve(parts: HeldParts = {}, stallMs = 60_000, firstOutputMs = 0): Server {
  const world = createFeedWorld(parts);
  const stalls = createStallWatch(stallMs, { wallMs: () => 0, monoMs: () => performance.now() });
  const told: Server['told'] = [];
  const listener = listen({
    hostname: '127.0.0.1',
    port: 0,
    onError: () => new Response('', { status: 500 }),
    async handle() {
      await pause(firstOutputMs);
      return new Response(
        streamBody({
          feed: world.feed,
          stalls,
          onStall() {
            told.push({ what: 'stalled', atMs: performance.now() });
            world.live.cut('reader_stalled');
          },
          onGone() {
            told.push({ what: 'gone', atMs: performance.now() });
            world.live.cut('client_gone');
          },
        }),
      );
    },
  });
  const server = { listener, world, told, stalls };
  servers.push(server);
  return server;
}

/** Batches of 16 KiB without end, counting how many were taken and whether it was closed. */
function createEndlessSource() {
  let taken = 0;
  let returned = 0;
  const value: readonly GenerationEvent[] = [text('x'.repeat(BATCH_CHARS))];
  const source: AsyncIterator<readonly GenerationEvent[]> = {
    async next() {
      taken++;
      return { done: false, value };
    },
    async return() {
      returned++;
      return { done: true, value: undefined };
    },
  };
  return { source, taken: () => taken, returned: () => returned };
}

interface Client {
  readonly socket: Socket;
  readonly received: () => string;
  readonly closed: Promise<void>;
}

function request(server: Server): Client {
  let received = '';
  const socket = connect(server.listener.port, '127.0.0.1');
  sockets.push(socket);
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  socket.write('GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n');
  return { socket, received: () => received, closed };
}

async function until(holds: () => boolean, withinMs = 2_000): Promise<boolean> {
  const endMs = performance.now() + withinMs;
  while (!holds() && performance.now() < endMs) await pause(2);
  return holds();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

describe('over a real socket, a stream', () => {
  test('arrives frame by frame and ends whole', async () => {
    const server = serve();
    const client = request(server);
    expect(await until(() => client.received().includes('data: first'))).toBe(true);
    server.world.give(text('second'));
    expect(await until(() => client.received().includes('data: second'))).toBe(true);
    server.world.finish();
    await client.closed;
    expect(client.received()).toEndWith('data: end 5\n\n\r\n0\r\n\r\n');
    expect(server.told).toEqual([]);
  });

  test('is read no further than a reader that stops', async () => {
    const endless = createEndlessSource();
    const server = serve({ source: endless.source });
    const client = request(server);
    await until(() => client.received().length > 0);
    client.socket.pause();
    let before = -1;
    expect(
      await until(() => {
        const stands = endless.taken() === before;
        before = endless.taken();
        return stands;
      }, 3_000),
    ).toBe(true);
    await pause(200);
    const stoodAt = endless.taken();
    await pause(200);
    expect(endless.taken()).toBe(stoodAt);
    // What the kernel buffers on both sides of a loopback connection is about 6 MB.
    expect((stoodAt * BATCH_CHARS) / 2 ** 20).toBeLessThan(16);
    client.socket.resume();
    expect(await until(() => endless.taken() > stoodAt + 10)).toBe(true);
  });

  test('goes as fast as a slow reader reads', async () => {
    const endless = createEndlessSource();
    const server = serve({ source: endless.source });
    const client = request(server);
    let read = 0;
    client.socket.on('data', (chunk) => {
      read += chunk.length;
      client.socket.pause();
      setTimeout(() => client.socket.resume(), 5);
    });
    await pause(500);
    expect(read).toBeGreaterThan(0);
    expect((endless.taken() * BATCH_CHARS - read) / 2 ** 20).toBeLessThan(16);
  });

  test('is cut when its reader stalls, and does not look whole', async () => {
    const endless = createEndlessSource();
    const server = serve({ source: endless.source }, 200);
    const client = request(server);
    await until(() => client.received().length > 0);
    client.socket.pause();
    expect(await until(() => server.told.length > 0, 3_000)).toBe(true);
    expect(server.told.map(({ what }) => what)).toEqual(['stalled']);
    expect(await until(() => endless.returned() === 1)).toBe(true);
    client.socket.resume();
    await client.closed;
    expect(client.received()).not.toEndWith('0\r\n\r\n');
    expect(server.world.ends.length).toBe(1);
  });

  for (const how of ['while the upstream is silent', 'while frames flow'] as const) {
    test(`is let go within 50 ms of its reader's leaving ${how}`, async () => {
      const endless = createEndlessSource();
      const silent = how === 'while the upstream is silent';
      const server = serve(silent ? {} : { source: endless.source });
      const client = request(server);
      expect(await until(() => client.received().includes('data: first'))).toBe(true);
      const leftMs = performance.now();
      client.socket.destroy();
      expect(await until(() => server.told.length > 0)).toBe(true);
      expect(server.told[0]?.what).toBe('gone');
      expect((server.told[0]?.atMs ?? 0) - leftMs).toBeLessThan(50);
      expect(await until(() => server.world.ends.length === 1)).toBe(true);
      if (!silent) expect(await until(() => endless.returned() === 1)).toBe(true);
    });
  }

  test('whose reader left before there was anything to read is let go', async () => {
    const server = serve({}, 60_000, 60);
    const client = request(server);
    await pause(30);
    client.socket.destroy();
    expect(await until(() => server.told.length > 0)).toBe(true);
    expect(server.told[0]?.what).toBe('gone');
  });

  test('that is cut while its reader waits tells why, and closes', async () => {
    const server = serve();
    const client = request(server);
    await until(() => client.received().includes('data: first'));
    server.world.live.cut('cancelled');
    await client.closed;
    expect(client.received()).toContain('data: fail cancelled\n\n');
  });
});
