import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Counter } from './counter.ts';
import { createDecayedCounter } from './decayed-counter.ts';
import { DistinctCounter, DISTINCT_SLOTS } from './distinct-counter.ts';
import { hashText } from './key-hash.ts';
import { createRingCounter, RING_SLOTS } from './ring-counter.ts';
import { createRoom } from './room.ts';

const SEEDS = [17, 4711] as const;
const room = () => createRoom(256 * 1_048_576);
const KEYS_MAX = 65_536;
const WINDOW_MS = 60_000;
const START_MS = Date.UTC(2026, 10, 22);

interface Told {
  readonly key: number;
  readonly atMs: number;
  readonly value: number;
}

/** Times wander forward, and now and then an event comes late. */
const events = fc
  .array(fc.record({ key: fc.nat(5), step: fc.integer({ min: -30_000, max: 40_000 }), value: fc.nat(12) }), {
    maxLength: 200,
  })
  .map((steps) => {
    let nowMs = START_MS;
    return steps.map(({ key, step, value }): Told => {
      nowMs += Math.max(step, -5_000);
      return { key, value, atMs: nowMs + Math.min(step, 0) };
    });
  });
const keyed = (key: number) => [hashText(`key ${key}`, SEEDS), hashText(`other ${key}`, SEEDS)] as const;

/** Feeds a counter and a list of everything side by side, and compares them after each event and at a later moment. */
function compare(
  counter: Counter,
  told: readonly Told[],
  naive: (of: readonly Told[], atMs: number) => number,
  digits?: number,
) {
  const seen: Told[] = [];
  for (const event of told) {
    const [low, high] = keyed(event.key);
    counter.add(low, high, event.atMs, event.value);
    seen.push(event);
    const of = seen.filter(({ key }) => key === event.key);
    for (const laterMs of [0, 7_500, 61_000]) {
      const atMs = Math.max(event.atMs, ...of.map((one) => one.atMs)) + laterMs;
      const found = counter.read(low, high, atMs);
      if (digits === undefined) expect(found).toBe(naive(of, atMs));
      else expect(found).toBeCloseTo(naive(of, atMs), digits);
    }
  }
}

/** Those in the slots of a window that ends with the slot of this moment. */
function inWindow(of: readonly Told[], atMs: number, slots: number): readonly Told[] {
  const slotOf = (ms: number) => Math.floor(ms / (WINDOW_MS / slots));
  return of.filter((one) => slotOf(one.atMs) > slotOf(atMs) - slots);
}

describe('against a list of everything that happened', () => {
  test('a window counts what is in it', () => {
    fc.assert(
      fc.property(events, (told) => {
        const counter = createRingCounter({ windowMs: WINDOW_MS, sums: false, keysMax: KEYS_MAX, room: room() });
        compare(counter, told, (of, atMs) => inWindow(of, atMs, RING_SLOTS).length);
      }),
    );
  });

  test('a window sums what is in it', () => {
    fc.assert(
      fc.property(events, (told) => {
        const counter = createRingCounter({ windowMs: WINDOW_MS, sums: true, keysMax: KEYS_MAX, room: room() });
        compare(counter, told, (of, atMs) => inWindow(of, atMs, RING_SLOTS).reduce((sum, { value }) => sum + value, 0));
      }),
    );
  });

  test('weights are halved by time', () => {
    fc.assert(
      fc.property(events, (told) => {
        const counter = createDecayedCounter({ halfLifeMs: 60_000, keysMax: KEYS_MAX, room: room() });
        const weigh = (of: readonly Told[], atMs: number) =>
          of.reduce((sum, one) => sum + 2 ** (-(atMs - one.atMs) / 60_000), 0);
        compare(counter, told, weigh, 4);
      }),
    );
  });

  test('different values of a window are told exactly up to 64', () => {
    fc.assert(
      fc.property(events, (told) => {
        compare(distinctCounter(), told, (of, atMs) => {
          return new Set(inWindow(of, atMs, DISTINCT_SLOTS).map(({ value }) => value)).size;
        });
      }),
    );
  });
});

function distinctCounter(): Counter {
  return new DistinctCounter({
    windowMs: WINDOW_MS,
    keysMax: KEYS_MAX,
    listsMax: 1_024,
    sketchesMax: 64,
    room: room(),
  });
}

test('beyond 64 different values the count is within a few percent, and follows the window', () => {
  const counter = distinctCounter();
  const [low, high] = keyed(1);
  const seen: { readonly atMs: number; readonly text: string }[] = [];
  for (let at = 0; at < 6_000; at++) {
    const atMs = START_MS + at * 30;
    const text = `value ${at % 4_000}`;
    seen.push({ atMs, text });
    counter.add(low, high, atMs, hashText(text, SEEDS));
    if (at % 500 !== 499) continue;
    const slotOf = (ms: number) => Math.floor(ms / (WINDOW_MS / DISTINCT_SLOTS));
    const within = seen.filter((one) => slotOf(one.atMs) > slotOf(atMs) - DISTINCT_SLOTS);
    const truth = new Set(within.map((one) => one.text)).size;
    const found = counter.read(low, high, atMs);
    expect(Math.abs(found - truth) / truth).toBeLessThan(0.13);
  }
  expect(counter.read(low, high, START_MS + 6_000 * 30 + WINDOW_MS + 5_000)).toBe(0);
});

describe('bounds', () => {
  test('a table never grows beyond its keys, and says how many gave way', () => {
    const own = room();
    const counter = createRingCounter({ windowMs: WINDOW_MS, sums: false, keysMax: 4_096, room: own });
    for (let key = 0; key < 50_000; key++) {
      const [low, high] = keyed(key);
      counter.add(low, high, START_MS, 0);
    }
    const { bytes, evicted } = counter.figures();
    expect(bytes).toBe(4_096 * (16 + RING_SLOTS * 4 + 8));
    expect(own.taken()).toBe(bytes);
    expect(evicted).toBeGreaterThan(45_000);
  });

  test('keys whose window is over give way without being told', () => {
    const counter = createRingCounter({ windowMs: WINDOW_MS, sums: false, keysMax: 1_024, room: room() });
    for (let round = 0; round < 20; round++) {
      for (let key = 0; key < 100; key++) {
        const [low, high] = keyed(round * 1_000 + key);
        counter.add(low, high, START_MS + round * 2 * WINDOW_MS, 0);
      }
    }
    expect(counter.figures().evicted).toBe(0);
  });

  test('without room nothing is kept, and that is told', () => {
    const counter = createRingCounter({ windowMs: WINDOW_MS, sums: false, keysMax: 1_024, room: createRoom(10) });
    const [low, high] = keyed(1);
    counter.add(low, high, START_MS, 0);
    expect(counter.read(low, high, START_MS)).toBe(0);
    expect(counter.figures()).toEqual({ bytes: 0, evicted: 1 });
  });

  test('lists and sketches of many keys stay within theirs, the oldest giving way', () => {
    const own = createRoom(64 * 1_048_576);
    const counter = new DistinctCounter({
      windowMs: WINDOW_MS,
      keysMax: 16_384,
      listsMax: 128,
      sketchesMax: 4,
      room: own,
    });
    for (let key = 0; key < 1_000; key++) {
      const [low, high] = keyed(key);
      for (let value = 0; value < 80; value++) counter.add(low, high, START_MS + key * 5, hashText(`${value}`, SEEDS));
    }
    expect(counter.figures().evicted).toBeGreaterThan(900);
    const [low, high] = keyed(999);
    expect(Math.abs(counter.read(low, high, START_MS + 5_000) - 80)).toBeLessThan(12);
    expect(own.taken()).toBeLessThan(2 * 1_048_576);
  });
});
