import type { EvidenceValue } from '../evidence/evidence-of.ts';
import { fieldAt } from '../evidence/fields.ts';

/** Field, version, day it was seen (since 1970), and the digest. */
const BYTES_EACH = 12;
const DAY_MS = 86_400_000;

/** A value of an account with the time it was seen. */
export interface SeenValue {
  readonly value: EvidenceValue;
  readonly day: number;
}

export function packEvidence(seen: readonly SeenValue[]): Uint8Array {
  const packed = new DataView(new ArrayBuffer(seen.length * BYTES_EACH));
  for (const [nth, { value, day }] of seen.entries()) {
    const at = nth * BYTES_EACH;
    packed.setUint8(at, value.field);
    packed.setUint8(at + 1, fieldAt(value.field).version);
    packed.setUint16(at + 2, day, true);
    packed.setUint32(at + 4, value.high, true);
    packed.setUint32(at + 8, value.low, true);
  }
  return new Uint8Array(packed.buffer);
}

/**
 * Values worked out in a way that is no longer used are left out: they would equal no new ones. Each is told in the same
 * object, for millions of them are read at the start.
 */
export function unpackEvidence(packed: Uint8Array, told: (value: EvidenceValue, day: number) => void): void {
  const value = { field: 0, high: 0, low: 0 };
  for (let at = 0; at + BYTES_EACH <= packed.length; at += BYTES_EACH) {
    value.field = packed[at] ?? 0;
    if (fieldAt(value.field).version !== packed[at + 1]) continue;
    value.high = uint32At(packed, at + 4);
    value.low = uint32At(packed, at + 8);
    told(value, uint16At(packed, at + 2));
  }
}

/** Little end first; a `DataView` on each of a million small arrays would take as long as all the rest. */
function uint16At(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

function uint32At(bytes: Uint8Array, at: number): number {
  return (uint16At(bytes, at) | (uint16At(bytes, at + 2) << 16)) >>> 0;
}

export function dayOf(atMs: number): number {
  return Math.floor(atMs / DAY_MS);
}
