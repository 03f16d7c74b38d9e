import { generateRegistrationOptions, verifyRegistrationResponse } from '@simplewebauthn/server';
import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import { ok, refuse, type Result } from '../../base/result.ts';
import { PASSKEYS_MAX } from '../contract.ts';
import { addRungDue, readPerson } from '../person-store.ts';
import { CHANGED_MEANWHILE, type PeopleRefusal } from '../refusal.ts';
import { requireSession } from '../session-store.ts';
import type { PersonSignedIn } from '../signed-in.ts';
import { FLOW_OVER, type PasskeyDeps, PASSKEY_REFUSED, unavailable } from './deps.ts';
import type { RelyingParty } from './relying-party.ts';
import { insertPasskey, type Passkey, readPasskeysOf } from './store.ts';

/** A passkey that is being added, by one session. */
export interface AddFlow {
  readonly challenge: string;
  readonly sessionId: string;
}

const TOO_MANY: PeopleRefusal = {
  reason: 'too_many_passkeys',
  message: `there are ${PASSKEYS_MAX} passkeys already, the most there may be; remove one first`,
};

/** Options for the browser: a passkey that is found without a name, and locked by its owner. */
export async function beginAdding(
  deps: PasskeyDeps,
  actor: PersonSignedIn,
  request: Request,
): Promise<Result<{ flow: string; options: Record<string, unknown> }, PeopleRefusal>> {
  const party = deps.partyOf(request);
  if (party === null) return refuse(unavailable());
  const [person, held] = await Promise.all([
    readPerson(deps.reader, 'id', actor.id),
    readPasskeysOf(deps.reader, actor.id),
  ]);
  if (person === null) return refuse(CHANGED_MEANWHILE);
  if (held.length >= PASSKEYS_MAX) return refuse(TOO_MANY);
  const options = await generateRegistrationOptions({
    rpName: party.name,
    rpID: party.id,
    userName: person.email,
    userDisplayName: person.name,
    userID: new Uint8Array(Buffer.from(actor.id)),
    // What made the key is nobody's business here, and asking for it would single people out.
    attestationType: 'none',
    excludeCredentials: held.map(({ credentialId, transports }) => ({ id: credentialId, transports: [...transports] })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    timeout: deps.flowMs,
  });
  const flow = deps.additions.write({ challenge: options.challenge, sessionId: actor.sessionId });
  return ok({ flow, options: { ...options } });
}

/** Checks what the authenticator made and keeps its public half. */
export async function finishAdding(
  deps: PasskeyDeps,
  actor: PersonSignedIn,
  given: {
    readonly request: Request;
    readonly flow: string;
    readonly response: Record<string, unknown>;
    readonly name: string;
  },
): Promise<Result<Passkey, PeopleRefusal>> {
  const party = deps.partyOf(given.request);
  if (party === null) return refuse(unavailable());
  const flow = deps.additions.read(given.flow);
  if (flow === null || flow.sessionId !== actor.sessionId || !deps.additions.spend(given.flow))
    return refuse(FLOW_OVER);
  const made = await checked(given.response as unknown as RegistrationResponseJSON, flow, party);
  if (made === null) return refuse(PASSKEY_REFUSED);
  const passkey: Passkey = {
    ...made,
    id: deps.mintId('psk'),
    personId: actor.id,
    name: given.name,
    createdAtMs: deps.clock.wallMs(),
    lastUsedAtMs: null,
  };
  const written = await deps.sessions.commit([
    requireSession(actor.sessionId),
    insertPasskey(passkey, PASSKEYS_MAX),
    addRungDue(actor.id, 'passkey'),
  ]);
  if (!written.ok) {
    if (written.refusal.reason === 'constraint') {
      return refuse({ reason: 'passkey_known', message: 'this passkey is known already; use it to sign in' });
    }
    return refuse(written.refusal.statement === 0 ? CHANGED_MEANWHILE : TOO_MANY);
  }
  return ok(passkey);
}

type Made = Pick<Passkey, 'credentialId' | 'publicKey' | 'counter' | 'transports' | 'synced'>;

const TRANSPORTS_MAX = 8;

async function checked(
  response: RegistrationResponseJSON,
  { challenge }: AddFlow,
  party: RelyingParty,
): Promise<Made | null> {
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
    });
    if (!verified) return null;
    const { credential, credentialBackedUp } = registrationInfo;
    const { id, publicKey, counter } = credential;
    const transports = transportsOf(credential.transports);
    return { credentialId: id, publicKey: new Uint8Array(publicKey), counter, transports, synced: credentialBackedUp };
  } catch {
    // The library throws for whatever is wrong with an answer; all of it comes from the caller.
    return null;
  }
}

/** A hint for browsers, told by the caller: words and no more. */
function transportsOf(told: unknown): string[] {
  if (!Array.isArray(told)) return [];
  return told.filter((one) => typeof one === 'string' && /^[a-z-]{1,16}$/.test(one)).slice(0, TRANSPORTS_MAX);
}
