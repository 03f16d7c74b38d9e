import { type Command, Option } from 'commander';
import { conductName, stepName } from '../enforcement/contract.ts';
import { decisionListView, statementView } from '../enforcement/decisions/contract.ts';
import {
  type ImposeRequest,
  imposeBody,
  imposedView,
  previewView,
  sanctionListView,
  type SanctionView,
  sanctionView,
} from '../enforcement/sanctions/contract.ts';
import { EXIT } from '../app/contract.ts';
import { ask, withQuery } from './control.ts';
import { CliFailure, type CliDeps } from './deps.ts';
import { addPublishingVerbs } from './enforcement-published.ts';
import { checkBody, type Common, print, readCount, readDuration, readTime } from './options.ts';
import { formatTable, minuteOf } from './table.ts';

interface ImposeOptions extends Common {
  readonly account: string;
  readonly key?: string;
  readonly app?: string;
  readonly endUser?: string;
  readonly operator?: boolean;
  readonly step: ImposeRequest['step'];
  readonly conduct: ImposeRequest['conduct'];
  readonly requests: number;
  readonly from: number;
  readonly to: number;
  readonly alternatives: string;
  readonly note: string;
  readonly for?: number;
  readonly preview?: boolean;
}

/** Adds `enforcement sanctions|impose|lift|decisions|statement|report|statements`. `common` adds the options every verb has. */
export function addEnforcementVerbs(program: Command, deps: CliDeps, common: (command: Command) => Command): Command {
  const enforcement = program.command('enforcement').description('sanctions, decisions, and what is published of them');
  common(enforcement.command('sanctions'))
    .description('list sanctions, the newest first')
    .option('--account <id>', 'of this account alone')
    .option('--in-force', 'those that hold now')
    .action((options: Common & { account?: string; inForce?: boolean }) => listSanctions(deps, options));
  addImposeVerb(enforcement, deps, common);
  common(enforcement.command('lift'))
    .description('end a sanction before its time')
    .argument('<sanction>', 'its id')
    .requiredOption('--reason <text>', 'what the person concerned reads')
    .action((id: string, options: Common & { reason: string }) => lift(deps, id, options));
  common(enforcement.command('decisions'))
    .description('list decisions, the newest first')
    .option('--account <id>', 'about this account alone')
    .action((options: Common & { account?: string }) => listDecisions(deps, options));
  common(enforcement.command('statement'))
    .description('print the statement of reasons of a decision')
    .argument('<decision>', 'its id')
    .addOption(new Option('--language <code>', 'of the text').choices(['en', 'zh']).default('en'))
    .action((id: string, options: Common & { language: 'en' | 'zh' }) => statement(deps, id, options));
  addPublishingVerbs(enforcement, deps, common);
  return enforcement;
}

function addImposeVerb(enforcement: Command, deps: CliDeps, common: (command: Command) => Command): void {
  common(enforcement.command('impose'))
    .description('impose a sanction; what takes two people waits for the second, in the console')
    .requiredOption('--account <id>', 'whose')
    .option('--key <id>', 'this key alone')
    .option('--app <name>', 'this app alone')
    .option('--end-user <text>', 'this end user alone, as callers write it')
    .option('--operator', 'every account linked to it, one step lower')
    .addOption(new Option('--step <step>', 'of the ladder').choices([...stepName.options]).makeOptionMandatory())
    .addOption(new Option('--conduct <what>', 'what was done').choices([...conductName.options]).makeOptionMandatory())
    .option('--requests <count>', 'how many it rests on', readCount, 1)
    .requiredOption('--from <time>', 'when it began', readTime)
    .requiredOption('--to <time>', 'when it was seen last', readTime)
    .requiredOption('--alternatives <text>', 'what milder step was thought of, and why it does not do')
    .option('--note <text>', 'for the person concerned, beyond what the facts say', '')
    .option('--for <duration>', 'ends after 90s, 15m, 1h, 30d or 2w (default: as long as the step lasts)', readDuration)
    .option('--preview', 'print what the person would read, and do nothing')
    .action((options: ImposeOptions) => impose(deps, options));
}

async function impose(deps: CliDeps, options: ImposeOptions): Promise<void> {
  const body: ImposeRequest = {
    unit: unitOf(options),
    step: options.step,
    until: options.for === undefined ? null : new Date(deps.nowMs() + options.for).toISOString(),
    conduct: options.conduct,
    requests: options.requests,
    first_at: new Date(options.from).toISOString(),
    last_at: new Date(options.to).toISOString(),
    note: options.note,
    alternatives: options.alternatives,
  };
  checkBody(imposeBody, body, { unit: '--account', until: '--for' });
  const path = '/control/v1/enforcement/sanctions';
  if (options.preview === true) {
    const { answer } = await ask(deps, options, { method: 'POST', path: `${path}/preview`, body }, previewView);
    const refused = answer.refusal === null ? '' : `Would be refused: ${answer.refusal.message}\n\n`;
    print(deps, options, answer, () => `${refused}${answer.notice.en}\n\n${answer.notice.zh}\n`);
    return;
  }
  const { answer } = await ask(deps, options, { method: 'POST', path, body }, imposedView);
  print(deps, options, answer, () =>
    answer.sanction === null
      ? `This takes two people: ${answer.waiting?.id ?? ''} waits for the second, in the console.\n`
      : wordsOf(answer.sanction),
  );
}

function unitOf({ account, key, app, endUser, operator }: ImposeOptions): ImposeRequest['unit'] {
  const named = [
    key === undefined ? null : { kind: 'key' as const, account_id: account, name: key },
    app === undefined ? null : { kind: 'app' as const, account_id: account, name: app },
    endUser === undefined ? null : { kind: 'end_user' as const, account_id: account, name: endUser },
    operator === true ? { kind: 'operator' as const, account_id: account } : null,
  ].filter((one) => one !== null);
  if (named.length > 1) {
    throw new CliFailure(EXIT.usage, 'usage', 'name one of --key, --app, --end-user and --operator, or none of them');
  }
  return named[0] ?? { kind: 'account', account_id: account };
}

async function lift(deps: CliDeps, id: string, options: Common & { reason: string }): Promise<void> {
  const path = `/control/v1/enforcement/sanctions/${encodeURIComponent(id)}/lift`;
  const { answer } = await ask(deps, options, { method: 'POST', path, body: { reason: options.reason } }, sanctionView);
  print(deps, options, answer, () => `${answer.id} is over.\n`);
}

async function listSanctions(deps: CliDeps, options: Common & { account?: string; inForce?: boolean }): Promise<void> {
  const query = { account: options.account, state: options.inForce === true ? 'in_force' : undefined };
  const path = withQuery('/control/v1/enforcement/sanctions', query);
  const { answer } = await ask(deps, options, { method: 'GET', path }, sanctionListView);
  print(deps, options, answer, () => {
    if (answer.data.length === 0) return 'No sanction is of this kind.\n';
    const rows = answer.data.map((one) => [
      one.id,
      whoOf(one),
      one.step,
      one.conduct,
      one.state,
      minuteOf(one.start),
      one.until === null ? '-' : minuteOf(one.until),
    ]);
    return formatTable(['ID', 'WHO', 'STEP', 'CONDUCT', 'STATE', 'SINCE (UTC)', 'UNTIL (UTC)'], rows);
  });
}

async function listDecisions(deps: CliDeps, options: Common & { account?: string }): Promise<void> {
  const path = withQuery('/control/v1/enforcement/decisions', { account: options.account });
  const { answer } = await ask(deps, options, { method: 'GET', path }, decisionListView);
  print(deps, options, answer, () => {
    if (answer.data.length === 0) return 'Nothing was decided yet.\n';
    const rows = answer.data.map((one) => [
      one.id,
      minuteOf(one.at),
      one.kind,
      whoOf(one),
      one.step ?? '-',
      one.facts?.conduct ?? '-',
      one.automated_decision,
    ]);
    return formatTable(['ID', 'AT (UTC)', 'KIND', 'WHO', 'STEP', 'CONDUCT', 'AUTOMATED'], rows);
  });
}

async function statement(deps: CliDeps, id: string, options: Common & { language: 'en' | 'zh' }): Promise<void> {
  const path = `/control/v1/enforcement/decisions/${encodeURIComponent(id)}/statement`;
  const { answer } = await ask(deps, options, { method: 'GET', path }, statementView);
  const { language } = options;
  print(deps, options, answer, () =>
    answer.parts.map(({ heading, text }) => `${heading[language]}\n  ${text[language]}\n`).join('\n'),
  );
}

function wordsOf(sanction: SanctionView): string {
  const until = sanction.until === null ? '' : ` until ${minuteOf(sanction.until)} UTC`;
  return `${whoOf(sanction)}: ${sanction.step}${until} (${sanction.id}, by ${sanction.decision_id}).\n`;
}

function whoOf({ unit }: Pick<SanctionView, 'unit'>): string {
  return unit.name === null
    ? `${unit.kind === 'operator' ? 'operator ' : ''}${unit.account_id}`
    : `${unit.kind.replace('_', ' ')} ${unit.name} of ${unit.account_id}`;
}
