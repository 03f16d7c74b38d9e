import { Hono } from 'hono';
import type { Clock } from '../base/clock.ts';
import type { MintId } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import type { ControlRoute, ControlVariables } from '../http/control-api.ts';
import type { Outbound } from '../http/outbound.ts';
import type { Storage } from '../storage/sql/storage.ts';
import { createOauth, type NamedProvider, type Oauth } from './oauth/oauth.ts';
import { passkeyRoutes } from './passkeys/passkeys.ts';
import type { People } from './people.ts';
import type { PhoneDriver } from './phone/driver.ts';
import { createPhones } from './phone/phone.ts';
import { phoneRoutes } from './phone/routes.ts';
import { createSeal } from './seal.ts';
import { createSso, type Sso, type SsoDeps, type SsoLookup } from './sso/sso.ts';
import { oauthPortalApi, passkeyPortalApi, phonePortalApi, ssoPortalApi } from './ways-api.ts';

export interface WaysDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly mintId: MintId;
  readonly people: Pick<People, 'comeIn' | 'joinIn' | 'halfOf' | 'sessions' | 'attempts'>;
  /** The checked way out, to providers of sign-ins. */
  readonly outbound: Outbound;
  /** 32 secret bytes: numbers are sealed with it, and their digests keyed. */
  readonly key: Uint8Array;
  /** Where people open the portal; null: the host of the request. */
  readonly publicUrl: string | null;
  readonly providers: readonly NamedProvider[];
  readonly sso: Pick<SsoDeps, 'lookup' | 'arrived'>;
  readonly phone: { readonly driver: PhoneDriver | null; readonly messagesPerDay: number };
  /** Told of each mobile number that is proved, at least once. */
  readonly learntPhone: (personId: string, number: string) => Promise<void>;
  onFault(where: string, error: unknown): void;
}

/** The ways to be sure of a person besides mail and password: passkeys, other services, single sign-on, a mobile number. */
export interface Ways {
  readonly routes: Hono<{ Variables: ControlVariables }>;
  /** One of every route of `routes`. */
  readonly described: readonly ControlRoute[];
  /** Services one can sign up with. */
  readonly providers: Oauth['providers'];
  /** See `Sso`. */
  readonly enforceSso: Sso['enforce'];
  readonly jobs: readonly { readonly name: string; readonly everyMs: number; run(): Promise<unknown> }[];
}

const TELL_EVERY_MS = 15_000;
const SWEEP_EVERY_MS = 60_000;

export function createWays(deps: WaysDeps): Ways {
  const { storage, clock, random, people, sso: workspaces, phone } = deps;
  const { reader } = storage;
  const { sessions, attempts, comeIn, joinIn, halfOf } = people;
  const shared = { ...deps, reader, sessions, attempts, comeIn, joinIn };
  const oauth = createOauth({ ...shared, ssoRequiredOf: requiredBy(workspaces.lookup) });
  const sso = createSso({ ...shared, ...workspaces });
  const phones = createPhones({
    ...phone,
    storage,
    clock,
    random,
    attempts,
    seal: createSeal(deps.key, random),
    learnt: deps.learntPhone,
  });
  const routes = new Hono<{ Variables: ControlVariables }>();
  routes.route('/', passkeyRoutes({ ...shared, halfOf, mustUseSso: (person) => workspaces.lookup.isRequired(person) }));
  routes.route('/', oauth.routes);
  routes.route('/', sso.routes);
  routes.route('/', phoneRoutes({ reader, nowMs: () => clock.wallMs(), phones }));
  return {
    routes,
    described: [...passkeyPortalApi, ...oauthPortalApi, ...ssoPortalApi, ...phonePortalApi],
    providers: oauth.providers,
    enforceSso: sso.enforce,
    jobs: [
      { name: 'tell which phones people proved', everyMs: TELL_EVERY_MS, run: () => phones.tell() },
      { name: 'forget codes sent to phones', everyMs: SWEEP_EVERY_MS, run: () => phones.sweep() },
    ],
  };
}

function requiredBy(lookup: SsoLookup): (email: string, personId: string | null) => Promise<boolean> {
  return (email, id) => lookup.isRequired({ id, email });
}
