import type { EvidenceValue } from '../evidence/evidence-of.ts';
import { roomFor } from './columns.ts';
import { createSlots } from './slots.ts';

/** Numbers the values there are, in the order they came. */
export interface ValueIndex {
  /** The number of a value, given when it is new. */
  place(value: EvidenceValue): number;
  /** -1 for one nobody has. */
  find(value: EvidenceValue): number;
  at(place: number): EvidenceValue;
  fieldOf(place: number): number;
}

const START = 1_024;

export function createValueIndex(): ValueIndex {
  let highs = new Uint32Array(START);
  let lows = new Uint32Array(START);
  let fields = new Uint8Array(START);
  let size = 0;
  const slots = createSlots<EvidenceValue>(
    (place) => hashOf(fields[place] ?? 0, lows[place] ?? 0),
    (place, { field, high, low }) => lows[place] === low && highs[place] === high && fields[place] === field,
  );

  const find = (value: EvidenceValue) => slots.find(hashOf(value.field, value.low), value);

  function add({ field, high, low }: EvidenceValue): number {
    highs = roomFor(highs, size + 1);
    lows = roomFor(lows, size + 1);
    fields = roomFor(fields, size + 1);
    highs[size] = high;
    lows[size] = low;
    fields[size] = field;
    slots.add(hashOf(field, low), size);
    return size++;
  }

  return {
    find,
    place(value) {
      const found = find(value);
      return found === -1 ? add(value) : found;
    },
    at: (place) => ({ field: fields[place] ?? 0, high: highs[place] ?? 0, low: lows[place] ?? 0 }),
    fieldOf: (place) => fields[place] ?? 0,
  };
}

/** A value is a digest: its bits are as good as any hash of them. */
function hashOf(field: number, low: number): number {
  return (low ^ Math.imul(field + 1, 0x9e3779b1)) >>> 0;
}
