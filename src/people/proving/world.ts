import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOTP } from 'otpauth';
import { accountKind, type Accounts, accountsAndKeys, createAccounts } from '../../accounts/index.ts';
import { systemClock } from '../../base/clock.ts';
import { createMintId } from '../../base/ids.ts';
import { systemRandom } from '../../base/random.ts';
import { createPasswords } from '../../credentials/passwords.ts';
import { type Control, createControl } from '../../http/control.ts';
import type { SendMail } from '../../mail/send-mail.ts';
import { openStorage, type Storage } from '../../storage/sql/storage.ts';
import { type OutboxView, outboxView, type SessionView, sessionView } from '../contract.ts';
import { createDoor, type ManagedDoor } from '../door/create-door.ts';
import { peopleDoor } from '../migrations/2026-11-22-people-door.ts';
import { waysMigration } from '../migrations/2026-11-22-people-ways.ts';
import { peopleMigration } from '../migrations/2026-11-22-people.ts';
import { createPeople, type People, type PeopleDeps } from '../people.ts';
import type { OwnStop, SignUpFacts } from '../seams.ts';
import type { Ways, WaysDeps } from '../ways.ts';

const HOUR_MS = 3_600_000;
export const PASSWORD = 'correct horse battery';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

/** A browser at the portal: it keeps its cookies, and sends the forgery token it was told. */
export interface Browser {
  readonly jar: { readonly cookies: Map<string, string>; csrf: string | null };
  ask(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  signIn(email: string, password?: string): Promise<Answer>;
}

/** A service that is its people alone: a real store, the real guard and door, cheap passwords, mails in the outbox. */
export interface PeopleWorld {
  readonly storage: Storage;
  readonly accounts: Accounts;
  readonly people: People;
  readonly door: ManagedDoor;
  readonly control: Control;
  /** Added to the time the service is told. */
  readonly time: { aheadMs: number };
  /** What other parts were told of sign-ups. */
  readonly told: {
    readonly signedUp: [string, SignUpFacts][];
    readonly proved: [id: string, rung: string, token: string | null][];
  };
  /** What stops accounts, by their id. */
  readonly stops: Map<string, OwnStop>;
  browser(networkPrefix?: string): Browser;
  /** Mails to an address, the newest first. */
  mailsTo(email: string): Promise<OutboxView['data']>;
  /** A browser with somebody in it who has signed up. */
  person(email?: string): Promise<Browser & { readonly id: string; readonly email: string }>;
  close(): Promise<void>;
}

export type PeopleWorldOptions = Partial<
  Pick<
    PeopleDeps,
    'mayIn' | 'exporters' | 'erasers' | 'deletionChanged' | 'ownedAlone' | 'onFault' | 'mustUseSso' | 'passwords'
  >
> & {
  readonly publicUrl?: string;
  readonly sendMail?: SendMail;
  /** Other ways in, beside those of mail and password. */
  readonly ways?: (parts: WorldParts) => Pick<Ways, 'routes' | 'described'>;
};

/** What other ways in are made of. */
export type WorldParts = Pick<WaysDeps, 'storage' | 'clock' | 'random' | 'mintId' | 'people'>;

export async function openPeopleWorld(options: PeopleWorldOptions = {}): Promise<PeopleWorld> {
  const dataDir = mkdtempSync(join(tmpdir(), 'candor-people-'));
  const time = { aheadMs: 0 };
  const clock = {
    wallMs: () => systemClock.wallMs() + time.aheadMs,
    monoMs: () => systemClock.monoMs() + time.aheadMs,
  };
  const random = systemRandom;
  const migrations = [accountsAndKeys, accountKind, peopleMigration, peopleDoor, waysMigration];
  const storage = await openStorage({ dataDir, migrations, clock, random, onFatal: () => undefined });
  const mintId = createMintId(clock, random);
  const accounts = await createAccounts({ storage, clock, mintId });
  const door = await createDoor({ storage, clock, random, mintId, plans: ['free', 'pro'] });
  const told: PeopleWorld['told'] = { signedUp: [], proved: [] };
  const stops = new Map<string, OwnStop>();
  const people = createPeople({
    storage,
    clock,
    random,
    mintId,
    accounts,
    door,
    passwords: createPasswords({ cost: { memoryKib: 8, passes: 1 }, waitingMax: 2_000 }),
    key: random.bytes(32),
    config: {
      publicUrl: options.publicUrl ?? null,
      issuer: 'Candor',
      sessionIdleMs: 24 * HOUR_MS,
      sessionMaxMs: 168 * HOUR_MS,
    },
    sendMail: options.sendMail ?? null,
    proofs: null,
    hearers: {
      hearsProofs: () => true,
      signedUp: async (accountId, facts) => void told.signedUp.push([accountId, facts]),
      proved: async (...proof) => void told.proved.push(proof),
    },
    regionOf: () => null,
    stopOf: (accountId) => stops.get(accountId) ?? null,
    mustUseSso: async () => false,
    mayIn: (personId, _, accountId) => (personId === accountId ? 'yes' : 'unknown'),
    trail: { begin: async () => 'act', end: async () => undefined },
    exporters: [],
    erasers: [],
    ownedAlone: async () => [],
    deletionChanged: async () => undefined,
    onFault(where, error) {
      throw new Error(where, { cause: error });
    },
    ...options,
  });
  door.onAdmitted(people.admitted);
  const ways = options.ways?.({ storage, clock, random, mintId, people });
  const control = controlOf(people, ways === undefined ? [] : [ways]);
  const browser = (networkPrefix = '192.0.2.0/24') => openBrowser(control, networkPrefix);
  const mailsTo = (email: string) => readMailsTo(browser(), email);

  let count = 0;
  const person = (email = `person-${++count}@example.com`) => signUp(browser(), email);

  async function close(): Promise<void> {
    await storage.close();
    rmSync(dataDir, { recursive: true, force: true });
  }

  return { storage, accounts, people, door, control, time, told, stops, browser, mailsTo, person, close };
}

function controlOf(people: People, ways: readonly Pick<Ways, 'routes' | 'described'>[]): Control {
  return createControl({
    routes: [people.routes, ...ways.map(({ routes }) => routes)],
    described: [...people.described, ...ways.flatMap(({ described }) => described)],
    guard: people.guard,
    onFault(error) {
      throw error;
    },
  });
}

async function signUp(at: Browser, email: string) {
  await at.ask('POST', '/portal/v1/sign-up', signUpOf(email));
  const [mail] = await readMailsTo(at, email);
  const answer = await at.ask('POST', '/portal/v1/sign-up/verify', { token: tokenIn(mail) });
  const view = sessionView.parse(answer.body);
  if (view.person === null) throw new Error('the person could not sign up');
  return { ...at, id: view.person.id, email };
}

async function readMailsTo(at: Browser, email: string): Promise<OutboxView['data']> {
  const { data } = outboxView.parse((await at.ask('GET', '/portal/v1/outbox')).body);
  return data.filter(({ to }) => to === email);
}

export function signUpOf(email: string, password = PASSWORD) {
  return { email, password, locale: 'en', terms_accepted: true };
}

/** What stands behind `#` of the link in a mail. */
export function tokenIn(mail: { readonly link: string | null } | undefined): string {
  const token = mail?.link?.split('#')[1];
  if (token === undefined) throw new Error('there is no such mail, or no token in it');
  return token;
}

export function codeIn(mail: { readonly body: string } | undefined): string {
  const code = /^ {4}(\d{6})$/m.exec(mail?.body ?? '')?.[1];
  if (code === undefined) throw new Error('there is no such mail, or no code in it');
  return code;
}

/** The code an authenticator app shows at a time. */
export function totpCode(secret: string, atMs: number): string {
  return new TOTP({ secret }).generate({ timestamp: atMs });
}

export function sessionOf(answer: Answer): SessionView {
  return sessionView.parse(answer.body);
}

function openBrowser(control: Control, networkPrefix: string): Browser {
  const jar: Browser['jar'] = { cookies: new Map(), csrf: null };
  async function ask(method: string, path: string, body?: unknown, headers = {}): Promise<Answer> {
    const cookie = [...jar.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const request = new Request(`http://portal.test${path}`, {
      method,
      body: body === undefined ? null : JSON.stringify(body),
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(cookie !== '' && { cookie }),
        ...(jar.csrf !== null && { 'x-candor-csrf': jar.csrf }),
        ...headers,
      },
    });
    const isOwnOrigin = (origin: string) => origin === 'http://portal.test';
    const caller = { kind: 'console', networkPrefix, address: '127.0.0.1', isOwnOrigin } as const;
    const answer = await read(await control.answer(request, caller));
    for (const given of answer.headers.getSetCookie()) {
      const [pair = ''] = given.split(';');
      const at = pair.indexOf('=');
      const value = pair.slice(at + 1);
      if (value === '') jar.cookies.delete(pair.slice(0, at));
      else jar.cookies.set(pair.slice(0, at), value);
    }
    const told = sessionView.safeParse(answer.body);
    if (told.success) jar.csrf = told.data.csrf;
    return answer;
  }
  const signIn = (email: string, password = PASSWORD) => ask('POST', '/portal/v1/session', { email, password });
  return { jar, ask, signIn };
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, body: isJson ? (JSON.parse(text) as unknown) : text, headers: response.headers };
}

/** The reason of a refusal; null for a success. */
export function reasonOf(answer: Answer): string | null {
  const { error } = answer.body as { error?: { reason: string } };
  return error?.reason ?? null;
}
