/** Counts that are published: nobody is told apart by them, and they add up. Pure. */

export interface PublishedTally {
  /** Null where it is below five itself. */
  readonly total: number | null;
  readonly rows: readonly { readonly name: string; readonly count: number }[];
}

/** A count below this points at somebody. */
export const COUNT_MIN = 5;
const OTHER = 'other';

/** A count as it may be published: 0 is nobody, and nobody is pointed at by it. */
export function publishedCount(count: number): number | null {
  return count > 0 && count < COUNT_MIN ? null : count;
}

/**
 * Rows of at least five, the greatest first, that add up to the total. Smaller ones stand together under `other`; where
 * those are fewer than five, the next smallest joins them, so that no row is found by subtraction.
 */
export function publishedTally(counts: ReadonlyMap<string, number>): PublishedTally {
  const all = [...counts].filter(([, count]) => count > 0).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const total = all.reduce((sum, [, count]) => sum + count, 0);
  if (publishedCount(total) === null) return { total: null, rows: [] };
  const rows = all.map(([name, count]) => ({ name, count }));
  let other = 0;
  for (;;) {
    const last = rows.at(-1);
    if (last === undefined || (last.count >= COUNT_MIN && (other === 0 || other >= COUNT_MIN))) break;
    other += last.count;
    rows.pop();
  }
  return { total, rows: other === 0 ? rows : [...rows, { name: OTHER, count: other }] };
}
