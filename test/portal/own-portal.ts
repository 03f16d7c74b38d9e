import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ComposeOptions } from '../../src/app/compose.ts';
import { composeExplore } from '../../src/app/compose-explore.ts';
import { composeMonitor } from '../../src/app/compose-monitor.ts';
import { composeOwnAccounts } from '../../src/app/compose-own-accounts.ts';
import { composeServing } from '../../src/app/compose-serving.ts';
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { loadConfig } from '../../src/config/load.ts';
import { formatProblems } from '../../src/config/problem.ts';
import type { VestingState } from '../../src/fraud/index.ts';
import { createControl } from '../../src/http/control.ts';
import { CSRF_HEADER, OWN_PERMISSIONS, type OwnPermission } from '../../src/http/contract.ts';
import type { Guard } from '../../src/http/guard.ts';
import { type Belonging, type Membership, portalControlApi } from '../../src/portal/index.ts';
import type { MemberRole } from '../../src/workspaces/contract.ts';
import { roleAllows } from '../../src/workspaces/roles.ts';

/** What was answered. */
export interface Told {
  readonly status: number;
  readonly json: Record<string, unknown>;
  readonly text: string;
}

/** The accounts' part of the portal over a whole service, with people who belong to accounts as a test says. */
export interface OwnPortal {
  readonly serving: Awaited<ReturnType<typeof composeServing>>;
  /** An account of one person; its id is the person's. */
  person(name: string): Promise<string>;
  workspace(name: string): Promise<string>;
  /** Makes a person a member, or changes what they are; gives what keys carry. */
  join(workspace: string, person: string, role: MemberRole): string;
  leave(workspace: string, person: string): void;
  /** Keys of the account, of the app or of the member may use these alone. */
  allow(accountId: string, models: readonly string[] | null, of?: string): void;
  declareApp(accountId: string, app: string, name: string, archived?: boolean): void;
  vesting: Map<string, VestingState>;
  ask(person: string | null, method: string, path: string, body?: unknown): Promise<Told>;
  /** Calls the API as whoever holds a key does. */
  call(key: string, path: string, body?: unknown): Promise<Response>;
  credit(accountId: string, usd: number, kind?: 'paid' | 'promo'): Promise<void>;
  /** Carries what was used into the monitor. */
  carry(): Promise<void>;
  readonly dataDir: string;
  close(): Promise<void>;
}

const DEFAULT_YAML = `
providers:
  demo: {kind: demo, tokens_per_second: 100000}
models:
  small: {targets: [{provider: demo, upstream_model: demo}], context_tokens: 8000}
  large: {targets: [{provider: demo, upstream_model: demo}], max_output_tokens: 2000}
limits:
  key: {requests_per_minute: 600, tokens_per_minute: 1000000, concurrency: 20}
  account: {requests_per_minute: 3000}
plans:
  pro: {price_usd: {month: 10, year: 100}, trial_days: 7, margin_bp: 1000}
monitor: {memory_mb: 256, threads: 1}
moderation: {encoder: {enabled: false}}
`;

export async function openOwnPortal(yaml: string = DEFAULT_YAML, env: Record<string, string> = {}): Promise<OwnPortal> {
  const folder = mkdtempSync(join(tmpdir(), 'candor-own-'));
  const config = configOf(folder, yaml, env);
  const options: ComposeOptions = {
    config,
    clock: systemClock,
    random: systemRandom,
    version: 'test',
    writeLog: () => undefined,
    readableLogs: false,
    onFatal: (fault) => {
      throw fault;
    },
  };
  const opened = new AsyncDisposableStack();
  const serving = await composeServing(options, opened);
  const { storage, telemetry, mintId, content, found, keys, money } = serving;
  const monitor = composeMonitor({ storage, clock: systemClock, config, telemetry });
  opened.defer(() => monitor.close());
  const explore = composeExplore({
    storage,
    clock: systemClock,
    mintId,
    monitor,
    content,
    keys,
    apps: found.apps,
    accounts: money.accounts,
    staff: { roleMay: () => false },
  });
  const circle = createCircle();
  const vesting = new Map<string, VestingState>();
  const routes = composeOwnAccounts({
    config,
    clock: systemClock,
    serving,
    explore,
    belonging: circle.belonging,
    isOffered: (plan) => plan !== 'closed',
    vesting: { stateOf: (accountId) => Promise.resolve(vesting.get(accountId) ?? null) },
  });
  const control = createControl({
    routes,
    described: portalControlApi,
    guard: guardOf(circle.belonging),
    onFault: (error) => console.error(error),
  });

  async function account(name: string, kind: 'person' | 'workspace'): Promise<string> {
    const made = await money.accounts.create({ name, kind });
    if (!made.ok) throw new Error(made.refusal.message);
    circle.add(made.value.id, kind);
    return made.value.id;
  }

  return {
    serving,
    dataDir: config.server.dataDir,
    vesting,
    person: (name) => account(name, 'person'),
    workspace: (name) => account(name, 'workspace'),
    ...circle.verbs,
    async ask(person, method, path, body) {
      const request = new Request(`http://portal${path}`, {
        method,
        headers: {
          ...(person !== null && { 'x-test-person': person }),
          [CSRF_HEADER]: 'right',
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const caller = { kind: 'console', networkPrefix: '192.0.2.0/24', isOwnOrigin: () => true } as const;
      const answer = await control.answer(request, caller);
      const text = await answer.text();
      const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
      return { status: answer.status, json, text };
    },
    call: async (key, path, body) =>
      serving.gateway.handle(
        new Request(`http://127.0.0.1${path}`, {
          method: body === undefined ? 'GET' : 'POST',
          headers: { host: '127.0.0.1', authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        }),
        '192.0.2.7',
      ),
    async credit(accountId, usd, kind = 'promo') {
      await serving.money.ledger.post({
        id: mintId('give'),
        kind: 'grant',
        accountId,
        note: null,
        ...giving(accountId, usd, kind, mintId('grant')),
      });
    },
    async carry() {
      const carry = monitor.jobs.find(({ name }) => name === 'carry usage into the columns');
      for (let round = 0; round < 3; round++) await carry?.run();
    },
    async close() {
      await serving.gateway.drain(0);
      await opened.disposeAsync();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configOf(folder: string, yaml: string, env: Record<string, string>) {
  const file = join(folder, 'candor.yaml');
  writeFileSync(file, yaml);
  const loaded = loadConfig({ configFile: file, env: { ...env, CANDOR_DATA: join(folder, 'data') }, cwd: folder });
  if (!loaded.ok) throw new Error(formatProblems(loaded.refusal));
  const products = Object.entries(loaded.value.products).map(([name, one]) => [name, { ...one, moderated: false }]);
  return { ...loaded.value, products: Object.fromEntries(products) as typeof loaded.value.products };
}

function giving(accountId: string, usd: number, kind: 'paid' | 'promo', id: string) {
  const amount = BigInt(Math.round(usd * 1e9));
  const atMs = systemClock.wallMs();
  const grant = {
    ...({
      id,
      accountId,
      kind,
      source: 'manual',
      priority: 50,
      startsAtMs: atMs,
      expiresAtMs: null,
    } as const),
    models: null,
    products: null,
    reason: 'the note of an operator',
    paymentId: null,
    createdAtMs: atMs,
  };
  const debit = kind === 'paid' ? ('wash' as const) : ('promo_expense' as const);
  return { grants: [grant], transfers: [{ debit, credit: `grant:${id}` as const, amount }] };
}

/** Who belongs where, in memory. */
function createCircle() {
  const kinds = new Map<string, 'person' | 'workspace'>();
  const members = new Map<string, Map<string, { member: string; role: MemberRole }>>();
  const allowed = new Map<string, readonly string[]>();
  const apps = new Map<string, { app: string; name: string; archived: boolean }[]>();
  let minted = 0;

  const membership = (role: MemberRole, member: string | null): Membership => ({
    role,
    member,
    may: (permission) => roleAllows(role, permission),
  });
  const present = (accountId: string) =>
    [...(members.get(accountId) ?? [])].map(([person, { member, role }]) => ({
      member,
      role,
      name: `Name of ${person}`,
    }));

  const belonging: Belonging = {
    of(accountId, person) {
      if (kinds.get(accountId) === 'person') {
        return Promise.resolve(person === accountId ? membership('owner', null) : null);
      }
      const held = members.get(accountId)?.get(person);
      return Promise.resolve(held === undefined ? null : membership(held.role, held.member));
    },
    members: (accountId) => Promise.resolve(present(accountId)),
    member: (accountId, member) => Promise.resolve(present(accountId).find((one) => one.member === member) ?? null),
    memberNames: (accountId) => Promise.resolve(new Map(present(accountId).map(({ member, name }) => [member, name]))),
    apps: (accountId) => Promise.resolve(apps.get(accountId) ?? []),
    modelsFor(accountId, { app, member }) {
      const sets = ['', app ?? '-', member ?? '-'].flatMap((of) => {
        const set = allowed.get(`${accountId} ${of}`);
        return set === undefined ? [] : [set];
      });
      return sets.length === 0 ? null : sets.reduce((one, other) => one.filter((model) => other.includes(model)));
    },
  };
  return {
    belonging,
    add: (accountId: string, kind: 'person' | 'workspace') => void kinds.set(accountId, kind),
    verbs: {
      join(workspace: string, person: string, role: MemberRole): string {
        const held = members.get(workspace) ?? new Map<string, { member: string; role: MemberRole }>();
        members.set(workspace, held);
        const member = held.get(person)?.member ?? `mem_${String(++minted).padStart(26, '0')}`;
        held.set(person, { member, role });
        return member;
      },
      leave: (workspace: string, person: string) => void members.get(workspace)?.delete(person),
      allow(accountId: string, models: readonly string[] | null, of = '') {
        if (models === null) allowed.delete(`${accountId} ${of}`);
        else allowed.set(`${accountId} ${of}`, models);
      },
      declareApp(accountId: string, app: string, name: string, archived = false) {
        apps.set(accountId, [...(apps.get(accountId) ?? []), { app, name, archived }]);
      },
    },
  };
}

function guardOf(belonging: Belonging): Guard {
  return {
    authenticate(request, networkPrefix) {
      const id = request.headers.get('x-test-person');
      return Promise.resolve(id === null ? null : { kind: 'person', id, networkPrefix, sessionId: id, csrf: 'right' });
    },
    async may(session, permission, { account }) {
      const held = await belonging.of(account ?? '', session.id);
      if (held === null) return 'unknown';
      const own = OWN_PERMISSIONS.find((one): one is OwnPermission => one === permission);
      return own !== undefined && held.may(own) ? 'yes' : 'no';
    },
    watch: () => () => undefined,
    trail: { begin: () => Promise.resolve('1'), end: () => Promise.resolve() },
  };
}
