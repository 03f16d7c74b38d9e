import type { Counter } from './counter.ts';
import { KeyTable } from './key-table.ts';
import type { Room } from './room.ts';
import { Sketches } from './sketches.ts';
import { ValueLists } from './value-lists.ts';

/** A window is told to a twelfth of its length. */
export const DISTINCT_SLOTS = 12;
/** Up to so many the count is exact. */
export const EXACT_MAX = 64;
/** Values that lie beside the key itself; most keys never have more. */
const INLINE_MAX = 4;
const NONE = -1;
/** Of those that could give way, so many are compared. */
const LOOKED_AT = 16;

export interface DistinctOptions {
  readonly windowMs: number;
  readonly keysMax: number;
  /** Keys that may have more than 4, and more than 64 values in the window at once. */
  readonly listsMax: number;
  readonly sketchesMax: number;
  readonly room: Room;
}

/**
 * How many different values there were in a sliding window of 12 slots: exact up to 64 (of hashes of 32 bits, of which two
 * of 64 are alike with a chance of one in two million), by HyperLogLog beyond.
 */
export function createDistinctCounter(options: DistinctOptions): Counter {
  const { windowMs, keysMax, listsMax, sketchesMax, room } = options;
  const slotMs = windowMs / DISTINCT_SLOTS;
  const inline = new ValueLists(INLINE_MAX, Number.POSITIVE_INFINITY, null);
  const long = new ValueLists(EXACT_MAX, listsMax, room);
  const sketches = new Sketches(DISTINCT_SLOTS, sketchesMax, room);
  /** Of each key, the number of its long list, and of its sketch. */
  let lists = new Int32Array(0);
  let wide = new Int32Array(0);
  let crowded = 0;
  let hand = 0;

  const payload = {
    bytesEach: INLINE_MAX * 8 + 1 + 8,
    resize(entries: number, from: Int32Array) {
      const [oldLists, oldWide] = [lists, wide];
      lists = new Int32Array(entries).fill(NONE);
      wide = new Int32Array(entries).fill(NONE);
      inline.rearrange(entries, from);
      for (let at = 0; at < entries; at++) {
        const old = from[at] ?? NONE;
        if (old === NONE) continue;
        lists[at] = oldLists[old] ?? NONE;
        wide[at] = oldWide[old] ?? NONE;
        if (lists[at] !== NONE) long.moved(lists[at] ?? 0, at);
        if (wide[at] !== NONE) sketches.moved(wide[at] ?? 0, at);
      }
    },
    clear(at: number) {
      inline.empty(at);
      if (lists[at] !== NONE) long.giveBack(lists[at] ?? 0);
      if (wide[at] !== NONE) sketches.giveBack(wide[at] ?? 0);
      lists[at] = NONE;
      wide[at] = NONE;
    },
  };
  const table = new KeyTable(payload, room, keysMax);

  /** Takes a list or a sketch; if there are no more, of a few keys the one that came last the longest ago gives way. */
  function take(pool: Pick<Sketches, 'take' | 'owners'>, owner: number): number {
    const taken = pool.take(owner);
    if (taken !== NONE) return taken;
    const owners = pool.owners();
    let oldest = NONE;
    for (let looked = 0; looked < Math.min(LOOKED_AT, owners.length); looked++) {
      const other = owners[hand++ % owners.length] ?? NONE;
      if (other === NONE || other === owner) continue;
      if (oldest === NONE || (table.newest[other] ?? 0) < (table.newest[oldest] ?? 0)) oldest = other;
    }
    if (oldest === NONE) return NONE;
    table.drop(oldest);
    crowded++;
    return pool.take(owner);
  }

  function addToList(at: number, slot: number, value: number, deadUpTo: number): void {
    const list = lists[at] ?? NONE;
    if (list !== NONE) {
      if (!long.put(list, value, slot, deadUpTo)) toSketch(at, list, slot, value);
      return;
    }
    if (inline.put(at, value, slot, deadUpTo)) return;
    const taken = take(long, at);
    // Without room for more, what is known stays: a count that is too low, and told as crowded.
    if (taken === NONE) {
      crowded++;
      return;
    }
    inline.each(at, (one, last) => void long.put(taken, one, last, deadUpTo));
    inline.empty(at);
    lists[at] = taken;
    long.put(taken, value, slot, deadUpTo);
  }

  function toSketch(at: number, list: number, slot: number, value: number): void {
    const taken = take(sketches, at);
    if (taken === NONE) {
      crowded++;
      return;
    }
    long.each(list, (one, last) => sketches.add(taken, last, one));
    long.giveBack(list);
    lists[at] = NONE;
    wide[at] = taken;
    sketches.add(taken, slot, value);
  }

  return {
    add(low, high, atMs, value) {
      const slot = Math.floor(atMs / slotMs);
      const at = table.claim(low, high, slot, slot - DISTINCT_SLOTS + 1);
      if (at === NONE) return;
      const newest = Math.max(table.newest[at] ?? slot, slot);
      if (slot <= newest - DISTINCT_SLOTS) return;
      table.newest[at] = newest;
      if (wide[at] !== NONE) sketches.add(wide[at] ?? 0, slot, value);
      else addToList(at, slot, value, newest - DISTINCT_SLOTS);
    },
    read(low, high, atMs) {
      const at = table.find(low, high);
      if (at === NONE) return 0;
      const end = Math.max(table.newest[at] ?? 0, Math.floor(atMs / slotMs));
      if (wide[at] !== NONE) return sketches.estimate(wide[at] ?? 0, end);
      const list = lists[at] ?? NONE;
      return list === NONE ? inline.count(at, end - DISTINCT_SLOTS) : long.count(list, end - DISTINCT_SLOTS);
    },
    figures: () => ({
      bytes: table.bytes() + long.bytes() + sketches.bytes(),
      evicted: table.evicted + crowded,
    }),
  };
}
