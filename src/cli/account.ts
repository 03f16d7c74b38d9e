import type { Command } from 'commander';
import {
  ACCOUNT_KINDS,
  accountDetailView,
  accountListView,
  type AccountView,
  accountView,
  createAccountBody,
} from '../accounts/contract.ts';
import { EXIT } from '../app/contract.ts';
import { balanceView } from '../ledger/credit/contract.ts';
import { planDetailView, type SubscriptionView } from '../ledger/plans/contract.ts';
import { ask, withQuery } from './control.ts';
import { type CliDeps, CliFailure } from './deps.ts';
import { showUsd } from './money.ts';
import { checkBody, type Common, print, readCount } from './options.ts';
import { describe, readPlans, startPlan } from './plan.ts';
import { formatTable, minuteOf } from './table.ts';

interface CreateOptions extends Common {
  readonly name: string;
  readonly kind?: string;
  readonly plan?: string;
  readonly interval?: string;
  readonly seats?: number;
  readonly trial?: boolean;
  readonly paidBy?: string;
}

/** Adds `account create|show|list`. `common` adds the options every verb has. */
export function addAccountVerbs(program: Command, deps: CliDeps, common: (command: Command) => Command): void {
  const account = program.command('account').description('accounts: whose keys, credit and plan something is');
  common(account.command('create'))
    .description('make an account')
    .requiredOption('--name <text>', 'for people to tell accounts apart')
    .option('--kind <kind>', `${ACCOUNT_KINDS.join(' or ')} (default: person)`)
    .option('--plan <name>', 'begin this plan (default: none; it is treated as on free, without sign-up credit)')
    .option('--interval <interval>', 'of the plan: month or year (default: month)')
    .option('--seats <number>', 'of the plan (default: its fewest)', readCount)
    .option('--trial', 'begin the plan with its trial')
    .option('--paid-by <text>', 'money for the plan was received outside of Candor, such as "invoice 12"')
    .action((options: CreateOptions) => create(deps, options));
  common(account.command('show'))
    .description('show an account, its plan, its keys and what it may spend')
    .argument('[id]', 'the id of the account')
    .option('--account <id>', 'the same as naming it')
    .action((id: string | undefined, options: Common & { account?: string }) => show(deps, id, options));
  common(account.command('list'))
    .description('show all accounts, oldest first')
    .option('--limit <number>', 'how many at most (default: 100)')
    .option('--after <id>', 'those after this one')
    .action((options: Common & { limit?: string; after?: string }) => list(deps, options));
}

async function create(deps: CliDeps, options: CreateOptions): Promise<void> {
  const body = { name: options.name, ...(options.kind !== undefined && { kind: options.kind }) };
  checkBody(createAccountBody, body, {});
  if (options.plan !== undefined) await expectPlan(deps, options, options.plan);
  const { answer } = await ask(deps, options, { method: 'POST', path: '/control/v1/accounts', body }, accountView);
  const subscription = options.plan === undefined ? null : await begin(deps, options, answer.id);
  print(deps, options, subscription === null ? answer : { ...answer, subscription }, () => {
    const made = `Account ${answer.id} (${answer.kind} ${answer.name}) is made.\n`;
    return subscription === null ? made : `${made}${describe(subscription)}\n`;
  });
}

/** Throws `CliFailure` unless there is such a plan: accounts cannot be removed, so a typing error shall make none. */
async function expectPlan(deps: CliDeps, options: Common, plan: string): Promise<void> {
  const names = (await readPlans(deps, options)).map((one) => one.name);
  if (names.includes(plan)) return;
  const message = `--plan: there is no plan ${plan}, but ${names.join(', ')}; no account was made`;
  throw new CliFailure(EXIT.refused, 'plan_not_found', message);
}

/** The plan of a new account; what is refused says that the account is there all the same. */
async function begin(deps: CliDeps, options: CreateOptions, account: string): Promise<SubscriptionView> {
  try {
    return await startPlan(deps, { ...options, account });
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    const message = `account ${account} is made, but without a plan: ${error.message}\nGo on with: candor plan start --account ${account} --plan ${options.plan} ...`;
    throw new CliFailure(error.exitCode, error.reason, message, { cause: error });
  }
}

async function show(deps: CliDeps, named: string | undefined, options: Common & { account?: string }): Promise<void> {
  const id = onlyAccount(named, options.account);
  const path = `/control/v1/accounts/${encodeURIComponent(id)}`;
  const { answer: account } = await ask(deps, options, { method: 'GET', path }, accountDetailView);
  const balancePath = `/control/v1/ledger/accounts/${encodeURIComponent(id)}/balance`;
  const { answer: balance } = await ask(deps, options, { method: 'GET', path: balancePath }, balanceView);
  const planPath = `/control/v1/accounts/${encodeURIComponent(id)}/plan`;
  const { answer: plan } = await ask(deps, options, { method: 'GET', path: planPath }, planDetailView);
  const { balance_nano, available_nano, held_nano, envelope_nano } = balance;
  const shown = { ...account, subscription: plan.subscription, balance_nano, available_nano, held_nano, envelope_nano };
  print(deps, options, shown, () =>
    [
      `${account.id}  ${account.kind} ${account.name}, made ${account.created_at}`,
      `plan     ${plan.subscription === null ? 'none' : describe(plan.subscription)}`,
      `keys     ${account.keys.active} active of ${account.keys.total}`,
      `credit   ${showUsd(available_nano)} available, ${showUsd(held_nano)} held, ${showUsd(envelope_nano)} promised`,
      '',
    ].join('\n'),
  );
}

/** Throws `CliFailure` unless the account is named exactly once. */
function onlyAccount(argument: string | undefined, option: string | undefined): string {
  if ((argument === undefined) === (option === undefined)) {
    throw new CliFailure(EXIT.usage, 'usage', 'name the account once: its id, or --account <id>');
  }
  return argument ?? option ?? '';
}

async function list(deps: CliDeps, options: Common & { limit?: string; after?: string }): Promise<void> {
  const path = withQuery('/control/v1/accounts', { limit: options.limit, after: options.after });
  const { answer } = await ask(deps, options, { method: 'GET', path }, accountListView);
  print(deps, options, answer, () => showList(answer.data, answer.next));
}

function showList(accounts: readonly AccountView[], next: string | null): string {
  const rows = accounts.map((one) => [one.id, one.kind, one.name, minuteOf(one.created_at)]);
  const more = next === null ? '' : `There are more: candor account list --after ${next}\n`;
  return `${formatTable(['ID', 'KIND', 'NAME', 'CREATED (UTC)'], rows)}${more}`;
}
