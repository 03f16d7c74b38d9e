import type { Room } from './room.ts';

const WAYS = 8;
const ENTRIES_MIN = 1_024;
const BYTES_PER_KEY = 16;

/** What lies beside the keys, at the same places. */
export interface Payload {
  /** Bytes of each entry. */
  readonly bytesEach: number;
  /** Makes place for so many entries; `from[at]` is where the entry at `at` was, -1 where there is none. */
  resize(entries: number, from: Int32Array): void;
  /** Empties an entry. */
  clear(at: number): void;
}

/**
 * Keys of 64 bits in an open-addressed table: a key lies in one of eight places its hash names. It grows with its keys up
 * to a bound and as far as there is room; beyond, a key that came last the longest ago gives way, and that is counted.
 */
export class KeyTable {
  readonly #payload: Payload;
  readonly #room: Room;
  readonly #entriesMax: number;
  #low = new Uint32Array(0);
  #high = new Uint32Array(0);
  /** When a key was last counted, in a unit of the counter's; NaN: the place is free. */
  newest = new Float64Array(0);
  #entries = 0;
  /** Keys that gave way while they still counted, and those there was no place for at all. */
  evicted = 0;

  /** @param entriesMax a power of two, 1,024 or more */
  constructor(payload: Payload, room: Room, entriesMax: number) {
    this.#payload = payload;
    this.#room = room;
    this.#entriesMax = entriesMax;
  }

  /** Where the key lies; -1: nowhere. */
  find(low: number, high: number): number {
    if (this.#entries === 0) return -1;
    const from = this.#bucket(low, this.#entries);
    for (let at = from; at < from + WAYS; at++) {
      if (this.#low[at] === low && this.#high[at] === high && !this.#isFree(at)) return at;
    }
    return -1;
  }

  /** Where the key lies from now on; -1 where there is no room for any table. Places last counted before `deadBefore` are free. */
  claim(low: number, high: number, now: number, deadBefore: number): number {
    const found = this.find(low, high);
    if (found !== -1) return found;
    if (this.#entries === 0 && !this.#grow(ENTRIES_MIN)) {
      this.evicted++;
      return -1;
    }
    let place = this.#freePlace(low, deadBefore);
    while (place === -1 && this.#entries < this.#entriesMax && this.#grow(this.#entries * 2)) {
      place = this.#freePlace(low, deadBefore);
    }
    if (place === -1) {
      place = this.#oldestPlace(low);
      this.evicted++;
    }
    this.#payload.clear(place);
    this.#low[place] = low;
    this.#high[place] = high;
    this.newest[place] = now;
    return place;
  }

  /** Frees a place and gives up what lies beside it. */
  drop(at: number): void {
    this.#payload.clear(at);
    this.newest[at] = Number.NaN;
  }

  entries(): number {
    return this.#entries;
  }

  #freePlace(low: number, deadBefore: number): number {
    const from = this.#bucket(low, this.#entries);
    for (let at = from; at < from + WAYS; at++) {
      if (this.#isFree(at) || (this.newest[at] ?? 0) < deadBefore) return at;
    }
    return -1;
  }

  #oldestPlace(low: number): number {
    const from = this.#bucket(low, this.#entries);
    let oldest = from;
    for (let at = from + 1; at < from + WAYS; at++) {
      if ((this.newest[at] ?? 0) < (this.newest[oldest] ?? 0)) oldest = at;
    }
    return oldest;
  }

  #isFree(at: number): boolean {
    return Number.isNaN(this.newest[at]);
  }

  #bucket(low: number, entries: number): number {
    return (low & (entries / WAYS - 1)) * WAYS;
  }

  /** A bucket's keys go to itself and to its twin, so that none is without a place. */
  #grow(entries: number): boolean {
    if (!this.#room.take((entries - this.#entries) * (BYTES_PER_KEY + this.#payload.bytesEach))) return false;
    const [low, high, newest] = [this.#low, this.#high, this.newest];
    const from = new Int32Array(entries).fill(-1);
    this.#low = new Uint32Array(entries);
    this.#high = new Uint32Array(entries);
    this.newest = new Float64Array(entries).fill(Number.NaN);
    for (let old = 0; old < low.length; old++) {
      if (Number.isNaN(newest[old])) continue;
      let at = this.#bucket(low[old] ?? 0, entries);
      while (!this.#isFree(at)) at++;
      this.#low[at] = low[old] ?? 0;
      this.#high[at] = high[old] ?? 0;
      this.newest[at] = newest[old] ?? 0;
      from[at] = old;
    }
    this.#entries = entries;
    this.#payload.resize(entries, from);
    return true;
  }

  /** What it holds in all, bytes. */
  bytes(): number {
    return this.#entries * (BYTES_PER_KEY + this.#payload.bytesEach);
  }
}
