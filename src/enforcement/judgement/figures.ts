import type { Conduct, Severity } from '../conduct.ts';
import { CONDUCT_GROUPS, type JudgementParameters, type Tolerance, weightOf } from './parameters.ts';
import type { Seen } from './certificate.ts';
import type { Held, Trial, UnitLog } from './state.ts';

/** Levels are whole millionths of a nat, so that sums are exact in whatever order and portion they are made. */
export const MICRO = 1_000_000;
const DAY_MS = 86_400_000;

/** What an incident adds to the CUSUM and what a clean request takes off, micronats. */
export interface Moves {
  readonly up: number;
  /** What the n-th further one of a conversation adds is n times this, at most `up`. */
  readonly again: number;
  readonly down: number;
}

/** Wald's log-likelihood ratio of one Bernoulli trial, by which Page's CUSUM (1954) moves. */
export function movesOf({ p0, p1 }: Tolerance, againWeight: number): Moves {
  const up = Math.round(MICRO * Math.log(p1 / p0));
  return {
    up,
    again: Math.round(up * againWeight),
    down: Math.round(MICRO * Math.log((1 - p0) / (1 - p1))),
  };
}

/** Where a unit stands. */
export interface Standing {
  /** Of the CUSUM, micronats. */
  readonly level: number;
  /** What the certificate is made of. */
  readonly seen: Seen;
  /** Strikes of the run that goes on, and who they are of. */
  readonly strikes: number;
  readonly offenders: number;
  /** Some of them are of nobody smaller than the unit itself. */
  readonly own: boolean;
  readonly grave: number;
  /** The place in the order where that run began. */
  readonly runFrom: number;
  /** Every incident that counts for this unit, in order. */
  readonly counted: readonly Held[];
}

/** Walks through the trials of a unit, of which those count that were confirmed; `upTo` leaves the later ones out. */
export function standingOf(
  log: UnitLog,
  moves: Moves,
  parameters: JudgementParameters,
  upTo = log.trials.length,
): Standing {
  const run = new Run(log.base, log.runsBefore);
  const counted: Held[] = [];
  const lastOf = new Map<string, number>();
  let passed = log.baseAt;
  for (let at = 0; at < upTo; at++) {
    const trial = log.trials[at] as Trial;
    const { held } = trial;
    run.pass(trial.at - passed, moves.down);
    passed = trial.at;
    run.level += trial.join;
    if (held.state !== 'confirmed' || answeredFor(log, held, lastOf, parameters)) continue;
    counted.push(held);
    run.strike(held, offenderIn(log, held), at, moves);
  }
  if (upTo === log.trials.length) {
    run.pass(log.clean - passed, moves.down);
    run.level += log.joining;
  }
  return {
    level: run.level,
    seen: { clean: run.clean, incidents: run.sure, runs: run.runs },
    strikes: run.strikes,
    offenders: run.offenders.size,
    own: run.offenders.has(log.key),
    grave: run.grave,
    runFrom: run.strikes === 0 ? upTo : run.from,
    counted,
  };
}

/** Above the smallest unit, an offender's further incidents are answered for by that unit. */
function answeredFor(
  log: UnitLog,
  held: Held,
  lastOf: Map<string, number>,
  { offenderMs }: JudgementParameters,
): boolean {
  const offender = offenderIn(log, held);
  if (offender === log.key) return false;
  const last = lastOf.get(offender);
  if (last !== undefined && held.openedAtMs - last < offenderMs) return true;
  lastOf.set(offender, held.openedAtMs);
  return false;
}

/** Who did it, as the unit sees it: of an operator an account, of the others the smallest unit. */
function offenderIn(log: UnitLog, held: Held): string {
  return log.unit.kind === 'operator' ? held.owner.accountId : held.offender;
}

/** A run of strikes: from the incident at which the level left zero until it is back there. */
class Run {
  level: number;
  runs: number;
  strikes = 0;
  grave = 0;
  again = 0;
  clean = 0;
  sure = 0;
  from = 0;
  readonly offenders = new Set<string>();

  constructor(level: number, runs: number) {
    this.level = level;
    this.runs = runs;
  }

  /** Clean requests, as many as there are, at once. */
  pass(requests: number, down: number): void {
    if (this.level === 0) return;
    this.level = Math.max(0, this.level - requests * down);
    this.clean += requests;
    if (this.level > 0) return;
    this.strikes = 0;
    this.grave = 0;
    this.again = 0;
    this.offenders.clear();
  }

  strike(held: Held, offender: string, at: number, moves: Moves): void {
    if (this.strikes === 0) {
      this.runs++;
      this.from = at;
      this.clean = 0;
      this.sure = 0;
    } else if (held.weight === 'full') this.sure++;
    this.strikes++;
    this.offenders.add(offender);
    if (held.severity === 3 || held.severity === 'terminal') this.grave++;
    if (held.weight === 'full') this.level += moves.up;
    else if (held.weight === 'again') this.level += Math.min(moves.up, ++this.again * moves.again);
  }
}

/** The decayed sum of the gravest group of conducts, and what it is mostly of. */
export interface Score {
  readonly score: number;
  readonly conduct: Conduct;
  readonly severity: Severity;
}

/** Null where nothing counts. `strikes`: of the run that goes on; persistence weighs more than the same sum over months. */
export function scoreOf(
  counted: readonly Held[],
  strikes: number,
  atMs: number,
  parameters: JudgementParameters,
): Score | null {
  const groups = { content: 0, trade: 0 };
  const conducts = new Map<Conduct, number>();
  for (const held of counted) {
    const part = partOf(held, atMs, parameters);
    groups[CONDUCT_GROUPS[held.conduct]] += part;
    conducts.set(held.conduct, (conducts.get(held.conduct) ?? 0) + part);
  }
  const group = groups.trade > groups.content ? 'trade' : 'content';
  let leading: Held | null = null;
  let most = -1;
  for (const held of counted) {
    const part = conducts.get(held.conduct) ?? 0;
    if (CONDUCT_GROUPS[held.conduct] !== group || part <= most) continue;
    leading = held;
    most = part;
  }
  if (leading === null) return null;
  const { persistence, persistenceMax } = parameters;
  const factor = Math.min(persistenceMax, 1 + persistence * Math.max(0, strikes - 1));
  return { score: groups[group] * factor, conduct: leading.conduct, severity: leading.severity };
}

/** What one incident adds to a score at a time. */
export function partOf(held: Held, atMs: number, parameters: JudgementParameters): number {
  const days = Math.max(0, atMs - held.openedAtMs) / DAY_MS;
  return weightOf(held.severity, parameters) * held.confidence * 2 ** (-days / parameters.halfLifeDays[held.severity]);
}
