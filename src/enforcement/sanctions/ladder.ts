/** What each step of the ladder lasts and does, and how far it may go without a person. Pure. */
import type { Conduct, Severity } from '../conduct.ts';
import type { Certificate } from '../judgement.ts';
import type { Effects, Sanction, Scope } from '../sanction.ts';
import { rankOf, type Step, STEPS } from '../step.ts';
import type { Unit } from '../unit.ts';

const DAY_MS = 86_400_000;
const COOL_OFF_MS = DAY_MS;
const COOL_OFF_MS_MAX = 14 * DAY_MS;
const YEAR_MS = 365 * DAY_MS;

/** Milliseconds; null: for good. `cool_off` doubles with each earlier one, `terminate` is for good where the conduct is terminal. */
export function lengthOf(step: Step, severity: Severity, earlierCoolOffs: number): number | null {
  switch (step) {
    case 'notice':
    case 'warning':
    case 'restrict':
      return 30 * DAY_MS;
    case 'friction':
      return 7 * DAY_MS;
    case 'throttle':
      return 3 * DAY_MS;
    case 'cool_off':
      return Math.min(COOL_OFF_MS * 2 ** Math.min(earlierCoolOffs, 10), COOL_OFF_MS_MAX);
    case 'suspend':
    case 'operator':
      return 60 * DAY_MS;
    case 'terminate':
      return severity === 'terminal' ? null : YEAR_MS;
  }
}

/** Whether it is carried out by a stop: nothing is let in. An app that is taken away is stopped, too. */
export function isStop(step: Step, unit: Unit, scope: Scope | null): boolean {
  return step === 'restrict' ? unit.kind === 'app' && scope === null : rankOf(step) >= rankOf('cool_off');
}

type OwnEffects = Omit<Effects, 'decisionId'>;

const NONE: OwnEffects = {
  friction: false,
  ratePercent: 100,
  smallModelsOnly: false,
  withoutModels: [],
  withoutTools: false,
};

/** What a step does to requests it lets in; null where it does nothing to them. */
export function effectsOfStep({ step, unit, scope }: Pick<Sanction, 'step' | 'unit' | 'scope'>): OwnEffects | null {
  if (step === 'friction') return { ...NONE, friction: true };
  if (step === 'throttle') return { ...NONE, ratePercent: 25, smallModelsOnly: true };
  if (step !== 'restrict' || isStop(step, unit, scope)) return null;
  if (scope === null) return { ...NONE, smallModelsOnly: true, withoutTools: true };
  return { ...NONE, withoutModels: scope.models, withoutTools: scope.tools };
}

/** Steps that nobody but people may take are not among these. */
export type AutomaticStep = Exclude<Step, 'terminate'>;

/**
 * The highest step the ladder takes by itself for one unit. A terminal conduct is stopped at once and then waits for
 * people; only what is severe and certain by a certificate is suspended.
 */
export function automaticCap(severity: Severity, certificate: Certificate | null): AutomaticStep {
  if (severity === 'terminal') return 'cool_off';
  return severity === 3 && certificate !== null ? 'suspend' : 'restrict';
}

export const DELAY_MS_MAX = 90 * 60_000;
/** What must not show when it was noticed; all else is about safety and bites at once. */
export const DELAYED: ReadonlySet<Conduct> = new Set(['fraud', 'resale', 'extraction', 'evasion']);

/** By how much a sanction is put off; `share` is drawn, from 0 to below 1. */
export function putOffMs(conduct: Conduct, share: number): number {
  return DELAYED.has(conduct) ? Math.floor(share * DELAY_MS_MAX) : 0;
}

/** Accounts that must hold together by strong links before all of them are acted on without a person. */
export const OPERATOR_ACCOUNTS_MIN = 10;

/** The step below, for accounts that are only linked; the lowest stays. */
export function lowered(step: Step): Step {
  const below = STEPS[Math.max(rankOf(step) - 1, 0)] ?? 'notice';
  return below === 'operator' ? 'suspend' : below;
}

/** Whether one that holds does all that another one of this step would do, so that the other has no place beside it. */
export function covers(held: Step, step: Step): boolean {
  // A scope that is taken away for a month leaves room for a pause in which nothing is generated.
  if (held === 'restrict' && step === 'cool_off') return false;
  return rankOf(held) >= rankOf(step);
}

/** Whether a new step takes the place of one that holds. */
export function replaces(step: Step, held: Step): boolean {
  // A pause goes on to its end: what is taken away for a month must not end it early.
  if (held === 'cool_off' && step === 'restrict') return false;
  return rankOf(step) >= rankOf(held);
}
