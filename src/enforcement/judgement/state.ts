/** What judgement keeps in memory. */
import type { Incident } from '../incident.ts';
import type { Unit } from '../unit.ts';

/** `full`: counts whole; `again`: its conversation had one just before; `none`: the same request has one already. */
export type Weight = 'full' | 'again' | 'none';

export type Changeable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/** An incident as it is kept, with what signals are folded by. */
export interface Held extends Changeable<Omit<Incident, 'signals' | 'requestIds'>> {
  readonly signals: string[];
  readonly requestIds: string[];
  conversation: string | null;
  template: string | null;
  weight: Weight;
  /** After this none of its signals speaks for anything any more. */
  freshUntilMs: number;
  /** A second reader could not say, and a person is asked: what comes after it is read by itself. */
  isOpen: boolean;
  /** From when the person knew; null while nothing was told. */
  toldAtMs: number | null;
  /** Signals since then, or since it was read otherwise, of which a further incident comes. */
  sinceTold: number;
  /** What it stands in, the smallest unit first. */
  readonly chain: readonly UnitLog[];
  /** The smallest unit: who did it, for the units above. */
  readonly offender: string;
}

/** One incident in the order of a unit. */
export interface Trial {
  readonly held: Held;
  /** Clean requests of the unit before it, since the unit is kept. */
  readonly at: number;
  /** Added to the level before it: what accounts had that were linked since. Micronats; of operators alone. */
  join: number;
}

/** The requests of one unit, as far as its figures depend on them. */
export interface UnitLog {
  /** An operator is named by its oldest account, which a merge can change. */
  unit: Unit;
  key: string;
  trials: Trial[];
  /** Every clean request it had since it is kept. */
  clean: number;
  /** Of what is forgotten: the level it left, micronats, where it ended, and the runs of strikes begun in it. */
  base: number;
  baseAt: number;
  runsBefore: number;
  /** To be added before the next trial, micronats. */
  joining: number;
}

export interface Dossier {
  readonly accountId: string;
  /** In the order they were opened. */
  held: Held[];
  readonly account: UnitLog;
  /** End users, keys and apps that have incidents, by the key of the unit. */
  readonly parts: Map<string, UnitLog>;
  /** Keys and apps seen lately, with when; at most 8 of each. */
  readonly keys: Map<string, number>;
  readonly apps: Map<string, number>;
  /** The operator its last incident was pooled in. */
  operator: UnitLog | null;
}

export function newLog(unit: Unit, key: string): UnitLog {
  return {
    unit,
    key,
    trials: [],
    clean: 0,
    base: 0,
    baseAt: 0,
    runsBefore: 0,
    joining: 0,
  };
}

/** Appends an incident to a unit. */
export function place(log: UnitLog, held: Held): void {
  log.trials.push({ held, at: log.clean, join: log.joining });
  log.joining = 0;
}

/** Takes an incident out as though it had never been: what was clean before and after it stays where it is. */
export function remove(log: UnitLog, held: Held): void {
  const at = log.trials.findIndex((trial) => trial.held === held);
  const [trial] = at === -1 ? [] : log.trials.splice(at, 1);
  if (trial === undefined || trial.join === 0) return;
  const next = log.trials[at];
  if (next === undefined) log.joining += trial.join;
  else next.join += trial.join;
}

/** As others see it. */
export function toIncident(held: Held): Incident {
  return {
    id: held.id,
    owner: held.owner,
    conduct: held.conduct,
    severity: held.severity,
    openedAtMs: held.openedAtMs,
    lastAtMs: held.lastAtMs,
    signals: [...held.signals],
    signalCount: held.signalCount,
    requestIds: [...held.requestIds],
    state: held.state,
    confidence: held.confidence,
    readBy: held.readBy,
  };
}
