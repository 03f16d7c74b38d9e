/**
 * How long the catalogue runs. `CANDOR_KILLS` and `CANDOR_POWER_CUTS` say how often; `CANDOR_FAULT_MINUTES` gives each
 * kind its share of that time instead.
 */
import { FAIL_POINTS } from '../../src/runtime/fail-point.ts';

/** Shares of `CANDOR_FAULT_MINUTES`; what is left is for the faults whose length is their own. */
const SHARE = { kills: 0.3, points: 0.3, powerCuts: 0.25 } as const;

const USUAL = { kills: 16, points: 2 * FAIL_POINTS.length, powerCuts: 3 } as const;

export type RoundKind = keyof typeof SHARE;

export interface Rounds {
  /** Takes one more round; false when there have been enough. */
  next(): boolean;
  taken(): number;
  /** For the test's own time-out. */
  readonly timeoutMs: number;
}

/** A round takes half a second; this is for machines that are busy with something else. */
const ROUND_MS_MAX = 10_000;
const LEAST_TIMEOUT_MS = 120_000;

/** Whether this run has been asked to take its time: faults that take most of a minute are for those. */
export function isLongRun(): boolean {
  return numberOf('CANDOR_FAULT_MINUTES') !== null || (numberOf('CANDOR_KILLS') ?? 0) > 100;
}

/** The rounds of one kind. Time starts to run with the first. */
export function roundsOf(kind: RoundKind): Rounds {
  const minutes = numberOf('CANDOR_FAULT_MINUTES');
  const asked = numberOf(kind === 'powerCuts' ? 'CANDOR_POWER_CUTS' : 'CANDOR_KILLS');
  const count = kind === 'powerCuts' ? asked : halfOf(asked, kind);
  const usual = count ?? USUAL[kind];
  const limitMs = minutes === null ? null : minutes * 60_000 * SHARE[kind];
  let taken = 0;
  let startedMs = 0;
  return {
    next() {
      startedMs ||= performance.now();
      const enough = limitMs === null ? taken >= usual : taken >= 1 && performance.now() - startedMs >= limitMs;
      if (!enough) taken++;
      return !enough;
    },
    taken: () => taken,
    timeoutMs: Math.max(LEAST_TIMEOUT_MS, limitMs === null ? usual * ROUND_MS_MAX : limitMs + LEAST_TIMEOUT_MS),
  };
}

/** Half of the kills come at random moments, half at named points. */
function halfOf(kills: number | null, kind: RoundKind): number | null {
  if (kills === null) return null;
  return kind === 'kills' ? Math.ceil(kills / 2) : Math.floor(kills / 2);
}

function numberOf(variable: string): number | null {
  const text = process.env[variable];
  if (text === undefined || text === '') return null;
  const number = Number(text);
  if (!(number > 0)) throw new Error(`${variable} is ${text}; give a number above 0`);
  return number;
}
