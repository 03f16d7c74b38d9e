import type { Counter } from './counter.ts';
import { KeyTable } from './key-table.ts';
import type { Room } from './room.ts';

/** A window is told to a sixtieth of its length. */
export const RING_SLOTS = 60;

export interface RingOptions {
  readonly windowMs: number;
  /** `sum`: amounts are added up; else events are counted. */
  readonly sums: boolean;
  readonly keysMax: number;
  readonly room: Room;
}

/**
 * Counts or sums of a sliding window of 60 slots, exact for what lies in whole slots: the window ends with the slot of
 * the event and begins 59 slots before it.
 */
export function createRingCounter({ windowMs, sums, keysMax, room }: RingOptions): Counter {
  const slotMs = windowMs / RING_SLOTS;
  const make = (length: number) => (sums ? new Float64Array(length) : new Uint32Array(length));
  let slots = make(0);
  /** Of all slots of a key, as of its newest. */
  let totals = new Float64Array(0);
  const payload = {
    bytesEach: RING_SLOTS * (sums ? 8 : 4) + 8,
    resize(entries: number, from: Int32Array) {
      const [before, totalsBefore] = [slots, totals];
      slots = make(entries * RING_SLOTS);
      totals = new Float64Array(entries);
      for (let at = 0; at < entries; at++) {
        const old = from[at] ?? -1;
        if (old === -1) continue;
        slots.set(before.subarray(old * RING_SLOTS, (old + 1) * RING_SLOTS), at * RING_SLOTS);
        totals[at] = totalsBefore[old] ?? 0;
      }
    },
    clear(at: number) {
      slots.fill(0, at * RING_SLOTS, (at + 1) * RING_SLOTS);
      totals[at] = 0;
    },
  };
  const table = new KeyTable(payload, room, keysMax);

  /** Empties the slots between the newest event there was and this one. */
  function advance(at: number, from: number, to: number): void {
    const base = at * RING_SLOTS;
    const steps = Math.min(to - from, RING_SLOTS);
    for (let step = 0; step < steps; step++) slots[base + ((to - step) % RING_SLOTS)] = 0;
    totals[at] = sumOf(slots, base);
    table.newest[at] = to;
  }

  return {
    add(low, high, atMs, value) {
      const slot = Math.floor(atMs / slotMs);
      const at = table.claim(low, high, slot, slot - RING_SLOTS + 1);
      if (at === -1) return;
      const newest = table.newest[at] ?? slot;
      if (slot <= newest - RING_SLOTS) return;
      if (slot > newest) advance(at, newest, slot);
      const place = at * RING_SLOTS + (slot % RING_SLOTS);
      const before = slots[place] ?? 0;
      const more = sums ? value : 1;
      slots[place] = before + more;
      totals[at] = (totals[at] ?? 0) + more;
    },
    read(low, high, atMs) {
      const at = table.find(low, high);
      if (at === -1) return 0;
      const newest = table.newest[at] ?? 0;
      const end = Math.max(newest, Math.floor(atMs / slotMs));
      if (end === newest) return totals[at] ?? 0;
      let sum = 0;
      for (let slot = end - RING_SLOTS + 1; slot <= newest; slot++) {
        sum += slots[at * RING_SLOTS + (slot % RING_SLOTS)] ?? 0;
      }
      return sum;
    },
    figures: () => ({ bytes: table.bytes(), evicted: table.evicted }),
  };
}

/** Added up anew rather than taken off, so that fractions do not add up to what was never there. */
function sumOf(slots: Uint32Array | Float64Array, base: number): number {
  let sum = 0;
  for (let place = base; place < base + RING_SLOTS; place++) sum += slots[place] ?? 0;
  return sum;
}
