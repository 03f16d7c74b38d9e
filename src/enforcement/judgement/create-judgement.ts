import { assert } from '../../base/assert.ts';
import type { Reading } from '../incident.ts';
import type { Judgement, JudgementSurroundings, UnitFigures } from '../judgement.ts';
import type { Signal } from '../signal.ts';
import { type Unit, unitKey } from '../unit.ts';
import { type Bench, toleranceOf } from './bench.ts';
import { type CleanCount, Dossiers } from './dossiers.ts';
import { MICRO, movesOf, scoreOf, standingOf } from './figures.ts';
import { type Context, hear, type HeardThere, settle, type Settled } from './hearing.ts';
import { drop, sweep, takeBack } from './letting-go.ts';
import { type KeptIncident, keptOf, restore } from './keeping.ts';
import type { JudgementParameters } from './parameters.ts';
import { betaAbove } from './posterior.ts';
import { raisedBy } from './proposing.ts';
import { type Held, toIncident } from './state.ts';

/** The judgement of a service, with what keeping and replaying it takes. */
export interface KeptJudgement extends Judgement {
  /** `signal`, and what it depended on; by what is given, where it is a replay. */
  hear(signal: Signal, given?: Context): HeardThere;
  /** The same of `read`. */
  settle(reading: Reading, given?: Context): Settled | null;
  /** Whether it keeps anything of these accounts. */
  concerns(accountIds: readonly string[]): boolean;
  /** For the record, and back from it. */
  kept(incidentId: string): KeptIncident | null;
  restore(kept: KeptIncident): void;
  /** The clean requests of units with incidents, and back. */
  cleanCounts(): Iterable<CleanCount>;
  resume(count: CleanCount): void;
  /** Lets go of what has decayed to nothing, of so many accounts that were longest not looked at; how many there were. */
  forget(nowMs: number, accounts: number): number;
  /** Reviewed requests in which nothing was found, since the account's last incident. */
  cleanOf(accountId: string): number;
}

/** Judges in memory; every call costs at most what the incidents of one account and one operator do. */
export function createJudgement(surroundings: JudgementSurroundings, parameters: JudgementParameters): KeptJudgement {
  const dossiers = new Dossiers(surroundings, parameters);
  const bench: Bench = { surroundings, parameters, dossiers, known: new Map() };
  return {
    clean: (owner, atMs, requests) => dossiers.clean(owner, atMs, requests),
    hear: (signal, given) => hear(bench, signal, given),
    settle: (reading, given) => settle(bench, reading, given),
    signal: (signal) => hear(bench, signal),
    read: (reading) => settle(bench, reading),
    undo: (incidentIds) => undo(bench, incidentIds).map(toIncident),
    operatorsChanged: (accountIds) => dossiers.operatorsChanged(accountIds),
    incident(id) {
      const entry = bench.known.get(id);
      return entry === undefined ? null : toIncident(entry.held);
    },
    figuresOf: (unit, atMs) => figuresOf(bench, unit, atMs),
    erase(accountId) {
      for (const held of dossiers.erase(accountId)) bench.known.delete(held.id);
    },
    concerns: (accountIds) => accountIds.some((accountId) => dossiers.isKept(accountId)),
    kept: (incidentId) => keptOf(bench, incidentId),
    restore: (kept) => restore(bench, kept),
    cleanCounts: () => dossiers.cleanCounts(),
    resume: (count) => dossiers.resume(count),
    forget(nowMs, accounts) {
      let looked = 0;
      for (const dossier of dossiers.longestUnheard(accounts)) {
        looked++;
        sweep(bench, dossier, nowMs);
      }
      return looked;
    },
    cleanOf: (accountId) => dossiers.cleanOf(accountId),
  };
}

function undo(bench: Bench, incidentIds: readonly string[]): Held[] {
  const undone: Held[] = [];
  for (const id of incidentIds) {
    const entry = bench.known.get(id);
    if (entry === undefined) continue;
    if (entry.held.state === 'dismissed') drop(bench, entry.dossier, entry.held);
    else takeBack(bench, entry.dossier, entry.held);
    entry.held.state = 'undone';
    undone.push(entry.held);
  }
  return undone;
}

function figuresOf({ dossiers, surroundings, parameters }: Bench, unit: Unit, atMs: number): UnitFigures {
  const tolerance = toleranceOf(surroundings.declaredUsesOf(unit.accountId), parameters);
  const log = dossiers.logOf(unit);
  const requests = dossiers.requestsOf(unit);
  const { alpha, beta } = parameters.prior;
  if (log === null) {
    const posterior = betaAbove(tolerance.certified, alpha, beta + requests);
    return { unit, score: 0, cusum: 0, alarmAt: parameters.alarmAt, posterior, requests, incidents: [] };
  }
  assert(log.key === unitKey(unit), 'figures are of the unit that was asked for');
  const standing = standingOf(log, movesOf(tolerance, parameters.againWeight), parameters);
  const strikes = standing.counted.length;
  const alarmAt = unit.kind === 'operator' ? parameters.operatorAlarmAt : parameters.alarmAt;
  return {
    unit,
    score: scoreOf(standing.counted, standing.strikes, atMs, parameters)?.score ?? 0,
    cusum: standing.level / MICRO,
    alarmAt: alarmAt + raisedBy(log, standing, parameters),
    posterior: betaAbove(tolerance.certified, alpha + strikes, beta + requests),
    requests: requests + strikes,
    incidents: log.trials.map(({ held }) => toIncident(held)),
  };
}
