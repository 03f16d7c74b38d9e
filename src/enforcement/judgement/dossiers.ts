import type { JudgementSurroundings } from '../judgement.ts';
import { type Owner, type Unit, unitKey } from '../unit.ts';
import { type Moves, movesOf, standingOf } from './figures.ts';
import type { JudgementParameters } from './parameters.ts';
import { Pools } from './pools.ts';
import { type Dossier, type Held, newLog, place, remove, type UnitLog } from './state.ts';

/** Keys and apps of an account that are remembered as seen. */
const SEEN_MAX = 8;

/** A unit and what its figures depended on, when an input came. */
export interface GivenUnit {
  readonly unit: Unit;
  /** Clean requests since the unit is kept. */
  readonly clean: number;
  /** Micronats. */
  readonly joining: number;
}

/** Clean requests of a unit, since it is kept. */
export interface CleanCount {
  readonly unit: Unit;
  readonly clean: number;
}

/** What is kept of accounts and operators, and which units a request belongs to. */
export class Dossiers {
  readonly #dossiers = new Map<string, Dossier>();
  /** Clean requests of accounts nothing was ever found of; about 90 bytes each. */
  readonly #spotless = new Map<string, number>();
  readonly #pools: Pools;
  readonly #surroundings: JudgementSurroundings;
  readonly #parameters: JudgementParameters;

  constructor(surroundings: JudgementSurroundings, parameters: JudgementParameters) {
    this.#surroundings = surroundings;
    this.#parameters = parameters;
    const standsAt = (log: UnitLog) =>
      standingOf(log, movesOf(parameters.usual, parameters.againWeight), parameters).level;
    this.#pools = new Pools({
      operatorOf: (accountId) => surroundings.operatorOf(accountId),
      levelOf: (accountId) => {
        const dossier = this.#dossiers.get(accountId);
        return dossier === undefined ? 0 : standsAt(dossier.account);
      },
      standsAt,
      pooledIn: (accountId) => this.#dossiers.get(accountId)?.operator ?? null,
    });
  }

  clean(owner: Owner, atMs: number, requests: number): void {
    if (requests <= 0) return;
    const { accountId } = owner;
    const isShared = this.#surroundings.isShared(accountId);
    const dossier = isShared ? this.open(owner, atMs) : this.#dossiers.get(accountId);
    if (dossier === undefined) this.#spotless.set(accountId, (this.#spotless.get(accountId) ?? 0) + requests);
    else {
      count(dossier.account, requests);
      if (dossier.parts.size > 0) {
        for (const unit of partsOf(owner)) count(dossier.parts.get(unitKey(unit)), requests);
      }
    }
    count(this.#pools.heldOf(accountId), requests);
  }

  /** Makes one where there is none. */
  open(owner: Owner, atMs: number): Dossier {
    const { accountId } = owner;
    let dossier = this.#dossiers.get(accountId);
    if (dossier === undefined) {
      const unit = { kind: 'account', accountId } as const;
      const account = newLog(unit, unitKey(unit));
      count(account, this.#spotless.get(accountId) ?? 0);
      this.#spotless.delete(accountId);
      dossier = { accountId, held: [], account, parts: new Map(), keys: new Map(), apps: new Map(), operator: null };
      this.#dossiers.set(accountId, dossier);
    }
    note(dossier.keys, owner.keyId, atMs);
    note(dossier.apps, owner.app, atMs);
    return dossier;
  }

  /** The units an incident of this owner stands in, the smallest first; those with no log get one. */
  chainOf(dossier: Dossier, owner: Owner, atMs: number): UnitLog[] {
    const chain = this.#surroundings.isShared(owner.accountId)
      ? unitsWithin(dossier, owner, atMs, this.#parameters).map((unit) => partLog(dossier, unit))
      : [];
    chain.push(dossier.account);
    dossier.operator = this.#pools.open(owner.accountId);
    if (dossier.operator !== null) chain.push(dossier.operator);
    return chain;
  }

  /** The same by what was recorded, with the clean requests that were recorded. */
  chainGiven(dossier: Dossier, given: readonly GivenUnit[]): UnitLog[] {
    return given.map(({ unit, clean, joining }) => {
      const log = this.#givenLog(dossier, unit);
      log.clean = clean;
      log.joining = joining;
      return log;
    });
  }

  #givenLog(dossier: Dossier, unit: Unit): UnitLog {
    if (unit.kind === 'account') return dossier.account;
    if (unit.kind !== 'operator') return partLog(dossier, unit);
    dossier.operator = this.#pools.named(unit.accountId);
    return dossier.operator;
  }

  /** Removes the logs of parts that have nothing in them. */
  tidy(dossier: Dossier): void {
    for (const [key, log] of dossier.parts) if (log.trials.length === 0 && log.base === 0) dossier.parts.delete(key);
  }

  /** Puts an incident that was withdrawn back, at the end. */
  placeAgain(dossier: Dossier, held: Held): void {
    for (const log of held.chain) {
      place(log, held);
      if (log.unit.kind !== 'account' && log.unit.kind !== 'operator') dossier.parts.set(log.key, log);
    }
  }

  /** Forgets the oldest incident of an account, and keeps what the levels owe to it. */
  forgetFirst(held: Held, moves: Moves): void {
    for (const log of held.chain) forgetUpTo(log, held, moves, this.#parameters);
  }

  operatorsChanged(accountIds: readonly string[]): void {
    this.#pools.changed(accountIds);
  }

  /** After an incident was taken back which an operator began with. */
  released(held: Held): void {
    this.#pools.released(held);
  }

  logOf(unit: Unit): UnitLog | null {
    if (unit.kind === 'operator') return this.#pools.get(unit.accountId);
    const dossier = this.#dossiers.get(unit.accountId);
    if (dossier === undefined) return null;
    return unit.kind === 'account' ? dossier.account : (dossier.parts.get(unitKey(unit)) ?? null);
  }

  /** Clean ones, as far as they are known. */
  requestsOf(unit: Unit): number {
    const log = this.logOf(unit);
    if (log !== null) return log.clean;
    return unit.kind === 'account' ? (this.#spotless.get(unit.accountId) ?? 0) : 0;
  }

  /** Since the account's last incident. */
  cleanOf(accountId: string): number {
    const account = this.#dossiers.get(accountId)?.account;
    if (account === undefined) return this.#spotless.get(accountId) ?? 0;
    return account.clean - (account.trials.at(-1)?.at ?? account.baseAt);
  }

  isKept(accountId: string): boolean {
    return this.#dossiers.has(accountId) || this.#pools.get(accountId) !== null;
  }

  /** What was held of it. */
  erase(accountId: string): readonly Held[] {
    const held = this.#dossiers.get(accountId)?.held ?? [];
    for (const one of held) for (const log of one.chain) remove(log, one);
    this.#dossiers.delete(accountId);
    this.#spotless.delete(accountId);
    return held;
  }

  /** Of every unit that has incidents. */
  *cleanCounts(): Generator<CleanCount> {
    const logs = new Set<UnitLog>();
    for (const { held } of this.#dossiers.values())
      for (const { chain } of held) for (const log of chain) logs.add(log);
    for (const { unit, clean } of logs) yield { unit, clean };
  }

  /** What was known of a unit before a restart; what it has had since its last incident may be more. */
  resume({ unit, clean }: CleanCount): void {
    const log = this.logOf(unit);
    if (log !== null) log.clean = Math.max(log.clean, clean);
  }

  /** Those nobody looked at for longest; each goes to the end of the row. */
  *longestUnheard(accounts: number): Generator<Dossier> {
    for (const accountId of [...this.#dossiers.keys()].slice(0, accounts)) {
      const dossier = this.#dossiers.get(accountId);
      if (dossier === undefined) continue;
      this.#dossiers.delete(accountId);
      this.#dossiers.set(accountId, dossier);
      yield dossier;
    }
  }
}

function count(log: UnitLog | null | undefined, requests: number): void {
  if (log === null || log === undefined) return;
  log.clean += requests;
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
  log.baseAt = log.trials[at]?.at ?? log.baseAt;
  log.runsBefore = seen.runs;
  log.trials.splice(0, at + 1);
}
