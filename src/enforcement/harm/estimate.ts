/** How many legitimate people are harmed, from what random audits and appeals found. Pure. */
import { betaAbove } from '../judgement/posterior.ts';
import {
  type ActiveCount,
  type Cohort,
  cohortKey,
  cohortsIn,
  HARM_CLASSES,
  HARM_WEIGHTS,
  type HarmClass,
  type HarmItem,
  type HarmPolicy,
} from './harm.ts';

export interface ClassEstimate {
  readonly step: HarmClass;
  readonly sanctions: number;
  readonly audited: number;
  readonly wrong: number;
}

export interface HarmEstimate {
  readonly cohort: Cohort;
  readonly active: number;
  readonly sanctions: number;
  readonly audited: number;
  readonly wrong: number;
  readonly per10k: number | null;
  readonly upperPer10k: number | null;
  readonly limitPer10k: number;
  readonly state: 'within' | 'above' | 'unknown';
  readonly steps: readonly ClassEstimate[];
  readonly missed: { readonly audited: number; readonly found: number };
}

/** Jeffreys' prior of a share. */
const PRIOR = 0.5;
const UPPER = 0.95;
/** Nothing is paused for one person's finding. */
const WRONG_MIN = 2;

export function estimateHarm(
  items: readonly HarmItem[],
  active: readonly ActiveCount[],
  policy: HarmPolicy,
): HarmEstimate[] {
  const byCohort = new Map<string, HarmItem[]>();
  for (const item of items) {
    for (const cohort of cohortsIn(item.cohorts)) {
      const key = cohortKey(cohort);
      byCohort.set(key, [...(byCohort.get(key) ?? []), item]);
    }
  }
  return active.map((cohort) => estimateCohort(cohort, byCohort.get(cohortKey(cohort)) ?? [], policy));
}

function estimateCohort(
  { accounts, kind, value }: ActiveCount,
  items: readonly HarmItem[],
  policy: HarmPolicy,
): HarmEstimate {
  const sums = HARM_CLASSES.map((step) => sumClass(step, items));
  const limitPer10k = kind === 'all' ? policy.limitPer10k : policy.cohortLimitPer10k;
  const wrong = total(sums, (sum) => sum.wrong);
  const scale = accounts === 0 ? null : 10_000 / accounts;
  const mean = scale === null ? null : total(sums, (sum) => sum.mean) * scale;
  const upper = scale === null ? null : upperOf(sums) * scale;
  const unsanctioned = items.filter(({ sanction, finding }) => sanction === null && finding !== null);
  const found = unsanctioned.filter(({ finding }) => finding?.outcome === 'abuse').length;
  return {
    cohort: { kind, value },
    active: accounts,
    sanctions: total(sums, (sum) => sum.sanctions),
    audited: total(sums, (sum) => sum.audited),
    wrong,
    per10k: mean,
    upperPer10k: upper,
    limitPer10k,
    state: stateOf(mean, upper, limitPer10k, wrong),
    steps: sums.map(({ step, sanctions, audited, wrong: of }) => ({ step, sanctions, audited, wrong: of })),
    missed: { audited: unsanctioned.length, found },
  };
}

/** With few findings the prior alone would be above a limit: that is not known, and nothing is paused for it. */
function stateOf(mean: number | null, upper: number | null, limit: number, wrong: number): HarmEstimate['state'] {
  if (mean === null || upper === null) return 'unknown';
  if (upper <= limit) return 'within';
  return mean > limit && wrong >= WRONG_MIN ? 'above' : 'unknown';
}

interface ClassSum extends ClassEstimate {
  /** Weighted people harmed: expected, its variance, and the most it can be. */
  readonly mean: number;
  readonly variance: number;
  readonly floor: number;
  readonly most: number;
}

/**
 * What appeals found wrong is known; of the rest, the share that is wrong is a Beta posterior over audits. Each audit
 * counts by the inverse of the chance it was drawn at (Horvitz and Thompson), and all of them as as many as their weights
 * are worth (Kish's effective sample size).
 */
function sumClass(step: HarmClass, items: readonly HarmItem[]): ClassSum {
  const weight = HARM_WEIGHTS[step];
  const theirs = items.filter(({ sanction }) => sanction?.harm === step);
  const overturned = theirs.filter(({ sanction }) => sanction?.appeal === 'overturned').length;
  const rest = theirs.filter(({ sanction }) => sanction?.appeal === 'none' || sanction?.appeal === 'open');
  let weights = 0;
  let squares = 0;
  let wrongWeights = 0;
  let audited = 0;
  let wrong = 0;
  for (const { draw, finding } of rest) {
    if (draw === null || finding === null) continue;
    const counts = 1 / draw.chance;
    weights += counts;
    squares += counts * counts;
    audited += 1;
    if (finding.outcome !== 'harmless') continue;
    wrongWeights += counts;
    wrong += 1;
  }
  const worth = squares === 0 ? 0 : (weights * weights) / squares;
  const share = weights === 0 ? 0 : wrongWeights / weights;
  const alpha = PRIOR + worth * share;
  const beta = PRIOR + worth * (1 - share);
  const people = weight * rest.length;
  return {
    step,
    sanctions: theirs.length,
    audited: audited + (theirs.length - rest.length),
    wrong: wrong + overturned,
    floor: weight * overturned,
    mean: weight * overturned + (people * alpha) / (alpha + beta),
    variance: people * people * ((alpha * beta) / ((alpha + beta) ** 2 * (alpha + beta + 1))),
    most: people,
  };
}

/** The 95 % bound of the sum, taken for one Beta distribution of the same mean and variance. */
function upperOf(sums: readonly ClassSum[]): number {
  const floor = total(sums, (sum) => sum.floor);
  const most = total(sums, (sum) => sum.most);
  if (most === 0) return floor;
  const mean = (total(sums, (sum) => sum.mean) - floor) / most;
  const variance = total(sums, (sum) => sum.variance) / (most * most);
  const size = (mean * (1 - mean)) / variance - 1;
  return floor + most * quantile(UPPER, mean * size, (1 - mean) * size);
}

/** By halving: the share that is above `probability` of a Beta distribution. */
function quantile(probability: number, alpha: number, beta: number): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (betaAbove(middle, alpha, beta) > 1 - probability) low = middle;
    else high = middle;
  }
  return high;
}

function total<Row>(rows: readonly Row[], of: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0);
}
