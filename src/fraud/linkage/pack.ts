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

/** Values worked out in a way that is no longer used are left out: they would equal no new ones. */
export function unpackEvidence(packed: Uint8Array): SeenValue[] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const seen: SeenValue[] = [];
  for (let at = 0; at + BYTES_EACH <= view.byteLength; at += BYTES_EACH) {
    const field = view.getUint8(at);
    if (fieldAt(field).version !== view.getUint8(at + 1)) continue;
    const value = { field, high: view.getUint32(at + 4, true), low: view.getUint32(at + 8, true) };
    seen.push({ value, day: view.getUint16(at + 2, true) });
  }
  return seen;
}

export function dayOf(atMs: number): number {
  return Math.floor(atMs / DAY_MS);
}
