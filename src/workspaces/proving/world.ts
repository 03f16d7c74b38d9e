import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Accounts,
  accountKind,
  accountsAndKeys,
  accountsStanding,
  createAccounts,
  createKeys,
  createStanding,
  keyMember,
  type Keys,
  openStopTable,
  type Standing,
} from '../../accounts/index.ts';
import { systemClock } from '../../base/clock.ts';
import { createMintId } from '../../base/ids.ts';
import { systemRandom } from '../../base/random.ts';
import { ok, type Result } from '../../base/result.ts';
import { type Control, createControl } from '../../http/control.ts';
import type { Guard } from '../../http/guard.ts';
import { createOutbound } from '../../http/outbound.ts';
import type { MailText } from '../../mail/send-mail.ts';
import { openStorage, type Storage } from '../../storage/sql/storage.ts';
import type { MemberRole } from '../contract.ts';
import {
  createWorkspaces,
  openModelTable,
  type Person,
  type Workspaces,
  workspacesMigration,
  workspacesPortalApi,
} from '../index.ts';

export const PORTAL_URL = 'https://portal.example.com';
const CSRF = 'csrf';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

/** Somebody who signed up, in a browser. */
export interface Browser extends Person {
  ask(method: string, path: string, body?: unknown): Promise<Answer>;
}

export interface SentMail {
  readonly to: readonly string[];
  readonly text: MailText;
}

/** A service that is its accounts and workspaces alone: a real store, the real guard, people by name. */
export interface WorkspaceWorld {
  readonly storage: Storage;
  readonly accounts: Accounts;
  readonly keys: Keys;
  readonly standing: Standing;
  readonly workspaces: Workspaces;
  /** Added to the time the service is told. */
  readonly time: { aheadMs: number };
  readonly mails: SentMail[];
  /** TXT records by name. */
  readonly records: Map<string, string>;
  /** Mail domains whose people must come by single sign-on from then on. */
  readonly enforced: string[];
  person(email?: string, name?: string): Promise<Browser>;
  /** A browser with somebody of this role in a workspace. */
  member(accountId: string, role: MemberRole): Promise<Browser & { readonly memberId: string }>;
  /** A workspace and its owner. */
  workspace(name?: string): Promise<{ readonly id: string; readonly owner: Browser }>;
  /** Shows that a domain is the workspace's own. */
  ownDomain(owner: Browser, accountId: string, domain: string): Promise<string>;
  scim(token: string, method: string, path: string, body?: unknown): Promise<Answer>;
  /** Ends the process without closing anything down, and starts another over the same folder. */
  restart(): Promise<WorkspaceWorld>;
  close(): Promise<void>;
}

export async function openWorkspaceWorld(dataDir?: string, known?: Map<string, Person>): Promise<WorkspaceWorld> {
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'candor-workspaces-'));
  const people = known ?? new Map<string, Person>();
  const service = await openService(folder, people);
  const { storage, keys, workspaces, records } = service;
  const cast = castOf(service, people);

  async function ownDomain(owner: Browser, accountId: string, domain: string): Promise<string> {
    const named = await owner.ask('POST', at(accountId, '/domains'), { domain });
    const { id, record } = named.body as { id: string; record: { name: string; value: string } };
    records.set(record.name, record.value);
    await owner.ask('POST', at(accountId, `/domains/${id}/check`));
    return id;
  }

  async function scim(token: string, method: string, path: string, body?: unknown): Promise<Answer> {
    const request = new Request(`http://localhost${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return read(await workspaces.scim(request, '192.0.2.0/24'));
  }

  async function shut(): Promise<void> {
    keys.close();
    await storage.close();
  }

  return {
    ...service,
    ...cast,
    ownDomain,
    scim,
    async restart() {
      await shut();
      return openWorkspaceWorld(folder, people);
    },
    async close() {
      await shut();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Service = Awaited<ReturnType<typeof openService>>;

/** The parts of the service, over a folder. */
async function openService(folder: string, people: ReadonlyMap<string, Person>) {
  const time = { aheadMs: 0 };
  const clock = {
    wallMs: () => systemClock.wallMs() + time.aheadMs,
    monoMs: () => systemClock.monoMs() + time.aheadMs,
  };
  const random = systemRandom;
  const migrations = [accountsAndKeys, accountKind, keyMember, accountsStanding, workspacesMigration];
  const storage = await openStorage({ dataDir: folder, migrations, clock, random, onFatal: () => undefined });
  const mintId = createMintId(clock, random);
  const table = await openStopTable(storage, clock);
  const accounts = await createAccounts({ storage, clock, mintId });
  const keys = await createKeys({ storage, clock, random, stopOf: table.of });
  const standing = createStanding({ storage, clock, mintId, table, keys, accounts });
  const around = surroundings();
  const workspaces = await createWorkspaces({
    ...around,
    storage,
    clock,
    random,
    mintId,
    accounts,
    standing,
    people: { find: async (id) => people.get(id) ?? null },
    outbound: createOutbound({ internalHosts: [] }),
    portalUrl: PORTAL_URL,
    modelTable: await openModelTable(storage),
    models: ['small', 'large', 'huge'],
    onFault: rethrow,
  });
  const routes = workspaces.routes;
  const control = createControl({
    routes,
    described: workspacesPortalApi,
    guard: guardOf(workspaces),
    onFault: rethrow,
  });
  const { mails, records, enforced } = around;
  return { storage, accounts, keys, standing, workspaces, control, time, mails, records, enforced };
}

function rethrow(error: unknown): never {
  throw error;
}

/** What lies around the service: mail, the name system, and sessions. */
function surroundings() {
  const mails: SentMail[] = [];
  const records = new Map<string, string>();
  const enforced: string[] = [];
  return {
    mails,
    records,
    enforced,
    async sendMail(_id: string, to: readonly string[], text: MailText): Promise<Result<null, string>> {
      mails.push({ to, text });
      return ok(null);
    },
    async resolveTxt(name: string): Promise<string[][]> {
      const value = records.get(name);
      if (value === undefined) throw new Error('ENOTFOUND');
      // As it stands in the name system, where a text of more than 255 bytes comes in parts.
      return [['v=spf1 -all'], [value.slice(0, 10), value.slice(10)]];
    },
    isSharedMail: (domain: string) => domain.endsWith('freemail.example'),
    enforceSso: async (domains: readonly string[]) => void enforced.push(...domains),
    domainVerified: async () => undefined,
  };
}

/** The people of a world, and how they come together. */
function castOf({ accounts, workspaces, control, mails }: Service, people: Map<string, Person>) {
  let count = 0;

  async function person(email = `person-${++count}@mail.example`, name = `Person ${++count}`): Promise<Browser> {
    const made = await accounts.create({ name, kind: 'person' });
    if (!made.ok) throw new Error(made.refusal.message);
    const { id } = made.value;
    const one = { id, email, name };
    people.set(id, one);
    return { ...one, ask: (method, path, body) => ask(control, id, method, path, body) };
  }

  async function workspace(name = 'Acme') {
    const owner = await person();
    const made = await owner.ask('POST', '/portal/v1/workspaces', { name });
    return { id: (made.body as { id: string }).id, owner };
  }

  async function member(accountId: string, role: MemberRole) {
    const one = await person();
    const [owner] = await workspaces.members.page(accountId, { search: null, present: true, after: null, limit: 1 });
    const inviter = owner?.personId ?? '';
    const invited = role === 'owner' ? 'admin' : role;
    await ask(control, inviter, 'POST', at(accountId, '/invitations'), { email: one.email, role: invited });
    await one.ask('POST', '/portal/v1/invitations/accept', { token: tokenOf(mails.at(-1)) });
    const memberId = (await workspaces.belongings.of(one.id, accountId))?.member?.id;
    if (memberId === undefined) throw new Error('the invitation was not accepted');
    if (role === 'owner') await ask(control, inviter, 'PATCH', at(accountId, `/members/${memberId}`), { role });
    return { ...one, memberId };
  }

  return { person, workspace, member };
}

/** Whoever the request says it is, and what they may do by the real rules. */
function guardOf({ belongings, trail }: Workspaces): Guard {
  return {
    async authenticate(request, networkPrefix) {
      const id = request.headers.get('x-person');
      return id === null ? null : { kind: 'person', id, networkPrefix, sessionId: id, csrf: CSRF };
    },
    may: (session, permission, objects) =>
      session.kind === 'person' ? belongings.mayIn(session.id, permission, objects['account'] ?? '') : 'no',
    watch: () => () => undefined,
    trail,
  };
}

async function ask(control: Control, person: string, method: string, path: string, body?: unknown): Promise<Answer> {
  const request = new Request(`${PORTAL_URL}${path}`, {
    method,
    body: body === undefined ? null : JSON.stringify(body),
    headers: {
      ...(person !== '' && { 'x-person': person, 'x-candor-csrf': CSRF }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
  });
  const isOwnOrigin = (origin: string) => origin === PORTAL_URL;
  return read(await control.answer(request, { kind: 'console', networkPrefix: '192.0.2.0/24', isOwnOrigin }));
}

/** A path below an account. */
export function at(accountId: string, rest: string): string {
  return `/portal/v1/accounts/${accountId}${rest}`;
}

/** The token of the link in a mail. */
export function tokenOf(mail: SentMail | undefined): string {
  return /\/join#(\S+)/.exec(mail?.text.body ?? '')?.[1] ?? '';
}

/** The reason of a refusal; null for a success. */
export function reasonOf(answer: Answer): string | null {
  const { error } = answer.body as { error?: { reason: string } };
  return error?.reason ?? null;
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return {
    status: response.status,
    body: isJson && text !== '' ? (JSON.parse(text) as unknown) : text,
    headers: response.headers,
  };
}
