import { timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';
import { ok, refuse, type Result } from '../../base/result.ts';
import { type setupBody, STAFF_MAX } from '../contract.ts';
import { BUSY, tooManyAttempts } from '../../credentials/refusal.ts';
import { type StaffRefusal } from '../refusal.ts';
import type { Origin } from '../sessions.ts';
import { hasActiveOwner, insertMember, type Member, requireNoOwner } from '../store.ts';
import { digestToken } from '../../credentials/tokens.ts';
import { type Entered, type EntryDeps, enter, fromNetwork, lineOf } from './enter.ts';

const SETUP_DONE: StaffRefusal = { reason: 'setup_done', message: 'there is an owner already; sign in' };

/** Makes the first owner for whoever knows `token`, that of the setup; of many at once, one is taken. */
export async function setUp(
  deps: EntryDeps,
  token: string,
  body: z.output<typeof setupBody>,
  origin: Origin,
): Promise<Result<Entered, StaffRefusal>> {
  const { reader, clock, mintId, passwords, attempts } = deps;
  const waitMs = attempts.take([fromNetwork('setup', origin)]);
  if (waitMs !== null) return refuse(tooManyAttempts(waitMs));
  if (await hasActiveOwner(reader)) return refuse(SETUP_DONE);
  if (!timingSafeEqual(digestToken(body.token), digestToken(token))) {
    const message = 'this is not the setup token; the service prints it when it starts, a new one each time';
    return refuse({ reason: 'token_refused', message });
  }
  const password = await passwords.hash(body.password);
  if (!password.ok) return refuse(BUSY);
  const now = clock.wallMs();
  const member: Member = {
    id: mintId('staff'),
    email: body.email.toLowerCase(),
    name: body.name,
    role: 'owner',
    password: password.value,
    createdAtMs: now,
    disabledAtMs: null,
    signedInAtMs: now,
  };
  const line = lineOf(deps, member, origin, { action: 'POST /control/v1/setup', status: 201 });
  const entered = await enter(deps, member, origin, [requireNoOwner(), insertMember(member, STAFF_MAX), ...line]);
  if (!('failed' in entered)) return ok(entered);
  if (entered.failed === 'rows') return refuse(SETUP_DONE);
  const message = 'this person was invited already; use the link of the invitation';
  return refuse({ reason: 'email_taken', message });
}
