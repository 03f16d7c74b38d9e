import { assert } from '../../base/assert.ts';

/** A number that only grows, or the current value of something, under one tuple of label values. */
export interface Slot {
  value: number;
}

/** How often values fell into each bucket, under one tuple of label values. */
export interface Distribution {
  /** One more than there are bounds; the last holds what is above them all. Not cumulative. */
  readonly counts: Float64Array;
  count: number;
  sum: number;
  observe(value: number): void;
}

export interface FamilyInfo {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

export interface Series<Cell> {
  readonly values: readonly string[];
  readonly cell: Cell;
}

/** Every series of one metric. Tuples beyond `seriesMax` share one series whose every label is `other`. */
export interface Family<Cell> {
  readonly info: FamilyInfo;
  /** The cell of a tuple, made when it is new; keep it, to spare the next look-up. */
  at(...values: readonly string[]): Cell;
  series(): Iterable<Series<Cell>>;
}

export const OTHER = 'other';
/** Series of one metric. A metrics store pays for each of them for as long as it keeps data. */
const SERIES_MAX = 2_000;
/** Between label values in the key of a tuple; label values that hold it are no worse than merged. */
const BETWEEN = '\u0000';

export type SlotFamily = Family<Slot> & { readonly type: 'counter' | 'gauge' };
export type DistributionFamily = Family<Distribution> & {
  readonly type: 'histogram';
  readonly bounds: readonly number[];
};

export function createCounter(info: FamilyInfo, seriesMax = SERIES_MAX): SlotFamily {
  return { type: 'counter', ...createFamily(info, seriesMax, () => ({ value: 0 })) };
}

/** `bounds` are the inclusive upper ends of the buckets, ascending, without infinity. */
export function createHistogram(
  info: FamilyInfo,
  bounds: readonly number[],
  seriesMax = SERIES_MAX,
): DistributionFamily {
  assert(
    bounds.every((bound, at) => at === 0 || bound > (bounds[at - 1] ?? bound)),
    `bounds of ${info.name} ascend`,
  );
  return { type: 'histogram', bounds, ...createFamily(info, seriesMax, () => createDistribution(bounds)) };
}

function createFamily<Cell>(info: FamilyInfo, seriesMax: number, make: () => Cell): Family<Cell> {
  const byKey = new Map<string, Series<Cell>>();
  let rest: Series<Cell> | null = null;
  return {
    info,
    at(...values) {
      assert(values.length === info.labels.length, `${info.name} takes ${info.labels.length} label values`);
      const key = values.join(BETWEEN);
      const known = byKey.get(key);
      if (known) return known.cell;
      if (byKey.size >= seriesMax) {
        rest ??= { values: info.labels.map(() => OTHER), cell: make() };
        return rest.cell;
      }
      const series = { values, cell: make() };
      byKey.set(key, series);
      return series.cell;
    },
    *series() {
      yield* byKey.values();
      if (rest) yield rest;
    },
  };
}

function createDistribution(bounds: readonly number[]): Distribution {
  return {
    counts: new Float64Array(bounds.length + 1),
    count: 0,
    sum: 0,
    observe(value) {
      // A duration that is not a number would spoil the sum for good.
      if (!Number.isFinite(value)) return;
      let at = 0;
      while (at < bounds.length && value > (bounds[at] ?? 0)) at++;
      this.counts[at] = (this.counts[at] ?? 0) + 1;
      this.count++;
      this.sum += value;
    },
  };
}
