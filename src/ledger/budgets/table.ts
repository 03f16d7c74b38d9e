import type { BudgetOrder, BudgetPeriod, BudgetSubject } from '../budget.ts';
import type { HeldBudget } from './window.ts';

/** Every budget in memory, found by whom it is about. */
export interface BudgetTable {
  get(id: string): HeldBudget | undefined;
  /** The budget of this subject and period, if there is one. */
  find(accountId: string, subject: BudgetSubject, subjectId: string, period: BudgetPeriod): HeldBudget | undefined;
  /** Those that a request counts in: of its key, its app, its member, its account, in this order. */
  matching(order: Pick<BudgetOrder, 'accountId' | 'keyId' | 'app' | 'member'>): readonly HeldBudget[];
  /** Of one account, or of all. */
  list(accountId: string | null): readonly HeldBudget[];
  count(accountId: string | null): number;
  put(held: HeldBudget): void;
  drop(id: string): void;
}

const NONE: readonly HeldBudget[] = [];

/** Periods in the order they are asked: the one that is over soonest first. */
const PERIOD_ORDER: Readonly<Record<BudgetPeriod, number>> = { day: 0, month: 1, total: 2 };

export function createBudgetTable(): BudgetTable {
  const byId = new Map<string, HeldBudget>();
  const byAccount = new Map<string, Map<string, HeldBudget[]>>();

  function put(held: HeldBudget): void {
    const { id, accountId, subject, subjectId } = held.budget;
    byId.set(id, held);
    const bySubject = byAccount.get(accountId) ?? new Map<string, HeldBudget[]>();
    byAccount.set(accountId, bySubject);
    const name = nameOf(subject, subjectId);
    const all = [...(bySubject.get(name) ?? []), held];
    all.sort((a, b) => PERIOD_ORDER[a.budget.period] - PERIOD_ORDER[b.budget.period]);
    bySubject.set(name, all);
  }

  function drop(id: string): void {
    const held = byId.get(id);
    if (held === undefined) return;
    byId.delete(id);
    const { accountId, subject, subjectId } = held.budget;
    const bySubject = byAccount.get(accountId);
    const name = nameOf(subject, subjectId);
    const left = bySubject?.get(name)?.filter((one) => one !== held) ?? NONE;
    if (left.length > 0) bySubject?.set(name, [...left]);
    else bySubject?.delete(name);
    if (bySubject?.size === 0) byAccount.delete(accountId);
  }

  function list(accountId: string | null): readonly HeldBudget[] {
    if (accountId === null) return [...byId.values()];
    return [...(byAccount.get(accountId)?.values() ?? [])].flat();
  }

  return {
    get: (id) => byId.get(id),
    find: (accountId, subject, subjectId, period) =>
      byAccount
        .get(accountId)
        ?.get(nameOf(subject, subjectId))
        ?.find((held) => held.budget.period === period),
    matching({ accountId, keyId, app, member }) {
      const bySubject = byAccount.get(accountId);
      if (bySubject === undefined) return NONE;
      return [
        ...(bySubject.get(nameOf('key', keyId)) ?? NONE),
        ...((app !== null && bySubject.get(nameOf('app', app))) || NONE),
        ...((member !== null && bySubject.get(nameOf('member', member))) || NONE),
        ...(bySubject.get(nameOf('account', accountId)) ?? NONE),
      ];
    },
    list,
    count: (accountId) => (accountId === null ? byId.size : list(accountId).length),
    put,
    drop,
  };
}

function nameOf(subject: BudgetSubject, subjectId: string): string {
  return `${subject}:${subjectId}`;
}
