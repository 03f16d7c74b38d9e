import { isoOrNull, toIso } from '../../base/calendar.ts';
import type { BudgetUse } from '../budget.ts';
import type { Alert } from './alert.ts';
import type { AlertView, BudgetView } from './contract.ts';

export function toBudgetView(use: BudgetUse): BudgetView {
  return {
    id: use.id,
    account_id: use.accountId,
    subject: use.subject,
    subject_id: use.subjectId,
    period: use.period,
    action: use.action,
    alert_at: [...use.alertAt],
    limit_nano: String(use.limit),
    used_nano: String(use.used),
    spent_nano: String(use.spent),
    created_at: toIso(use.createdAtMs),
    resets_at: isoOrNull(use.resetsAtMs),
  };
}

export function toAlertView(alert: Alert): AlertView {
  const common = { id: alert.id, at: toIso(alert.atMs), account_id: alert.accountId };
  if (alert.kind === 'low_balance') {
    const { kind, threshold, balance } = alert;
    return { kind, ...common, threshold_nano: String(threshold), balance_nano: String(balance) };
  }
  const of = {
    ...common,
    budget_id: alert.budgetId,
    subject: alert.subject,
    subject_id: alert.subjectId,
    period: alert.period,
    period_start: alert.period === 'total' ? null : toIso(alert.periodStartMs),
    limit_nano: String(alert.limit),
    spent_nano: String(alert.spent),
  };
  return alert.kind === 'budget' ? { kind: alert.kind, ...of, percent: alert.percent } : { kind: alert.kind, ...of };
}
