/** Undecided cases in memory, as what looks for them needs them. */
import { unitKey } from '../unit.ts';
import type { Case, CaseOpening } from './case.ts';
import { isUndecided } from './routing.ts';

/** Undecided at once; more are refused, and whoever opens them says so. */
export const UNDECIDED_MAX = 50_000;

export interface CaseTable {
  /** Puts it in, or takes it out when it is decided. */
  put(one: Case): void;
  get(id: string): Case | null;
  ofAccount(accountId: string): readonly Case[];
  /** An undecided one that takes in another opening of the same kind, unit and conduct; not one that somebody looked at. */
  sameAs(what: CaseOpening): Case | null;
  /** The second reading of a case that is not settled yet. */
  twinOf(id: string): Case | null;
  all(): Iterable<Case>;
  remove(id: string): void;
  readonly size: number;
}

export function createCaseTable(): CaseTable {
  const byId = new Map<string, Case>();
  const byAccount = new Map<string, Set<string>>();
  const byFold = new Map<string, string>();
  const byTwin = new Map<string, string>();

  function remove(id: string): void {
    const one = byId.get(id);
    if (one === undefined) return;
    byId.delete(id);
    const theirs = byAccount.get(one.owner.accountId);
    theirs?.delete(id);
    if (theirs?.size === 0) byAccount.delete(one.owner.accountId);
    if (byFold.get(foldOf(one)) === id) byFold.delete(foldOf(one));
    if (one.twinOf !== null) byTwin.delete(one.twinOf);
  }

  return {
    put(one) {
      remove(one.id);
      if (!isUndecided(one)) return;
      byId.set(one.id, one);
      const theirs = byAccount.get(one.owner.accountId) ?? new Set();
      byAccount.set(one.owner.accountId, theirs.add(one.id));
      if (one.twinOf === null) byFold.set(foldOf(one), one.id);
      else byTwin.set(one.twinOf, one.id);
    },
    get: (id) => byId.get(id) ?? null,
    ofAccount: (accountId) => [...(byAccount.get(accountId) ?? [])].flatMap((id) => byId.get(id) ?? []),
    sameAs(what) {
      const id = what.kind === 'audit' ? undefined : byFold.get(foldOf(what));
      const one = id === undefined ? undefined : byId.get(id);
      return one === undefined || one.assignee !== null || one.awaited !== null ? null : one;
    },
    twinOf: (id) => byId.get(byTwin.get(id) ?? '') ?? null,
    all: () => byId.values(),
    remove,
    get size() {
      return byId.size;
    },
  };
}

function foldOf(one: Pick<CaseOpening, 'kind' | 'conduct' | 'unit' | 'rule'>): string {
  return `${one.kind} ${one.conduct} ${one.rule ?? ''} ${unitKey(one.unit)}`;
}
