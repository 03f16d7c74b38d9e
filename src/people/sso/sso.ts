import { Hono } from 'hono';
import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import type { Random } from '../../base/random.ts';
import type { Attempts } from '../../credentials/attempts.ts';
import { readBody, refuseField } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import type { Outbound } from '../../http/outbound.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import { ssoQuestionBody, ssoStartQuery } from '../contract.ts';
import { createFlows, problemPage, START_PAGE } from '../oauth/flows.ts';
import { createProvider, type Provider } from '../oauth/provider.ts';
import { emailKeyOf, type PersonCard } from '../person.ts';
import type { Sessions } from '../sessions.ts';
import type { ComeIn, JoinIn, PortalContext } from '../way-in.ts';
import { endOtherSessions } from './enforce.ts';
import { arriveBySso } from './arrive.ts';

/** How people of a workspace sign in by its own provider (OpenID Connect). */
export interface SsoSettings {
  readonly accountId: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Whether nobody with an address of its domains may come in another way; its owners may. */
  readonly required: boolean;
}

/** What single sign-on asks of the workspaces. */
export interface SsoLookup {
  /** Of the workspace that has shown that the domain is its own; null where there is none, or it has none. */
  ofDomain(domain: string): Promise<SsoSettings | null>;
  /** Whether this person must come in by it. */
  isRequired(person: { readonly id: string | null; readonly email: string }): Promise<boolean>;
  /** Whether a provider of this workspace may speak for this address. */
  speaksFor(accountId: string, email: string): Promise<boolean>;
}

export interface SsoDeps {
  readonly reader: Reader;
  readonly clock: Clock;
  readonly random: Random;
  readonly mintId: MintId;
  readonly attempts: Attempts;
  readonly outbound: Outbound;
  readonly sessions: Pick<Sessions, 'commit'>;
  readonly comeIn: ComeIn;
  readonly joinIn: JoinIn;
  readonly lookup: SsoLookup;
  /** Makes them a member of the workspace where they are none; false where it has no room or does not want them. */
  readonly arrived: (person: PersonCard, accountId: string) => Promise<boolean>;
  /** Where people open the portal; null: the host of the request. */
  readonly publicUrl: string | null;
  onFault(where: string, error: unknown): void;
}

export interface SsoPurpose {
  readonly next: string;
  /** The mail domain it began with. */
  readonly domain: string;
}

/** Signing in where one's organisation says. */
export interface Sso {
  /** Described by `ssoPortalApi`. */
  readonly routes: Hono<{ Variables: ControlVariables }>;
  /** Ends every session of people of these mail domains that must now come in another way. Returns how many. */
  enforce(domains: readonly string[]): Promise<number>;
}

const QUARTER_HOUR_MS = 900_000;
const TRIES_MAX = 300;
/** Providers whose endpoints are remembered. */
const PROVIDERS_MAX = 200;

export function createSso(deps: SsoDeps): Sso {
  const { lookup, attempts } = deps;
  const secure = deps.publicUrl?.startsWith('https:') ?? false;
  const flows = createFlows<SsoPurpose>({ ...deps, name: 'candor-sso', secure });
  const providerOf = createProviders(deps);
  const routes = new Hono<{ Variables: ControlVariables }>();

  const tooMany = (context: PortalContext) => {
    const key = `sso ${context.get('networkPrefix') ?? ''}`;
    return attempts.take([{ key, max: TRIES_MAX, windowMs: QUARTER_HOUR_MS }]) !== null;
  };

  routes.post('/portal/v1/sso', async (context) => {
    const body = await readBody(context, ssoQuestionBody);
    if (!body.ok) return body.refusal;
    const domain = domainOf(body.value.email);
    const settings = await lookup.ofDomain(domain);
    if (settings === null) return context.json({ sso: 'none', start: null });
    const { next } = body.value;
    const query = new URLSearchParams({ domain, ...(next !== undefined && { next }) });
    const start = `/portal/v1/sso/start?${query.toString()}`;
    return context.json({ sso: settings.required ? 'required' : 'optional', start });
  });

  routes.get('/portal/v1/sso/start', async (context) => {
    const query = ssoStartQuery.safeParse(context.req.query());
    if (!query.success) return refuseField(context, 'domain must be a mail domain, and next a page of the portal');
    const { next } = query.data;
    const domain = domainOf(`x@${query.data.domain}`);
    if (tooMany(context)) return flows.leave(problemPage('too_many_attempts'), []);
    const settings = await lookup.ofDomain(domain);
    if (settings === null) return flows.leave(problemPage('sso_refused'), []);
    const key = settings.accountId;
    const { origin } = new URL(deps.publicUrl ?? context.req.url);
    const redirectUri = `${origin}/portal/v1/sso/${encodeURIComponent(key)}/callback`;
    const purpose = { next: next ?? START_PAGE, domain };
    return flows.begin(context, { key, provider: providerOf(settings), redirectUri, purpose });
  });

  routes.get('/portal/v1/sso/:workspace/callback', async (context) => {
    const key = context.req.param('workspace');
    // The settings of now, not of when they left: a provider that was replaced meanwhile lets nobody in.
    const back = await flows.end(context, {
      key,
      providerOf: async ({ domain }) => {
        const settings = await lookup.ofDomain(domain);
        return settings?.accountId === key ? providerOf(settings) : null;
      },
    });
    if (!back.ok) return flows.leave(problemPage(back.refusal), []);
    const arrived = await arriveBySso(deps, context, { ...back.value, accountId: key });
    if (!arrived.ok) return flows.leave(problemPage(arrived.refusal), []);
    return flows.leave(arrived.value.page, arrived.value.cookies);
  });

  return { routes, enforce: (domains) => endOtherSessions(deps, domains) };
}

/** The provider of a workspace, as long as its settings are the same; the endpoints of the latest few are remembered. */
function createProviders({ outbound, clock }: SsoDeps): (settings: SsoSettings) => Provider {
  const held = new Map<string, { readonly same: string; readonly provider: Provider }>();
  return function providerOf({ accountId, issuer, clientId, clientSecret }) {
    const same = JSON.stringify([issuer, clientId, clientSecret]);
    const known = held.get(accountId);
    if (known?.same === same) return known.provider;
    const settings = { at: { issuer }, clientId, clientSecret, scopes: 'openid email profile' };
    const provider = createProvider(settings, { outbound, nowMs: () => clock.monoMs() });
    held.delete(accountId);
    if (held.size >= PROVIDERS_MAX) for (const oldest of [...held.keys()].slice(0, 1)) held.delete(oldest);
    held.set(accountId, { same, provider });
    return provider;
  };
}

/** The domain of an address in the form in which it belongs to one workspace. */
function domainOf(email: string): string {
  const key = emailKeyOf(email);
  return key.slice(key.lastIndexOf('@') + 1);
}
