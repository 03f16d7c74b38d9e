/** Who waits for one plan, by the serials of their tickets, and how fast people were let in. In memory: 8 bytes for each. */
export interface Line {
  join(serial: number): void;
  leave(serials: readonly number[]): void;
  /** How many stand before this one. */
  ahead(serial: number): number;
  length(): number;
  admitted(count: number, atMs: number): void;
  /** People let in a millisecond over the last week; null when nobody was. */
  perMs(nowMs: number): number | null;
}

const WEEK_MS = 604_800_000;
/** A day at least, so that one batch an hour ago promises no rush. */
const OVER_MS_MIN = 86_400_000;

export interface Admission {
  readonly atMs: number;
  readonly count: number;
}

/** @param serials of those who wait, in their order */
export function createLine(serials: readonly number[], admissions: readonly Admission[]): Line {
  const waiting = [...serials];
  let recent = [...admissions];

  /** The place of the first serial that is not smaller, by halves. */
  function placeOf(serial: number): number {
    let low = 0;
    let high = waiting.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((waiting[middle] ?? 0) < serial) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  return {
    join: (serial) => void waiting.splice(placeOf(serial), 0, serial),
    leave(gone) {
      for (const serial of gone) {
        const at = placeOf(serial);
        if (waiting[at] === serial) waiting.splice(at, 1);
      }
    },
    ahead: placeOf,
    length: () => waiting.length,
    admitted: (count, atMs) => void recent.push({ atMs, count }),
    perMs(nowMs) {
      recent = recent.filter(({ atMs }) => atMs > nowMs - WEEK_MS);
      const [first] = recent;
      if (first === undefined) return null;
      const people = recent.reduce((sum, { count }) => sum + count, 0);
      return people / Math.max(nowMs - first.atMs, OVER_MS_MIN);
    },
  };
}
