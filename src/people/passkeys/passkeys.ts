import { Hono } from 'hono';
import { isoOrNull, toIso } from '../../base/calendar.ts';
import type { Random } from '../../base/random.ts';
import type { Result } from '../../base/result.ts';
import type { Attempts } from '../../credentials/attempts.ts';
import { createSessionCookie } from '../../credentials/cookie.ts';
import { readBody } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import { addPasskeyBody, passkeySignInBody, type PasskeyView, renamePasskeyBody } from '../contract.ts';
import { createNotes } from '../notes.ts';
import { type PeopleRefusal, refusalResponse } from '../refusal.ts';
import { isPerson, lackOfConfirmation, type PersonSignedIn } from '../signed-in.ts';
import { beginAdding, finishAdding } from './add.ts';
import type { PasskeyDeps } from './deps.ts';
import { relyingPartyOf } from './relying-party.ts';
import { beginSignIn, finishSignIn } from './sign-in.ts';
import { deletePasskey, type Passkey, readPasskey, readPasskeysOf, renamePasskey } from './store.ts';
import { tooManyAttempts } from '../../credentials/refusal.ts';
import type { PortalContext } from '../way-in.ts';

export interface PasskeysDeps
  extends Pick<PasskeyDeps, 'reader' | 'clock' | 'mintId' | 'sessions' | 'comeIn' | 'halfOf' | 'mustUseSso'> {
  readonly random: Random;
  readonly attempts: Attempts;
  /** Where people open the portal; null: an address of this machine. */
  readonly publicUrl: string | null;
}

const FLOW_MS = 300_000;
const BROWSER_BYTES = 16;
const QUARTER_HOUR_MS = 900_000;
/** Of one network: a company may sign in at nine. */
const TRIES_MAX = 300;

/** Passkeys (WebAuthn Level 3): signing in with one, and those somebody has. Described by `passkeyPortalApi`. */
export function passkeyRoutes(deps: PasskeysDeps): Routes {
  const { clock, random, publicUrl } = deps;
  const notes = { clock, random, lifeMs: FLOW_MS };
  const steps: PasskeyDeps = {
    ...deps,
    partyOf: (request) => relyingPartyOf(publicUrl, request),
    signIns: createNotes({ ...notes, purpose: 'sign in with a passkey' }),
    additions: createNotes({ ...notes, purpose: 'add a passkey' }),
    flowMs: FLOW_MS,
  };
  const routes = new Hono<{ Variables: ControlVariables }>();
  addSignIn(routes, steps, deps);
  addOwn(routes, steps);
  return routes;
}

type Routes = Hono<{ Variables: ControlVariables }>;

function addSignIn(routes: Routes, steps: PasskeyDeps, { random, attempts, publicUrl }: PasskeysDeps): void {
  const cookie = createSessionCookie('candor-passkey', publicUrl?.startsWith('https:') ?? false, FLOW_MS);

  routes.post('/portal/v1/session/passkey/options', async (context) => {
    const tried = tooMany(attempts, context);
    if (tried !== null) return tried;
    const browser = cookie.read(context.req.raw) ?? Buffer.from(random.bytes(BROWSER_BYTES)).toString('base64url');
    const begun = await beginSignIn(steps, context, browser);
    if (!begun.ok) return refusalResponse(begun.refusal);
    context.header('set-cookie', cookie.set(browser));
    return context.json(begun.value);
  });

  routes.post('/portal/v1/session/passkey', async (context) => {
    const body = await readBody(context, passkeySignInBody);
    if (!body.ok) return body.refusal;
    const tried = tooMany(attempts, context);
    if (tried !== null) return tried;
    const entered = await finishSignIn(steps, context, { ...body.value, browser: cookie.read(context.req.raw) });
    if (!entered.ok) return refusalResponse(entered.refusal);
    context.header('set-cookie', entered.value.cookie);
    return context.json(entered.value.view);
  });
}

function tooMany(attempts: Attempts, context: PortalContext): Response | null {
  const network = context.get('networkPrefix') ?? '';
  const waitMs = attempts.take([{ key: `passkey ${network}`, max: TRIES_MAX, windowMs: QUARTER_HOUR_MS }]);
  return waitMs === null ? null : refusalResponse(tooManyAttempts(waitMs));
}

function addOwn(routes: Routes, steps: PasskeyDeps): void {
  const { reader, sessions, clock } = steps;

  routes.get('/portal/v1/passkeys', (context) =>
    asPerson(context, async (actor) => {
      const held = await readPasskeysOf(reader, actor.id);
      return context.json({ data: held.map(toView) });
    }),
  );

  routes.post('/portal/v1/passkeys/options', (context) =>
    asPerson(context, async (actor) => {
      const lack = lackOfConfirmation(actor, clock);
      if (lack !== null) return refusalResponse(lack);
      return answer(context, await beginAdding(steps, actor, context.req.raw), (begun) => begun);
    }),
  );

  routes.post('/portal/v1/passkeys', (context) =>
    asPerson(context, async (actor) => {
      const lack = lackOfConfirmation(actor, clock);
      if (lack !== null) return refusalResponse(lack);
      const body = await readBody(context, addPasskeyBody);
      if (!body.ok) return body.refusal;
      const added = await finishAdding(steps, actor, { ...body.value, request: context.req.raw });
      return answer(context, added, toView, 201);
    }),
  );

  routes.patch('/portal/v1/passkeys/:id', (context) =>
    asPerson(context, async (actor) => {
      const body = await readBody(context, renamePasskeyBody);
      if (!body.ok) return body.refusal;
      const id = context.req.param('id');
      const written = await sessions.commit([renamePasskey(actor.id, id, body.value.name)]);
      const passkey = written.ok ? await readPasskey(reader, 'id', id) : null;
      return passkey === null ? refusalResponse(NOT_FOUND) : context.json(toView(passkey));
    }),
  );

  routes.delete('/portal/v1/passkeys/:id', (context) =>
    asPerson(context, async (actor) => {
      const lack = lackOfConfirmation(actor, clock);
      if (lack !== null) return refusalResponse(lack);
      const id = context.req.param('id');
      const written = await sessions.commit([deletePasskey(actor.id, id)]);
      if (written.ok) return context.json({ done: true });
      const passkey = await readPasskey(reader, 'id', id);
      return refusalResponse(passkey?.personId === actor.id ? LAST_WAY_IN : NOT_FOUND);
    }),
  );
}

const NOT_FOUND: PeopleRefusal = { reason: 'passkey_not_found', message: 'you have no such passkey' };
const LAST_WAY_IN: PeopleRefusal = {
  reason: 'last_way_in',
  message: 'this passkey is the only way you can sign in; set a password or add another passkey first',
};

async function asPerson(context: PortalContext, work: (actor: PersonSignedIn) => Promise<Response>): Promise<Response> {
  const actor = context.get('actor');
  if (isPerson(actor)) return work(actor);
  const message = 'this is about the passkeys of a person; the command line has none';
  return context.json({ error: { reason: 'no_session', message } }, 409);
}

function answer<Value>(
  context: PortalContext,
  result: Result<Value, PeopleRefusal>,
  view: (value: Value) => object,
  status: 200 | 201 = 200,
): Response {
  return result.ok ? context.json(view(result.value), status) : refusalResponse(result.refusal);
}

function toView({ id, name, createdAtMs, lastUsedAtMs, synced }: Passkey): PasskeyView {
  return { id, name, created_at: toIso(createdAtMs), last_used_at: isoOrNull(lastUsedAtMs), synced };
}
