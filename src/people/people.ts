import { Hono } from 'hono';
import type { Accounts } from '../accounts/index.ts';
import type { Clock } from '../base/clock.ts';
import type { MintId } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import { ok } from '../base/result.ts';
import { createAttempts } from '../credentials/attempts.ts';
import type { Passwords } from '../credentials/passwords.ts';
import type { ControlRoute, ControlVariables } from '../http/control-api.ts';
import type { Guard } from '../http/guard.ts';
import type { SendMail } from '../mail/send-mail.ts';
import type { Storage } from '../storage/sql/storage.ts';
import { createOtherWays, type OtherWays } from './come-in.ts';
import { type Cookies, createCookies } from './cookies.ts';
import type { Door } from './door/door.ts';
import { tellRungs } from './entry/join.ts';
import { deleteExpiredResets } from './entry/reset-store.ts';
import { entryRoutes } from './entry/routes.ts';
import { deleteExpiredSignUps } from './entry/sign-up-store.ts';
import { createPeopleGuard, type GuardDeps } from './guard.ts';
import { createLinks } from './mails/links.ts';
import { createOutbox } from './mails/outbox.ts';
import { outboxRoutes } from './mails/routes.ts';
import { writeMail } from './mails/texts.ts';
import { type DeletionDeps, eraseDue } from './own/deletion.ts';
import { ownRoutes } from './own/routes.ts';
import { cardOf, emailKeyOf, type PersonCard } from './person.ts';
import { readPerson, setAdmitted } from './person-store.ts';
import { entryPortalApi, ownPortalApi } from './portal-api.ts';
import type { ProofOfWork } from './proofs/work.ts';
import { createSeal } from './seal.ts';
import type { Eraser, Exporter, SignUpHearers } from './seams.ts';
import { sessionRoutes } from './session-routes.ts';
import { endSessionsOf } from './session-store.ts';
import { createSessions } from './sessions.ts';
import type { WayDeps } from './way.ts';
import { outboxPortalApi } from './ways-api.ts';

export interface PeopleDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly mintId: MintId;
  readonly accounts: Pick<Accounts, 'create' | 'rename'>;
  readonly passwords: Passwords;
  /** 32 secret bytes: what people leave is sealed with it. */
  readonly key: Uint8Array;
  readonly config: PeopleConfig;
  /** Null keeps mails to be read at the outbox, for development. */
  readonly sendMail: SendMail | null;
  readonly door: Door;
  /** Null where signing up asks for no computing. */
  readonly proofs: Pick<ProofOfWork, 'verify'> | null;
  readonly hearers: SignUpHearers;
  readonly regionOf: WayDeps['regionOf'];
  readonly stopOf: WayDeps['stopOf'];
  readonly mustUseSso: WayDeps['mustUseSso'];
  readonly mayIn: GuardDeps['mayIn'];
  readonly trail: Guard['trail'];
  readonly exporters: readonly Exporter[];
  readonly erasers: readonly Eraser[];
  readonly ownedAlone: DeletionDeps['ownedAlone'];
  readonly deletionChanged: DeletionDeps['deletionChanged'];
  onFault(where: string, error: unknown): void;
}

export interface PeopleConfig {
  /** Where people open the portal, such as `https://candor.example.com`; null: an address of this machine. */
  readonly publicUrl: string | null;
  /** What mails and authenticator apps call this service. */
  readonly issuer: string;
  readonly sessionIdleMs: number;
  readonly sessionMaxMs: number;
}

/** The people who sign up: how they come in, what they hold of themselves, and who asks. */
export interface People extends OtherWays {
  readonly routes: Hono<{ Variables: ControlVariables }>;
  /** One of every route of `routes`. */
  readonly described: readonly ControlRoute[];
  readonly guard: Guard;
  readonly sessions: WayDeps['sessions'];
  readonly attempts: WayDeps['attempts'];
  readonly cookies: Cookies;
  /** Null for nobody, and for whoever was deleted. */
  person(id: string): Promise<PersonCard | null>;
  personByEmail(email: string): Promise<PersonCard | null>;
  /** Ends every session of somebody, and tells whoever watches them at once. Resolves with how many once that is durable. */
  endSessions(accountId: string): Promise<number>;
  /** Keeps a mail of another part until it is sent, or to be read where no server sends. Never refuses. */
  readonly sendMail: SendMail;
  /** Lets people in from the line, and tells them; again for the same ones it does nothing. */
  admitted(accountIds: readonly string[]): Promise<void>;
  readonly jobs: readonly { readonly name: string; readonly everyMs: number; run(): Promise<unknown> }[];
}

/** Some 100 bytes each: the addresses and networks of a flood must not push out those that are guessed at. */
const ATTEMPT_KEYS_MAX = 200_000;
/** Sessions that expired are told within this time. */
const SWEEP_MS = 30_000;
const DELIVER_EVERY_MS = 5_000;
const TELL_EVERY_MS = 15_000;
const ERASE_EVERY_MS = 600_000;

export function createPeople(deps: PeopleDeps): People {
  const { storage, clock, random, config } = deps;
  const { reader } = storage;
  const sessions = createSessions({ ...deps, idleMs: config.sessionIdleMs, maxMs: config.sessionMaxMs });
  const seal = createSeal(deps.key, random);
  const outbox = createOutbox({ ...deps, seal, serviceName: config.issuer, send: deps.sendMail });
  const links = createLinks(config.publicUrl);
  const attempts = createAttempts(clock, ATTEMPT_KEYS_MAX);
  const way: DeletionDeps = { ...deps, reader, sessions, attempts, outbox, links, seal };
  const cookies = createCookies(config.publicUrl?.startsWith('https:') ?? false, config.sessionMaxMs);
  const routes = new Hono<{ Variables: ControlVariables }>();
  routes.route('/', entryRoutes({ way, cookies }));
  routes.route('/', sessionRoutes(way, cookies));
  routes.route('/', ownRoutes({ way, cookies, exporters: deps.exporters, issuer: config.issuer }));
  const keepsMails = deps.sendMail === null;
  if (keepsMails) routes.route('/', outboxRoutes(outbox));
  return {
    ...createOtherWays(way, cookies),
    routes,
    described: [...entryPortalApi, ...ownPortalApi, ...(keepsMails ? outboxPortalApi : [])],
    guard: createPeopleGuard({ ...deps, sessions, cookies }),
    sessions,
    attempts,
    cookies,
    person: async (id) => cardOrNull(await readPerson(reader, 'id', id)),
    personByEmail: async (email) => cardOrNull(await readPerson(reader, 'email_key', emailKeyOf(email))),
    endSessions: async (accountId) => (await sessions.commit([endSessionsOf(accountId)])).ended,
    sendMail: mailVia(way),
    admitted: (accountIds) => admit(way, accountIds),
    jobs: jobsOf(way),
  };
}

function cardOrNull(person: Parameters<typeof cardOf>[0] | null): PersonCard | null {
  return person === null ? null : cardOf(person);
}

async function admit(way: WayDeps, accountIds: readonly string[]): Promise<void> {
  for (const id of accountIds) {
    const person = await readPerson(way.reader, 'id', id);
    if (person === null || person.waitlistTicket === null) continue;
    const mail = writeMail(person.email, person.locale, { kind: 'admitted', link: way.links.signIn() });
    await way.sessions.commit([setAdmitted(id), way.outbox.put(mail)]);
  }
  way.outbox.poke();
  await tellRungs(way);
}

function mailVia({ sessions, outbox }: WayDeps): SendMail {
  return async function sendMail(_, to, text) {
    const link = /https?:\/\/\S+|(?<=^|\s)\/\S+/m.exec(text.body)?.[0] ?? null;
    await sessions.commit(to.map((address) => outbox.put({ to: address, text, link })));
    outbox.poke();
    return ok(null);
  };
}

function jobsOf(way: DeletionDeps): People['jobs'] {
  async function sweep(): Promise<void> {
    const nowMs = way.clock.wallMs();
    await way.sessions.sweep();
    await way.sessions.commit([deleteExpiredSignUps(nowMs), deleteExpiredResets(nowMs)]);
  }
  return [
    { name: 'end expired sessions of people', everyMs: SWEEP_MS, run: sweep },
    { name: 'send mails to people', everyMs: DELIVER_EVERY_MS, run: () => way.outbox.deliver() },
    { name: 'tell what people proved', everyMs: TELL_EVERY_MS, run: () => tellRungs(way) },
    { name: 'delete accounts whose time has come', everyMs: ERASE_EVERY_MS, run: () => eraseDue(way) },
  ];
}
