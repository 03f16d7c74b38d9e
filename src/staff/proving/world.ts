import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../base/clock.ts';
import { createMintId } from '../../base/ids.ts';
import { systemRandom } from '../../base/random.ts';
import { type Control, createControl } from '../../http/control.ts';
import { openStorage, type Storage } from '../../storage/sql/storage.ts';
import { invitedView, type Role, sessionView } from '../contract.ts';
import { createStaff, staffControlApi, staffMigration, type Staff } from '../index.ts';
import { createPasswords } from '../../credentials/passwords.ts';

const HOUR_MS = 3_600_000;
export const OWNER = { email: 'owner@example.com', name: 'Olive Owner', password: 'correct horse battery' };
const PASSWORD = 'a long enough password';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

/** A browser at the console: it keeps the cookie it is given, and sends the forgery token it was told. */
export interface Browser {
  readonly jar: { cookie: string | null; csrf: string | null };
  ask(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  signIn(email: string, password: string): Promise<Answer>;
}

/** A service that is its staff alone: a real store, the real guard, cheap passwords. */
export interface StaffWorld {
  readonly storage: Storage;
  readonly staff: Staff;
  readonly control: Control;
  /** Added to the time the service is told. */
  readonly time: { aheadMs: number };
  browser(networkPrefix?: string): Browser;
  /** Asks as whoever holds the data folder. */
  local(method: string, path: string, body?: unknown): Promise<Answer>;
  /** A browser with the owner in it; the first call sets the service up. */
  owner(): Promise<Browser>;
  /** A browser with somebody of this role in it, and their id. */
  person(role: Role, name?: string): Promise<Browser & { readonly id: string; readonly email: string }>;
  close(): Promise<void>;
}

export interface StaffWorldOptions {
  readonly publicUrl?: string;
  readonly dataDir?: string;
}

export async function openStaffWorld(options: StaffWorldOptions = {}): Promise<StaffWorld> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'candor-staff-'));
  const time = { aheadMs: 0 };
  const clock = {
    wallMs: () => systemClock.wallMs() + time.aheadMs,
    monoMs: () => systemClock.monoMs() + time.aheadMs,
  };
  const random = systemRandom;
  const storage = await openStorage({ dataDir, migrations: [staffMigration], clock, random, onFatal: () => undefined });
  const staff = createStaff({
    storage,
    clock,
    random,
    mintId: createMintId(clock, random),
    config: { publicUrl: options.publicUrl ?? null, sessionIdleMs: 12 * HOUR_MS, sessionMaxMs: 168 * HOUR_MS },
    passwords: createPasswords({ cost: { memoryKib: 8, passes: 1 }, waitingMax: 200 }),
  });
  const control = createControl({
    routes: [staff.routes],
    described: staffControlApi,
    guard: staff,
    onFault(error) {
      throw error;
    },
  });
  let people = 0;

  const browser = (networkPrefix = '192.0.2.0/24') => openBrowser(control, networkPrefix);

  async function local(method: string, path: string, body?: unknown): Promise<Answer> {
    const text = body === undefined ? null : JSON.stringify(body);
    return read(await control.fetch(new Request(`http://control${path}`, { method, body: text })));
  }

  async function owner(): Promise<Browser> {
    const at = browser();
    const token = await staff.setupToken();
    if (token === null) await at.signIn(OWNER.email, OWNER.password);
    else await at.ask('POST', '/control/v1/setup', { ...OWNER, token });
    if (at.jar.csrf === null) throw new Error('the owner could not come in');
    return at;
  }

  async function person(role: Role, name = `Person ${++people}`) {
    const email = `person-${++people}@example.com`;
    const invited = invitedView.parse((await local('POST', '/control/v1/staff', { email, name, role })).body);
    const at = browser();
    await at.ask('POST', '/control/v1/invitations/accept', { token: invited.invitation.token, password: PASSWORD });
    return { ...at, id: invited.staff.id, email };
  }

  async function close(): Promise<void> {
    await storage.close();
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
  }

  return { storage, staff, control, time, browser, local, owner, person, close };
}

function openBrowser(control: Control, networkPrefix: string): Browser {
  const jar: Browser['jar'] = { cookie: null, csrf: null };
  async function ask(method: string, path: string, body?: unknown, headers = {}): Promise<Answer> {
    const request = new Request(`http://console.test${path}`, {
      method,
      body: body === undefined ? null : JSON.stringify(body),
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(jar.cookie !== null && { cookie: jar.cookie }),
        ...(jar.csrf !== null && { 'x-candor-csrf': jar.csrf }),
        ...headers,
      },
    });
    const isOwnOrigin = (origin: string) => origin === 'http://console.test';
    const answer = await read(await control.answer(request, { kind: 'console', networkPrefix, isOwnOrigin }));
    const given = answer.headers.get('set-cookie');
    if (given !== null) jar.cookie = given.split(';')[0] ?? null;
    const told = sessionView.safeParse(answer.body);
    if (told.success) jar.csrf = told.data.csrf;
    return answer;
  }
  return { jar, ask, signIn: (email, password) => ask('POST', '/control/v1/session', { email, password }) };
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
