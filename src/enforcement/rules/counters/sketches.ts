import type { Room } from './room.ts';

const INDEX_BITS = 10;
const REGISTERS = 2 ** INDEX_BITS;
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);
/** Powers of one half by rank; a rank is at most 23. */
const HALVES = Float64Array.from({ length: 64 }, (_, rank) => 2 ** -rank);

interface Sketch {
  /** One for each slot of the window, and one for all of them together. */
  readonly registers: Uint8Array;
  readonly merged: Uint8Array;
  /** The number of the slot that lies at each place; -1: none. */
  readonly slotAt: Float64Array;
  /** The last slot of the window `merged` is of; NaN: it is of none. */
  end: number;
  harmonic: number;
  empty: number;
}

/**
 * How many different values a sliding window of slots holds, for keys with very many: a HyperLogLog (Flajolet, Fusy,
 * Gandouet, Meunier 2007) of 1,024 registers for each slot, merged by the maximum; standard error 3.3 %. A bounded number
 * of them, each 1 KiB for every slot and one more.
 */
export class Sketches {
  readonly #slots: number;
  readonly #max: number;
  readonly #room: Room;
  readonly #all: Sketch[] = [];
  /** Beside them, for whoever looks for one that can give way. */
  readonly #owners: number[] = [];
  readonly #free: number[] = [];

  constructor(slots: number, max: number, room: Room) {
    this.#slots = slots;
    this.#max = max;
    this.#room = room;
  }

  /** Its number; -1 where there may be no more. */
  take(owner: number): number {
    const free = this.#free.pop();
    if (free !== undefined) {
      const sketch = this.#at(free);
      this.#owners[free] = owner;
      sketch.registers.fill(0);
      sketch.slotAt.fill(-1);
      sketch.end = Number.NaN;
      return free;
    }
    if (this.#all.length >= this.#max || !this.#room.take(this.bytesEach())) return -1;
    this.#all.push({
      registers: new Uint8Array(REGISTERS * this.#slots),
      merged: new Uint8Array(REGISTERS),
      slotAt: new Float64Array(this.#slots).fill(-1),
      end: Number.NaN,
      harmonic: REGISTERS,
      empty: REGISTERS,
    });
    this.#owners.push(owner);
    return this.#all.length - 1;
  }

  giveBack(number: number): void {
    this.#owners[number] = -1;
    this.#free.push(number);
  }

  /** Owners of those there are; -1 for what is free. */
  owners(): readonly number[] {
    return this.#owners;
  }

  moved(number: number, owner: number): void {
    this.#owners[number] = owner;
  }

  add(number: number, slot: number, hash: number): void {
    const sketch = this.#at(number);
    const place = slot % this.#slots;
    const tag = sketch.slotAt[place] ?? -1;
    if (tag > slot) return;
    if (tag !== slot) {
      sketch.registers.fill(0, place * REGISTERS, (place + 1) * REGISTERS);
      sketch.slotAt[place] = slot;
      // What lay there may have been part of what is merged.
      if (tag !== -1 && tag > sketch.end - this.#slots) sketch.end = Number.NaN;
    }
    const index = hash >>> (32 - INDEX_BITS);
    const rank = Math.min(Math.clz32(hash << INDEX_BITS), 32 - INDEX_BITS) + 1;
    const at = place * REGISTERS + index;
    if (rank <= (sketch.registers[at] ?? 0)) return;
    sketch.registers[at] = rank;
    if (slot <= sketch.end && slot > sketch.end - this.#slots) raise(sketch, index, rank);
  }

  /** About how many different ones the window that ends with this slot holds. */
  estimate(number: number, end: number): number {
    const sketch = this.#at(number);
    if (sketch.end !== end) this.#merge(sketch, end);
    const estimate = (ALPHA * REGISTERS * REGISTERS) / sketch.harmonic;
    const few = estimate <= 2.5 * REGISTERS && sketch.empty > 0;
    return Math.round(few ? REGISTERS * Math.log(REGISTERS / sketch.empty) : estimate);
  }

  bytesEach(): number {
    return REGISTERS * (this.#slots + 1) + 8 * this.#slots + 64;
  }

  bytes(): number {
    return this.#all.length * this.bytesEach();
  }

  #merge(sketch: Sketch, end: number): void {
    sketch.merged.fill(0);
    sketch.harmonic = REGISTERS;
    sketch.empty = REGISTERS;
    sketch.end = end;
    for (let place = 0; place < this.#slots; place++) {
      const slot = sketch.slotAt[place] ?? -1;
      if (slot === -1 || slot > end || slot <= end - this.#slots) continue;
      for (let index = 0; index < REGISTERS; index++) {
        const rank = sketch.registers[place * REGISTERS + index] ?? 0;
        if (rank > 0) raise(sketch, index, rank);
      }
    }
  }

  #at(number: number): Sketch {
    const sketch = this.#all[number];
    if (sketch === undefined) throw new RangeError('there is no such sketch');
    return sketch;
  }
}

function raise(sketch: Sketch, index: number, rank: number): void {
  const before = sketch.merged[index] ?? 0;
  if (rank <= before) return;
  sketch.merged[index] = rank;
  sketch.harmonic += (HALVES[rank] ?? 0) - (HALVES[before] ?? 0);
  if (before === 0) sketch.empty--;
}
