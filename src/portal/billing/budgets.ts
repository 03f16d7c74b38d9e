import { ok, refuse, type Result } from '../../base/result.ts';
import { type Budget, type BudgetUse, toBudgetView } from '../../ledger/index.ts';
import { type Names, namesFor } from '../names.ts';
import { absent, type PortalRefusal } from '../refusals.ts';
import type { PortalBudgetBody, PortalBudgetView } from './contract.ts';
import type { PortalBillingDeps } from './deps.ts';

export function toPortalBudgetView(use: BudgetUse, names: Names): PortalBudgetView {
  const { account_id: _, ...view } = toBudgetView(use);
  return { ...view, name: nameOfSubject(use, names) };
}

/** What people call whom a budget is about. */
export function nameOfSubject({ subject, subjectId }: Budget, names: Names): string | null {
  return subject === 'account' ? null : names[subject](subjectId);
}

/** Makes a budget of somebody or something of this account, or changes the one there is. */
export async function setBudget(
  deps: PortalBillingDeps,
  accountId: string,
  body: PortalBudgetBody,
): Promise<Result<PortalBudgetView, PortalRefusal>> {
  const subject = await findSubject(deps, accountId, body);
  if (!subject.ok) return subject;
  const { limit_nano: limit, period, action, alert_at } = body;
  const alertAt = [...new Set(alert_at)].sort((one, other) => one - other);
  const made = await deps.budgets.set({ accountId, ...subject.value, limit, period, action, alertAt });
  if (made.ok) {
    const names = await namesFor(deps, accountId, [body.member]);
    return ok(toPortalBudgetView(made.value, names));
  }
  return refuse({ status: made.refusal.reason === 'account_not_found' ? 404 : 409, ...made.refusal });
}

/** A budget of a name nobody has would stop nobody. */
async function findSubject(
  { keys, belonging }: Pick<PortalBillingDeps, 'keys' | 'belonging'>,
  accountId: string,
  { key_id: keyId, app, member }: PortalBudgetBody,
): Promise<Result<Pick<Budget, 'subject' | 'subjectId'>, PortalRefusal>> {
  const own = keys.ofAccount(accountId);
  if (keyId !== null) {
    const key = own.find(({ id }) => id === keyId);
    // A key made in place of another goes on with its budget.
    return key === undefined ? refuse(absent('key')) : ok({ subject: 'key', subjectId: key.originId });
  }
  if (app !== null) {
    const known =
      own.some((key) => key.app === app) || (await belonging.apps(accountId)).some((one) => one.app === app);
    return known ? ok({ subject: 'app', subjectId: app }) : refuse(absent('app'));
  }
  if (member !== null) {
    const known = own.some((key) => key.member === member) || (await belonging.member(accountId, member)) !== null;
    return known ? ok({ subject: 'member', subjectId: member }) : refuse(absent('member'));
  }
  return ok({ subject: 'account', subjectId: accountId });
}
