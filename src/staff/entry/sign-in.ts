import type { z } from 'zod';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { signInBody } from '../contract.ts';
import { BUSY, tooManyAttempts } from '../../credentials/refusal.ts';
import { type StaffRefusal } from '../refusal.ts';
import type { Origin } from '../sessions.ts';
import { type Member, readMember, requireUnchanged } from '../store.ts';
import {
  type Entered,
  type EntryDeps,
  enter,
  fromNetwork,
  lineOf,
  QUARTER_HOUR_MS,
  TRIES_OF_ONE_PERSON_MAX,
} from './enter.ts';

const HOUR_MS = 3_600_000;
/** Of one mail address from everywhere: guessing by many machines. One network alone cannot use it up and shut somebody out. */
const TRIES_OF_ONE_ADDRESS_MAX = 60;

const SIGN_IN_REFUSED: StaffRefusal = {
  reason: 'sign_in_refused',
  message: 'mail address or password is wrong, or this person may not sign in',
};

/** Signs somebody in. Whoever is not there, is disabled or has no password is refused as whoever mistypes, in the same time. */
export async function signIn(
  deps: EntryDeps,
  body: z.output<typeof signInBody>,
  origin: Origin,
): Promise<Result<Entered, StaffRefusal>> {
  const { reader, passwords, attempts } = deps;
  const email = body.email.trim().toLowerCase();
  const person = `sign-in ${origin.networkPrefix ?? ''} ${email}`;
  const waitMs = attempts.take([
    fromNetwork('sign-in', origin),
    { key: person, max: TRIES_OF_ONE_PERSON_MAX, windowMs: QUARTER_HOUR_MS },
    { key: `sign-in ${email}`, max: TRIES_OF_ONE_ADDRESS_MAX, windowMs: HOUR_MS },
  ]);
  if (waitMs !== null) return refuse(tooManyAttempts(waitMs));
  const found = await readMember(reader, 'email', email);
  const member = found?.disabledAtMs === null && found.password !== null ? found : null;
  // Compared with something even where there is nobody, so that the time says nothing about who is there.
  const right = await passwords.verify(body.password, member?.password ?? null);
  if (!right.ok) return refuse(BUSY);
  if (!right.value || member === null) {
    if (found !== null) noteRefused(deps, found, origin);
    return refuse(SIGN_IN_REFUSED);
  }
  const line = lineOf(deps, member, origin, { action: 'POST /control/v1/session', status: 200 });
  const entered = await enter(deps, member, origin, [requireUnchanged(member), ...line]);
  if ('failed' in entered) return refuse(SIGN_IN_REFUSED);
  attempts.forgive(person);
  return ok(entered);
}

/** A line of the trail for whoever is guessed at. Nobody waits for it: the time of the answer would tell who is there. */
function noteRefused({ trail, sessions }: EntryDeps, member: Member, { networkPrefix }: Origin): void {
  const actor = { kind: 'nobody', networkPrefix } as const;
  const action = 'POST /control/v1/session';
  const line = trail.done({ actor, permission: 'public', action, objects: { staff: member.id } }, 401);
  void sessions.commit(line).catch(() => undefined);
}
