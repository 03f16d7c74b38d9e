import type { Counter } from './counter.ts';
import { KeyTable, type Payload } from './key-table.ts';
import type { Room } from './room.ts';
import { Sketches } from './sketches.ts';
import { ValueLists } from './value-lists.ts';

/** A window is told to a twelfth of its length. */
export const DISTINCT_SLOTS = 12;
/** Up to so many the count is exact. */
const EXACT_MAX = 64;
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
export class DistinctCounter implements Counter, Payload {
  readonly bytesEach = INLINE_MAX * 8 + 1 + 8;
  readonly #slotMs: number;
  readonly #inline: ValueLists;
  readonly #long: ValueLists;
  readonly #sketches: Sketches;
  readonly #table: KeyTable;
  /** Of each key, the number of its long list, and of its sketch. */
  #lists = new Int32Array(0);
  #wide = new Int32Array(0);
  /** Keys that gave way for want of lists or sketches, and values there was no place for. */
  #crowded = 0;
  #hand = 0;

  constructor({ windowMs, keysMax, listsMax, sketchesMax, room }: DistinctOptions) {
    this.#slotMs = windowMs / DISTINCT_SLOTS;
    this.#inline = new ValueLists(INLINE_MAX, Number.POSITIVE_INFINITY, null);
    this.#long = new ValueLists(EXACT_MAX, listsMax, room);
    this.#sketches = new Sketches(DISTINCT_SLOTS, sketchesMax, room);
    this.#table = new KeyTable(this, room, keysMax);
  }

  add(low: number, high: number, atMs: number, value: number): void {
    const slot = Math.floor(atMs / this.#slotMs);
    const at = this.#table.claim(low, high, slot, slot - DISTINCT_SLOTS + 1);
    if (at === NONE) return;
    const newest = Math.max(this.#table.newest[at] ?? slot, slot);
    if (slot <= newest - DISTINCT_SLOTS) return;
    this.#table.newest[at] = newest;
    const wide = this.#wide[at] ?? NONE;
    if (wide !== NONE) this.#sketches.add(wide, slot, value);
    else this.#addToList(at, slot, value, newest - DISTINCT_SLOTS);
  }

  read(low: number, high: number, atMs: number): number {
    const at = this.#table.find(low, high);
    if (at === NONE) return 0;
    const end = Math.max(this.#table.newest[at] ?? 0, Math.floor(atMs / this.#slotMs));
    const wide = this.#wide[at] ?? NONE;
    if (wide !== NONE) return this.#sketches.estimate(wide, end);
    const list = this.#lists[at] ?? NONE;
    return list === NONE ? this.#inline.count(at, end - DISTINCT_SLOTS) : this.#long.count(list, end - DISTINCT_SLOTS);
  }

  figures() {
    return {
      bytes: this.#table.bytes() + this.#long.bytes() + this.#sketches.bytes(),
      evicted: this.#table.evicted + this.#crowded,
    };
  }

  resize(entries: number, from: Int32Array): void {
    const [lists, wide] = [this.#lists, this.#wide];
    this.#lists = new Int32Array(entries).fill(NONE);
    this.#wide = new Int32Array(entries).fill(NONE);
    this.#inline.rearrange(entries, from);
    for (let at = 0; at < entries; at++) {
      const old = from[at] ?? NONE;
      if (old === NONE) continue;
      this.#lists[at] = lists[old] ?? NONE;
      this.#wide[at] = wide[old] ?? NONE;
      if (this.#lists[at] !== NONE) this.#long.moved(this.#lists[at] ?? 0, at);
      if (this.#wide[at] !== NONE) this.#sketches.moved(this.#wide[at] ?? 0, at);
    }
  }

  clear(at: number): void {
    this.#inline.empty(at);
    if (this.#lists[at] !== NONE) this.#long.giveBack(this.#lists[at] ?? 0);
    if (this.#wide[at] !== NONE) this.#sketches.giveBack(this.#wide[at] ?? 0);
    this.#lists[at] = NONE;
    this.#wide[at] = NONE;
  }

  #addToList(at: number, slot: number, value: number, deadUpTo: number): void {
    const list = this.#lists[at] ?? NONE;
    if (list !== NONE) {
      if (!this.#long.put(list, value, slot, deadUpTo)) this.#toSketch(at, list, slot, value);
      return;
    }
    if (this.#inline.put(at, value, slot, deadUpTo)) return;
    const taken = this.#take(this.#long, at);
    // Without room for more, what is known stays: a count that is too low, and told as crowded.
    if (taken === NONE) return;
    this.#inline.each(at, (one, last) => void this.#long.put(taken, one, last, deadUpTo));
    this.#inline.empty(at);
    this.#lists[at] = taken;
    this.#long.put(taken, value, slot, deadUpTo);
  }

  #toSketch(at: number, list: number, slot: number, value: number): void {
    const taken = this.#take(this.#sketches, at);
    if (taken === NONE) return;
    this.#long.each(list, (one, last) => this.#sketches.add(taken, last, one));
    this.#long.giveBack(list);
    this.#lists[at] = NONE;
    this.#wide[at] = taken;
    this.#sketches.add(taken, slot, value);
  }

  /** A list or a sketch; if there are no more, of a few keys the one that came last the longest ago gives way. */
  #take(pool: Pick<Sketches, 'take' | 'owners'>, owner: number): number {
    const taken = pool.take(owner);
    if (taken !== NONE) return taken;
    this.#crowded++;
    const owners = pool.owners();
    const { newest } = this.#table;
    let oldest = NONE;
    for (let looked = 0; looked < Math.min(LOOKED_AT, owners.length); looked++) {
      const other = owners[this.#hand++ % owners.length] ?? NONE;
      if (other === NONE || other === owner) continue;
      if (oldest === NONE || (newest[other] ?? 0) < (newest[oldest] ?? 0)) oldest = other;
    }
    if (oldest === NONE) return NONE;
    this.#table.drop(oldest);
    return pool.take(owner);
  }
}
