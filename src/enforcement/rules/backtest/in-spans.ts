import { orderOf } from './replay.ts';
import type { ReplayKind } from './protocol.ts';

/**
 * Brings rows that come span by span of their arrival into the order of the whole: a request that arrived in one span may
 * end in a later one, so what ends behind a span waits for the next.
 */
export interface InSpans {
  /** Rows of one span in order; the array of a row is its reader's and may be filled anew. */
  span(rows: Iterable<readonly string[]>, untilMs: number): void;
  /** What still waits, when there are no more. */
  end(): void;
}

export function createInSpans(kind: ReplayKind, show: (row: readonly string[]) => void): InSpans {
  let waiting: (readonly string[])[] = [];
  const isBefore = (a: readonly string[], b: readonly string[]): boolean => {
    const apart = orderOf(kind, a) - orderOf(kind, b);
    return apart === 0 ? (a[0] ?? '') < (b[0] ?? '') : apart < 0;
  };
  const inOrder = (a: readonly string[], b: readonly string[]) => (isBefore(a, b) ? -1 : 1);

  return {
    span(rows, untilMs) {
      const held = waiting.filter((row) => orderOf(kind, row) < untilMs);
      const later = waiting.filter((row) => orderOf(kind, row) >= untilMs);
      let next = 0;
      for (const row of rows) {
        if (orderOf(kind, row) >= untilMs) {
          later.push([...row]);
          continue;
        }
        for (let one = held[next]; one !== undefined && isBefore(one, row); one = held[next]) {
          show(one);
          next++;
        }
        show(row);
      }
      for (const row of held.slice(next)) show(row);
      waiting = later.sort(inOrder);
    },
    end() {
      for (const row of waiting) show(row);
      waiting = [];
    },
  };
}
