import type { Command } from 'commander';
import { type CutOffView, cutOffView, stopListView, type StopView, stopView } from '../accounts/standing/contract.ts';
import { EXIT } from '../app/contract.ts';
import { ask } from './control.ts';
import { type CliDeps, CliFailure } from './deps.ts';
import { type Common, print, readDuration } from './options.ts';
import { formatTable, minuteOf } from './table.ts';

interface StopOptions extends Common {
  readonly account: string;
  readonly key?: string;
  readonly app?: string;
  readonly member?: string;
  readonly endUser?: string;
  readonly reason: string;
  readonly for?: number;
}

/** Adds `standing stop|lift|list|receipt`. `common` adds the options every verb has. */
export function addStandingVerbs(program: Command, deps: CliDeps, common: (command: Command) => Command): void {
  const standing = program.command('standing').description('who is stopped, and cutting somebody off at once');
  common(standing.command('stop'))
    .description('stop an account, or one key, app, member or end user of it, streams in flight included')
    .requiredOption('--account <id>', 'whose')
    .requiredOption('--reason <text>', 'what the person concerned reads')
    .option('--key <id>', 'this key alone')
    .option('--app <name>', 'every key of this app')
    .option('--member <slug>', 'every key of this member')
    .option('--end-user <id>', 'what is asked for this end user, by any key')
    .option(
      '--for <duration>',
      'ends by itself after 90s, 15m, 1h, 30d or 2w (default: until it is lifted)',
      readDuration,
    )
    .action((options: StopOptions) => stop(deps, options));
  common(standing.command('lift'))
    .description('lift a stop: keys that were not revoked work again')
    .argument('<stop>', 'its id')
    .action((id: string, options: Common) => lift(deps, id, options));
  common(standing.command('list'))
    .description('show what was stopped of an account, the newest first')
    .requiredOption('--account <id>', 'whose')
    .action((options: Common & { account: string }) => list(deps, options));
  common(standing.command('receipt'))
    .description('show what a stop cut, and when the last byte went')
    .argument('<stop>', 'its id')
    .action((id: string, options: Common) => receipt(deps, id, options));
}

async function stop(deps: CliDeps, options: StopOptions): Promise<void> {
  const until = options.for === undefined ? null : new Date(Date.now() + options.for).toISOString();
  const body = { subject: subjectOf(options), reason: options.reason, until };
  const path = `/control/v1/accounts/${encodeURIComponent(options.account)}/stops`;
  const { answer } = await ask(deps, options, { method: 'POST', path, body }, cutOffView);
  print(deps, options, answer, () => wordsOf(answer));
}

function subjectOf({ key, app, member, endUser }: StopOptions): CutOffView['stop']['subject'] {
  if ([key, app, member, endUser].filter((one) => one !== undefined).length > 1) {
    const message = 'name one of --key, --app, --member and --end-user, or none for the whole account';
    throw new CliFailure(EXIT.usage, 'usage', message);
  }
  if (key !== undefined) return { kind: 'key', key_id: key };
  if (app !== undefined) return { kind: 'app', app };
  if (endUser !== undefined) return { kind: 'end_user', end_user: endUser };
  return member === undefined ? { kind: 'account' } : { kind: 'member', member };
}

async function lift(deps: CliDeps, id: string, options: Common): Promise<void> {
  const path = `/control/v1/stops/${encodeURIComponent(id)}/lift`;
  const { answer } = await ask(deps, options, { method: 'POST', path }, stopView);
  print(deps, options, answer, () => `${whatOf(answer)} may go on.\n`);
}

async function list(deps: CliDeps, options: Common & { account: string }): Promise<void> {
  const path = `/control/v1/accounts/${encodeURIComponent(options.account)}/stops`;
  const { answer } = await ask(deps, options, { method: 'GET', path }, stopListView);
  print(deps, options, answer, () => {
    if (answer.data.length === 0) return 'Nothing of this account was ever stopped.\n';
    const rows = answer.data.map((one) => [
      one.id,
      whatOf(one),
      one.in_force ? 'in force' : one.lifted_at === null ? 'over' : 'lifted',
      one.cause,
      minuteOf(one.at),
      one.until === null ? '-' : minuteOf(one.until),
      one.reason,
    ]);
    return formatTable(['ID', 'WHAT', 'STATE', 'CAUSE', 'SINCE (UTC)', 'UNTIL (UTC)', 'REASON'], rows);
  });
}

async function receipt(deps: CliDeps, id: string, options: Common): Promise<void> {
  const path = `/control/v1/stops/${encodeURIComponent(id)}`;
  const { answer } = await ask(deps, options, { method: 'GET', path }, cutOffView);
  print(deps, options, answer, () => wordsOf(answer));
}

function wordsOf(cutOff: CutOffView): string {
  const { stop: stopped, decided_at: decidedAt, last_byte_at: lastByteAt, closed_at: closedAt } = cutOff;
  const took = Date.parse(closedAt) - Date.parse(decidedAt);
  return [
    `${whatOf(stopped)} is stopped (${stopped.id}).`,
    `decided     ${decidedAt}`,
    `last byte   ${lastByteAt ?? 'none was sent after that'}`,
    `closed      ${closedAt}, ${took} ms later`,
    `keys        ${cutOff.keys_stopped} stopped`,
    `streams     ${cutOff.streams_cut} cut`,
    `sessions    ${cutOff.sessions_closed} closed`,
    '',
  ].join('\n');
}

function whatOf({ account_id: account, subject }: StopView): string {
  switch (subject.kind) {
    case 'account':
      return `account ${account}`;
    case 'member':
      return `member ${subject.member} of ${account}`;
    case 'app':
      return `app ${subject.app} of ${account}`;
    case 'key':
      return `key ${subject.key_id} of ${account}`;
    case 'end_user':
      return `end user ${subject.end_user} of ${account}`;
  }
}
