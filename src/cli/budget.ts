import { type Command, InvalidArgumentError } from 'commander';
import {
  BUDGET_ACTIONS,
  BUDGET_PERIODS,
  budgetListView,
  budgetRemovedView,
  budgetView,
  type BudgetView,
  setBudgetBody,
} from '../ledger/budgets/contract.ts';
import { ask, withQuery } from './control.ts';
import type { CliDeps } from './deps.ts';
import { readUsd, showUsd } from './money.ts';
import { checkBody, type Common, print, splitList } from './options.ts';
import { formatTable, minuteOf } from './table.ts';

interface SetOptions extends Common {
  readonly account: string;
  readonly key?: string;
  readonly app?: string;
  readonly member?: string;
  readonly usd: string;
  readonly period: string;
  readonly action?: string;
  readonly alertAt?: number[];
}

/** Adds `budget set|list|remove`. `common` adds the options every verb has. */
export function addBudgetVerbs(program: Command, deps: CliDeps, common: (command: Command) => Command): void {
  const budget = program.command('budget').description('how much may be spent in a period, whatever credit there is');
  common(budget.command('set'))
    .description('set the budget of an account, or of one of its keys, apps or members; again changes it')
    .requiredOption('--account <id>', 'whose spending')
    .option('--key <id>', 'only by this key and those made in its place')
    .option('--app <name>', 'only by the keys of this app')
    .option('--member <name>', 'only by the keys of this member')
    .requiredOption('--usd <amount>', 'how much, in US dollars', readUsd)
    .requiredOption('--period <period>', `${BUDGET_PERIODS.join(', ')}; days and months are those of UTC`)
    .option(
      '--action <action>',
      `${BUDGET_ACTIONS.join(' or ')}: refuse what would go over, or only tell (default: stop)`,
    )
    .option(
      '--alert-at <list>',
      'shares of it that are told when spent, in per cent, or none (default: 50,80,100)',
      readPercents,
    )
    .action((options: SetOptions) => set(deps, options));
  common(budget.command('list'))
    .description('show budgets and what is used of them')
    .option('--account <id>', 'only those of this account')
    .action((options: Common & { account?: string }) => list(deps, options));
  common(budget.command('remove'))
    .description('end a budget')
    .argument('<id>', 'the id of the budget')
    .action((id: string, options: Common) => remove(deps, id, options));
}

async function set(deps: CliDeps, options: SetOptions): Promise<void> {
  const body = bodyOf(options);
  const { answer } = await ask(deps, options, { method: 'POST', path: '/control/v1/budgets', body }, budgetView);
  print(deps, options, answer, () => {
    const { subject, subject_id, limit_nano, used_nano, period } = answer;
    const whose = subject === 'account' ? `Account ${subject_id}` : `The ${subject} ${subject_id}`;
    const until = answer.resets_at === null ? '' : `, until ${answer.resets_at}`;
    return `${whose} has a ${period} budget of ${showUsd(limit_nano)} (${answer.id}); ${showUsd(used_nano)} is used${until}.\n`;
  });
}

/** The request body; what the contract refuses is told by the option it came from. */
function bodyOf(options: SetOptions): object {
  const body = {
    account_id: options.account,
    limit_nano: options.usd,
    period: options.period,
    ...(options.key !== undefined && { key_id: options.key }),
    ...(options.app !== undefined && { app: options.app }),
    ...(options.member !== undefined && { member: options.member }),
    ...(options.action !== undefined && { action: options.action }),
    ...(options.alertAt !== undefined && { alert_at: options.alertAt }),
  };
  checkBody(setBudgetBody, body, OPTION_NAMES);
  return body;
}

const OPTION_NAMES: Readonly<Record<string, string>> = {
  account_id: '--account',
  key_id: '--key',
  limit_nano: '--usd',
  alert_at: '--alert-at',
};

async function list(deps: CliDeps, options: Common & { account?: string }): Promise<void> {
  const path = withQuery('/control/v1/budgets', { account: options.account });
  const { answer } = await ask(deps, options, { method: 'GET', path }, budgetListView);
  print(deps, options, answer, () => showList(answer.data));
}

async function remove(deps: CliDeps, id: string, options: Common): Promise<void> {
  const path = `/control/v1/budgets/${encodeURIComponent(id)}/remove`;
  const { answer } = await ask(deps, options, { method: 'POST', path, body: {} }, budgetRemovedView);
  print(deps, options, answer, () => `Budget ${answer.id} is removed.\n`);
}

function showList(budgets: readonly BudgetView[]): string {
  if (budgets.length === 0) {
    return 'There are no budgets. Set one: candor budget set --account ID --usd 10 --period month\n';
  }
  return formatTable(
    ['ID', 'ACCOUNT', 'OF', 'PERIOD', 'LIMIT', 'USED', 'SPENT', 'ACTION', 'TOLD AT', 'RESETS (UTC)'],
    budgets.map((one) => [
      one.id,
      one.account_id,
      one.subject === 'account' ? 'account' : `${one.subject} ${one.subject_id}`,
      one.period,
      showUsd(one.limit_nano),
      showUsd(one.used_nano),
      showUsd(one.spent_nano),
      one.action,
      one.alert_at.map((percent) => `${percent}%`).join(' ') || '-',
      one.resets_at === null ? 'never' : minuteOf(one.resets_at),
    ]),
  );
}

function readPercents(text: string): number[] {
  if (text === 'none') return [];
  const parts = splitList(text);
  if (parts.length === 0 || !parts.every((part) => /^\d{1,4}$/.test(part))) {
    throw new InvalidArgumentError('Write whole numbers with commas between them, such as 50,80,100, or none.');
  }
  return parts.map(Number);
}
