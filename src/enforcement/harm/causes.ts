/** What of that which acts by itself brought a cohort above its limit. Pure. */
import { type Cause, type Cohort, cohortKey, cohortsIn, HARM_WEIGHTS, type HarmItem, type HarmPause } from './harm.ts';

export interface Blamed {
  readonly cause: NonNullable<Cause>;
  /** Findings it rests on. */
  readonly n: number;
}

/** A cause is paused for at least this share of the harm found. */
const SHARE_MIN = 0.2;

/** Causes of what was found wrong in a cohort; not those that are paused, nor for what was known when a pause was lifted. */
export function blamedFor(cohort: Cohort, items: readonly HarmItem[], pauses: readonly HarmPause[]): readonly Blamed[] {
  const wanted = cohortKey(cohort);
  const sums = new Map<string, { cause: NonNullable<Cause>; harm: number; n: number }>();
  let all = 0;
  for (const { cohorts, sanction, finding, draw } of items) {
    if (sanction === null || finding?.outcome !== 'harmless') continue;
    if (!cohortsIn(cohorts).some((one) => cohortKey(one) === wanted)) continue;
    const harm = HARM_WEIGHTS[sanction.harm] / (draw?.chance ?? 1);
    all += harm;
    const { cause } = sanction;
    if (cause === null || isKnown(cause, finding.atMs, pauses)) continue;
    const key = `${cause.what} ${cause.name}`;
    const sum = sums.get(key) ?? { cause, harm: 0, n: 0 };
    sums.set(key, { cause, harm: sum.harm + harm, n: sum.n + 1 });
  }
  return [...sums.values()].filter(({ harm }) => harm >= SHARE_MIN * all).map(({ cause, n }) => ({ cause, n }));
}

function isKnown(cause: NonNullable<Cause>, atMs: number, pauses: readonly HarmPause[]): boolean {
  return pauses.some(
    ({ what, name, lifted }) => what === cause.what && name === cause.name && (lifted === null || lifted.atMs >= atMs),
  );
}
