import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { GenerationEvent } from '../../providers/index.ts';
import { refusal } from '../refusal.ts';
import { createFeedWorld, noPacer, plainEncoder, readFeed, SOME_USAGE, text } from '../../../test/world/streams.ts';
import { settled } from '../../../test/world/time.ts';

describe('a whole answer', () => {
  test('comes in order, the opening frames first and the end last', async () => {
    const world = createFeedWorld();
    world.give(text('second'), text('third'));
    world.give({ type: 'usage', usage: SOME_USAGE });
    world.give(text('fourth'));
    world.finish();
    expect(await readFeed(world.feed)).toBe(
      ['begin', 'first', 'second', 'third', 'fourth', 'end 5'].map((frame) => `data: ${frame}\n\n`).join(''),
    );
    expect(world.ends).toEqual([{ whole: true }]);
    expect(world.observed.length).toBe(5);
  });

  test('reads no further than it is asked to', async () => {
    const world = createFeedWorld();
    for (let i = 0; i < 10; i++) world.give(text(`${i}`));
    await settled();
    expect(world.asked()).toBe(0);
    await world.feed.next();
    expect(world.asked()).toBe(0);
    await world.feed.next();
    await world.feed.next();
    await settled();
    expect(world.asked()).toBe(2);
  });

  test('ends only after its record is durable', async () => {
    let makeDurable = (): void => undefined;
    const durable = new Promise<void>((resolve) => {
      makeDurable = resolve;
    });
    let encodedEnd = false;
    const world = createFeedWorld({
      encoder: {
        ...plainEncoder,
        end(usage) {
          encodedEnd = true;
          return plainEncoder.end(usage);
        },
      },
      settle: () => durable.then(() => SOME_USAGE),
    });
    world.finish();
    await world.feed.next();
    const last = world.feed.next();
    await settled();
    expect([encodedEnd, world.feed.over(), world.feed.busy()]).toEqual([false, false, true]);
    makeDurable();
    expect(await last).toBe('data: end 5\n\n');
    expect(world.feed.over()).toBe(true);
  });

  test('whose record cannot be kept never ends clean', async () => {
    const world = createFeedWorld({ settle: () => Promise.reject(new Error('storage_unavailable')) });
    world.finish();
    expect(await readFeed(world.feed)).toEndWith('data: first\n\ndata: fail storage_unavailable\n\n');
  });
});

describe('an answer that is kept short', () => {
  test('reads no more, and ends as its format has it with the reason', async () => {
    let batches = 0;
    const world = createFeedWorld({
      afford: () => (++batches < 3 ? null : Promise.resolve(refusal('credit_exhausted'))),
    });
    for (let i = 0; i < 5; i++) world.give(text(`${i}`));
    const frames = await readFeed(world.feed);
    expect(frames).toEndWith('data: first\n\ndata: 0\n\ndata: 1\n\ndata: end 5 credit_exhausted\n\n');
    expect([world.asked(), world.returned()]).toEqual([2, 1]);
    expect(world.ends).toMatchObject([{ whole: false, keptShort: true, refusal: { reason: 'credit_exhausted' } }]);
  });

  test('sends what is paid for of a batch, and the rest once more is', async () => {
    let paidFor = 2;
    const world = createFeedWorld({
      observe: (events) => {
        const taken = Math.min(events.length, paidFor);
        paidFor -= taken;
        return taken;
      },
      afford: () => {
        if (paidFor > 0) return null;
        paidFor = 1;
        return Promise.resolve(null);
      },
    });
    world.give(text('a'), text('b'), text('c'));
    world.finish();
    const read: string[] = [];
    while (!world.feed.over()) read.push(await world.feed.next());
    expect(read.slice(1, 4)).toEqual(['a', 'b', 'c'].map((frame) => `data: ${frame}\n\n`));
    expect(world.asked()).toBe(2);
  });

  test('goes on once what it waits for is durable', async () => {
    const durable = Promise.withResolvers<null>();
    let waited = false;
    const world = createFeedWorld({
      afford() {
        if (waited) return null;
        waited = true;
        return durable.promise;
      },
    });
    world.give(text('second'));
    world.finish();
    await world.feed.next();
    const next = world.feed.next();
    await settled();
    expect([world.asked(), world.feed.busy()]).toEqual([0, true]);
    durable.resolve(null);
    expect(await next).toBe('data: second\n\n');
  });

  test('fails in-band when what it waits for cannot be kept', async () => {
    const world = createFeedWorld({ afford: () => Promise.reject(new Error('storage_unavailable')) });
    expect(await readFeed(world.feed)).toEndWith('data: first\n\ndata: fail storage_unavailable\n\n');
    expect(world.ends).toMatchObject([{ whole: false, keptShort: false }]);
  });
});

describe('an answer that breaks off', () => {
  test('says so in-band, after all that came before', async () => {
    const world = createFeedWorld();
    world.give(text('second'));
    world.fail(new Error('upstream_died'));
    expect(await readFeed(world.feed)).toEndWith('data: second\n\ndata: fail upstream_died\n\n');
    expect(world.ends).toMatchObject([{ whole: false }]);
  });

  test('because of a bug of ours is recorded, and the upstream let go', async () => {
    for (const broken of ['events', 'observe'] as const) {
      const fail = (): never => {
        throw new Error('bug');
      };
      const world = createFeedWorld(
        broken === 'events' ? { encoder: { ...plainEncoder, events: fail } } : { observe: fail },
      );
      const frames = await world.feed.next().catch(() => 'rejected');
      expect(frames).toBe('data: begin\n\ndata: fail internal\n\n');
      expect(world.ends.length).toBe(1);
      expect(world.returned()).toBe(1);
    }
  });
});

describe('an answer that is cut', () => {
  test('while the upstream is awaited, tells the reader who waits', async () => {
    const world = createFeedWorld();
    await world.feed.next();
    const waiting = world.feed.next();
    await settled();
    world.live.cut('cancelled');
    expect(await waiting).toBe('data: fail cancelled\n\n');
    expect(world.ends.length).toBe(1);
  });

  test('while nobody reads, is recorded at once and lets the upstream go', async () => {
    const world = createFeedWorld();
    await world.feed.next();
    world.live.cut('client_gone');
    await settled();
    expect(world.ends).toMatchObject([{ whole: false, refusal: { reason: 'client_gone' } }]);
    expect(world.returned()).toBe(1);
    expect(world.feed.over()).toBe(true);
    expect(await world.feed.next()).toBe('data: fail client_gone\n\n');
  });

  test('just as the upstream gave something, is recorded although nobody reads on', async () => {
    let give: (batch: IteratorResult<readonly GenerationEvent[]>) => void = () => undefined;
    const next = () =>
      new Promise<IteratorResult<readonly GenerationEvent[]>>((resolve) => {
        give = resolve;
      });
    const world = createFeedWorld({ source: { next } });
    await world.feed.next();
    const reading = world.feed.next();
    await settled();
    give({ done: false, value: [text('late')] });
    world.live.cut('client_gone');
    expect(await reading).toBe('data: late\n\n');
    await settled();
    expect(world.ends).toMatchObject([{ refusal: { reason: 'client_gone' } }]);
    expect(world.observed).toContainEqual(text('late'));
  });

  test('before its first frame left, still counts what was produced', async () => {
    const world = createFeedWorld();
    world.live.cut('cancelled');
    expect(world.observed).toEqual([text('first')]);
    expect(await readFeed(world.feed)).toBe('data: begin\n\ndata: fail cancelled\n\n');
  });

  test('before there was a feed, is recorded without being read', async () => {
    const { live } = createFeedWorld();
    live.cut('cancelled');
    const world = createFeedWorld({ live });
    await settled();
    expect(world.ends.length).toBe(1);
    expect(world.feed.over()).toBe(true);
  });

  test('while it waits for its turn to flush, is told at that turn', async () => {
    let flush = (): void => undefined;
    const pacer = {
      ...noPacer,
      turn: () =>
        new Promise<void>((resolve) => {
          flush = resolve;
        }),
    };
    const world = createFeedWorld({ pacer });
    await world.feed.next();
    const waiting = world.feed.next();
    world.live.cut('cancelled');
    flush();
    expect(await waiting).toBe('data: fail cancelled\n\n');
    expect(world.returned()).toBe(1);
    expect(world.ends.length).toBe(1);
  });

  test('survives an upstream that cannot even be closed', async () => {
    const refuse = async (): Promise<never> => {
      throw new Error('socket');
    };
    const world = createFeedWorld({ source: { next: refuse, return: refuse } });
    world.live.cut('cancelled');
    await settled();
    expect(world.feed.over()).toBe(true);
  });
});

test('whatever happens in whatever order, there is one record, one leave, and one ending', async () => {
  const happening = fc.constantFrom('read', 'give', 'finish', 'fail', 'cut', 'settle', 'pause');
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 14 }), fc.boolean(), async (happenings, durable) => {
      let left = 0;
      let makeDurable = (): void => undefined;
      const kept = new Promise<void>((resolve) => {
        makeDurable = resolve;
      });
      const world = createFeedWorld({
        pacer: { ...noPacer, leave: () => void left++ },
        settle: async () => {
          await kept;
          if (!durable) throw new Error('storage_unavailable');
          return SOME_USAGE;
        },
      });
      let frames = '';
      let ended = false;
      let reading = false;
      async function read(): Promise<void> {
        if (reading || ended) return;
        reading = true;
        const more = await world.feed.next();
        frames += more;
        reading = false;
        ended = world.feed.over();
      }
      const doings = {
        read: () => void read(),
        give: () => world.give(text('x')),
        finish: () => world.finish(),
        fail: () => world.fail(new Error('upstream_died')),
        cut: () => world.live.cut('cancelled'),
        settle: () => makeDurable(),
        pause: settled,
      };
      for (const one of happenings) await doings[one]();
      world.finish();
      makeDurable();
      await settled();
      while (!ended && !world.live.signal.aborted) {
        await read();
        await settled();
      }
      expect(world.ends.length).toBe(1);
      expect(left).toBe(1);
      if (!ended) return;
      expect(frames).toMatch(durable ? /data: (end|fail).*\n\n$/ : /data: fail.*\n\n$/);
      expect(frames).toStartWith('data: begin\n\n');
      expect(frames.match(/data: (begin|end|fail)/g)?.length).toBe(2);
    }),
    { numRuns: 200 },
  );
});
