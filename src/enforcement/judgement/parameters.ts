import type { Conduct, Severity } from '../conduct.ts';
import type { Step } from '../step.ts';

/** Shares of requests with a confirmed incident that are told apart: what is tolerated, and what abuse looks like. */
export interface Tolerance {
  /** At most this is ordinary. */
  readonly p0: number;
  /** At least this is abuse. */
  readonly p1: number;
  /** What the certificate says is tolerated; above `p0`, so that what is certified is sure. */
  readonly certified: number;
}

/** A step is entered where both figures are reached. */
export interface Rung {
  readonly step: Step;
  readonly score: number;
  /** Of the CUSUM, nats. */
  readonly cusum: number;
}

/** Every figure judgement decides by, in one place, so that a simulation and a replay can try others. */
export interface JudgementParameters {
  /** Signals fold within this time of the last one, milliseconds. */
  readonly foldMs: number;
  /** A signal at least this sure needs no second reader. */
  readonly sureFrom: number;
  /** After somebody was told, each so many further signals of one conversation are an incident of their own. */
  readonly againEvery: number;
  /**
   * What the first further incident of a conversation counts for in the CUSUM, as a share of a whole one; the second twice
   * that, and so on, at most 1: the longer somebody who was told goes on, the less it is chance.
   */
  readonly againWeight: number;
  readonly usual: Tolerance;
  /** Of confirmed uses; the most tolerant of several stands. */
  readonly declared: Readonly<Record<string, Tolerance>>;
  readonly weights: Readonly<Record<'1' | '2' | '3' | 'terminal', number>>;
  readonly halfLifeDays: Readonly<Record<'1' | '2' | '3' | 'terminal', number>>;
  /** What each further strike of one run of them adds to the score, as a share of it; and the most it comes to. */
  readonly persistence: number;
  readonly persistenceMax: number;
  /** From the mildest. */
  readonly ladder: readonly Rung[];
  /** The level the CUSUM's figures are shown against, nats. */
  readonly alarmAt: number;
  /** Units of many people wait for more: the logarithm of their requests over this is added to every level. */
  readonly volumeBase: number;
  /** Units of many people are acted on from this many offenders on. */
  readonly offendersMin: number;
  /** One offender counts once in this time for a unit of many people, milliseconds. */
  readonly offenderMs: number;
  /** Keys and apps that were seen within this time make an account have more than one, milliseconds. */
  readonly partsSeenMs: number;
  /** A certificate is one at this bound. */
  readonly certificateBound: number;
  /** Grave strikes in one run that a suspension without a person needs. */
  readonly graveMin: number;
  readonly operatorAccountsMin: number;
  readonly operatorBitsMin: number;
  /** Of the CUSUM pooled over linked accounts, nats. */
  readonly operatorAlarmAt: number;
  /**
   * A person is asked about whoever spreads strikes so thin that the CUSUM forgets each before the next: from so many of
   * conversations of their own, once it is so sure that their share is above so many times what is certified.
   */
  readonly often: { readonly strikes: number; readonly times: number; readonly sure: number };
  /** Expected share of abusers' requests before anything is known, as a Beta distribution. */
  readonly prior: { readonly alpha: number; readonly beta: number };
  /** An incident whose part of the score is below this, and which no run of strikes needs, is forgotten. */
  readonly forgetBelow: number;
  /** Incidents of an account in memory; the oldest go first. */
  readonly incidentsMax: number;
  /** An incident nobody read is let go after this, milliseconds. */
  readonly doubtfulMs: number;
}

const DAY_MS = 86_400_000;

/**
 * Tuned with `test/simulation/enforcement`. Wald's likelihood ratios of .005 and .20: an incident adds 3.69 nats, a clean
 * request takes .218 off; so one incident alone reaches no rung beyond `warning`, whatever its gravity.
 */
export const JUDGEMENT_PARAMETERS: JudgementParameters = {
  foldMs: 15 * 60_000,
  sureFrom: 0.95,
  againEvery: 1,
  againWeight: 0.1,
  usual: { p0: 0.005, p1: 0.2, certified: 0.01 },
  declared: {
    research: { p0: 0.03, p1: 0.5, certified: 0.06 },
    security: { p0: 0.03, p1: 0.5, certified: 0.06 },
    moderation: { p0: 0.05, p1: 0.6, certified: 0.1 },
    fiction: { p0: 0.02, p1: 0.4, certified: 0.04 },
    medicine: { p0: 0.015, p1: 0.3, certified: 0.03 },
    education: { p0: 0.015, p1: 0.3, certified: 0.03 },
  },
  weights: { 1: 1, 2: 3, 3: 8, terminal: 8 },
  halfLifeDays: { 1: 30, 2: 60, 3: 180, terminal: 180 },
  persistence: 0.5,
  persistenceMax: 3,
  ladder: [
    { step: 'notice', score: 0, cusum: 0 },
    { step: 'warning', score: 1.5, cusum: 0 },
    { step: 'friction', score: 2, cusum: 4.5 },
    { step: 'throttle', score: 2.5, cusum: 7.4 },
    { step: 'cool_off', score: 4, cusum: 9.2 },
    { step: 'restrict', score: 7, cusum: 11.5 },
    { step: 'suspend', score: 12, cusum: 20 },
    { step: 'terminate', score: 24, cusum: 25 },
  ],
  alarmAt: 17,
  volumeBase: 1_000,
  offendersMin: 3,
  offenderMs: 7 * DAY_MS,
  partsSeenMs: 30 * DAY_MS,
  certificateBound: 1e-4,
  graveMin: 2,
  operatorAccountsMin: 10,
  operatorBitsMin: 24,
  operatorAlarmAt: 13.8,
  often: { strikes: 8, times: 2, sure: 0.999 },
  prior: { alpha: 0.2, beta: 40 },
  forgetBelow: 0.02,
  incidentsMax: 128,
  doubtfulMs: 30 * DAY_MS,
};

/** Conducts that are counted together. */
export const CONDUCT_GROUPS: Readonly<Record<Conduct, 'content' | 'trade'>> = {
  minors: 'content',
  mass_harm: 'content',
  threats: 'content',
  hate: 'content',
  harassment: 'content',
  violence: 'content',
  sexual: 'content',
  illicit: 'content',
  self_harm_promotion: 'content',
  circumvention: 'content',
  fraud: 'trade',
  resale: 'trade',
  extraction: 'trade',
  evasion: 'trade',
};

/** What one incident adds to a score when it is new. */
export function weightOf(severity: Severity, parameters: JudgementParameters): number {
  return parameters.weights[severity];
}
