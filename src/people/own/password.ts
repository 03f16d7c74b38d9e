import type { z } from 'zod';
import { ok, refuse, type Result } from '../../base/result.ts';
import { BUSY, tooManyAttempts } from '../../credentials/refusal.ts';
import type { changePasswordBody } from '../contract.ts';
import { type Entered, enter } from '../entry/enter.ts';
import { dropResetsOf } from '../entry/reset-store.ts';
import { writeMail } from '../mails/texts.ts';
import type { Person } from '../person.ts';
import { readPerson, requireUnchanged, setPassword } from '../person-store.ts';
import { CHANGED_MEANWHILE, type PeopleRefusal } from '../refusal.ts';
import { confirmSession, endSessionsOf, requireSession } from '../session-store.ts';
import type { Origin } from '../sessions.ts';
import { lackOfConfirmation, type PersonSignedIn } from '../signed-in.ts';
import { QUARTER_HOUR_MS, TRIES_OF_ONE_PERSON_MAX, type WayDeps } from '../way.ts';

const PASSWORD_WRONG: PeopleRefusal = { reason: 'password_wrong', message: 'the current password is wrong' };

/** Changes the password of whoever knows it, or sets the first one. Every session ends, and they go on in a new one. */
export async function changePassword(
  deps: WayDeps,
  actor: PersonSignedIn,
  body: z.output<typeof changePasswordBody>,
  origin: Origin,
): Promise<Result<Entered, PeopleRefusal>> {
  const person = await readPerson(deps.reader, 'id', actor.id);
  if (person === null) return refuse(CHANGED_MEANWHILE);
  const lack =
    person.password === null
      ? lackOfConfirmation(actor, deps.clock)
      : await lackOfPassword(deps, person, body.current_password ?? '');
  if (lack !== null) return refuse(lack);
  const password = await deps.passwords.hash(body.new_password);
  if (!password.ok) return refuse(BUSY);
  const told = writeMail(person.email, person.locale, { kind: 'password_changed', link: deps.links.forgot() });
  const statements = [
    requireSession(actor.sessionId),
    requireUnchanged(person),
    endSessionsOf(person.id),
    dropResetsOf(person.id),
    setPassword(person.id, password.value),
    deps.outbox.put(told),
  ];
  const changed = { ...person, password: password.value };
  const entered = await enter(deps, changed, origin, { method: 'password', factorsDone: true, statements });
  if (!entered.ok) return refuse(CHANGED_MEANWHILE);
  deps.outbox.poke();
  return entered;
}

/** Notes that whoever asks has just given their password again. Gives the time of it. */
export async function confirmPassword(
  deps: WayDeps,
  actor: PersonSignedIn,
  password: string,
): Promise<Result<number, PeopleRefusal>> {
  const person = await readPerson(deps.reader, 'id', actor.id);
  if (person === null) return refuse(CHANGED_MEANWHILE);
  const lack = await lackOfPassword(deps, person, password);
  if (lack !== null) return refuse(lack);
  const nowMs = deps.clock.wallMs();
  const written = await deps.sessions.commit([confirmSession(actor.sessionId, nowMs)]);
  return written.ok ? ok(nowMs) : refuse(CHANGED_MEANWHILE);
}

async function lackOfPassword(
  { attempts, passwords }: WayDeps,
  person: Person,
  claimed: string,
): Promise<PeopleRefusal | null> {
  const key = `password ${person.id}`;
  const waitMs = attempts.take([{ key, max: TRIES_OF_ONE_PERSON_MAX, windowMs: QUARTER_HOUR_MS }]);
  if (waitMs !== null) return tooManyAttempts(waitMs);
  const right = await passwords.verify(claimed, person.password);
  if (!right.ok) return BUSY;
  if (!right.value) return PASSWORD_WRONG;
  attempts.forgive(key);
  return null;
}
