import { type Command, InvalidArgumentError } from 'commander';
import { OPERATOR_ACCOUNT_ID } from '../accounts/contract.ts';
import { EXIT } from '../app/contract.ts';
import {
  balanceView,
  type BalanceView,
  grantCreditBody,
  type GrantCreditBody,
  grantedView,
  type GrantView,
  revokeCreditBody,
  revokedView,
} from '../ledger/credit/contract.ts';
import { ask } from './control.ts';
import { type CliDeps, CliFailure } from './deps.ts';
import { readUsd, showUsd } from './money.ts';
import { checkBody, type Common, print, readDuration, splitList } from './options.ts';
import { formatTable, minuteOf } from './table.ts';

interface GrantOptions extends Common {
  readonly account: string;
  readonly usd: string;
  readonly reason: string;
  readonly expires?: number;
  readonly priority?: number;
  readonly models?: string[];
  readonly products?: string[];
  readonly paid?: boolean;
  readonly promo?: boolean;
  readonly id?: string;
}

/** Adds `credit grant|list|revoke` and `ledger balance`; gives the commands `credit` and `ledger`. */
export function addCreditVerbs(
  program: Command,
  deps: CliDeps,
  common: (command: Command) => Command,
): { readonly credit: Command; readonly ledger: Command } {
  const credit = program.command('credit').description('credit accounts may spend');
  common(credit.command('grant'))
    .description('give an account credit; with --id, giving again gives nothing more')
    .requiredOption('--account <id>', 'who gets it')
    .requiredOption('--usd <amount>', 'how much, in US dollars, to nine decimals', readUsd)
    .requiredOption('--reason <text>', 'why, for the books')
    .option('--expires <time>', 'when it ends: 12h, 30d, 8w from now (default: never)', readDuration)
    .option('--priority <number>', 'smaller is used first, 0 to 100 (default: 50)', readPriority)
    .option('--models <list>', 'the models it may be spent on (default: all)', splitList)
    .option('--products <list>', 'the products it may be spent in (default: all)', splitList)
    .option('--promo', 'a present of the house (this is the default)')
    .option('--paid', 'money for it was received outside of Candor')
    .option('--id <text>', 'names this gift, such as a ticket or an invoice')
    .action((options: GrantOptions) => grant(deps, options));
  common(credit.command('list'))
    .description("show an account's grants in the order they are used")
    .requiredOption('--account <id>', 'whose grants')
    .action((options: Common & { account: string }) => list(deps, options));
  common(credit.command('revoke'))
    .description('take back what is left of a grant; what requests in progress hold follows when they end')
    .argument('<id>', 'the id of the grant')
    .requiredOption('--reason <text>', 'why, for the books')
    .action((id: string, options: Common & { reason: string }) => revoke(deps, id, options));
  const ledger = program.command('ledger').description('the books: who has what, to the nano-dollar');
  common(ledger.command('balance'))
    .description('what an account may spend; --json has nano-dollars as text in fields named *_nano')
    .requiredOption('--account <id>', 'whose balance')
    .action((options: Common & { account: string }) => balance(deps, options));
  return { credit, ledger };
}

async function grant(deps: CliDeps, options: GrantOptions): Promise<void> {
  const body = bodyOf(options);
  const asked = await ask(deps, options, { method: 'POST', path: '/control/v1/credit/grants', body }, grantedView);
  const { answer } = asked;
  print(deps, options, answer, () => {
    const what = `${showUsd(answer.amount_nano)} of ${answer.kind} credit (${answer.id})`;
    const until = answer.expires_at === null ? '' : `, until ${answer.expires_at}`;
    return answer.repeated
      ? `Account ${answer.account_id} already had ${what}; nothing was given now.\n`
      : `Account ${answer.account_id} has ${what}${until}.\n`;
  });
}

/** The request body; what the contract refuses is told by the option it came from. */
function bodyOf(options: GrantOptions): GrantCreditBody {
  if (options.paid === true && options.promo === true) {
    throw new CliFailure(EXIT.usage, 'invalid_option', '--paid and --promo cannot both be so');
  }
  const body: GrantCreditBody = {
    account_id: options.account,
    amount_nano: options.usd,
    reason: options.reason,
    kind: options.paid === true ? 'paid' : 'promo',
    ...(options.expires !== undefined && { expires_in_ms: options.expires }),
    ...(options.priority !== undefined && { priority: options.priority }),
    ...(options.models !== undefined && { models: options.models }),
    ...(options.products !== undefined && { products: options.products }),
    ...(options.id !== undefined && { id: options.id }),
  };
  checkBody(grantCreditBody, body, OPTION_NAMES);
  return body;
}

const OPTION_NAMES: Readonly<Record<string, string>> = {
  account_id: '--account',
  amount_nano: '--usd',
  expires_in_ms: '--expires',
};

async function revoke(deps: CliDeps, id: string, options: Common & { reason: string }): Promise<void> {
  const body = { reason: options.reason };
  if (!revokeCreditBody.safeParse(body).success) {
    throw new CliFailure(
      EXIT.usage,
      'invalid_option',
      '--reason: must be given, on one line of at most 200 characters',
    );
  }
  const path = `/control/v1/credit/grants/${encodeURIComponent(id)}/revoke`;
  const { answer } = await ask(deps, options, { method: 'POST', path, body }, revokedView);
  const held = answer.held_nano === '0' ? '' : ` Requests in progress hold ${showUsd(answer.held_nano)} of it.`;
  print(deps, options, answer, () => `${showUsd(answer.taken_nano)} of grant ${id} is taken back.${held}\n`);
}

async function list(deps: CliDeps, options: Common & { account: string }): Promise<void> {
  const answer = await balanceOf(deps, options);
  print(deps, options, { account_id: answer.account_id, data: answer.grants }, () => showGrants(answer.grants));
}

async function balance(deps: CliDeps, options: Common & { account: string }): Promise<void> {
  const answer = await balanceOf(deps, options);
  print(deps, options, answer, () =>
    [
      `balance    ${showUsd(answer.balance_nano)}`,
      `available  ${showUsd(answer.available_nano)}`,
      `held       ${showUsd(answer.held_nano)} for requests in progress`,
      `promised   ${showUsd(answer.envelope_nano)} and not released`,
      '',
      answer.account_id === OPERATOR_ACCOUNT_ID
        ? "This is the house's own account: it is never charged and needs no credit.\n"
        : showGrants(answer.grants),
    ].join('\n'),
  );
}

async function balanceOf(deps: CliDeps, options: Common & { account: string }): Promise<BalanceView> {
  const path = `/control/v1/ledger/accounts/${encodeURIComponent(options.account)}/balance`;
  const { answer } = await ask(deps, options, { method: 'GET', path }, balanceView);
  return answer;
}

function showGrants(grants: readonly GrantView[]): string {
  if (grants.length === 0)
    return 'There are no grants. Give one: candor credit grant --account ID --usd 1 --reason ...\n';
  const scope = (one: GrantView) => [...(one.models ?? []), ...(one.products ?? [])].join(',') || 'all';
  return formatTable(
    [
      'ORDER',
      'ID',
      'STATE',
      'KIND',
      'SOURCE',
      'AVAILABLE',
      'HELD',
      'GIVEN',
      'PRIORITY',
      'EXPIRES (UTC)',
      'FOR',
      'REASON',
    ],
    grants.map((one, at) => [
      one.state === 'active' ? String(at + 1) : '-',
      one.id,
      one.state,
      one.kind,
      one.source,
      showUsd(one.available_nano),
      showUsd(one.held_nano),
      showUsd(one.amount_nano),
      String(one.priority),
      one.expires_at === null ? 'never' : minuteOf(one.expires_at),
      scope(one),
      one.reason,
    ]),
  );
}

function readPriority(text: string): number {
  if (!/^\d{1,3}$/.test(text) || Number(text) > 100) throw new InvalidArgumentError('Write a number from 0 to 100.');
  return Number(text);
}
