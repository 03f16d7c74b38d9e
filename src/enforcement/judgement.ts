/**
 * From signals to proposals, in memory and in order of event time: no disk, no clock of its own, no randomness. The same
 * calls lead to the same proposals, so that a record replays to itself and a simulator runs what the service runs.
 */
import type { Conduct, Severity } from './conduct.ts';
import type { Incident, Reading } from './incident.ts';
import type { Signal } from './signal.ts';
import type { Step } from './step.ts';
import type { Owner, Unit } from './unit.ts';

/** A bound on the chance of a false ban: `e-process@1` by Ville's inequality, whatever the stopping rule. */
export interface Certificate {
  readonly method: string;
  /** At most this chance that somebody whose true rate of incidents is at most `tolerance` comes to this. */
  readonly bound: number;
  readonly tolerance: number;
  readonly requests: number;
  readonly incidents: number;
}

/** What the ladder comes to for one unit; whoever executes it decides whether it is new. */
export interface Proposal {
  readonly unit: Unit;
  readonly step: Step;
  readonly conduct: Conduct;
  readonly severity: Severity;
  /** The decayed sum of strikes the step was entered at, and the CUSUM with what it alarms at. */
  readonly score: number;
  readonly cusum: number;
  readonly alarmAt: number;
  readonly certificate: Certificate | null;
  /** The incidents that count, the newest last. */
  readonly incidents: readonly string[];
  /** The step the figures ask for where it is above what may be done without a person; a person is asked then. */
  readonly wanted: Step | null;
  readonly atMs: number;
}

/** What became of one signal. */
export interface Heard {
  readonly incident: Incident;
  readonly isNew: boolean;
  /** A second reader is to be asked; nothing counts until it has answered. */
  readonly doubtful: boolean;
  readonly proposals: readonly Proposal[];
}

/** How a unit stands now, for people and for the queue. */
export interface UnitFigures {
  readonly unit: Unit;
  readonly score: number;
  readonly cusum: number;
  readonly alarmAt: number;
  /** Probability that the true rate is above what is tolerated (Beta-Binomial). */
  readonly posterior: number;
  readonly requests: number;
  readonly incidents: readonly Incident[];
}

export interface Judgement {
  /** Requests of somebody that were looked at and in which nothing was found; thousands at once cost as much as one. */
  clean(owner: Owner, atMs: number, requests: number): void;
  signal(signal: Signal): Heard;
  /** The second reader's word, or a person's; null for an incident it does not know. */
  read(reading: Reading): { readonly incident: Incident; readonly proposals: readonly Proposal[] } | null;
  /** Takes incidents back for good: they count nowhere any more. Those it knew, as they are now. */
  undo(incidentIds: readonly string[], atMs: number): readonly Incident[];
  /** Follows a merge or a split of operators. */
  operatorsChanged(accountIds: readonly string[]): void;
  incident(id: string): Incident | null;
  figuresOf(unit: Unit, atMs: number): UnitFigures;
  /** Forgets an account that was deleted. */
  erase(accountId: string): void;
}

/** What judgement asks of others; from memory. */
export interface JudgementSurroundings {
  /** Accounts of the operator behind an account, itself included, the oldest first. */
  operatorOf(accountId: string): readonly string[];
  /** How many accounts, itself included, links of at least so many bits hold together with it. */
  firmlyLinked(accountId: string, bits: number): number;
  /** Uses the account declared and staff confirmed, such as `research`: judged by another tolerance. */
  declaredUsesOf(accountId: string): readonly string[];
  /** Whether several people's requests come through the account: a workspace, or one that names end users. */
  isShared(accountId: string): boolean;
}
