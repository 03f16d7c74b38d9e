import { formatUsd } from '../base/money.ts';
import type { Alert } from '../ledger/index.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

/** Says an alert about money in the log, where whoever watches the service sees it. */
export function alertNotice(telemetry: Telemetry | null): (alert: Alert) => void {
  return (alert) => {
    const fields = { alert: alert.id, account: alert.accountId, kind: alert.kind };
    if (alert.kind === 'low_balance') {
      const balance = formatUsd(alert.balance);
      const message = `the credit of ${alert.accountId} is down to ${balance} US dollars`;
      return telemetry?.notice('warn', message, { ...fields, threshold: formatUsd(alert.threshold) });
    }
    const { subject, subjectId, period } = alert;
    const what = `the ${period} budget of ${subject} ${subjectId}`;
    const message = alert.kind === 'budget' ? `${what} is ${alert.percent} % used` : `${what} has refused a request`;
    telemetry?.notice('warn', message, {
      ...fields,
      budget: alert.budgetId,
      limit: formatUsd(alert.limit),
      spent: formatUsd(alert.spent),
    });
  };
}
