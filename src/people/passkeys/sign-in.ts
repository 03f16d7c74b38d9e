import { generateAuthenticationOptions, verifyAuthenticationResponse } from '@simplewebauthn/server';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import { ok, refuse, type Result } from '../../base/result.ts';
import { readPerson } from '../person-store.ts';
import type { PeopleRefusal } from '../refusal.ts';
import type { CameIn, PortalContext } from '../way-in.ts';
import { FLOW_OVER, type PasskeyDeps, PASSKEY_REFUSED, unavailable } from './deps.ts';
import { type Passkey, readPasskey, readPasskeysOf, usePasskey } from './store.ts';

/** A sign-in that was begun: what the browser was asked to sign, and by whom. */
export interface SignInFlow {
  readonly challenge: string;
  /** What the cookie of the browser holds. */
  readonly browser: string;
  /** Whoever has shown a password already; null where the passkey alone says who it is. */
  readonly personId: string | null;
}

/** Options for the browser. With a password shown before, only the passkeys of that person will do. */
export async function beginSignIn(
  deps: PasskeyDeps,
  context: PortalContext,
  browser: string,
): Promise<Result<{ flow: string; options: Record<string, unknown> }, PeopleRefusal>> {
  const party = deps.partyOf(context.req.raw);
  if (party === null) return refuse(unavailable());
  const personId = await deps.halfOf(context.req.raw);
  const held = personId === null ? [] : await readPasskeysOf(deps.reader, personId);
  const options = await generateAuthenticationOptions({
    rpID: party.id,
    allowCredentials: held.map(({ credentialId, transports }) => ({ id: credentialId, transports: [...transports] })),
    // On its own a passkey stands for two factors: the thing, and the finger or code that unlocks it.
    userVerification: personId === null ? 'required' : 'preferred',
    timeout: deps.flowMs,
  });
  const flow = deps.signIns.write({ challenge: options.challenge, browser, personId });
  return ok({ flow, options: { ...options } });
}

/** Checks the answer of the authenticator and begins the session. */
export async function finishSignIn(
  deps: PasskeyDeps,
  context: PortalContext,
  given: { readonly flow: string; readonly response: Record<string, unknown>; readonly browser: string | null },
): Promise<Result<CameIn, PeopleRefusal>> {
  const party = deps.partyOf(context.req.raw);
  if (party === null) return refuse(unavailable());
  const flow = deps.signIns.read(given.flow);
  if (flow === null || flow.browser !== given.browser || !deps.signIns.spend(given.flow)) return refuse(FLOW_OVER);
  const credentialId = given.response['id'];
  const passkey =
    typeof credentialId === 'string' ? await readPasskey(deps.reader, 'credential_id', credentialId) : null;
  if (passkey === null || (flow.personId !== null && flow.personId !== passkey.personId))
    return refuse(PASSKEY_REFUSED);
  const response = given.response as unknown as AuthenticationResponseJSON;
  if (flow.personId === null && handleOf(given.response) !== passkey.personId) return refuse(PASSKEY_REFUSED);
  const counter = await checkedCounter(response, passkey, { ...flow, ...party, partyId: party.id });
  const person = counter === null ? null : await readPerson(deps.reader, 'id', passkey.personId);
  if (counter === null || person === null) return refuse(PASSKEY_REFUSED);
  if (await deps.mustUseSso(person)) return refuse(SSO_REQUIRED);
  return deps.comeIn(context, passkey.personId, {
    method: 'passkey',
    secondFactor: 'done',
    unit: [usePasskey(passkey.id, counter, deps.clock.wallMs())],
  });
}

const SSO_REQUIRED: PeopleRefusal = {
  reason: 'sso_required',
  message:
    'whoever has an address of your organisation signs in by its single sign-on: POST /portal/v1/sso tells where',
};

/** The counter of an answer that is good; null for any other. A counter that did not grow tells of a copied key. */
async function checkedCounter(
  response: AuthenticationResponseJSON,
  passkey: Passkey,
  asked: { challenge: string; personId: string | null; partyId: string; origin: string },
): Promise<number | null> {
  const { credentialId: id, publicKey, counter } = passkey;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: asked.challenge,
      expectedOrigin: asked.origin,
      expectedRPID: asked.partyId,
      credential: { id, publicKey, counter },
      requireUserVerification: asked.personId === null,
    });
    return verified ? authenticationInfo.newCounter : null;
  } catch {
    // The library throws for whatever is wrong with an answer; all of it comes from the caller.
    return null;
  }
}

/** Whose the authenticator says the passkey is. */
function handleOf(response: Record<string, unknown>): string | null {
  const handle = Object(response['response']) as { userHandle?: unknown };
  return typeof handle.userHandle === 'string' ? Buffer.from(handle.userHandle, 'base64url').toString('utf8') : null;
}
