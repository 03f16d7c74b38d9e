import { type Command, InvalidArgumentError } from 'commander';
import {
  createdKeyView,
  createKeyBody,
  type CreateKeyBody,
  type CreatedKeyView,
  KEY_SCOPES,
  keyListView,
  keyView,
  type KeyView,
  ROTATE_GRACE_MS_DEFAULT,
} from '../accounts/contract.ts';
import { ask, type PlaceOptions } from './control.ts';
import { EXIT } from '../app/contract.ts';
import { type CliDeps, CliFailure } from './deps.ts';
import { parseDuration } from './duration.ts';
import { formatTable } from './table.ts';

interface Common extends PlaceOptions {
  readonly json?: boolean;
}

interface CreateOptions extends Common {
  readonly app?: string;
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
  list(options: Common): Promise<void>;
  rotate(id: string, options: Common & { readonly grace?: number }): Promise<void>;
  revoke(id: string, options: Common): Promise<void>;
}

/** Adds `key create|list|rotate|revoke`. `common` adds the options every verb has. */
export function addKeyVerbs(program: Command, deps: CliDeps, common: (command: Command) => Command): void {
  const verbs = createKeyVerbs(deps);
  const key = program.command('key').description('API keys of the running service');
  common(key.command('create'))
    .description('make a key; it is shown once')
    .option('--app <name>', 'the app its traffic is booked to; left out, apps are told apart by what they send')
    .option('--name <text>', 'a note for people, such as "staging, Ana"')
    .option('--product <name>', 'the product it belongs to (default: api)')
    .option('--account <id>', "the account that owns it (default: the operator's)")
    .option('--scopes <list>', `what it may do: ${KEY_SCOPES.join(', ')} (default: all)`, splitList)
    .option('--models <list>', 'the models it may use (default: all)', splitList)
    .option('--networks <list>', 'the CIDR blocks it may be used from (default: anywhere)', splitList)
    .option('--expires <time>', 'when it ends: 12h, 30d, 8w from now (default: never)', readDuration)
    .option('--rpm <number>', 'requests per minute (default: limits.key of the configuration)', readCount)
    .option('--tpm <number>', 'tokens per minute, in and out', readCount)
    .option('--concurrency <number>', 'requests in flight at once', readCount)
    .action(verbs.create);
  common(key.command('list')).description('show all keys, without their secrets').action(verbs.list);
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
  const print = (options: Common, value: unknown, text: () => string) =>
    deps.stdout(options.json === true ? `${JSON.stringify(value)}\n` : text());
  return {
    async create(options) {
      const body = bodyOf(options, deps.nowMs());
      const made = await ask(deps, options, { method: 'POST', path: '/control/v1/keys', body }, createdKeyView);
      print(options, made, () => showSecret(made));
    },
    async list(options) {
      const { data } = await ask(deps, options, { method: 'GET', path: '/control/v1/keys' }, keyListView);
      print(options, { data }, () => showList(data));
    },
    async rotate(id, options) {
      const body = options.grace === undefined ? {} : { grace_ms: options.grace };
      const path = `/control/v1/keys/${encodeURIComponent(id)}/rotate`;
      const made = await ask(deps, options, { method: 'POST', path, body }, createdKeyView);
      const graceMs = options.grace ?? ROTATE_GRACE_MS_DEFAULT;
      const until = new Date(deps.nowMs() + graceMs).toISOString();
      const fate = graceMs === 0 ? 'has ended' : `goes on working until ${until}`;
      print(options, made, () => `${showSecret(made)}The old key ${made.replaces ?? id} ${fate}.\n`);
    },
    async revoke(id, options) {
      const path = `/control/v1/keys/${encodeURIComponent(id)}/revoke`;
      const revoked = await ask(deps, options, { method: 'POST', path, body: {} }, keyView);
      print(options, revoked, () => `Key ${revoked.id} is revoked.\n`);
    },
  };
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
    `    ${made.key}`,
    '',
    'This is the only time it is shown; keep it where your secrets are.',
    '',
  ].join('\n');
}

function showList(keys: readonly KeyView[]): string {
  if (keys.length === 0) return 'There are no keys yet. Make one: candor key create --app my-first-app\n';
  const minute = (iso: string | null) => (iso === null ? '-' : `${iso.slice(0, 10)} ${iso.slice(11, 16)}`);
  return formatTable(
    ['ID', 'STATE', 'PRODUCT', 'APP', 'NAME', 'CREATED (UTC)', 'EXPIRES', 'LAST USED'],
    keys.map((key) => [
      key.id,
      key.state,
      key.product,
      key.app ?? '-',
      key.name ?? '-',
      minute(key.created_at),
      minute(key.expires_at),
      minute(key.last_used_at),
    ]),
  );
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function readDuration(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw new InvalidArgumentError('Write a number and a unit: 90s, 15m, 1h, 30d or 2w.');
  return ms;
}

function readCount(text: string): number {
  if (!/^\d{1,13}$/.test(text) || Number(text) < 1) throw new InvalidArgumentError('Write a whole number above 0.');
  return Number(text);
}
