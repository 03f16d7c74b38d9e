import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { createFeedWorld, readFeed, text } from '../../../test/world/streams.ts';
import type { Feed } from '../streaming/feed.ts';
import { createSharedFeed } from './shared-feed.ts';

const CHARS_MAX = 1_000_000;

function joined(feed: Feed | null): Feed {
  if (!feed) throw new Error('nobody can join any more');
  return feed;
}

describe('a shared stream', () => {
  test('gives every reader all of it, whenever it joined and however often it reads', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ maxLength: 5 }), { maxLength: 8 }), fc.nat(6), async (words, late) => {
        const alone = createFeedWorld();
        const world = createFeedWorld();
        for (const each of [alone, world]) {
          for (const word of words) each.give(text(word));
          each.finish();
        }
        const expected = await readFeed(alone.feed);
        const shared = createSharedFeed(world.feed, CHARS_MAX);
        const first = joined(shared.join());
        let got = '';
        for (let reads = 0; reads < late && !first.over(); reads++) got += await first.next();
        const second = joined(shared.join());
        const [rest, whole] = await Promise.all([readFeed(first), readFeed(second)]);
        expect(got + rest).toBe(expected);
        expect(whole).toBe(expected);
        expect(shared.text()).toBe(expected);
      }),
    );
  });

  test('is read to its end without readers', async () => {
    const world = createFeedWorld();
    const shared = createSharedFeed(world.feed, CHARS_MAX);
    world.give(text('a'));
    world.finish();
    await shared.finish();
    expect(await readFeed(joined(shared.join()))).toContain('end');
  });

  test('beyond what is kept nobody joins, and who reads along goes on', async () => {
    const world = createFeedWorld();
    const shared = createSharedFeed(world.feed, 10);
    const first = joined(shared.join());
    world.give(text('0123456789'), text('0123456789'));
    world.finish();
    const got = await readFeed(first);
    expect(got).toContain('end');
    expect(shared.join()).toBe(null);
    expect(shared.text()).toBe(null);
  });
});
