import { createAttempts } from '../credentials/attempts.ts';
import type { Passwords } from '../credentials/passwords.ts';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { Config } from '../config/config.ts';
import { createControl, type ControlHono } from '../http/control.ts';
import type { ControlRoute } from '../http/control-api.ts';
import { createMail } from '../mail/send-mail.ts';
import {
  createPeople,
  createProofOfWork,
  createSurge,
  doorPortalApi,
  doorPortalRoutes,
  type ManagedDoor,
  type People,
  type PeopleDeps,
} from '../people/index.ts';
import { loadSecretFile } from '../storage/secret-file.ts';
import type { composeServing } from './compose-serving.ts';
import { endSessionsWhenStopped, followDeletions, ownStopOf } from './follow-people.ts';
import type { Job } from './jobs.ts';
import { createPortalSite, type PortalSite } from './portal-site.ts';
import { serviceRoutes, servicePortalApi } from './site/service-routes.ts';

export interface ComposePortalOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly serving: Awaited<ReturnType<typeof composeServing>>;
  readonly door: ManagedDoor;
  /** Those of the staff: one queue for all hashing of the service. */
  readonly passwords: Passwords;
}

export interface PortalParts {
  readonly site: PortalSite;
  readonly people: People;
  readonly jobs: readonly Job[];
}

/** Routes of the portal, with what describes each of them. */
interface Served {
  readonly routes: readonly ControlHono[];
  readonly described: readonly ControlRoute[];
}

const PEOPLE_KEY_FILE = 'people-key';
/** Of networks and addresses that prove work; some 100 bytes each. */
const PROOF_KEYS_MAX = 50_000;

/** Where people sign up, with the domains behind it; null where the configuration turns it off. */
export function composePortal(options: ComposePortalOptions): PortalParts | null {
  const { config, random, serving, door } = options;
  if (!config.portal.enabled) return null;
  const proofs = proofsOf(options);
  const people = createPeople(peopleDeps(options, proofs));
  door.onAdmitted(people.admitted);
  serving.standing.onStop(endSessionsWhenStopped(serving.standing, people));
  const parts: readonly Served[] = [
    { routes: [people.routes], described: people.described },
    doorOf(options, proofs),
    { routes: [serviceRoutes(serviceOf(config))], described: servicePortalApi },
  ];
  const control = createControl({
    routes: parts.flatMap(({ routes }) => routes),
    described: parts.flatMap(({ described }) => described),
    guard: people.guard,
    onFault: (error) => serving.telemetry.fault('answer a request of the portal', error),
  });
  const place = { ...config.portal, host: config.server.host };
  const site = createPortalSite({ place, trustedProxies: config.server.trustedProxies, control, random });
  return { site, people, jobs: people.jobs };
}

function proofsOf({ clock, random }: ComposePortalOptions) {
  const surge = createSurge(clock);
  const proofs = createProofOfWork({ clock, random, surge, attempts: createAttempts(clock, PROOF_KEYS_MAX) });
  return { surge, proofs };
}

type Proofs = ReturnType<typeof proofsOf>;

function peopleDeps(options: ComposePortalOptions, { proofs }: Proofs): PeopleDeps {
  const { config, clock, random, serving, door, passwords } = options;
  const { storage, mintId, money, standing, telemetry } = serving;
  const { name, publicUrl, sessionIdleMs, sessionMaxMs } = config.portal;
  return {
    storage,
    clock,
    random,
    mintId,
    accounts: money.accounts,
    passwords,
    key: loadSecretFile(storage.dataDir, PEOPLE_KEY_FILE, random),
    config: { publicUrl, issuer: name, sessionIdleMs, sessionMaxMs },
    sendMail: config.mail === null ? null : createMail(config.mail),
    door,
    proofs,
    hearers: { signedUp: async () => undefined, proved: async () => undefined },
    regionOf: () => null,
    stopOf: ownStopOf(standing),
    mustUseSso: async () => false,
    mayIn: (personId, permission, accountId) => {
      if (personId !== accountId) return 'unknown';
      return permission.endsWith('.read') || standing.stopOfAccount(accountId) === null ? 'yes' : 'no';
    },
    trail: { begin: async () => mintId('act'), end: async () => undefined },
    exporters: [],
    erasers: [],
    ownedAlone: async () => [],
    deletionChanged: followDeletions(standing),
    onFault: (where, error) => telemetry.fault(where, error),
  };
}

function doorOf({ config, door }: ComposePortalOptions, { surge, proofs }: Proofs): Served {
  const plans = Object.keys(config.plans).map((id) => ({ id, name: null }));
  const routes = doorPortalRoutes({
    door,
    plans,
    regionOf: () => null,
    async challengeFor(networkPrefix) {
      surge.came(networkPrefix);
      return proofs.challenge(networkPrefix);
    },
    providers: () => [],
  });
  return { routes: [routes], described: doorPortalApi };
}

function serviceOf({ portal, models }: Config) {
  const { name, termsUrl, privacyUrl, mailOutbox } = portal;
  return { name, terms_url: termsUrl, privacy_url: privacyUrl, models: Object.keys(models), outbox: mailOutbox };
}
