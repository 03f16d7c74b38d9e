import type { z } from 'zod';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { acceptBody } from '../contract.ts';
import { BUSY, tooManyAttempts } from '../../credentials/refusal.ts';
import { type StaffRefusal } from '../refusal.ts';
import type { Origin } from '../sessions.ts';
import { endSessionsOf } from '../session-store.ts';
import { readInvited, requireUnchanged, setPassword, takeInvitation } from '../store.ts';
import { digestToken } from '../../credentials/tokens.ts';
import { type Entered, type EntryDeps, enter, fromNetwork, lineOf } from './enter.ts';

/** Sets a password by the token of an invitation or a reset, which is used up; every earlier session ends. */
export async function accept(
  deps: EntryDeps,
  body: z.output<typeof acceptBody>,
  origin: Origin,
): Promise<Result<Entered, StaffRefusal>> {
  const { reader, clock, passwords, attempts } = deps;
  const waitMs = attempts.take([fromNetwork('accept', origin)]);
  if (waitMs !== null) return refuse(tooManyAttempts(waitMs));
  const digest = digestToken(body.token);
  const message = 'this link was used, has expired or was replaced; ask for a new one';
  const invited = await readInvited(reader, digest, clock.wallMs());
  if (invited === null) return refuse({ reason: 'token_refused', message });
  const password = await passwords.hash(body.password);
  if (!password.ok) return refuse(BUSY);
  const now = clock.wallMs();
  const member = { ...invited, password: password.value, signedInAtMs: now };
  const entered = await enter(deps, member, origin, [
    requireUnchanged(invited),
    takeInvitation(digest, now),
    endSessionsOf(invited.id),
    setPassword(invited.id, password.value),
    ...lineOf(deps, member, origin, { action: 'POST /control/v1/invitations/accept', status: 200 }),
  ]);
  return 'failed' in entered ? refuse({ reason: 'token_refused', message }) : ok(entered);
}
