import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { createFeedWorld, type FeedWorld, readFeed, text } from '../../../test/world/streams.ts';
import { createHeldTime, settled } from '../../../test/world/time.ts';
import { createReplay, type Replay } from './replay.ts';

const GRACE_MS = 1_000;

interface World extends FeedWorld {
  readonly replay: Replay;
  readonly time: ReturnType<typeof createHeldTime>;
}

function start(bytesMax = 1_000_000): World {
  const time = createHeldTime();
  const world = createFeedWorld();
  return {
    ...world,
    time,
    replay: createReplay({ id: 'req_1', keyId: 'a', endUser: null }, world.feed, bytesMax, time.sleep),
  };
}

/** The texts of the frames, after checking that their numbers follow on `after`. */
function framesAfter(after: number, stream: string): string[] {
  const frames = stream.split('\n\n').slice(0, -1);
  return frames.map((frame, position) => {
    const [, number, body = ''] = /^id: (\d+)\ndata: (.*)$/.exec(frame) ?? [];
    expect(Number(number)).toBe(after + position + 1);
    return body;
  });
}

describe('numbers', () => {
  test('count frames from 1, however they were batched', async () => {
    const world = start();
    world.give(text('b'), text('c'));
    world.finish();
    expect(framesAfter(0, await readFeed(world.replay.live))).toEqual(['begin', 'first', 'b', 'c', 'end 5']);
  });

  test('resuming after any number gives exactly the rest, whatever the batches and wherever the reader stopped', async () => {
    const batches = fc.array(
      fc.array(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 5 }), { maxLength: 4 }),
      {
        maxLength: 8,
      },
    );
    await fc.assert(
      fc.asyncProperty(batches, fc.nat(10), fc.nat(40), async (given, reads, wanted) => {
        const all = ['begin', 'first', ...given.flat(), 'end 5'];
        const world = start();
        for (const batch of given) world.give(...batch.map(text));
        world.finish();
        let got = '';
        for (let i = 0; i < reads && !world.replay.live.over(); i++) got += await world.replay.live.next();
        const seen = framesAfter(0, got).length;
        expect(framesAfter(0, got)).toEqual(all.slice(0, seen));
        const after = Math.min(wanted, seen);
        const rest = world.replay.resume(after);
        expect(rest && framesAfter(after, await readFeed(rest))).toEqual(all.slice(after));
      }),
    );
  });

  test('that were never given, or are no numbers, resume nothing', async () => {
    const world = start();
    await world.replay.live.next();
    for (const after of [3, -1, Number.NaN, Number.POSITIVE_INFINITY]) expect(world.replay.resume(after)).toBe(null);
    expect(world.replay.resume(2)).not.toBe(null);
  });

  test('beyond what is kept resume nothing', async () => {
    const world = start(100);
    for (let i = 0; i < 20; i++) {
      world.give(text('0123456789'));
      await world.replay.live.next();
    }
    expect(world.replay.resume(0)).toBe(null);
    expect(world.replay.resume(2)).toBe(null);
    const rest = world.replay.resume(20);
    world.finish();
    expect(rest && framesAfter(20, await readFeed(rest)).at(-1)).toBe('end 5');
  });

  test('are never skipped for a batch larger than what is kept', async () => {
    const world = start(50);
    world.give(...Array.from({ length: 30 }, (_, i) => text(`frame ${i}`)));
    world.finish();
    expect(framesAfter(0, await readFeed(world.replay.live)).length).toBe(33);
  });
});

describe('readers', () => {
  test('the later one is served and the earlier one ends', async () => {
    const world = start();
    await world.replay.live.next();
    const early = world.replay.live.next();
    const late = world.replay.resume(1);
    const rest = late?.next();
    expect(await rest).toBe('id: 2\ndata: first\n\n');
    expect(world.replay.live.over()).toBe(true);
    world.give(text('x'));
    expect(await early).toBe('');
    world.finish();
    expect(late && framesAfter(2, await readFeed(late))).toEqual(['x', 'end 5']);
  });
});

describe('a reader that has gone', () => {
  test('is read on for as far as frames are kept, and then the upstream waits', async () => {
    const bytesMax = 200;
    const world = start(bytesMax);
    await world.replay.live.next();
    for (let i = 0; i < 100; i++) world.give(text('0123456789'));
    world.replay.detach(GRACE_MS, () => undefined);
    await world.time.advance(10);
    const frameBytes = 'id: 10\ndata: 0123456789\n\n'.length;
    expect(world.asked()).toBeGreaterThan(5);
    expect(world.asked()).toBeLessThanOrEqual(bytesMax / frameBytes + 1);
    const rest = world.replay.resume(2);
    world.finish();
    expect(rest && framesAfter(2, await readFeed(rest)).length).toBe(101);
  });

  test('loses nothing of what it had not been sent, however much it had been sent before', async () => {
    const world = start(200);
    for (let i = 0; i < 30; i++) {
      world.give(text('0123456789'));
      await world.replay.live.next();
    }
    for (let i = 0; i < 30; i++) world.give(text('after'));
    world.replay.detach(GRACE_MS, () => undefined);
    await world.time.advance(10);
    const rest = world.replay.resume(31);
    world.finish();
    expect(rest && framesAfter(31, await readFeed(rest)).length).toBe(32);
  });

  test('that does not come back is given up after the grace time, once', async () => {
    const world = start();
    let givenUp = 0;
    await world.replay.live.next();
    world.replay.detach(GRACE_MS, () => givenUp++);
    await world.time.advance(GRACE_MS - 1);
    expect(givenUp).toBe(0);
    await world.time.advance(1);
    await settled();
    expect(givenUp).toBe(1);
  });

  test('that comes back is not given up, and has a whole grace time when it goes again', async () => {
    const world = start();
    let givenUp = 0;
    await world.replay.live.next();
    world.replay.detach(GRACE_MS, () => givenUp++);
    await world.time.advance(GRACE_MS / 2);
    world.replay.resume(2);
    await world.time.advance(GRACE_MS);
    expect(givenUp).toBe(0);
    world.replay.detach(GRACE_MS, () => givenUp++);
    await world.time.advance(GRACE_MS - 1);
    expect(givenUp).toBe(0);
    await world.time.advance(1);
    expect(givenUp).toBe(1);
  });

  test('is told the end of a generation that was cut meanwhile', async () => {
    const world = start(10);
    await world.replay.live.next();
    world.replay.detach(GRACE_MS, () => undefined);
    await world.time.advance(1);
    world.live.cut('cancelled');
    await settled();
    const rest = world.replay.resume(2);
    expect(rest && framesAfter(2, await readFeed(rest))).toEqual(['fail cancelled']);
  });
});
