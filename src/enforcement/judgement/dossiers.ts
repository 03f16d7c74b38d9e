import type { JudgementSurroundings } from '../judgement.ts';
import { type Owner, type Unit, unitKey } from '../unit.ts';
import { type Moves, movesOf, standingOf } from './figures.ts';
import type { JudgementParameters } from './parameters.ts';
import { createPools } from './pools.ts';
import { type Dossier, type Held, newLog, place, type UnitLog } from './state.ts';

/** Keys and apps of an account that are remembered as seen. */
const SEEN_MAX = 8;

/** A unit and what its figures depended on, when an input came. */
export interface GivenUnit {
  readonly unit: Unit;
  /** Requests since its last trial. */
  readonly clean: number;
  /** Micronats. */
  readonly joining: number;
}

/** What is kept of accounts and operators, and which units a request belongs to. */
export interface Dossiers {
  clean(owner: Owner, atMs: number, requests: number): void;
  /** Makes one where there is none. */
  open(owner: Owner, atMs: number): Dossier;
  /** The units an incident of this owner stands in, the smallest first; those with no log get one. */
  chainOf(dossier: Dossier, owner: Owner, atMs: number): UnitLog[];
  /** Removes the logs of parts that have nothing in them. */
  tidy(dossier: Dossier): void;
  /** The same by what was recorded, with the clean requests that were recorded. */
  chainGiven(dossier: Dossier, given: readonly GivenUnit[]): UnitLog[];
  /** After an incident was taken back that an operator began with: it begins anew. */
  released(held: Held): void;
  /** Puts an incident that was withdrawn back, at the end. */
  placeAgain(dossier: Dossier, held: Held): void;
  /** Forgets the oldest incident of an account, and keeps what the levels owe to it. */
  forgetFirst(held: Held, by: Moves): void;
  operatorsChanged(accountIds: readonly string[]): void;
  logOf(unit: Unit): UnitLog | null;
  requestsOf(unit: Unit): number;
  cleanOf(accountId: string): number;
  erase(accountId: string): readonly Held[];
  /** Those nobody touched for longest; each is then at the end of the row. */
  longestUnheard(count: number): Iterable<Dossier>;
}

export function createDossiers(surroundings: JudgementSurroundings, parameters: JudgementParameters): Dossiers {
  const dossiers = new Map<string, Dossier>();
  /** Clean requests of accounts nothing was ever found of; about 90 bytes each. */
  const spotless = new Map<string, number>();
  const moves = movesOf(parameters.usual, parameters.againWeight);

  const pools = createPools({
    operatorOf: (accountId) => surroundings.operatorOf(accountId),
    levelOf,
    standsAt: (log) => standingOf(log, moves, parameters).level,
    pooledIn: (accountId) => dossiers.get(accountId)?.operator ?? null,
  });

  function clean(owner: Owner, atMs: number, requests: number): void {
    const { accountId } = owner;
    const dossier = dossiers.get(accountId) ?? (surroundings.isShared(accountId) ? open(owner, atMs) : null);
    if (dossier === null) spotless.set(accountId, (spotless.get(accountId) ?? 0) + requests);
    else {
      noteParts(dossier, owner, atMs);
      count(dossier.account, requests);
      if (dossier.parts.size > 0) {
        for (const unit of partsOf(owner)) count(dossier.parts.get(unitKey(unit)), requests);
      }
    }
    const pool = pools.heldOf(accountId);
    if (pool !== null) count(pool, requests);
  }

  function open(owner: Owner, atMs: number): Dossier {
    const { accountId } = owner;
    let dossier = dossiers.get(accountId);
    if (dossier === undefined) {
      const unit = { kind: 'account', accountId } as const;
      const account = newLog(unit, unitKey(unit));
      account.cleanTotal = spotless.get(accountId) ?? 0;
      account.clean = account.cleanTotal;
      spotless.delete(accountId);
      dossier = { accountId, held: [], account, parts: new Map(), keys: new Map(), apps: new Map(), operator: null };
      dossiers.set(accountId, dossier);
    }
    noteParts(dossier, owner, atMs);
    return dossier;
  }

  function chainOf(dossier: Dossier, owner: Owner, atMs: number): UnitLog[] {
    const chain = surroundings.isShared(owner.accountId)
      ? unitsWithin(dossier, owner, atMs, parameters).map((unit) => partLog(dossier, unit))
      : [];
    chain.push(dossier.account);
    const operator = pools.open(owner.accountId);
    if (operator !== null) chain.push(operator);
    dossier.operator = operator;
    return chain;
  }

  function levelOf(accountId: string): number {
    const dossier = dossiers.get(accountId);
    return dossier === undefined ? 0 : standingOf(dossier.account, moves, parameters).level;
  }

  function chainGiven(dossier: Dossier, given: readonly GivenUnit[]): UnitLog[] {
    return given.map(({ unit, clean: since, joining }) => {
      const log = givenLog(dossier, unit);
      log.cleanTotal += since - log.clean;
      log.clean = since;
      log.joining = joining;
      return log;
    });
  }

  function givenLog(dossier: Dossier, unit: Unit): UnitLog {
    if (unit.kind === 'account') return dossier.account;
    if (unit.kind !== 'operator') return partLog(dossier, unit);
    dossier.operator = pools.named(unit.accountId);
    return dossier.operator;
  }

  return {
    clean,
    open,
    chainOf,
    chainGiven,
    released: pools.released,
    tidy(dossier) {
      for (const [key, log] of dossier.parts) if (log.trials.length === 0 && log.base === 0) dossier.parts.delete(key);
    },
    placeAgain(dossier, held) {
      for (const log of held.chain) {
        place(log, held);
        if (log.unit.kind !== 'account' && log.unit.kind !== 'operator') dossier.parts.set(log.key, log);
      }
    },
    forgetFirst(held, by) {
      for (const log of held.chain) forgetUpTo(log, held, by, parameters);
    },
    operatorsChanged: pools.changed,
    logOf(unit) {
      if (unit.kind === 'operator') return pools.get(unit.accountId);
      const dossier = dossiers.get(unit.accountId);
      if (dossier === undefined) return null;
      return unit.kind === 'account' ? dossier.account : (dossier.parts.get(unitKey(unit)) ?? null);
    },
    requestsOf(unit) {
      if (unit.kind === 'operator') return pools.get(unit.accountId)?.cleanTotal ?? 0;
      const dossier = dossiers.get(unit.accountId);
      if (unit.kind === 'account') return dossier?.account.cleanTotal ?? spotless.get(unit.accountId) ?? 0;
      return dossier?.parts.get(unitKey(unit))?.cleanTotal ?? 0;
    },
    cleanOf: (accountId) => dossiers.get(accountId)?.account.clean ?? spotless.get(accountId) ?? 0,
    erase(accountId) {
      const dossier = dossiers.get(accountId);
      dossiers.delete(accountId);
      spotless.delete(accountId);
      return dossier?.held ?? [];
    },
    *longestUnheard(count) {
      for (const accountId of [...dossiers.keys()].slice(0, count)) {
        const dossier = dossiers.get(accountId);
        if (dossier === undefined) continue;
        dossiers.delete(accountId);
        dossiers.set(accountId, dossier);
        yield dossier;
      }
    },
  };
}

function count(log: UnitLog | undefined, requests: number): void {
  if (log === undefined) return;
  log.clean += requests;
  log.cleanTotal += requests;
}

function partLog(dossier: Dossier, unit: Unit): UnitLog {
  const key = unitKey(unit);
  let log = dossier.parts.get(key);
  if (log === undefined) {
    log = newLog(unit, key);
    dossier.parts.set(key, log);
  }
  return log;
}

/** Every unit below the account that a request is of. */
function partsOf({ accountId, endUser, keyId, app }: Owner): Unit[] {
  const units: Unit[] = [];
  if (endUser !== null) units.push({ kind: 'end_user', accountId, endUser });
  if (keyId !== null) units.push({ kind: 'key', accountId, keyId });
  if (app !== null) units.push({ kind: 'app', accountId, app });
  return units;
}

/** The smallest unit, and those between it and the account that are not the same as all of the account. */
function unitsWithin(dossier: Dossier, owner: Owner, atMs: number, { partsSeenMs }: JudgementParameters): Unit[] {
  const [smallest, ...larger] = partsOf(owner);
  if (smallest === undefined) return [];
  const several = {
    key: seenSince(dossier.keys, atMs - partsSeenMs) > 1,
    app: seenSince(dossier.apps, atMs - partsSeenMs) > 1,
  };
  return [smallest, ...larger.filter(({ kind }) => (kind === 'key' || kind === 'app') && several[kind])];
}

function seenSince(seen: ReadonlyMap<string, number>, fromMs: number): number {
  let count = 0;
  for (const atMs of seen.values()) if (atMs >= fromMs) count++;
  return count;
}

function noteParts(dossier: Dossier, { keyId, app }: Owner, atMs: number): void {
  note(dossier.keys, keyId, atMs);
  note(dossier.apps, app, atMs);
}

function note(seen: Map<string, number>, name: string | null, atMs: number): void {
  if (name === null) return;
  seen.delete(name);
  seen.set(name, atMs);
  const oldest = seen.keys().next().value;
  if (seen.size > SEEN_MAX && oldest !== undefined) seen.delete(oldest);
}

/** What the level and the number of runs owe to the first incidents stays; the incidents go. */
function forgetUpTo(log: UnitLog, held: Held, moves: Moves, parameters: JudgementParameters): void {
  const at = log.trials.findIndex((trial) => trial.held === held);
  if (at === -1 || log.unit.kind === 'operator') return;
  const { level, seen } = standingOf(log, moves, parameters, at + 1);
  log.base = level;
  log.runsBefore = seen.runs;
  log.trials.splice(0, at + 1);
}
