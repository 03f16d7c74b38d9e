/** Everybody of a cohort of people with accounts of their own, and what became of them, in sums. */
import { rankOf, type Step, STEPS } from '../../../../src/enforcement/step.ts';
import { createDraw } from '../../front-door/draw.ts';
import type { Counts } from '../engine/bench.ts';
import { judgeOfOne } from '../engine/judges.ts';
import { type Readers, type Solo, scaled } from '../population.ts';
import { watchBaselines } from './baselines.ts';
import { runSolo, type SoloOutcome } from './solo.ts';

export interface BaselineFigures {
  readonly banned: number | null;
  readonly requests_median: number | null;
}

/** Of one group: a cohort, or those of it who speak a language, live somewhere, pay or do not. */
export interface Tally {
  people: number;
  requests: number;
  highest: Record<Step | 'none', number>;
  /** Weighted by step, persons. */
  harm: number;
  blocked_hours: number;
}

export interface SoloFigures {
  readonly name: string;
  readonly role: Solo['role'];
  readonly all: Tally;
  readonly by: Readonly<Record<string, Tally>>;
  /** Of each person, in order of size; null: never. */
  readonly requests_until_blocked: readonly (number | null)[];
  readonly minutes_until_blocked: readonly (number | null)[];
  readonly counts: Counts;
  readonly certified: { readonly people: number; readonly bound: number };
  readonly by_people: number;
  readonly baselines: Readonly<Record<'three_flags' | 'one_stage_cusum', BaselineFigures>>;
}

/** What a step counts for in harm: throttled a tenth, suspended one, closed three. */
const WEIGHTS: Readonly<Record<Step, number>> = {
  notice: 0,
  warning: 0.01,
  friction: 0.02,
  throttle: 0.1,
  cool_off: 0.4,
  restrict: 0.4,
  suspend: 1,
  operator: 1,
  terminate: 3,
};
const STOPS_FROM = rankOf('cool_off');
const HOUR_MS = 3_600_000;

export function runSoloCohort(
  cohort: Solo,
  seed: number,
  { scale, heeding }: { readonly scale: number; readonly heeding: number },
  readers: Readers,
): SoloFigures {
  const all = emptyTally();
  const by: Record<string, Tally> = {};
  const until: (number | null)[] = [];
  const minutes: (number | null)[] = [];
  const counts = emptyCounts();
  const banned = { three_flags: [] as (number | null)[], one_stage_cusum: [] as (number | null)[] };
  let certified = 0;
  let bound = 0;
  let byPeople = 0;
  const people = scaled(cohort.accounts, scale);
  for (let nth = 0; nth < people; nth += 1) {
    const draw = createDraw(`seed ${seed}/${cohort.name}/${nth}`);
    const baselines = watchBaselines();
    const outcome = runSolo(cohort, draw, readers, ({ declares }) => judgeOfOne(declares), heeding, baselines.overhear);
    for (const group of groupsOf(outcome)) count(outcome, (by[group] ??= emptyTally()));
    count(outcome, all);
    until.push(outcome.requestsUntilBlocked);
    minutes.push(outcome.minutesUntilBlocked);
    for (const name of Object.keys(counts) as (keyof Counts)[]) counts[name] += outcome.counts[name];
    const certificates = outcome.felt.flatMap(({ proposal, step }) =>
      rankOf(step) >= STOPS_FROM && proposal.certificate !== null ? [proposal.certificate.bound] : [],
    );
    if (certificates.length > 0) certified += 1;
    bound = Math.max(bound, ...certificates);
    if (outcome.felt.some(({ by: who }) => who === 'people')) byPeople += 1;
    const { three_flags: threeFlags, one_stage_cusum: cusum } = baselines.result();
    banned.three_flags.push(threeFlags);
    banned.one_stage_cusum.push(cusum);
  }
  return {
    name: cohort.name,
    role: cohort.role,
    all,
    by,
    requests_until_blocked: until,
    minutes_until_blocked: minutes,
    counts,
    certified: { people: certified, bound },
    by_people: byPeople,
    baselines: { three_flags: baselineOf(banned.three_flags), one_stage_cusum: baselineOf(banned.one_stage_cusum) },
  };
}

function groupsOf({ language, place, plan }: SoloOutcome): string[] {
  return [`language ${language}`, `place ${place}`, `plan ${plan}`];
}

function count({ felt, served }: SoloOutcome, tally: Tally): void {
  tally.people += 1;
  tally.requests += served;
  let highest: Step | 'none' = 'none';
  for (const { step, atMs, untilMs, ended, unit } of felt) {
    if (highest === 'none' || rankOf(step) > rankOf(highest)) highest = step;
    if (rankOf(step) >= STOPS_FROM && unit.kind === 'account' && ended !== 'replaced' && Number.isFinite(untilMs))
      tally.blocked_hours += (untilMs - atMs) / HOUR_MS;
  }
  tally.highest[highest] += 1;
  if (highest !== 'none') tally.harm += WEIGHTS[highest];
}

export function emptyTally(): Tally {
  const highest = Object.fromEntries(['none', ...STEPS].map((step) => [step, 0])) as Tally['highest'];
  return { people: 0, requests: 0, highest, harm: 0, blocked_hours: 0 };
}

function emptyCounts(): Counts {
  return {
    signals: 0,
    second_readings: 0,
    cases: 0,
    appeals: 0,
    overturned: 0,
    overturned_wrongly: 0,
    upheld_wrongly: 0,
  };
}

function baselineOf(until: readonly (number | null)[]): BaselineFigures {
  const banned = until.filter((one) => one !== null).length;
  return { banned: until.length === 0 ? null : banned / until.length, requests_median: quantileOf(until, 0.5) };
}

/** Of all, those for whom it never came last; null where the quantile is one of them. */
export function quantileOf(values: readonly (number | null)[], quantile: number): number | null {
  const sorted = values.map((one) => one ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * quantile) - 1)];
  return value === undefined || !Number.isFinite(value) ? null : value;
}

/** People of a tally at a step or beyond. */
export function atLeast({ highest }: Tally, step: Step): number {
  return STEPS.filter((one) => rankOf(one) >= rankOf(step)).reduce((sum, one) => sum + highest[one], 0);
}
