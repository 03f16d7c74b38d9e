import { assert } from '../base/assert.ts';
import { callerAddress, networkPrefix } from '../base/address.ts';
import type { Clock } from '../base/clock.ts';
import { createNetworkTest } from '../base/network.ts';
import type { Random } from '../base/random.ts';
import type { Config } from '../config/config.ts';
import { createAttempts } from '../credentials/attempts.ts';
import type { Passwords } from '../credentials/passwords.ts';
import { createControl, type ControlHono } from '../http/control.ts';
import type { ControlRoute } from '../http/control-api.ts';
import { createOutbound, type Outbound } from '../http/outbound.ts';
import { createMail } from '../mail/send-mail.ts';
import {
  createHttpDriver,
  createOutboxDriver,
  createPeople,
  createProofOfWork,
  createSurge,
  createWayRecords,
  createWays,
  doorPortalApi,
  doorPortalRoutes,
  type ManagedDoor,
  type People,
  type PeopleDeps,
  type Ways,
  type WaysDeps,
} from '../people/index.ts';
import {
  type Belonging,
  contestRoutes,
  portalControlApi,
  portalRedressApi,
  portalRedressRoutes,
} from '../portal/index.ts';
import type { Staff } from '../staff/index.ts';
import { loadSecretFile } from '../storage/secret-file.ts';
import { type Workspaces, workspacesPortalApi } from '../workspaces/index.ts';
import type { ExploreParts } from './compose-explore.ts';
import { composeOwnAccounts } from './compose-own-accounts.ts';
import type { composeServing } from './compose-serving.ts';
import { composeWorkspaces, portalBelonging } from './compose-workspaces.ts';
import { endSessionsWhenStopped, followDeletions, hearSignUps, ownStopOf } from './follow-people.ts';
import type { Review } from './enforcement/compose-review.ts';
import { tellDecisions } from './enforcement/tell-decision.ts';
import type { Job } from './jobs.ts';
import { createPortalSite, type PortalSite } from './portal-site.ts';
import { servicePortalApi, serviceRoutes } from './site/service-routes.ts';

export interface ComposePortalOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly serving: Awaited<ReturnType<typeof composeServing>>;
  readonly explore: Pick<ExploreParts, 'deps'>;
  readonly door: ManagedDoor;
  readonly held: Review;
  readonly staff: Pick<Staff, 'people'>;
  /** Those of the staff: one queue for all hashing of the service. */
  readonly passwords: Passwords;
}

export interface PortalParts {
  readonly site: PortalSite;
  readonly people: People;
  readonly workspaces: Workspaces;
  /** What directories ask, under `/scim/v2`. */
  scim(request: Request, peerAddress: string | null): Promise<Response>;
  readonly jobs: readonly Job[];
}

/** Routes of the portal, with what describes each of them. */
interface Served {
  readonly routes: readonly ControlHono[];
  readonly described: readonly ControlRoute[];
}

/** Domains that know of each other: people are made first, and ask the others when somebody asks them. */
interface Others {
  workspaces: Workspaces | null;
  ways: Ways | null;
}

const PEOPLE_KEY_FILE = 'people-key';
/** Of networks and addresses that prove work; some 100 bytes each. */
const PROOF_KEYS_MAX = 50_000;
const OUTBOX_CODES_PER_DAY = 1_000;
/** Addresses that read and contest notices; some 100 bytes each. */
const CONTEST_KEYS_MAX = 50_000;

/** Where people sign up, with the domains behind it; null where the configuration turns it off. */
export async function composePortal(options: ComposePortalOptions): Promise<PortalParts | null> {
  const { config, clock, random, serving, door } = options;
  if (!config.portal.enabled) return null;
  const key = loadSecretFile(serving.storage.dataDir, PEOPLE_KEY_FILE, random);
  const others: Others = { workspaces: null, ways: null };
  const proofs = proofsOf(options);
  const people = createPeople(peopleDeps(options, { proofs, key, others }));
  door.onAdmitted(people.admitted);
  serving.standing.onStop(endSessionsWhenStopped(serving.standing, people));
  const outbound = createOutbound({ internalHosts: config.outbound.internalHosts });
  const enforceSso = (domains: readonly string[]) => waysOf(others).enforceSso(domains);
  const workspaces = await composeWorkspaces({ ...options, people, outbound, enforceSso });
  others.workspaces = workspaces;
  const ways = makeWays(options, { people, workspaces, outbound, key });
  others.ways = ways;
  const own = composeOwnAccounts({
    ...options,
    vesting: serving.vested.vesting,
    belonging: portalBelonging(workspaces),
    isOffered: (plan) => isOffered(door, plan),
  });
  const redress = redressOf(options, portalBelonging(workspaces));
  serving.enforcement.later.notify = tellDecisions({
    people,
    members: workspaces.members,
    service: config.portal.name,
    contestUrl: options.held.appeals.contestUrl,
    attempts: createAttempts(options.clock),
  });
  const control = makeControl(options, people, [
    { routes: [people.routes], described: people.described },
    { routes: [ways.routes], described: ways.described },
    doorOf(options, proofs, ways),
    { routes: workspaces.routes, described: workspacesPortalApi },
    { routes: own, described: portalControlApi },
    redress,
    { routes: [serviceRoutes(serviceOf(config))], described: servicePortalApi },
  ]);
  const place = { ...config.portal, host: config.server.host };
  const showsSession = (request: Request) => people.cookies.session.read(request) !== null;
  const { trustedProxies } = config.server;
  const site = createPortalSite({ place, trustedProxies, control, clock, random, showsSession });
  const isTrusted = createNetworkTest(trustedProxies);
  const networkOf = (request: Request, peer: string | null) =>
    networkPrefix(callerAddress(peer, request.headers.get('x-forwarded-for'), isTrusted));
  const scim: PortalParts['scim'] = (request, peer) => workspaces.scim(request, networkOf(request, peer));
  return { site, people, workspaces, scim, jobs: [...people.jobs, ...workspaces.jobs, ...ways.jobs] };
}

/** Whoever is in stays free to choose while the door is closed to newcomers, but not what has a door of its own. */
function isOffered(door: ManagedDoor, plan: string): boolean {
  const setting = door.settingFor({ plan, region: null });
  return setting.plan === null || setting.state === 'open';
}

function makeControl({ serving }: ComposePortalOptions, people: People, parts: readonly Served[]) {
  return createControl({
    routes: parts.flatMap(({ routes }) => routes),
    described: parts.flatMap(({ described }) => described),
    guard: people.guard,
    onFault: (error) => serving.telemetry.fault('answer a request of the portal', error),
  });
}

/** What is held against an account, for the people it is about, and for whoever holds the address of a refusal. */
function redressOf({ clock, serving, held, staff }: ComposePortalOptions, belonging: Belonging): Served {
  const { enforcement, keys, content } = serving;
  const { decisions, sanctions, reports } = enforcement;
  const attempts = createAttempts(clock, CONTEST_KEYS_MAX);
  const parts = { clock, decisions, sanctions, appeals: held.appeals };
  return {
    routes: [
      portalRedressRoutes({
        ...parts,
        belonging,
        keys,
        reports,
        accessesOf: content.accessesOf,
        roleOf: async (staffId) => (await staff.people()).find(({ id }) => id === staffId)?.role ?? null,
      }),
      contestRoutes({ ...parts, attempts }),
    ],
    described: portalRedressApi,
  };
}

function workspacesOf({ workspaces }: Others): Workspaces {
  assert(workspaces !== null, 'nobody asks the portal before all of it is made');
  return workspaces;
}

function waysOf({ ways }: Others): Ways {
  assert(ways !== null, 'nobody asks the portal before all of it is made');
  return ways;
}

function proofsOf({ clock, random, serving }: ComposePortalOptions) {
  const surge = createSurge(clock, () => serving.vested.vesting.breaker().open);
  const attempts = createAttempts(clock, PROOF_KEYS_MAX);
  return createProofOfWork({ clock, random, surge, attempts });
}

interface PeopleParts {
  readonly proofs: PeopleDeps['proofs'];
  readonly key: Uint8Array;
  readonly others: Others;
}

function peopleDeps(options: ComposePortalOptions, { proofs, key, others }: PeopleParts): PeopleDeps {
  const { config, serving } = options;
  const { storage, mintId, money, standing, telemetry } = serving;
  const { name, publicUrl, sessionIdleMs, sessionMaxMs } = config.portal;
  const ways = createWayRecords(storage);
  const shared = { name: 'workspaces' };
  return {
    ...options,
    storage,
    mintId,
    accounts: money.accounts,
    key,
    config: { publicUrl, issuer: name, sessionIdleMs, sessionMaxMs },
    sendMail: config.mail === null ? null : createMail(config.mail),
    proofs,
    hearers: hearSignUps(serving.fraud, serving.vested.vesting, serving.enforcement.rules),
    regionOf: serving.fraud.regionOf,
    stopOf: ownStopOf(standing),
    mustUseSso: (person) => workspacesOf(others).sso.isRequired(person),
    mayIn: (personId, permission, accountId) => workspacesOf(others).belongings.mayIn(personId, permission, accountId),
    trail: {
      begin: (action) => workspacesOf(others).trail.begin(action),
      end: (id, status, changes) => workspacesOf(others).trail.end(id, status, changes),
    },
    exporters: [
      ways,
      serving.vested.records,
      options.held.redressRecords,
      { ...shared, export: (personId) => workspacesOf(others).personal.exportOf(personId) },
    ],
    erasers: [
      ways,
      serving.fraud.eraser,
      ...options.held.erasers,
      serving.vested.records,
      { name: 'what was kept of requests', erase: serving.content.erase },
      { name: 'whom upstreams know', erase: serving.gateway.forgetIdentified },
      { ...shared, erase: (personId) => workspacesOf(others).personal.erase(personId) },
    ],
    ownedAlone: (personId) => workspacesOf(others).personal.ownedAlone(personId),
    deletionChanged: followDeletions(standing),
    onFault: (where, error) => telemetry.fault(where, error),
  };
}

function makeWays(
  { config, clock, random, serving }: ComposePortalOptions,
  made: {
    readonly people: People;
    readonly workspaces: Workspaces;
    readonly outbound: Outbound;
    readonly key: Uint8Array;
  },
): Ways {
  const { storage, mintId, telemetry } = serving;
  const { sso, arrival } = made.workspaces;
  return createWays({
    ...made,
    storage,
    clock,
    random,
    mintId,
    publicUrl: config.portal.publicUrl,
    providers: config.portal.oauth,
    sso: {
      lookup: sso,
      arrived: async ({ id, email, name }, accountId) =>
        (await arrival.arrived({ id, email: email.toLowerCase(), name }, accountId)).ok,
    },
    phone: phoneOf(config, made),
    learntPhone: async (personId, number) => {
      const linkage = await serving.fraud.ready;
      linkage.learnt(personId, { kind: 'phone', number }, clock.wallMs());
    },
    onFault: (where, error) => telemetry.fault(where, error),
  });
}

/** Codes to phones: by the operator's service; into the outbox, where mails are kept there; or not at all. */
function phoneOf(
  { portal }: Config,
  { people, outbound }: { readonly people: Pick<People, 'sendMail'>; readonly outbound: Outbound },
): WaysDeps['phone'] {
  const { phone, mailOutbox } = portal;
  if (phone !== null) return { driver: createHttpDriver({ ...phone, outbound }), messagesPerDay: phone.messagesPerDay };
  return { driver: mailOutbox ? createOutboxDriver(people.sendMail) : null, messagesPerDay: OUTBOX_CODES_PER_DAY };
}

function doorOf(
  { config, door, serving }: ComposePortalOptions,
  proofs: ReturnType<typeof proofsOf>,
  ways: Pick<Ways, 'providers'>,
): Served {
  const routes = doorPortalRoutes({
    door,
    plans: Object.keys(config.plans),
    regionOf: serving.fraud.regionOf,
    challengeFor: async (prefix) => proofs.challenge(prefix),
    providers: () => ways.providers,
  });
  return { routes: [routes], described: doorPortalApi };
}

function serviceOf({ portal, models }: Config) {
  const { name, termsUrl, privacyUrl, mailOutbox } = portal;
  return { name, terms_url: termsUrl, privacy_url: privacyUrl, models: Object.keys(models), outbox: mailOutbox };
}
