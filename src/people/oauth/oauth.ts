import { Hono } from 'hono';
import { isoOrNull, toIso } from '../../base/calendar.ts';
import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import type { Random } from '../../base/random.ts';
import type { Attempts } from '../../credentials/attempts.ts';
import { refuseField } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import type { Outbound } from '../../http/outbound.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import { oauthStartQuery } from '../contract.ts';
import { type PeopleRefusal, refusalResponse } from '../refusal.ts';
import type { Sessions } from '../sessions.ts';
import { isPerson, lackOfConfirmation } from '../signed-in.ts';
import type { ComeIn, JoinIn, PortalContext } from '../way-in.ts';
import { arrive } from './arrive.ts';
import { createFlows, type Flows, problemPage, SECURITY_PAGE, START_PAGE } from './flows.ts';
import { createProvider, type Provider, type ProviderSettings } from './provider.ts';
import { deleteIdentity, type Identity, readIdentitiesOf, SSO_SCOPE } from './store.ts';

/** A provider the operator has configured. */
export interface NamedProvider extends ProviderSettings {
  /** In the path. */
  readonly id: string;
  /** What people read on the button. */
  readonly label: string;
}

export interface OauthDeps {
  readonly reader: Reader;
  readonly clock: Clock;
  readonly random: Random;
  readonly mintId: MintId;
  readonly attempts: Attempts;
  readonly outbound: Outbound;
  readonly sessions: Pick<Sessions, 'commit'>;
  readonly comeIn: ComeIn;
  readonly joinIn: JoinIn;
  /** Whether somebody with this address, and this person where they are known, must sign in by single sign-on. */
  readonly ssoRequiredOf: (email: string, personId: string | null) => Promise<boolean>;
  readonly providers: readonly NamedProvider[];
  /** Where people open the portal; null: the host of the request. */
  readonly publicUrl: string | null;
  onFault(where: string, error: unknown): void;
}

/** What a way out to a provider comes back with. */
export interface OauthPurpose {
  readonly next: string;
  readonly plan: string | null;
  readonly invitation: string | null;
  /** Who connects the service, and the session they do it from; null for whoever wants to come in. */
  readonly link: { readonly personId: string; readonly sessionId: string } | null;
}

/** Signing up and in by other services (OpenID Connect, OAuth 2.0). */
export interface Oauth {
  /** Described by `oauthPortalApi`. */
  readonly routes: Hono<{ Variables: ControlVariables }>;
  /** For the page of the door. */
  readonly providers: readonly { readonly id: string; readonly name: string }[];
}

const QUARTER_HOUR_MS = 900_000;
/** Ways out begun from one network. */
const STARTS_MAX = 300;

export function createOauth(deps: OauthDeps): Oauth {
  const { clock, outbound } = deps;
  const secure = deps.publicUrl?.startsWith('https:') ?? false;
  const nowMs = () => clock.monoMs();
  const providers = new Map(deps.providers.map((one) => [one.id, createProvider(one, { outbound, nowMs })] as const));
  const flows = createFlows<OauthPurpose>({ ...deps, name: 'candor-oauth', secure });
  const offered = deps.providers.map(({ id, label }) => ({ id, name: label }));
  const routes = new Hono<{ Variables: ControlVariables }>();
  addWay(routes, deps, { providers, flows });
  addOwn(routes, deps, offered);
  return { routes, providers: offered };
}

type Routes = Hono<{ Variables: ControlVariables }>;

interface Way {
  readonly providers: ReadonlyMap<string, Provider>;
  readonly flows: Flows<OauthPurpose>;
}

function addWay(routes: Routes, deps: OauthDeps, { providers, flows }: Way): void {
  const redirectUri = (context: PortalContext, id: string) =>
    `${new URL(deps.publicUrl ?? context.req.url).origin}/portal/v1/oauth/${encodeURIComponent(id)}/callback`;

  routes.get('/portal/v1/oauth/:provider/start', async (context) => {
    const id = context.req.param('provider');
    const provider = providers.get(id);
    if (provider === undefined) return refusalResponse(NO_PROVIDER);
    const query = oauthStartQuery.safeParse(context.req.query());
    if (!query.success) return refuseField(context, 'next must be a page of the portal, such as /keys');
    const network = context.get('networkPrefix') ?? '';
    const limit = { key: `oauth ${network}`, max: STARTS_MAX, windowMs: QUARTER_HOUR_MS };
    if (deps.attempts.take([limit]) !== null) return flows.leave(problemPage('too_many_attempts'), []);
    const { next, plan, invitation } = query.data;
    const actor = context.get('actor') as ControlVariables['actor'] | undefined;
    const link = isPerson(actor) ? { personId: actor.id, sessionId: actor.sessionId } : null;
    // To connect a service is to make a key to the account: it asks for a recent proof, as a new password does.
    if (isPerson(actor) && lackOfConfirmation(actor, deps.clock) !== null) {
      return flows.leave(problemPage('confirm_needed', SECURITY_PAGE), []);
    }
    const purpose: OauthPurpose = {
      next: next ?? (link === null ? START_PAGE : SECURITY_PAGE),
      plan: plan ?? null,
      invitation: invitation ?? null,
      link,
    };
    return flows.begin(context, { key: id, provider, redirectUri: redirectUri(context, id), purpose });
  });

  routes.get('/portal/v1/oauth/:provider/callback', async (context) => {
    const id = context.req.param('provider');
    const provider = providers.get(id);
    if (provider === undefined) return refusalResponse(NO_PROVIDER);
    const back = await flows.end(context, { key: id, providerOf: async () => provider });
    if (!back.ok) return flows.leave(problemPage(back.refusal), []);
    const arrived = await arrive(deps, context, back.value);
    // Whoever is signed in is told where they were.
    const page = back.value.purpose.link === null ? undefined : SECURITY_PAGE;
    if (!arrived.ok) return flows.leave(problemPage(arrived.refusal, page), []);
    return flows.leave(arrived.value.page, arrived.value.cookies);
  });
}

function addOwn(routes: Routes, deps: OauthDeps, offered: Oauth['providers']): void {
  routes.get('/portal/v1/oauth', async (context) => {
    const held = await readIdentitiesOf(deps.reader, personOf(context));
    return context.json({ data: held.filter(isOwn).map(toView), providers: offered });
  });

  routes.delete('/portal/v1/oauth/:id', async (context) => {
    const actor = context.get('actor');
    const lack = isPerson(actor) ? lackOfConfirmation(actor, deps.clock) : null;
    if (lack !== null) return refusalResponse(lack);
    const person = personOf(context);
    const id = context.req.param('id');
    const written = await deps.sessions.commit([deleteIdentity(person, id)]);
    if (written.ok) return context.json({ done: true });
    const held = await readIdentitiesOf(deps.reader, person);
    return refusalResponse(held.some((one) => one.id === id) ? LAST_WAY_IN : NOT_FOUND);
  });
}

const NO_PROVIDER: PeopleRefusal = { reason: 'identity_not_found', message: 'no service of this name is offered' };
const NOT_FOUND: PeopleRefusal = { reason: 'identity_not_found', message: 'you have connected no such service' };
const LAST_WAY_IN: PeopleRefusal = {
  reason: 'last_way_in',
  message: 'this service is the only way you can sign in; set a password or add a passkey first',
};

/** Nobody's for the command line, which has no services. */
function personOf(context: PortalContext): string {
  const actor = context.get('actor');
  return isPerson(actor) ? actor.id : '';
}

/** What the workspace of somebody connected is the workspace's. */
const isOwn = ({ scope }: Identity) => !scope.startsWith(SSO_SCOPE);

function toView({ id, scope, email, createdAtMs, lastUsedAtMs }: Identity) {
  return { id, service: scope, email, created_at: toIso(createdAtMs), last_used_at: isoOrNull(lastUsedAtMs) };
}
