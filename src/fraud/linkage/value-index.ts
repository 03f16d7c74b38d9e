import type { EvidenceValue } from '../evidence/evidence-of.ts';
import { roomFor } from './columns.ts';

/** Numbers the values there are, in the order they came: a hash table of open addressing over columns. */
export interface ValueIndex {
  /** The number of a value, given when it is new. */
  place(value: EvidenceValue): number;
  /** -1 for one nobody has. */
  find(value: EvidenceValue): number;
  at(place: number): EvidenceValue;
  fieldOf(place: number): number;
  readonly size: number;
  readonly bytes: number;
}

const START = 1_024;
const FULL_SHARE = 0.6;
const FREE = -1;

export function createValueIndex(): ValueIndex {
  let highs = new Uint32Array(START);
  let lows = new Uint32Array(START);
  let fields = new Uint8Array(START);
  let slots = new Int32Array(START * 2).fill(FREE);
  let size = 0;

  function slotOf(field: number, high: number, low: number): number {
    const mask = slots.length - 1;
    let slot = (low ^ Math.imul(field + 1, 0x9e3779b1)) & mask;
    for (let at = slots[slot] ?? FREE; at !== FREE; at = slots[slot] ?? FREE) {
      if (lows[at] === low && highs[at] === high && fields[at] === field) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  function widen(): void {
    slots = new Int32Array(slots.length * 2).fill(FREE);
    for (let at = 0; at < size; at++) slots[slotOf(fields[at] ?? 0, highs[at] ?? 0, lows[at] ?? 0)] = at;
  }

  function add({ field, high, low }: EvidenceValue): number {
    if (size + 1 > slots.length * FULL_SHARE) widen();
    highs = roomFor(highs, size + 1);
    lows = roomFor(lows, size + 1);
    fields = roomFor(fields, size + 1);
    highs[size] = high;
    lows[size] = low;
    fields[size] = field;
    slots[slotOf(field, high, low)] = size;
    return size++;
  }

  const find = ({ field, high, low }: EvidenceValue) => slots[slotOf(field, high, low)] ?? FREE;
  return {
    find,
    place: (value) => {
      const found = find(value);
      return found === FREE ? add(value) : found;
    },
    at: (place) => ({ field: fields[place] ?? 0, high: highs[place] ?? 0, low: lows[place] ?? 0 }),
    fieldOf: (place) => fields[place] ?? 0,
    get size() {
      return size;
    },
    get bytes() {
      return highs.byteLength + lows.byteLength + fields.byteLength + slots.byteLength;
    },
  };
}
