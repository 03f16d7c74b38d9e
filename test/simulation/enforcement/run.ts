/** Everybody of a population file, once. */
import type { EnforcementFigures } from '../../../src/enforcement/simulation-report/contract.ts';
import { figuresOf, type Outcomes } from './figures/figures.ts';
import type { Populations } from './population.ts';
import { type ReturningFigures, runReturning } from './runs/returning.ts';
import { type RingFigures, runRing } from './runs/ring.ts';
import { runShared, type SharedFigures } from './runs/shared-account.ts';
import { runSoloCohort, type SoloFigures } from './runs/solo-cohort.ts';

export interface RunInput {
  readonly populations: Populations;
  readonly seed: number;
  readonly scale: number;
  /** What every chance that people heed what they are told is multiplied by. */
  readonly heeding: number;
  /** Null: all cohorts. */
  readonly only: string | null;
}

/** A cohort that is rare must still be some people where the scale is small. */
const PEOPLE_MIN = 50;

export function runOnce({ populations, seed, scale, heeding, only }: RunInput): EnforcementFigures {
  const solo: SoloFigures[] = [];
  const shared: SharedFigures[] = [];
  const rings: RingFigures[] = [];
  let returning: ReturningFigures | null = null;
  const { readers } = populations;
  for (const cohort of populations.cohorts) {
    if (only !== null && !cohort.name.startsWith(only)) continue;
    if (cohort.kind === 'solo') {
      const least = Math.min(1, PEOPLE_MIN / cohort.accounts);
      solo.push(runSoloCohort(cohort, seed, { scale: Math.max(scale, least), heeding }, readers));
    } else if (cohort.kind === 'shared') shared.push(runShared(cohort, seed, { scale, heeding }, readers));
    else if (cohort.kind === 'ring') rings.push(runRing(cohort, seed, scale, readers));
    else returning = runReturning(cohort, seed, scale);
  }
  const outcomes: Outcomes = { solo, shared, rings, returning };
  return figuresOf(outcomes);
}
