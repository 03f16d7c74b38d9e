import type { z } from 'zod';
import { ok, refuse, type Result } from '../../base/result.ts';
import { BUSY, tooManyAttempts } from '../../credentials/refusal.ts';
import type { signInBody } from '../contract.ts';
import { FACTOR_USED, forgiveTries, takeFactor } from '../factor/factor.ts';
import { emailKeyOf } from '../person.ts';
import { readPerson, requireUnchanged } from '../person-store.ts';
import type { PeopleRefusal } from '../refusal.ts';
import { takeHalf } from '../session-store.ts';
import type { Origin } from '../sessions.ts';
import { atAddress, fromNetwork, type WayDeps } from '../way.ts';
import { type Entered, enter } from './enter.ts';

const SIGN_IN_REFUSED: PeopleRefusal = {
  reason: 'sign_in_refused',
  message: 'mail address or password is wrong',
};
const SSO_REQUIRED: PeopleRefusal = {
  reason: 'sso_required',
  message:
    'whoever has an address of this domain signs in where its organisation says: POST /portal/v1/sso tells where',
};
const SIGN_IN_OVER: PeopleRefusal = {
  reason: 'sign_in_over',
  message: 'this took too long, or was done already; begin with the password again',
};

/** Signs somebody in by password. Whoever is not there or has no password is refused as whoever mistypes, in the same time. */
export async function signIn(
  deps: WayDeps,
  body: z.output<typeof signInBody>,
  origin: Origin,
): Promise<Result<Entered, PeopleRefusal>> {
  const { reader, passwords, attempts } = deps;
  const emailKey = emailKeyOf(body.email);
  const { here, anywhere } = atAddress('sign-in', emailKey, origin);
  const waitMs = attempts.take([fromNetwork('sign-in', origin), here, anywhere]);
  if (waitMs !== null) return refuse(tooManyAttempts(waitMs));
  const person = await readPerson(reader, 'email_key', emailKey);
  // Compared with something even where there is nobody, so that the time says nothing about who is there.
  const right = await passwords.verify(body.password, person?.password ?? null);
  if (!right.ok) return refuse(BUSY);
  if (!right.value || person === null) return refuse(SIGN_IN_REFUSED);
  // Told only to whoever knows the password: to anybody else it would say that there is such a person.
  if (await deps.mustUseSso(person)) return refuse(SSO_REQUIRED);
  const statements = [requireUnchanged(person)];
  const entered = await enter(deps, person, origin, { method: 'password', factorsDone: false, statements });
  if (!entered.ok) return refuse(SIGN_IN_REFUSED);
  attempts.forgive(here.key);
  return entered;
}

/** Completes a sign-in whose first half this token is. */
export async function secondFactor(
  deps: WayDeps,
  code: string,
  origin: Origin,
): Promise<Result<Entered, PeopleRefusal>> {
  const half = origin.heldToken === null ? null : await deps.sessions.findHalf(origin.heldToken);
  const person = half === null ? null : await readPerson(deps.reader, 'id', half.personId);
  if (half === null || person === null) return refuse(SIGN_IN_OVER);
  const factor = await takeFactor(deps, person, code);
  if (!factor.ok) return factor;
  const statements = [takeHalf(half.id), requireUnchanged(person), ...factor.value];
  const entered = await enter(deps, person, origin, { method: half.method, factorsDone: true, statements });
  if (!entered.ok) return refuse(entered.refusal.statement < 2 ? SIGN_IN_OVER : FACTOR_USED);
  forgiveTries(deps, person.id);
  return ok(entered.value);
}
