import type { Room } from './room.ts';

const BYTES_PER_VALUE = 8;

/** Short lists of different values, each with the last slot it was seen in; all of one length, a bounded number of them. */
export class ValueLists {
  readonly #length: number;
  readonly #max: number;
  /** Null: whoever holds the lists counts their bytes. */
  readonly #room: Room | null;
  #values = new Uint32Array(0);
  #slots = new Uint32Array(0);
  #counts = new Uint8Array(0);
  #owners: number[] = [];
  readonly #free: number[] = [];

  constructor(length: number, max: number, room: Room | null) {
    this.#length = length;
    this.#max = max;
    this.#room = room;
  }

  /** The number of an empty list; -1 where there may be no more. */
  take(owner: number): number {
    const free = this.#free.pop();
    if (free !== undefined) {
      this.#owners[free] = owner;
      this.#counts[free] = 0;
      return free;
    }
    const number = this.#owners.length;
    if (number >= this.#counts.length && !this.#grow()) return -1;
    this.#owners.push(owner);
    return number;
  }

  giveBack(list: number): void {
    this.#owners[list] = -1;
    this.#free.push(list);
  }

  owners(): readonly number[] {
    return this.#owners;
  }

  moved(list: number, owner: number): void {
    this.#owners[list] = owner;
  }

  empty(list: number): void {
    this.#counts[list] = 0;
  }

  /** Whether the value is in the list now; values last seen in `deadUpTo` or before give way. */
  put(list: number, value: number, slot: number, deadUpTo: number): boolean {
    const base = list * this.#length;
    const count = this.#counts[list] ?? 0;
    for (let at = base; at < base + count; at++) {
      if (this.#values[at] !== value) continue;
      this.#slots[at] = Math.max(this.#slots[at] ?? 0, slot);
      return true;
    }
    const kept = count < this.#length ? count : this.#compact(base, count, deadUpTo);
    this.#counts[list] = kept;
    if (kept === this.#length) return false;
    this.#values[base + kept] = value;
    this.#slots[base + kept] = slot;
    this.#counts[list] = kept + 1;
    return true;
  }

  /** Values seen after `deadUpTo`. */
  count(list: number, deadUpTo: number): number {
    const base = list * this.#length;
    let count = 0;
    for (let at = base; at < base + (this.#counts[list] ?? 0); at++) {
      if ((this.#slots[at] ?? 0) > deadUpTo) count++;
    }
    return count;
  }

  each(list: number, visit: (value: number, slot: number) => void): void {
    const base = list * this.#length;
    for (let at = base; at < base + (this.#counts[list] ?? 0); at++) visit(this.#values[at] ?? 0, this.#slots[at] ?? 0);
  }

  /** For lists that lie beside something: as many as that, each where it goes. */
  rearrange(lists: number, from: Int32Array): void {
    const [values, slots, counts] = [this.#values, this.#slots, this.#counts];
    this.#allocate(lists);
    for (let at = 0; at < lists; at++) {
      const old = from[at] ?? -1;
      if (old === -1) continue;
      this.#counts[at] = counts[old] ?? 0;
      const span = [old * this.#length, (old + 1) * this.#length] as const;
      this.#values.set(values.subarray(...span), at * this.#length);
      this.#slots.set(slots.subarray(...span), at * this.#length);
    }
  }

  bytes(): number {
    return this.#counts.length * (this.#length * BYTES_PER_VALUE + 1);
  }

  #compact(base: number, count: number, deadUpTo: number): number {
    let kept = 0;
    for (let at = base; at < base + count; at++) {
      if ((this.#slots[at] ?? 0) <= deadUpTo) continue;
      this.#values[base + kept] = this.#values[at] ?? 0;
      this.#slots[base + kept] = this.#slots[at] ?? 0;
      kept++;
    }
    return kept;
  }

  #grow(): boolean {
    const before = this.#counts.length;
    const lists = Math.min(Math.max(before * 2, 64), this.#max);
    const bytes = (lists - before) * (this.#length * BYTES_PER_VALUE + 1);
    if (lists <= before || this.#room?.take(bytes) === false) return false;
    const [values, slots, counts] = [this.#values, this.#slots, this.#counts];
    this.#allocate(lists);
    this.#values.set(values);
    this.#slots.set(slots);
    this.#counts.set(counts);
    return true;
  }

  #allocate(lists: number): void {
    this.#values = new Uint32Array(lists * this.#length);
    this.#slots = new Uint32Array(lists * this.#length);
    this.#counts = new Uint8Array(lists);
  }
}
