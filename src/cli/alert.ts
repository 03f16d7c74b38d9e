import type { Command } from 'commander';
import {
  alertListView,
  type AlertView,
  lowBalanceListView,
  lowBalanceView,
  setLowBalanceBody,
} from '../ledger/budgets/contract.ts';
import { ask, withQuery } from './control.ts';
import type { CliDeps } from './deps.ts';
import { readUsd, showUsd } from './money.ts';
import { checkBody, type Common, print } from './options.ts';
import { formatTable, minuteOf } from './table.ts';

interface OfAccount extends Common {
  readonly account: string;
}

interface ListOptions extends Common {
  readonly account?: string;
  readonly limit?: string;
  readonly before?: string;
}

const LOW_BALANCE_PATH = '/control/v1/alerts/low-balance';

/** Adds `alert list` and `alert low-balance set|off|list`. `common` adds the options every verb has. */
export function addAlertVerbs(program: Command, deps: CliDeps, common: (command: Command) => Command): void {
  const alert = program.command('alert').description('what was told about spending, and when to tell it');
  common(alert.command('list'))
    .description('show alerts, newest first')
    .option('--account <id>', 'only those of this account')
    .option('--limit <number>', 'how many at most (default: 100)')
    .option('--before <id>', 'those before this one')
    .action((options: ListOptions) => list(deps, options));
  const low = alert.command('low-balance').description('tell when the credit of an account falls below a threshold');
  common(low.command('set'))
    .description('set the threshold; told once, and again after the credit was above it')
    .requiredOption('--account <id>', 'whose credit')
    .requiredOption('--usd <amount>', 'the threshold, in US dollars', readUsd)
    .action((options: OfAccount & { usd: string }) => setThreshold(deps, options, options.usd));
  common(low.command('off'))
    .description('tell no more')
    .requiredOption('--account <id>', 'whose credit')
    .action((options: OfAccount) => setThreshold(deps, options, null));
  common(low.command('list'))
    .description('show the thresholds')
    .option('--account <id>', 'only that of this account')
    .action((options: Common & { account?: string }) => listThresholds(deps, options));
}

async function list(deps: CliDeps, options: ListOptions): Promise<void> {
  const { account, limit, before } = options;
  const path = withQuery('/control/v1/alerts', { account, limit, before });
  const { answer } = await ask(deps, options, { method: 'GET', path }, alertListView);
  print(deps, options, answer, () => {
    if (answer.data.length === 0) return 'There are no alerts.\n';
    const more = answer.next === null ? '' : `There are more: candor alert list --before ${answer.next}\n`;
    const rows = answer.data.map((one) => [minuteOf(one.at), one.account_id, one.kind, wordsOf(one)]);
    return `${formatTable(['AT (UTC)', 'ACCOUNT', 'KIND', 'WHAT'], rows)}${more}`;
  });
}

function wordsOf(alert: AlertView): string {
  if (alert.kind === 'low_balance') {
    return `${showUsd(alert.balance_nano)} is left, below ${showUsd(alert.threshold_nano)}`;
  }
  const whose = alert.subject === 'account' ? 'account' : `${alert.subject} ${alert.subject_id}`;
  const what = `${alert.period} budget of ${whose}: ${showUsd(alert.spent_nano)} of ${showUsd(alert.limit_nano)} spent`;
  return alert.kind === 'budget' ? `${what}, ${alert.percent}% reached` : `${what}, a request was refused`;
}

async function setThreshold(deps: CliDeps, options: OfAccount, threshold: string | null): Promise<void> {
  const body = { account_id: options.account, threshold_nano: threshold };
  checkBody(setLowBalanceBody, body, { account_id: '--account', threshold_nano: '--usd' });
  const { answer } = await ask(deps, options, { method: 'POST', path: LOW_BALANCE_PATH, body }, lowBalanceView);
  const { account_id: id, threshold_nano: set } = answer;
  print(deps, options, answer, () => {
    if (set === null) return `Nothing more is told of the credit of account ${id}.\n`;
    return `It is told when the credit of account ${id} falls below ${showUsd(set)}${answer.told ? '; it is already' : ''}.\n`;
  });
}

async function listThresholds(deps: CliDeps, options: Common & { account?: string }): Promise<void> {
  const path = withQuery(LOW_BALANCE_PATH, { account: options.account });
  const { answer } = await ask(deps, options, { method: 'GET', path }, lowBalanceListView);
  print(deps, options, answer, () => {
    if (answer.data.length === 0) return 'There are no thresholds.\n';
    const rows = answer.data.map((one) => [
      one.account_id,
      one.threshold_nano === null ? '-' : showUsd(one.threshold_nano),
      one.told ? 'below' : 'above',
    ]);
    return formatTable(['ACCOUNT', 'THRESHOLD', 'CREDIT'], rows);
  });
}
