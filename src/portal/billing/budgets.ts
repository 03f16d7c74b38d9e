import { ok, refuse, type Result } from '../../base/result.ts';
import { type Budget, type BudgetUse, toBudgetView } from '../../ledger/index.ts';
import { absent, type PortalRefusal } from '../refusals.ts';
import type { PortalBudgetBody, PortalBudgetView } from './contract.ts';
import type { PortalBillingDeps } from './deps.ts';

type NameParts = Pick<PortalBillingDeps, 'keys' | 'belonging'>;

export function toPortalBudgetView(use: BudgetUse, parts: NameParts): PortalBudgetView {
  const { account_id: _, ...view } = toBudgetView(use);
  return { ...view, name: nameOfSubject(use, parts) };
}

/** What people call whom a budget is about. */
export function nameOfSubject(
  { accountId, subject, subjectId }: Budget,
  { keys, belonging }: NameParts,
): string | null {
  if (subject === 'key') return keys.get(subjectId)?.name ?? null;
  if (subject === 'member') return belonging.member(accountId, subjectId)?.name ?? null;
  if (subject === 'app') return belonging.apps(accountId).find(({ app }) => app === subjectId)?.name ?? null;
  return null;
}

/** Makes a budget of somebody or something of this account, or changes the one there is. */
export async function setBudget(
  deps: PortalBillingDeps,
  accountId: string,
  body: PortalBudgetBody,
): Promise<Result<PortalBudgetView, PortalRefusal>> {
  const subject = findSubject(deps, accountId, body);
  if (!subject.ok) return subject;
  const { limit_nano: limit, period, action, alert_at } = body;
  const alertAt = [...new Set(alert_at)].sort((one, other) => one - other);
  const made = await deps.budgets.set({ accountId, ...subject.value, limit, period, action, alertAt });
  if (made.ok) return ok(toPortalBudgetView(made.value, deps));
  return refuse({ status: made.refusal.reason === 'account_not_found' ? 404 : 409, ...made.refusal });
}

/** A budget of a name nobody has would stop nobody. */
function findSubject(
  { keys, belonging }: NameParts,
  accountId: string,
  { key_id: keyId, app, member }: PortalBudgetBody,
): Result<Pick<Budget, 'subject' | 'subjectId'>, PortalRefusal> {
  const own = keys.ofAccount(accountId);
  if (keyId !== null) {
    const key = own.find(({ id }) => id === keyId);
    // A key made in place of another goes on with its budget.
    return key === undefined ? refuse(absent('key')) : ok({ subject: 'key', subjectId: key.originId });
  }
  if (app !== null) {
    const known = own.some((key) => key.app === app) || belonging.apps(accountId).some((one) => one.app === app);
    return known ? ok({ subject: 'app', subjectId: app }) : refuse(absent('app'));
  }
  if (member !== null) {
    const known = own.some((key) => key.member === member) || belonging.member(accountId, member) !== null;
    return known ? ok({ subject: 'member', subjectId: member }) : refuse(absent('member'));
  }
  return ok({ subject: 'account', subjectId: accountId });
}
