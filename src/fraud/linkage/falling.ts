import { fieldAt } from '../evidence/fields.ts';
import type { OperatorsChanged } from '../linkage.ts';
import type { Fall } from './edges.ts';
import { judge } from './judge.ts';
import { keepAccount, type LinkageParts } from './parts.ts';

export interface Falling {
  /** Lets a link fall; what it held together is taken apart and put together anew from what is left. */
  fall(edge: number, why: Fall): void;
  /** Lets links fall whose time is over, and those that rest on a network found to be shared; how many fell. */
  expire(nowMs: number): number;
  /** Takes everything from an account that is known of it. */
  erase(account: number, nowMs: number): void;
  /** Takes values whose time is over from accounts, at most so many accounts in one go; from where it stopped before. */
  forget(nowMs: number, accountsMax: number): void;
}

const DAY_MS = 86_400_000;
const NETWORKS_MAX = 16;
const ACCOUNTS_PER_NETWORK_MAX = 2_000;

export function createFalling(parts: LinkageParts, tell: OperatorsChanged): Falling {
  const { accounts, components, edges, values, egress } = parts;

  function fall(edge: number, why: Fall): void {
    edges.fell(edge, why);
    parts.keeping.fell(edge, why);
    if (!edges.isHard(edge)) return;
    const { a } = edges.read(edge);
    const members = components.membersOf(a);
    const named = components.oldestOf(a);
    components.rebuild(a, (account) =>
      edges
        .of(account)
        .filter((other) => edges.isHard(other) && edges.holds(other))
        .map((other) => edges.otherEnd(other, account)),
    );
    const moved = members.filter((member) => components.oldestOf(member) !== named);
    if (moved.length > 0) tell({ kind: 'split', accounts: moved.map(accounts.idOf) });
  }

  /** Links of one age were made in order, so the first that has not expired ends the search. */
  let next = 0;
  function expire(nowMs: number): number {
    let fallen = 0;
    for (; next < edges.size && edges.expiresAtMs(next) <= nowMs; next++) {
      if (!edges.holds(next)) continue;
      fall(next, { atMs: nowMs, reason: 'expired' });
      fallen++;
    }
    for (const network of egress.turned(NETWORKS_MAX)) {
      for (const edge of restingOn(network, parts)) {
        fall(edge, { atMs: nowMs, reason: 'network_shared' });
        fallen++;
      }
    }
    return fallen;
  }

  function take(account: number, which: (field: number, day: number) => boolean): void {
    const gone: number[] = [];
    values.eachOf(account, (value, day) => {
      if (which(values.fieldOf(value), day)) gone.push(value);
    });
    if (gone.length === 0) return;
    for (const value of gone) {
      values.drop(value, account);
      components.lost(account, value);
    }
    keepAccount(parts, account);
  }

  let forgetFrom = 0;
  return {
    fall,
    expire,
    erase(account, nowMs) {
      for (const edge of edges.of(account)) if (edges.holds(edge)) fall(edge, { atMs: nowMs, reason: 'erased' });
      take(account, () => true);
    },
    forget(nowMs, accountsMax) {
      const today = Math.floor(nowMs / DAY_MS);
      for (let left = Math.min(accountsMax, accounts.size); left > 0; left--) {
        take(forgetFrom, (field, day) => today - day > fieldAt(field).retentionDays);
        forgetFrom = (forgetFrom + 1) % accounts.size;
      }
    },
  };
}

/** Hard links of accounts on a network that would not be hard if many share it. */
function restingOn(network: number, { values, edges, components, parameters }: LinkageParts): number[] {
  const resting = new Set<number>();
  values.newest(network, ACCOUNTS_PER_NETWORK_MAX, (account) => {
    for (const edge of edges.of(account)) {
      if (!edges.isHard(edge) || !edges.holds(edge) || !values.has(edges.otherEnd(edge, account), network)) continue;
      const operatorAccounts = components.sizeOf(account);
      // What else held when it was judged is taken to hold still.
      const around = { sharedNetwork: true, payers: parameters.householdMax + 1, operatorAccounts, deviceInStep: true };
      if (judge(edges.read(edge).agreements, around, parameters).bits < parameters.hardBits) resting.add(edge);
    }
    return false;
  });
  return [...resting];
}
