import { ok, refuse, type Result } from '../../base/result.ts';
import { mailAddress } from '../contract.ts';
import { problemOf } from '../oauth/arrive.ts';
import type { WayProblem } from '../contract.ts';
import type { Claims } from '../oauth/provider.ts';
import { type Identity, insertIdentity, readIdentity, SSO_SCOPE, useIdentity } from '../oauth/store.ts';
import { cardOf, emailKeyOf, type Person } from '../person.ts';
import { readPerson } from '../person-store.ts';
import { endSessionsOf } from '../session-store.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import { decideSso, type SsoArrival } from './decide.ts';
import type { SsoDeps, SsoPurpose } from './sso.ts';
import type { PortalContext } from '../way-in.ts';

interface ComingBack {
  readonly claims: Claims;
  readonly purpose: SsoPurpose;
  /** The workspace whose provider says so. */
  readonly accountId: string;
}

interface Arrived {
  readonly page: string;
  readonly cookies: readonly string[];
}

/** Lets somebody in by what the provider of their workspace says of them, and makes them its member. */
export async function arriveBySso(
  deps: SsoDeps,
  context: PortalContext,
  back: ComingBack,
): Promise<Result<Arrived, WayProblem>> {
  const { reader, clock } = deps;
  const { claims, accountId } = back;
  // Two workspaces may use one provider, and what one may say the other may not.
  const scope = `${SSO_SCOPE}${accountId} ${claims.scope}`;
  if (!(await isOfOrganisation(deps, back))) return refuse('sso_refused');
  const known = await readIdentity(reader, scope, claims.subject);
  const decided = decideSso(await arrivalOf(deps, back, known));
  if (!decided.ok) return decided;
  const newIdentity = (personId: string) => [insertIdentity(identityOf(deps, scope, claims, personId))];
  if (decided.value.kind === 'join') return joinBySso(deps, context, back, { ...decided.value, newIdentity });
  const { kind, personId } = decided.value;
  const person = await readPerson(reader, 'id', personId);
  if (person === null || !(await deps.arrived(cardOf(person), accountId))) return refuse('sso_refused');
  const used = known === null ? [] : [useIdentity(known.id, claims.email, clock.wallMs())];
  const unit = kind === 'enter' ? used : newIdentity(personId);
  const entered = await deps.comeIn(context, personId, { method: 'sso', secondFactor: 'ask', unit });
  if (!entered.ok) return refuse(problemOf(entered.refusal));
  const { cookie, view } = entered.value;
  const { next } = back.purpose;
  const page = view.state === 'signed_in' ? next : `/sign-in?${new URLSearchParams({ next }).toString()}`;
  return ok({ page, cookies: [cookie] });
}

async function joinBySso(
  deps: SsoDeps,
  context: PortalContext,
  { claims, accountId, purpose }: ComingBack,
  joining: { readonly email: string; newIdentity(personId: string): readonly WriteStatement[] },
): Promise<Result<Arrived, WayProblem>> {
  const joined = await deps.joinIn(context, {
    email: joining.email,
    name: claims.name,
    method: 'sso',
    plan: null,
    invitation: null,
    letInBy: 'workspace',
    statements: joining.newIdentity,
  });
  if (!joined.ok) return refuse(problemOf(joined.refusal));
  const person: Person | null = await readPerson(deps.reader, 'id', joined.value.personId);
  if (person !== null && (await deps.arrived(cardOf(person), accountId))) {
    return ok({ page: purpose.next, cookies: [joined.value.cookie] });
  }
  await deps.sessions.commit([endSessionsOf(joined.value.personId)]);
  return refuse('sso_refused');
}

async function arrivalOf(
  { reader, lookup }: SsoDeps,
  { claims, accountId }: ComingBack,
  known: Identity | null,
): Promise<SsoArrival> {
  const owner = known === null ? null : await readPerson(reader, 'id', known.personId);
  const parsed = mailAddress.safeParse(claims.email);
  const email = parsed.success && claims.emailVerified !== false ? parsed.data : null;
  const holder = email === null ? null : await readPerson(reader, 'email_key', emailKeyOf(email));
  return {
    owner: owner && { id: owner.id, isSpokenFor: await lookup.speaksFor(accountId, owner.emailKey) },
    email,
    isSpokenFor: email !== null && (await lookup.speaksFor(accountId, emailKeyOf(email))),
    holder: holder?.id ?? null,
  };
}

const GOOGLE = 'https://accounts.google.com';

/**
 * Google vouches for everybody, also for whoever left an organisation and kept a private account under its address; which
 * accounts an organisation manages, it says by a claim of its own.
 */
async function isOfOrganisation({ lookup }: SsoDeps, { claims, accountId }: ComingBack): Promise<boolean> {
  if (claims.scope !== GOOGLE) return true;
  return claims.hostedDomain !== null && lookup.speaksFor(accountId, emailKeyOf(`x@${claims.hostedDomain}`));
}

function identityOf({ mintId, clock }: SsoDeps, scope: string, claims: Claims, personId: string): Identity {
  const { subject, email } = claims;
  const atMs = clock.wallMs();
  return { id: mintId('idn'), personId, scope, subject, email, createdAtMs: atMs, lastUsedAtMs: atMs };
}
