import { ok, refuse, type Result } from '../../base/result.ts';
import { mailAddress } from '../contract.ts';
import { emailKeyOf } from '../person.ts';
import { readPerson } from '../person-store.ts';
import type { PeopleRefusal } from '../refusal.ts';
import { requireSession } from '../session-store.ts';
import type { CameIn, PortalContext } from '../way-in.ts';
import { type Arrival, decide } from './decide.ts';
import type { WayProblem } from '../contract.ts';
import type { CameBack } from './flows.ts';
import type { OauthDeps, OauthPurpose } from './oauth.ts';
import type { Claims } from './provider.ts';
import { hasOtherWays, type Identity, insertIdentity, readIdentity, useIdentity } from './store.ts';

/** Where the browser goes next, and what it takes along. */
export interface Arrived {
  readonly page: string;
  readonly cookies: readonly string[];
}

/** Lets somebody in by what a service says of them, connects it to them, or makes their account. */
export async function arrive(
  deps: OauthDeps,
  context: PortalContext,
  { claims, purpose }: CameBack<OauthPurpose>,
): Promise<Result<Arrived, WayProblem>> {
  const known = await readIdentity(deps.reader, claims.scope, claims.subject);
  const decided = decide(await arrivalOf(deps, claims, purpose, known));
  if (!decided.ok) return decided;
  const decision = decided.value;
  if (decision.kind === 'enter' && known !== null) {
    const unit = [useIdentity(known.id, claims.email, deps.clock.wallMs())];
    return came(await deps.comeIn(context, decision.personId, { method: 'oauth', secondFactor: 'ask', unit }), purpose);
  }
  const newIdentity = (personId: string) => [insertIdentity(identityOf(deps, claims, personId))];
  if (decision.kind === 'join') {
    const { plan, invitation } = purpose;
    const newcomer = { email: decision.email, name: nameOf(claims), method: 'oauth', plan, invitation } as const;
    return came(await deps.joinIn(context, { ...newcomer, letInBy: 'door', statements: newIdentity }), purpose);
  }
  if (decision.kind === 'link' && decision.enters) {
    const unit = newIdentity(decision.personId);
    return came(await deps.comeIn(context, decision.personId, { method: 'oauth', secondFactor: 'ask', unit }), purpose);
  }
  return connect(deps, decision.personId, { claims, purpose, known });
}

async function arrivalOf(
  { reader, ssoRequiredOf }: OauthDeps,
  claims: Claims,
  purpose: OauthPurpose,
  known: Identity | null,
): Promise<Arrival> {
  const verifiedEmail = claims.emailVerified === true ? addressOf(claims.email) : null;
  const holder = verifiedEmail === null ? null : await readPerson(reader, 'email_key', emailKeyOf(verifiedEmail));
  const owner = known === null ? null : await readPerson(reader, 'id', known.personId);
  const hasWaysIn = holder !== null && (holder.password !== null || (await hasOtherWays(reader, holder.id)));
  const asked = owner ?? holder;
  const email = asked?.email ?? verifiedEmail;
  return {
    owner: owner?.id ?? null,
    linkingAs: purpose.link?.personId ?? null,
    verifiedEmail,
    holder: holder === null ? null : { id: holder.id, hasWaysIn },
    ssoRequired: email !== null && (await ssoRequiredOf(email, asked?.id ?? null)),
  };
}

/** Connects the service to whoever is signed in still, in the session they went there from. */
async function connect(
  deps: OauthDeps,
  personId: string,
  { claims, purpose, known }: { claims: Claims; purpose: OauthPurpose; known: Identity | null },
): Promise<Result<Arrived, WayProblem>> {
  const page = ok({ page: purpose.next, cookies: [] });
  if (known !== null) return page;
  const session = purpose.link === null ? [] : [requireSession(purpose.link.sessionId)];
  const unit = [...session, insertIdentity(identityOf(deps, claims, personId))];
  const written = await deps.sessions.commit(unit);
  if (written.ok) return page;
  return refuse(written.refusal.reason === 'constraint' ? 'connected_elsewhere' : 'session_over');
}

function identityOf({ mintId, clock }: OauthDeps, claims: Claims, personId: string): Identity {
  const { scope, subject, email } = claims;
  const atMs = clock.wallMs();
  return { id: mintId('idn'), personId, scope, subject, email, createdAtMs: atMs, lastUsedAtMs: atMs };
}

function came(entered: Result<CameIn, PeopleRefusal>, purpose: OauthPurpose): Result<Arrived, WayProblem> {
  if (!entered.ok) return refuse(problemOf(entered.refusal));
  const { cookie, view } = entered.value;
  // Half way in, the sign-in page asks for the second factor before it goes on.
  const page =
    view.state === 'signed_in' ? purpose.next : `/sign-in?${new URLSearchParams({ next: purpose.next }).toString()}`;
  return ok({ page, cookies: [cookie] });
}

/** What the sign-in page can say of a refusal. */
export function problemOf({ reason }: PeopleRefusal): WayProblem {
  if (reason === 'door_paused' || reason === 'door_invite_only' || reason === 'sso_required') return reason;
  // Made meanwhile, by another way.
  if (reason === 'email_taken') return 'link_needed';
  return 'not_now';
}

/** An address as people may sign up with; null for what no mail could go to. */
function addressOf(email: string | null): string | null {
  const parsed = mailAddress.safeParse(email);
  return parsed.success ? parsed.data : null;
}

const NAME = /^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N} .,'’-]{0,63}$/u;

/** A name that could be one; the service's users write it, and it stands on our pages and in our mails. */
function nameOf({ name }: Claims): string | null {
  const trimmed = (name ?? '').trim();
  return NAME.test(trimmed) ? trimmed : null;
}
