import type { z } from 'zod';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { changePasswordBody } from '../contract.ts';
import { BUSY, tooManyAttempts } from '../../credentials/refusal.ts';
import { CHANGED_MEANWHILE, type StaffRefusal } from '../refusal.ts';
import type { Origin } from '../sessions.ts';
import type { SignedIn } from '../signed-in.ts';
import { endSessionsOf, requireSession } from '../session-store.ts';
import { dropInvitationOf, readMember, requireUnchanged, setPassword } from '../store.ts';
import { type Entered, type EntryDeps, enter, QUARTER_HOUR_MS, TRIES_OF_ONE_PERSON_MAX } from './enter.ts';

/** Changes the password of whoever knows it. Every session of theirs ends, and they go on in a new one. */
export async function changePassword(
  deps: EntryDeps,
  actor: SignedIn,
  body: z.output<typeof changePasswordBody>,
  origin: Origin,
): Promise<Result<Entered, StaffRefusal>> {
  const { reader, passwords, attempts } = deps;
  const key = `password ${actor.id}`;
  const waitMs = attempts.take([{ key, max: TRIES_OF_ONE_PERSON_MAX, windowMs: QUARTER_HOUR_MS }]);
  if (waitMs !== null) return refuse(tooManyAttempts(waitMs));
  const member = await readMember(reader, 'id', actor.id);
  if (member === null) return refuse(CHANGED_MEANWHILE);
  const right = await passwords.verify(body.current_password, member.password);
  if (!right.ok) return refuse(BUSY);
  if (!right.value) return refuse({ reason: 'password_wrong', message: 'the current password is wrong' });
  attempts.forgive(key);
  const password = await passwords.hash(body.new_password);
  if (!password.ok) return refuse(BUSY);
  const entered = await enter(deps, { ...member, password: password.value }, origin, [
    requireSession(actor.sessionId),
    requireUnchanged(member),
    endSessionsOf(member.id),
    dropInvitationOf(member.id),
    setPassword(member.id, password.value),
  ]);
  return 'failed' in entered ? refuse(CHANGED_MEANWHILE) : ok(entered);
}
