import type { Certificate, Proposal } from '../judgement.ts';
import { rankOf, type Step } from '../step.ts';
import { certify } from './certificate.ts';
import { MICRO, movesOf, type Score, scoreOf, type Standing, standingOf } from './figures.ts';
import type { JudgementParameters, Tolerance } from './parameters.ts';
import { betaAbove } from './posterior.ts';
import type { UnitLog } from './state.ts';

/** The incidents a proposal names: the newest. */
const NAMED_MAX = 100;
const FIRST_THAT_BITES = rankOf('friction');
const STOPS_FROM = rankOf('cool_off');

/** The figures of a unit at a time, and what they ask for. */
export interface Asked {
  readonly standing: Standing;
  readonly score: Score;
  /** What is added to every level, because many people's requests come through it; nats. */
  readonly raised: number;
  readonly certificate: Certificate | null;
  /** Null: nothing. */
  readonly step: Step | null;
  /** Strikes are too many for what is tolerated, however thin they are spread. */
  readonly often: boolean;
}

export function ask(log: UnitLog, atMs: number, tolerance: Tolerance, parameters: JudgementParameters): Asked | null {
  const standing = standingOf(log, movesOf(tolerance, parameters.againWeight), parameters);
  const score = scoreOf(standing.counted, standing.strikes, atMs, parameters);
  if (score === null) return null;
  const raised = raisedBy(log, standing, parameters);
  const certificate = certify(standing.seen, tolerance.certified);
  return {
    standing,
    score,
    raised,
    certificate: certificate.bound <= parameters.certificateBound ? certificate : null,
    step: stepOf(standing, score.score, raised, alarmOf(log, parameters), parameters),
    often: isOften(log, standing, tolerance, parameters),
  };
}

function isOften(
  log: UnitLog,
  { own, counted }: Standing,
  { certified }: Tolerance,
  { often, prior }: JudgementParameters,
): boolean {
  const strikes = own ? counted.filter(({ weight }) => weight === 'full').length : 0;
  if (strikes < often.strikes) return false;
  return betaAbove(often.times * certified, prior.alpha + strikes, prior.beta + log.clean) >= often.sure;
}

/** The longer a stream of many people is watched, the more often chance alone takes it far. */
export function raisedBy(log: UnitLog, { own, offenders }: Standing, { volumeBase }: JudgementParameters): number {
  return own || offenders === 0 ? 0 : Math.log(Math.max(1, log.clean / volumeBase));
}

function stepOf(
  standing: Standing,
  score: number,
  raised: number,
  alarmAt: number,
  parameters: JudgementParameters,
): Step | null {
  const level = standing.level / MICRO - raised;
  let step: Step | null = null;
  for (const rung of parameters.ladder) {
    if (bites(rung.step) && !standing.own && standing.offenders < parameters.offendersMin) break;
    // What stops everybody who asks through one unit takes the alarm itself.
    const least = !standing.own && rankOf(rung.step) >= STOPS_FROM ? Math.max(rung.cusum, alarmAt) : rung.cusum;
    if (score < rung.score || (least > 0 && level < least)) break;
    step = rung.step;
  }
  return step;
}

/**
 * The most that may be done without a person: `restrict`; `suspend` for what is grave, more than once and certified;
 * `cool_off` at once for what is terminal, whose end people decide.
 */
export function capOf(asked: Asked, parameters: JudgementParameters): Step {
  const { severity } = asked.score;
  if (severity === 'terminal') return 'cool_off';
  const isGrave = severity === 3 && asked.standing.grave >= parameters.graveMin;
  return isGrave && asked.certificate !== null ? 'suspend' : 'restrict';
}

/** What is proposed for a unit; null where it is nothing. `atLeast` is of terminal conduct, which skips steps. */
export function proposalOf(log: UnitLog, asked: Asked, atMs: number, parameters: JudgementParameters): Proposal | null {
  const terminal = asked.standing.own && asked.standing.counted.some(({ severity }) => severity === 'terminal');
  const wanted = terminal ? 'terminate' : asked.step;
  if (wanted === null) return null;
  const cap = terminal ? 'cool_off' : capOf(asked, parameters);
  const step = rankOf(wanted) > rankOf(cap) ? cap : wanted;
  const asksForPause = asked.often && rankOf(step) < STOPS_FROM;
  return {
    ...figuresIn(log, asked, parameters),
    ...(terminal ? ofTerminal(asked) : {}),
    unit: log.unit,
    step,
    wanted: asksForPause ? 'cool_off' : step === wanted ? null : wanted,
    atMs,
  };
}

function ofTerminal({ standing }: Asked): Pick<Proposal, 'conduct' | 'severity'> | null {
  const held = standing.counted.findLast(({ severity }) => severity === 'terminal');
  return held === undefined ? null : { conduct: held.conduct, severity: held.severity };
}

export function figuresIn(log: UnitLog, asked: Asked, parameters: JudgementParameters) {
  const { standing, score, raised, certificate } = asked;
  return {
    conduct: score.conduct,
    severity: score.severity,
    score: score.score,
    cusum: standing.level / MICRO,
    alarmAt: alarmOf(log, parameters) + raised,
    certificate,
    incidents: standing.counted.slice(-NAMED_MAX).map(({ id }) => id),
  };
}

function alarmOf({ unit }: UnitLog, { operatorAlarmAt, alarmAt }: JudgementParameters): number {
  return unit.kind === 'operator' ? operatorAlarmAt : alarmAt;
}

/** Whether a step is felt: below it people are only told. */
export function bites(step: Step): boolean {
  return rankOf(step) >= FIRST_THAT_BITES;
}
