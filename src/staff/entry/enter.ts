import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { AttemptLimit, Attempts } from '../../credentials/attempts.ts';
import type { Passwords } from '../../credentials/passwords.ts';
import type { NewSession, Origin, Sessions } from '../sessions.ts';
import type { Member } from '../store.ts';
import type { Trail } from '../trail/trail.ts';

export interface EntryDeps {
  readonly reader: Reader;
  readonly clock: Clock;
  readonly mintId: MintId;
  readonly sessions: Sessions;
  readonly passwords: Passwords;
  readonly attempts: Attempts;
  readonly trail: Trail;
}

/** Somebody who has just come in. */
export interface Entered {
  readonly member: Member;
  readonly session: NewSession;
}

export const QUARTER_HOUR_MS = 900_000;
/** Of one person from one network: somebody who mistypes. */
export const TRIES_OF_ONE_PERSON_MAX = 10;
/** From one network, whatever they try. */
const TRIES_OF_ONE_NETWORK_MAX = 50;

/** One try of this kind from this network. */
export function fromNetwork(kind: string, { networkPrefix }: Origin): AttemptLimit {
  return { key: `${kind} ${networkPrefix ?? ''}`, max: TRIES_OF_ONE_NETWORK_MAX, windowMs: QUARTER_HOUR_MS };
}

/** Begins a session in one unit with what allows it, or says how that no longer holds. */
export async function enter(
  { sessions }: EntryDeps,
  member: Member,
  origin: Origin,
  statements: readonly WriteStatement[],
): Promise<Entered | { readonly failed: 'rows' | 'constraint' }> {
  const session = sessions.begin(member.id, origin);
  const written = await sessions.commit([...statements, ...session.statements]);
  return written.ok ? { member, session } : { failed: written.refusal.reason };
}

/** The line of the trail for a public route: the guard writes none, because it does not know who comes in. */
export function lineOf({ trail }: EntryDeps, member: Member, origin: Origin, done: { action: string; status: number }) {
  const { id, name, role } = member;
  const actor = { kind: 'staff', id, name, role, networkPrefix: origin.networkPrefix } as const;
  return trail.done({ actor, permission: 'public', action: done.action, objects: {} }, done.status);
}
