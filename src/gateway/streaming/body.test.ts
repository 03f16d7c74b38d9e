import { describe, expect, test } from 'bun:test';
import { createFeedWorld, type FeedWorld, text } from '../../../test/world/streams.ts';
import { settled } from '../../../test/world/time.ts';
import { streamBody } from './body.ts';
import { createStallWatch } from './stall-watch.ts';

const STALL_MS = 100;

interface World extends FeedWorld {
  readonly body: ReadableStream<Uint8Array>;
  readonly told: string[];
  close(): void;
}

function start(stallMs = 60_000): World {
  const world = createFeedWorld();
  const stalls = createStallWatch(stallMs, { wallMs: () => 0, monoMs: () => performance.now() });
  const told: string[] = [];
  const body = streamBody({
    feed: world.feed,
    stalls,
    onStall() {
      told.push('stalled');
      world.live.cut('reader_stalled');
    },
    onGone() {
      told.push('gone');
      world.live.cut('client_gone');
    },
  });
  return { ...world, body, told, close: () => stalls.close() };
}

describe('a body', () => {
  test('is the feed, from its first frame to its last', async () => {
    const world = start();
    world.give(text('second'));
    world.finish();
    const frames = await new Response(world.body).text();
    expect(frames).toBe('data: begin\n\ndata: first\n\ndata: second\n\ndata: end 5\n\n');
    expect(world.told).toEqual([]);
    world.close();
  });

  test('never reads ahead of its reader', async () => {
    const world = start();
    for (let i = 0; i < 20; i++) world.give(text(`${i}`));
    const reader = world.body.getReader();
    await settled();
    expect(world.observed.length).toBe(0);
    for (let reads = 1; reads <= 5; reads++) {
      await reader.read();
      await settled();
      expect(world.observed.length).toBe(reads);
    }
    await reader.cancel();
    world.close();
  });

  test('that is cancelled cuts the generation, once, with a read in progress or without', async () => {
    for (const reading of [true, false]) {
      const world = start();
      const reader = world.body.getReader();
      await reader.read();
      if (reading) void reader.read();
      await settled();
      await reader.cancel();
      await settled();
      expect(world.told).toEqual(['gone']);
      expect(world.ends).toMatchObject([{ refusal: { reason: 'client_gone' } }]);
      world.close();
    }
  });

  test('that was read to its end tells nobody that its reader has gone', async () => {
    const world = start();
    world.finish();
    const reader = world.body.getReader();
    await reader.read();
    await reader.read();
    await reader.cancel();
    expect(world.told).toEqual([]);
    world.close();
  });

  test('that nobody reads is cut, and ends in an error', async () => {
    const world = start(STALL_MS);
    const reader = world.body.getReader();
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, STALL_MS * 2.5));
    expect(world.told).toEqual(['stalled']);
    expect(world.ends).toMatchObject([{ refusal: { reason: 'reader_stalled' } }]);
    const after = await reader.read().then(
      () => 'frames',
      () => 'error',
    );
    expect(after).toBe('error');
    world.close();
  });

  test('that was cut and that nobody reads ends in an error too, without a second cut', async () => {
    const world = start(STALL_MS);
    const reader = world.body.getReader();
    await reader.read();
    world.live.cut('access_revoked');
    await new Promise((resolve) => setTimeout(resolve, STALL_MS * 2.5));
    expect(world.told).toEqual([]);
    expect(await reader.closed.catch(() => 'error')).toBe('error');
    world.close();
  });

  test('whose reader waits for a slow upstream is not stalled', async () => {
    const world = start(STALL_MS);
    const reader = world.body.getReader();
    await reader.read();
    const waiting = reader.read();
    await new Promise((resolve) => setTimeout(resolve, STALL_MS * 2.5));
    expect(world.told).toEqual([]);
    world.give(text('late'));
    expect(new TextDecoder().decode((await waiting).value)).toBe('data: late\n\n');
    await reader.cancel();
    world.close();
  });

  test('that is cut gives the reason and closes, whether its reader waits or idles', async () => {
    for (const waits of [true, false]) {
      const world = start();
      const reader = world.body.getReader();
      await reader.read();
      const early = waits ? reader.read() : null;
      await settled();
      world.live.cut('cancelled');
      const said = await (early ?? reader.read());
      expect(new TextDecoder().decode(said.value)).toBe('data: fail cancelled\n\n');
      expect((await reader.read()).done).toBe(true);
      expect(world.ends.length).toBe(1);
      world.close();
    }
  });
});
