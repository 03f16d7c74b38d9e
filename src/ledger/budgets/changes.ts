import { assert } from '../../base/assert.ts';
import { ok, refuse } from '../../base/result.ts';
import type { Budget, Budgets } from '../budget.ts';
import type { BudgetsDeps } from './budgets.ts';
import { insertBudget, removeBudget, updateBudget } from './store.ts';
import type { BudgetTable } from './table.ts';
import { type HeldBudget, useOf } from './window.ts';

const BUDGETS_MAX = 100_000;
const BUDGETS_PER_ACCOUNT_MAX = 32;

/** Sets and removes budgets, one after the other: on the disk first, then in memory. */
export function createBudgetChanges(
  table: BudgetTable,
  { storage, clock, mintId }: BudgetsDeps,
): Pick<Budgets, 'set' | 'remove'> {
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  }

  async function add(wanted: Parameters<Budgets['set']>[0]): ReturnType<Budgets['set']> {
    const { accountId } = wanted;
    if (table.count(null) >= BUDGETS_MAX || table.count(accountId) >= BUDGETS_PER_ACCOUNT_MAX) {
      const message = `an account may have ${BUDGETS_PER_ACCOUNT_MAX} budgets, and the service ${BUDGETS_MAX}; remove one first`;
      return refuse({ reason: 'too_many_budgets', message });
    }
    const budget: Budget = { ...wanted, id: mintId('budget'), createdAtMs: clock.wallMs() };
    const written = await storage.writer.write(insertBudget(budget, 1));
    if (!written.ok) {
      // The id is new and no other budget is like it, so the only thing that can be missing is the account.
      return refuse({ reason: 'account_not_found', message: `there is no account ${accountId}` });
    }
    const held: HeldBudget = { budget, version: 1, windows: [] };
    table.put(held);
    return ok(useOf(held, clock.wallMs()));
  }

  async function change(held: HeldBudget, wanted: Parameters<Budgets['set']>[0]): ReturnType<Budgets['set']> {
    const { limit, action, alertAt } = wanted;
    const budget: Budget = { ...held.budget, limit, action, alertAt };
    const written = await storage.writer.write(updateBudget(budget, held.version + 1, clock.wallMs()));
    assert(written.ok, 'a budget in memory is on the disk at the same version');
    held.budget = budget;
    held.version++;
    return ok(useOf(held, clock.wallMs()));
  }

  return {
    set: (wanted) =>
      inTurn(() => {
        const { accountId, subject, subjectId, period } = wanted;
        const held = table.find(accountId, subject, subjectId, period);
        return held === undefined ? add(wanted) : change(held, wanted);
      }),
    remove: (accountId, id) =>
      inTurn(async () => {
        const held = table.get(id);
        if (held === undefined || held.budget.accountId !== accountId) return false;
        const written = await storage.writer.write(removeBudget(held.budget, held.version + 1, clock.wallMs()));
        assert(written.ok, 'a budget in memory is on the disk at the same version');
        table.drop(id);
        return true;
      }),
  };
}
