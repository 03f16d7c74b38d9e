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

/** The pooled requests of linked accounts, one log for each operator of whom there was an incident. */
export interface Pools {
  get(operatorId: string): UnitLog | null;
  /** Made where there is none, with nothing in it. */
  named(operatorId: string): UnitLog;
  /** Null for an account nobody is linked with. A new one begins with the levels its accounts have by themselves. */
  open(accountId: string): UnitLog | null;
  /** Of an account's operator; null where there is none yet. */
  heldOf(accountId: string): UnitLog | null;
  changed(accountIds: readonly string[]): void;
  /** After an incident was taken back which an operator began with: it begins anew. */
  released(held: Held): void;
}

/**
 * The pooled CUSUM of accounts is at most the sum of theirs, so a pool that begins with the sum forgets nothing; what
 * was linked by mistake comes to nothing, as long as its accounts stand at zero by themselves.
 */
export function createPools(surroundings: PoolSurroundings): Pools {
  const { levelOf, standsAt, pooledIn } = surroundings;
  const operators = new Map<string, UnitLog>();

  function operatorIdOf(accountId: string): string {
    return surroundings.operatorOf(accountId)[0] ?? accountId;
  }

  /** Null for an account nobody is linked with. A new one begins with the levels its accounts have by themselves. */
  function open(accountId: string): UnitLog | null {
    const accounts = surroundings.operatorOf(accountId);
    if (accounts.length < 2) return null;
    const id = accounts[0] ?? accountId;
    const found = operators.get(id);
    if (found !== undefined) return found;
    const log = named(id);
    for (const account of accounts) log.joining += levelOf(account);
    return log;
  }

  function named(id: string): UnitLog {
    const found = operators.get(id);
    if (found !== undefined) return found;
    const unit = { kind: 'operator', accountId: id } as const;
    const log = newLog(unit, unitKey(unit));
    operators.set(id, log);
    return log;
  }

  /** What was merged goes on with the levels of both; what was split begins anew. */
  function changed(accountIds: readonly string[]): void {
    for (const id of new Set(accountIds)) {
      const pooled = pooledIn(id);
      const now = operatorIdOf(id);
      if (pooled !== null && pooled.unit.accountId !== now && operatorIdOf(pooled.unit.accountId) !== now) {
        operators.delete(pooled.unit.accountId);
      }
      if (now !== id) merge(id, now, pooled === null);
    }
  }

  function merge(id: string, now: string, isNew: boolean): void {
    const old = operators.get(id);
    const into = operators.get(now);
    operators.delete(id);
    if (into !== undefined) {
      if (old !== undefined) into.joining += standsAt(old);
      else if (isNew) into.joining += levelOf(id);
    } else if (old !== undefined) {
      old.unit = { kind: 'operator', accountId: now };
      old.key = unitKey(old.unit);
      operators.set(now, old);
      for (const account of surroundings.operatorOf(now)) {
        if (pooledIn(account) === null) old.joining += levelOf(account);
      }
    }
  }

  function released(held: Held): void {
    const id = operatorIdOf(held.owner.accountId);
    if (operators.has(id) && !held.chain.some((log) => log === operators.get(id))) operators.delete(id);
  }

  return {
    get: (id) => operators.get(id) ?? null,
    named,
    open,
    heldOf: (accountId) => (operators.size === 0 ? null : (operators.get(operatorIdOf(accountId)) ?? null)),
    changed,
    released,
  };
}
