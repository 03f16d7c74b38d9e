import type { Command } from 'commander';
import { EXIT } from '../app/contract.ts';
import { correctBody, type CorrectBody, correctionView } from '../ledger/corrections/contract.ts';
import { ask } from './control.ts';
import { CliFailure, type CliDeps } from './deps.ts';
import { readSignedUsd, showUsd } from './money.ts';
import { type Common, print } from './options.ts';

interface CorrectOptions extends Common {
  readonly request: string;
  readonly usd: string;
  readonly reason: string;
}

/** Adds `ledger correct`. */
export function addCorrectVerb(ledger: Command, deps: CliDeps, common: (command: Command) => Command): void {
  common(ledger.command('correct'))
    .description('correct what a request was charged, by a new entry of today; nothing that was booked is changed')
    .requiredOption('--request <id>', 'the request, as in its receipt')
    .requiredOption('--usd <amount>', 'above 0 gives credit back for it, below 0 charges more', readSignedUsd)
    .requiredOption('--reason <text>', 'why, for the books and the statement')
    .action((options: CorrectOptions) => correct(deps, options));
}

async function correct(deps: CliDeps, options: CorrectOptions): Promise<void> {
  const body: CorrectBody = { request_id: options.request, amount_nano: options.usd, reason: options.reason };
  const checked = correctBody.safeParse(body);
  if (!checked.success) {
    const issue = checked.error.issues[0];
    const option = OPTION_NAMES[String(issue?.path[0])] ?? '--reason';
    throw new CliFailure(EXIT.usage, 'invalid_option', `${option}: ${issue?.message ?? 'is not allowed'}`);
  }
  const path = '/control/v1/ledger/corrections';
  const { answer } = await ask(deps, options, { method: 'POST', path, body }, correctionView);
  print(deps, options, answer, () => {
    const amount = showUsd(answer.amount_nano.replace('-', ''));
    const done = answer.amount_nano.startsWith('-') ? 'was charged more by' : 'was given back';
    return `Account ${answer.account_id} ${done} ${amount} for ${answer.request_id} (${answer.correction_id}).\n`;
  });
}

const OPTION_NAMES: Readonly<Record<string, string>> = { request_id: '--request', amount_nano: '--usd' };
