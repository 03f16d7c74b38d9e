import { unitKey } from '../unit.ts';
import { type Held, newLog, type UnitLog } from './state.ts';

/** What is asked of accounts and of those who link them. */
export interface PoolSurroundings {
  /** The oldest first. */
  operatorOf(accountId: string): readonly string[];
  /** Of an account by itself, micronats. */
  levelOf(accountId: string): number;
  standsAt(log: UnitLog): number;
  /** Where the account's last incident was pooled. */
  pooledIn(accountId: string): UnitLog | null;
}

/**
 * The pooled requests of linked accounts, one log for each operator of whom there was an incident. The pooled CUSUM of
 * accounts is at most the sum of theirs, so a pool that begins with the sum forgets nothing; what was linked by mistake
 * comes to nothing, as long as its accounts stand at zero by themselves.
 */
export class Pools {
  readonly #operators = new Map<string, UnitLog>();
  readonly #surroundings: PoolSurroundings;

  constructor(surroundings: PoolSurroundings) {
    this.#surroundings = surroundings;
  }

  get(operatorId: string): UnitLog | null {
    return this.#operators.get(operatorId) ?? null;
  }

  /** Of an account's operator; null where there is none yet. */
  heldOf(accountId: string): UnitLog | null {
    return this.#operators.size === 0 ? null : this.get(this.#idOf(accountId));
  }

  /** Null for an account nobody is linked with. A new one begins with the levels its accounts have by themselves. */
  open(accountId: string): UnitLog | null {
    const { operatorOf, levelOf } = this.#surroundings;
    const accounts = operatorOf(accountId);
    if (accounts.length < 2) return null;
    const id = accounts[0] ?? accountId;
    const found = this.get(id);
    if (found !== null) return found;
    const log = this.named(id);
    for (const account of accounts) log.joining += levelOf(account);
    return log;
  }

  /** Made where there is none, with nothing in it. */
  named(id: string): UnitLog {
    const found = this.get(id);
    if (found !== null) return found;
    const unit = { kind: 'operator', accountId: id } as const;
    const log = newLog(unit, unitKey(unit));
    this.#operators.set(id, log);
    return log;
  }

  /** What was merged goes on with the levels of both; what was split begins anew. */
  changed(accountIds: readonly string[]): void {
    for (const id of new Set(accountIds)) {
      const pooled = this.#surroundings.pooledIn(id);
      const now = this.#idOf(id);
      if (pooled !== null) {
        const before = pooled.unit.accountId;
        if (before !== now && this.#idOf(before) !== now) this.#operators.delete(before);
      }
      if (now !== id) this.#merge(id, now, pooled === null);
    }
  }

  #merge(id: string, now: string, isNew: boolean): void {
    const { operatorOf, levelOf, standsAt, pooledIn } = this.#surroundings;
    const old = this.get(id);
    const into = this.get(now);
    this.#operators.delete(id);
    if (into !== null) {
      if (old !== null) into.joining += standsAt(old);
      else if (isNew) into.joining += levelOf(id);
    } else if (old !== null) {
      old.unit = { kind: 'operator', accountId: now };
      old.key = unitKey(old.unit);
      this.#operators.set(now, old);
      for (const account of operatorOf(now)) if (pooledIn(account) === null) old.joining += levelOf(account);
    }
  }

  /** After an incident was taken back which an operator began with: it begins anew. */
  released(held: Held): void {
    const log = this.heldOf(held.owner.accountId);
    if (log !== null && !held.chain.includes(log)) this.#operators.delete(log.unit.accountId);
  }

  #idOf(accountId: string): string {
    return this.#surroundings.operatorOf(accountId)[0] ?? accountId;
  }
}
