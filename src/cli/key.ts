import type { Command } from 'commander';
import {
  createdKeyView,
  createKeyBody,
  type CreateKeyBody,
  type CreatedKeyView,
  KEY_SCOPES,
  keyListView,
  keyView,
  type KeyView,
} from '../accounts/contract.ts';
import { ask, type Asked } from './control.ts';
import { EXIT } from '../app/contract.ts';
import { type CliDeps, CliFailure } from './deps.ts';
import { type Common, print as printAnswer, readCount, readDuration, splitList } from './options.ts';
import { formatTable, minuteOf } from './table.ts';

interface CreateOptions extends Common {
  readonly app?: string;
  readonly member?: string;
  readonly name?: string;
  readonly product?: string;
  readonly account?: string;
  readonly scopes?: string[];
  readonly models?: string[];
  readonly networks?: string[];
  readonly expires?: number;
  readonly rpm?: number;
  readonly tpm?: number;
  readonly concurrency?: number;
}

export interface KeyVerbs {
  create(options: CreateOptions): Promise<void>;
  list(options: Common & { readonly account?: string }): Promise<void>;
  rotate(id: string, options: Common & { readonly grace?: number }): Promise<void>;
  revoke(id: string, options: Common): Promise<void>;
}

const LIMIT_DEFAULT = '(default: limits.key of the configuration)';

/** Adds `key create|list|rotate|revoke`. `common` adds the options every verb has. */
export function addKeyVerbs(program: Command, deps: CliDeps, common: (command: Command) => Command): void {
  const verbs = createKeyVerbs(deps);
  const key = program.command('key').description('API keys of the running service');
  common(key.command('create'))
    .description('make a key; it is shown once')
    .option('--app <name>', 'the app its traffic is booked to; left out, apps are told apart by what they send')
    .option('--member <name>', 'the member of the workspace it is given to; budgets can be set for members')
    .option('--name <text>', 'a note for people, such as "staging, Ana"')
    .option('--product <name>', 'the product it belongs to (default: api)')
    .option('--account <id>', "the account that owns it (default: the operator's)")
    .option('--scopes <list>', `what it may do: ${KEY_SCOPES.join(', ')} (default: all)`, splitList)
    .option('--models <list>', 'the models it may use (default: all)', splitList)
    .option('--networks <list>', 'the CIDR blocks it may be used from (default: anywhere)', splitList)
    .option('--expires <time>', 'when it ends: 12h, 30d, 8w from now (default: never)', readDuration)
    .option('--rpm <number>', `requests per minute ${LIMIT_DEFAULT}`, readCount)
    .option('--tpm <number>', `tokens per minute, in and out ${LIMIT_DEFAULT}`, readCount)
    .option('--concurrency <number>', `requests in flight at once ${LIMIT_DEFAULT}`, readCount)
    .action(verbs.create);
  common(key.command('list'))
    .description('show all keys, without their secrets')
    .option('--account <id>', 'those of one account only')
    .action(verbs.list);
  common(key.command('rotate'))
    .description('make a new key in place of one that goes on working for a while')
    .argument('<id>', 'the id of the key')
    .option('--grace <time>', 'how long the old key goes on working: 0, 15m, 1h, 30d (default: 1d)', readDuration)
    .action(verbs.rotate);
  common(key.command('revoke'))
    .description('end a key now; its streams in flight are cut')
    .argument('<id>', 'the id of the key')
    .action(verbs.revoke);
}

function createKeyVerbs(deps: CliDeps): KeyVerbs {
  const print = (options: Common, value: unknown, text: () => string) => printAnswer(deps, options, value, text);
  return {
    async create(options) {
      const body = bodyOf(options, deps.nowMs());
      const asked = await ask(deps, options, { method: 'POST', path: '/control/v1/keys', body }, createdKeyView);
      const { answer, data, running } = asked;
      print(options, { ...answer, data, running }, () => `${showSecret(answer)}${showPlace(asked)}`);
    },
    async list(options) {
      const { answer } = await ask(deps, options, { method: 'GET', path: '/control/v1/keys' }, keyListView);
      const data = answer.data.filter((one) => options.account === undefined || one.account_id === options.account);
      print(options, { data }, () => showList(data));
    },
    async rotate(named, options) {
      const body = options.grace === undefined ? {} : { grace_ms: options.grace };
      const path = `/control/v1/keys/${encodeURIComponent(idOf(named))}/rotate`;
      const asked = await ask(deps, options, { method: 'POST', path, body }, createdKeyView);
      const { answer, data, running } = asked;
      const text = () => `${showSecret(answer)}${showReplaced(answer)}${showPlace(asked)}`;
      print(options, { ...answer, data, running }, text);
    },
    async revoke(named, options) {
      const path = `/control/v1/keys/${encodeURIComponent(idOf(named))}/revoke`;
      const { answer: revoked } = await ask(deps, options, { method: 'POST', path, body: {} }, keyView);
      print(options, revoked, () => `Key ${revoked.id} is revoked.\n`);
    },
  };
}

const ID_CHARS_MAX = 32;

/** The id in what was named, which may be a whole key; the secret in it is neither sent nor shown. */
function idOf(named: string): string {
  const id = /cd_live_([0-9A-Za-z]{8})_/.exec(named)?.[1];
  if (id !== undefined) return id;
  if (named.length <= ID_CHARS_MAX && !named.includes('cd_live')) return named;
  throw new CliFailure(EXIT.usage, 'invalid_argument', 'that is no id of a key; use one from: candor key list');
}

/** The request body; what the contract refuses is told by the option it came from. */
function bodyOf(options: CreateOptions, nowMs: number): CreateKeyBody {
  const limits = {
    ...(options.rpm === undefined ? {} : { requests_per_minute: options.rpm }),
    ...(options.tpm === undefined ? {} : { tokens_per_minute: options.tpm }),
    ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
  };
  const body = {
    ...(options.app === undefined ? {} : { app: options.app }),
    ...(options.member === undefined ? {} : { member: options.member }),
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.product === undefined ? {} : { product: options.product }),
    ...(options.account === undefined ? {} : { account_id: options.account }),
    ...(options.scopes === undefined ? {} : { scopes: options.scopes }),
    ...(options.models === undefined ? {} : { models: options.models }),
    ...(options.networks === undefined ? {} : { networks: options.networks }),
    ...(options.expires === undefined ? {} : { expires_at: new Date(nowMs + options.expires).toISOString() }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  };
  const checked = createKeyBody.safeParse(body);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  const option = optionOf(issue?.path ?? []);
  throw new CliFailure(EXIT.usage, 'invalid_option', `${option}: ${issue?.message ?? 'is not allowed'}`);
}

const OPTION_NAMES: Readonly<Record<string, string>> = {
  account_id: '--account',
  expires_at: '--expires',
  requests_per_minute: '--rpm',
  tokens_per_minute: '--tpm',
  concurrency: '--concurrency',
};

function optionOf(path: readonly PropertyKey[]): string {
  const name = String(path[0] === 'limits' ? path[1] : path[0]);
  return OPTION_NAMES[name] ?? `--${name}`;
}

function showSecret(made: CreatedKeyView): string {
  const to = [made.app === null ? null : `app ${made.app}`, `product ${made.product}`].filter((part) => part !== null);
  return [
    `Key ${made.id} (${to.join(', ')}), ${made.expires_at === null ? 'without expiry' : `until ${made.expires_at}`}:`,
    '',
    `    export CANDOR_KEY=${made.key}`,
    '',
    'This is the only time it is shown; keep it where your secrets are.',
    '',
  ].join('\n');
}

function showReplaced({ replaces, replaces_expires_at: end, created_at: now }: CreatedKeyView): string {
  if (replaces === null || end === null) return '';
  const fate = Date.parse(end) <= Date.parse(now) ? 'has ended' : `goes on working until ${end}`;
  return `The old key ${replaces} ${fate}.\n`;
}

function showPlace({ data, running }: Asked<unknown>): string {
  return running ? '' : `No service runs on ${data}; the key was written there and works once one does.\n`;
}

function showList(keys: readonly KeyView[]): string {
  if (keys.length === 0) return 'There are no keys yet. Make one: candor key create --app my-first-app\n';
  const minute = (time: string | null) => (time === null ? '-' : minuteOf(time));
  return formatTable(
    ['ID', 'STATE', 'ACCOUNT', 'PRODUCT', 'APP', 'MEMBER', 'NAME', 'CREATED (UTC)', 'EXPIRES', 'LAST USED'],
    keys.map((key) => [
      key.id,
      key.state,
      key.account_id,
      key.product,
      key.app ?? '-',
      key.member ?? '-',
      key.name ?? '-',
      minute(key.created_at),
      minute(key.expires_at),
      minute(key.last_used_at),
    ]),
  );
}
