/** One figure over several repeats. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Of at least one value; an even count takes the lower middle, so that the median is a value that was measured. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)];
  if (median === undefined) throw new Error('a spread needs at least one value');
  return { median, min: sorted[0] ?? median, max: sorted.at(-1) ?? median };
}
