import { fieldAt, fieldCode } from '../evidence/fields.ts';
import type { Agreement } from '../evidence.ts';
import { roomFor } from './columns.ts';

/** What the two ends of each edge agree in, to a tenth of a bit, in 48 bytes an edge. */
export interface Agreed {
  put(edge: number, agreements: readonly Agreement[]): void;
  at(edge: number): Agreement[];
}

const START = 256;
/** Kept of an edge, the strongest first. */
const AGREEMENTS_MAX = 8;
const TENTHS_MAX = 255;

export function createAgreed(): Agreed {
  /** Pairs of a field's code, counted from 1, and tenths of a bit; 0 ends an edge's. */
  let fields = new Uint8Array(START * AGREEMENTS_MAX * 2);
  let operators = new Uint32Array(START * AGREEMENTS_MAX);
  return {
    put(edge, agreements) {
      fields = roomFor(fields, (edge + 1) * AGREEMENTS_MAX * 2);
      operators = roomFor(operators, (edge + 1) * AGREEMENTS_MAX);
      const strongest = agreements.toSorted((a, b) => b.bits - a.bits).slice(0, AGREEMENTS_MAX);
      for (const [nth, { field, bits, operators: many }] of strongest.entries()) {
        const at = edge * AGREEMENTS_MAX + nth;
        fields[2 * at] = fieldCode(field) + 1;
        fields[2 * at + 1] = Math.min(TENTHS_MAX, Math.round(10 * bits));
        operators[at] = many;
      }
    },
    at(edge) {
      const found: Agreement[] = [];
      for (let at = edge * AGREEMENTS_MAX; at < (edge + 1) * AGREEMENTS_MAX; at++) {
        const code = fields[2 * at] ?? 0;
        if (code === 0) break;
        const { name, family } = fieldAt(code - 1);
        found.push({ family, field: name, bits: (fields[2 * at + 1] ?? 0) / 10, operators: operators[at] ?? 0 });
      }
      return found;
    },
  };
}
