import type { z } from 'zod';
import { ok, refuse, type Result } from '../../base/result.ts';
import { BUSY, tooManyAttempts } from '../../credentials/refusal.ts';
import { digestToken, mintToken } from '../../credentials/tokens.ts';
import { type forgotBody, RESET_MINUTES, type resetBody } from '../contract.ts';
import { writeMail } from '../mails/texts.ts';
import { emailKeyOf } from '../person.ts';
import { readPerson, requireUnchanged, setPassword } from '../person-store.ts';
import { type PeopleRefusal, TOKEN_REFUSED } from '../refusal.ts';
import { endSessionsOf } from '../session-store.ts';
import type { Origin } from '../sessions.ts';
import { fromNetwork, mailTo, MINUTE_MS, type WayDeps } from '../way.ts';
import { dropResetsOf, insertReset, readReset, takeReset } from './reset-store.ts';

/** Sends a link that sets a new password, if somebody has this address. Whether they do changes neither answer nor work. */
export async function forgot(
  deps: WayDeps,
  body: z.output<typeof forgotBody>,
  origin: Origin,
): Promise<Result<null, PeopleRefusal>> {
  const { reader, clock, random, attempts, sessions, outbox, links } = deps;
  const emailKey = emailKeyOf(body.email);
  const waitMs = attempts.take([fromNetwork('forgot', origin), ...mailTo(emailKey, origin)]);
  if (waitMs !== null) return refuse(tooManyAttempts(waitMs));
  const person = await readPerson(reader, 'email_key', emailKey);
  const token = mintToken(random);
  const mail = writeMail(person?.email ?? body.email, person?.locale ?? body.locale, {
    kind: 'reset',
    link: links.reset(token),
    minutes: RESET_MINUTES,
  });
  const expiresAtMs = clock.wallMs() + RESET_MINUTES * MINUTE_MS;
  await sessions.commit([
    insertReset(digestToken(token), person?.id ?? null, expiresAtMs),
    person === null ? outbox.pretend(mail) : outbox.put(mail),
  ]);
  outbox.poke();
  return ok(null);
}

/** Sets a new password with a link, once. Every session of the person ends, and every other link. */
export async function reset(
  deps: WayDeps,
  body: z.output<typeof resetBody>,
  origin: Origin,
): Promise<Result<null, PeopleRefusal>> {
  const { reader, clock, passwords, attempts, sessions, outbox, links } = deps;
  const waitMs = attempts.take([fromNetwork('reset', origin)]);
  if (waitMs !== null) return refuse(tooManyAttempts(waitMs));
  const digest = digestToken(body.token);
  const personId = await readReset(reader, digest, clock.wallMs());
  const person = personId === null ? null : await readPerson(reader, 'id', personId);
  if (person === null) return refuse(TOKEN_REFUSED);
  const password = await passwords.hash(body.password);
  if (!password.ok) return refuse(BUSY);
  const told = writeMail(person.email, person.locale, { kind: 'password_changed', link: links.forgot() });
  const written = await sessions.commit([
    takeReset(digest, clock.wallMs()),
    requireUnchanged(person),
    setPassword(person.id, password.value),
    dropResetsOf(person.id),
    endSessionsOf(person.id),
    outbox.put(told),
  ]);
  if (!written.ok) return refuse(TOKEN_REFUSED);
  outbox.poke();
  return ok(null);
}
