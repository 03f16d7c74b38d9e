import { timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';
import { refuse, type Result } from '../../base/result.ts';
import { BUSY, tooManyAttempts } from '../../credentials/refusal.ts';
import { digestToken } from '../../credentials/tokens.ts';
import { CODE_TRIES_MAX, type verifyBody } from '../contract.ts';
import { emailKeyOf } from '../person.ts';
import { type PeopleRefusal, TOKEN_REFUSED } from '../refusal.ts';
import type { Origin } from '../sessions.ts';
import { atAddress, fromNetwork, type WayDeps } from '../way.ts';
import type { Entered } from './enter.ts';
import { join } from './join.ts';
import { countTry, readSignUp, type SignUp, type SignUpContent, takeSignUp } from './sign-up-store.ts';

const CODE_REFUSED: PeopleRefusal = {
  reason: 'code_refused',
  message:
    'this code is wrong, was tried too often, or has expired; a new one comes with POST /portal/v1/sign-up/resend',
};
const PASSWORD_NEEDED: PeopleRefusal = {
  reason: 'password_needed',
  message: 'this is another browser than the one that signed up: send the password that was chosen there, too',
};
const PASSWORD_WRONG: PeopleRefusal = { reason: 'password_wrong', message: 'this is not the password of the sign-up' };

/** Sign-ups that are being proved in this process: of two at once, the second comes too late without making an account. */
export type Proving = Set<string>;

/** Proves the mail address of a sign-up by its link or its code, makes the person and signs them in. */
export async function verify(
  deps: WayDeps,
  proving: Proving,
  body: z.output<typeof verifyBody>,
  browserToken: string | null,
  origin: Origin,
): Promise<Result<Entered, PeopleRefusal>> {
  const waitMs = deps.attempts.take([fromNetwork('verify', origin)]);
  if (waitMs !== null) return refuse(tooManyAttempts(waitMs));
  const found =
    'token' in body ? await byLink(deps, body, browserToken, origin) : await byCode(deps, body, browserToken, origin);
  if (!found.ok) return found;
  const signUp = found.value;
  const content = deps.seal.open(signUp.sealed, signUp.id) as SignUpContent | null;
  if (content === null || proving.has(signUp.emailKey)) return refuse(TOKEN_REFUSED);
  proving.add(signUp.emailKey);
  try {
    const { email, locale, way, invitation, facts, rungs } = content;
    const statements = () => takeSignUp(signUp, deps.clock.wallMs());
    const { password } = signUp;
    const how = { method: 'verified_mail', letInBy: 'door' } as const;
    return await join(
      deps,
      { email, name: null, locale, password, way, invitation, facts, rungs, statements, ...how },
      origin,
    );
  } finally {
    proving.delete(signUp.emailKey);
  }
}

/** The link alone proves that the mail was read, not that its reader chose the password: another browser must know it. */
async function byLink(
  { reader, clock, passwords, attempts }: WayDeps,
  { token, password }: { readonly token: string; readonly password?: string | undefined },
  browserToken: string | null,
  origin: Origin,
): Promise<Result<SignUp, PeopleRefusal>> {
  const signUp = await readSignUp(reader, 'token_digest', digestToken(token), clock.wallMs());
  if (signUp === null || signUp.known) return refuse(TOKEN_REFUSED);
  if (isBrowserOf(signUp, browserToken)) return { ok: true, value: signUp };
  if (password === undefined) return refuse(PASSWORD_NEEDED);
  const { here, anywhere } = atAddress('verify', signUp.emailKey, origin);
  const waitMs = attempts.take([here, anywhere]);
  if (waitMs !== null) return refuse(tooManyAttempts(waitMs));
  const right = await passwords.verify(password, signUp.password);
  if (!right.ok) return refuse(BUSY);
  return right.value ? { ok: true, value: signUp } : refuse(PASSWORD_WRONG);
}

/** Six digits count only in the browser they were asked from, and are dead after a few tries, wherever they come from. */
async function byCode(
  { reader, clock, seal, sessions, attempts }: WayDeps,
  { email, code }: { readonly email: string; readonly code: string },
  browserToken: string | null,
  origin: Origin,
): Promise<Result<SignUp, PeopleRefusal>> {
  const emailKey = emailKeyOf(email);
  const waitMs = attempts.take([atAddress('verify', emailKey, origin).anywhere]);
  if (waitMs !== null) return refuse(tooManyAttempts(waitMs));
  if (browserToken === null) return refuse(CODE_REFUSED);
  const signUp = await readSignUp(reader, 'browser_digest', digestToken(browserToken), clock.wallMs());
  if (signUp === null || signUp.emailKey !== emailKey) return refuse(CODE_REFUSED);
  // Counted before it is compared, so that a thousand at once are no more than so many in a row.
  const counted = await sessions.commit([countTry(signUp.id, CODE_TRIES_MAX)]);
  if (!counted.ok || signUp.known) return refuse(CODE_REFUSED);
  const given = seal.mac(`${signUp.id} ${code.replace(/\s/g, '')}`);
  return timingSafeEqual(given, signUp.codeDigest) ? { ok: true, value: signUp } : refuse(CODE_REFUSED);
}

function isBrowserOf(signUp: SignUp, browserToken: string | null): boolean {
  return browserToken !== null && timingSafeEqual(digestToken(browserToken), signUp.browserDigest);
}
