import type { Command } from 'commander';
import { correctBody, type CorrectBody, correctionView } from '../ledger/corrections/contract.ts';
import { ask } from './control.ts';
import type { CliDeps } from './deps.ts';
import { readSignedUsd, showUsd } from './money.ts';
import { checkBody, type Common, print, readCount } from './options.ts';

interface CorrectOptions extends Common {
  readonly request: string;
  readonly usd: string;
  readonly reason: string;
  readonly number?: number;
}

/** Adds `ledger correct`. */
export function addCorrectVerb(ledger: Command, deps: CliDeps, common: (command: Command) => Command): void {
  common(ledger.command('correct'))
    .description('correct what a request was charged, by a new entry of today; nothing that was booked is changed')
    .requiredOption('--request <id>', 'the request, as in its receipt')
    .requiredOption('--usd <amount>', 'above 0 gives credit back for it, below 0 charges more', readSignedUsd)
    .requiredOption('--reason <text>', 'why, for the books and the statement')
    .option('--number <n>', 'which correction of the request it is, from 1: sent again, it is made once', readCount)
    .action((options: CorrectOptions) => correct(deps, options));
}

async function correct(deps: CliDeps, options: CorrectOptions): Promise<void> {
  const { request: request_id, usd: amount_nano, reason, number } = options;
  const body: CorrectBody = { request_id, amount_nano, reason, ...(number === undefined ? {} : { number }) };
  checkBody(correctBody, body, { request_id: '--request', amount_nano: '--usd', number: '--number' });
  const path = '/control/v1/ledger/corrections';
  const { answer } = await ask(deps, options, { method: 'POST', path, body }, correctionView);
  print(deps, options, answer, () => {
    const amount = showUsd(answer.amount_nano.replace('-', ''));
    const done = answer.amount_nano.startsWith('-') ? 'was charged more by' : 'was given back';
    return `Account ${answer.account_id} ${done} ${amount} for ${answer.request_id} (${answer.correction_id}).\n`;
  });
}
