import { type Command, InvalidArgumentError } from 'commander';
import {
  CODE_USES_MAX,
  codeListView,
  codeView,
  type CodeView,
  createdCodeView,
  LIFE_MS_MAX,
  redeemedView,
} from '../ledger/payments/contract.ts';
import { ask, withQuery } from './control.ts';
import type { CliDeps } from './deps.ts';
import { readUsd, showUsd } from './money.ts';
import { type Common, print, readDuration, splitList } from './options.ts';
import { formatTable, minuteOf } from './table.ts';

interface CreateOptions extends Common {
  readonly usd: string;
  readonly uses?: number;
  readonly perAccount?: number;
  readonly expires?: number;
  readonly grantExpires?: number;
  readonly models?: string[];
}

/** Adds `code create|list|revoke|redeem`. */
export function addCodeVerbs(program: Command, deps: CliDeps, common: (command: Command) => Command): void {
  const code = program.command('code').description('codes that are worth credit');
  common(code.command('create'))
    .description('make a code; it is shown once')
    .requiredOption('--usd <amount>', 'credit it is worth', readUsd)
    .option('--uses <number>', 'how often it may be redeemed in all (default: 1)', readUses)
    .option('--per-account <number>', 'how often by one account (default: 1)', readUses)
    .option('--expires <time>', 'when it can no longer be redeemed: 12h, 30d, 8w from now (default: never)', readLife)
    .option('--grant-expires <time>', 'how long its credit lasts once redeemed (default: for ever)', readLife)
    .option('--models <list>', 'the models its credit may be spent on (default: all)', splitList)
    .action((options: CreateOptions) => create(deps, options));
  common(code.command('list'))
    .description('show codes without their text, the latest first')
    .option('--before <id>', 'the id the page before ended with')
    .action((options: Common & { before?: string }) => list(deps, options));
  common(code.command('revoke'))
    .description('end a code; credit redeemed by it stays')
    .argument('<id>', 'the id of the code')
    .action((id: string, options: Common) => revoke(deps, id, options));
  common(code.command('redeem'))
    .description('give an account what a code is worth')
    .argument('<code>', 'the code')
    .requiredOption('--account <id>', 'who gets the credit')
    .action((text: string, options: Common & { account: string }) => redeem(deps, text, options));
}

async function create(deps: CliDeps, options: CreateOptions): Promise<void> {
  const body = {
    credit_nano: options.usd,
    ...(options.uses === undefined ? {} : { uses_max: options.uses }),
    ...(options.perAccount === undefined ? {} : { per_account_max: options.perAccount }),
    ...(options.expires === undefined ? {} : { expires_in_ms: options.expires }),
    ...(options.grantExpires === undefined ? {} : { grant_expires_in_ms: options.grantExpires }),
    ...(options.models === undefined ? {} : { models: options.models }),
  };
  const { answer } = await ask(deps, options, { method: 'POST', path: '/control/v1/codes', body }, createdCodeView);
  print(deps, options, answer, () => {
    const uses = answer.uses_max === 1 ? 'once' : `${answer.uses_max} times`;
    const head = `Code ${answer.id}, worth ${showUsd(answer.credit_nano)}, may be redeemed ${uses}:`;
    return `${head}\n\n    ${answer.code}\n\nThis is the only time it is shown.\n`;
  });
}

async function list(deps: CliDeps, options: Common & { before?: string }): Promise<void> {
  const path = withQuery('/control/v1/codes', { before: options.before });
  const { answer } = await ask(deps, options, { method: 'GET', path }, codeListView);
  print(deps, options, answer, () => {
    if (answer.data.length === 0) return 'There are no codes yet. Make one: candor code create --usd 5\n';
    const more = answer.next === null ? '' : `There are more: candor code list --before ${answer.next}\n`;
    return `${tableOf(answer.data)}${more}`;
  });
}

function tableOf(codes: readonly CodeView[]): string {
  return formatTable(
    ['ID', 'STATE', 'WORTH', 'USED', 'MODELS', 'EXPIRES (UTC)'],
    codes.map((one) => [
      one.id,
      one.state,
      showUsd(one.credit_nano),
      `${one.used}/${one.uses_max}`,
      one.models?.join(',') ?? '-',
      one.expires_at === null ? '-' : minuteOf(one.expires_at),
    ]),
  );
}

async function revoke(deps: CliDeps, id: string, options: Common): Promise<void> {
  const path = `/control/v1/codes/${encodeURIComponent(id)}/revoke`;
  const { answer } = await ask(deps, options, { method: 'POST', path, body: {} }, codeView);
  print(deps, options, answer, () => `Code ${answer.id} is revoked; it was redeemed ${answer.used} times.\n`);
}

async function redeem(deps: CliDeps, text: string, options: Common & { account: string }): Promise<void> {
  const body = { account_id: options.account, code: text };
  const { answer } = await ask(deps, options, { method: 'POST', path: '/control/v1/codes/redeem', body }, redeemedView);
  print(deps, options, answer, () => {
    const until = answer.expires_at === null ? '' : `, until ${answer.expires_at}`;
    return `Account ${answer.account_id} has ${showUsd(answer.credit_nano)} more${until}.\n`;
  });
}

function readUses(text: string): number {
  if (!/^\d{1,7}$/.test(text) || Number(text) < 1 || Number(text) > CODE_USES_MAX) {
    throw new InvalidArgumentError(`Write a whole number from 1 to ${CODE_USES_MAX}.`);
  }
  return Number(text);
}

function readLife(text: string): number {
  const ms = readDuration(text);
  if (ms < 1 || ms > LIFE_MS_MAX) throw new InvalidArgumentError('It must be more than 0 and at most ten years.');
  return ms;
}
