import { Argument, type Command } from 'commander';
import type { z } from 'zod';
import {
  batchListView,
  doorSettingView,
  doorView,
  letInBody,
  letInView,
  madeBatchView,
  makeBatchBody,
  setDoorBody,
} from '../people/door/contract.ts';
import { ask } from './control.ts';
import type { CliDeps } from './deps.ts';
import { checkBody, type Common, print, readCount, readDuration } from './options.ts';
import { formatTable, minuteOf } from './table.ts';

interface WayOptions extends Common {
  readonly plan?: string;
  readonly region?: string;
}

const PATH = '/control/v1/sign-up';
const STATE_WORDS = {
  open: 'everybody may sign up',
  invite_only: 'nobody signs up without an invitation',
  waitlist: 'whoever signs up waits in line',
  paused: 'nobody may sign up',
} as const;
const INVITATION_MS = 30 * 86_400_000;

/** Adds `sign-up status|set|reset|invite|invitations|admit`. `common` adds the options every verb has. */
export function addSignUpVerbs(program: Command, deps: CliDeps, common: (command: Command) => Command): void {
  const door = program.command('sign-up').description('who may sign up, who waits, and invitations');
  const way = (command: Command) =>
    common(command)
      .option('--plan <name>', 'of this plan alone (default: of all)')
      .option('--region <country>', 'of this country alone, such as DE (default: of all)');
  common(door.command('status'))
    .description('show whether people may sign up, and how many wait')
    .action((options: Common) => status(deps, options));
  way(door.command('set'))
    .description('open the door, close it, or let people wait; takes effect at once')
    .addArgument(new Argument('<state>').choices(['open', 'invite_only', 'waitlist', 'paused']))
    .option('--reason <text>', 'what people read who come')
    .action((state: string, options: WayOptions & { reason?: string }) => set(deps, state, options));
  way(door.command('reset'))
    .description('take back what was said of exactly this plan and region')
    .action((options: WayOptions) => reset(deps, options));
  common(door.command('invite'))
    .description('make invitations and print their codes, once')
    .requiredOption('--name <text>', 'what they are for')
    .requiredOption('--codes <number>', 'how many', readCount)
    .option('--uses <number>', 'how often each can be used (default: 1)', readCount)
    .option('--plan <name>', 'good for this plan alone')
    .option('--expires <duration>', 'good for 90s, 15m, 1h, 30d or 2w (default: 30d)', readDuration)
    .action((options: InviteOptions) => invite(deps, options));
  common(door.command('invitations'))
    .description('show the batches that were made')
    .action((options: Common) => batches(deps, options));
  way(door.command('admit'))
    .description('let the first in line in, and tell them')
    .argument('<count>', 'how many', readCount)
    .action((count: number, options: WayOptions) => admit(deps, count, options));
}

function wayOf({ plan, region }: WayOptions): { plan: string | null; region: string | null } {
  return { plan: plan ?? null, region: region ?? null };
}

async function status(deps: CliDeps, options: Common): Promise<void> {
  const { answer } = await ask(deps, options, { method: 'GET', path: PATH }, doorView);
  print(deps, options, answer, () => showDoor(answer));
}

async function set(deps: CliDeps, state: string, options: WayOptions & { reason?: string }): Promise<void> {
  const body = { ...wayOf(options), state, reason: options.reason ?? null };
  checkBody(setDoorBody, body, { state: '<state>' });
  const { answer } = await ask(deps, options, { method: 'PUT', path: `${PATH}/states`, body }, doorSettingView);
  print(deps, options, answer, () => `From now on: ${STATE_WORDS[answer.state]}${nameOf(answer)}.\n`);
}

async function reset(deps: CliDeps, options: WayOptions): Promise<void> {
  const request = { method: 'POST', path: `${PATH}/states/reset`, body: wayOf(options) } as const;
  const { answer } = await ask(deps, options, request, doorView);
  print(deps, options, answer, () => showDoor(answer));
}

interface InviteOptions extends Common {
  readonly name: string;
  readonly codes: number;
  readonly uses?: number;
  readonly plan?: string;
  readonly expires?: number;
}

async function invite(deps: CliDeps, options: InviteOptions): Promise<void> {
  const body = {
    name: options.name,
    codes: options.codes,
    uses_each: options.uses ?? 1,
    plan: options.plan ?? null,
    expires_at: new Date(Date.now() + (options.expires ?? INVITATION_MS)).toISOString(),
  };
  checkBody(makeBatchBody, body, { uses_each: '--uses', expires_at: '--expires' });
  const { answer } = await ask(deps, options, { method: 'POST', path: `${PATH}/batches`, body }, madeBatchView);
  print(deps, options, answer, () => `${answer.invitations.join('\n')}\n`);
}

async function batches(deps: CliDeps, options: Common): Promise<void> {
  const { answer } = await ask(deps, options, { method: 'GET', path: `${PATH}/batches` }, batchListView);
  print(deps, options, answer, () => {
    if (answer.data.length === 0) return 'No invitations were made.\n';
    const rows = answer.data.map((one) => [
      one.id,
      one.name,
      one.plan ?? 'any',
      `${one.uses_left} of ${one.codes * one.uses_each}`,
      one.revoked_at === null ? minuteOf(one.expires_at) : 'taken back',
    ]);
    return formatTable(['ID', 'FOR', 'PLAN', 'USES LEFT', 'GOOD UNTIL (UTC)'], rows);
  });
}

async function admit(deps: CliDeps, count: number, options: WayOptions): Promise<void> {
  const body = { ...wayOf(options), count };
  checkBody(letInBody, body, { count: '<count>' });
  const { answer } = await ask(deps, options, { method: 'POST', path: `${PATH}/waitlist/admit`, body }, letInView);
  print(
    deps,
    options,
    answer,
    () => `${answer.admitted} ${answer.admitted === 1 ? 'person was' : 'people were'} let in.\n`,
  );
}

function showDoor({ settings, waiting }: z.output<typeof doorView>): string {
  const rows = settings.map((one) => [
    one.plan ?? 'any',
    one.region ?? 'any',
    one.state,
    minuteOf(one.at),
    one.reason ?? '',
  ]);
  const said = settings.some(({ plan, region }) => plan === null && region === null);
  const table = formatTable(
    ['PLAN', 'REGION', 'STATE', 'SINCE (UTC)', 'REASON'],
    said ? rows : [['any', 'any', 'open', '-', 'nothing was said'], ...rows],
  );
  const lines = waiting.map(({ plan, count }) => `${count} wait${plan === null ? '' : ` for ${plan}`}.\n`);
  return `${table}${lines.join('')}`;
}

function nameOf({ plan, region }: { plan: string | null; region: string | null }): string {
  return `${plan === null ? '' : ` for ${plan}`}${region === null ? '' : ` from ${region}`}`;
}
