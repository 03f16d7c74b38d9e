import { ok, refuse, type Result } from '../../base/result.ts';
import { toIso } from '../../base/calendar.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import { writeMail } from '../mails/texts.ts';
import { readNetworks, rememberNetwork } from '../network-store.ts';
import type { Person } from '../person.ts';
import type { SignInMethod } from '../session-store.ts';
import type { NewSession, Origin } from '../sessions.ts';
import type { WayDeps } from '../way.ts';

/** Somebody who has just come in; or, at the stage `factor`, half way. */
export interface Entered {
  readonly person: Person;
  readonly session: NewSession;
}

export interface Entering {
  readonly method: SignInMethod;
  /** Whether no second factor is to be asked for: it was given, or the way in holds as two. */
  readonly factorsDone: boolean;
  /** What allows it, in the same unit. */
  readonly statements: readonly WriteStatement[];
  /** They sign in for the first time, so that every network is new. */
  readonly first?: true;
}

/** Why a unit was not kept: the number of the statement, of those in `Entering`, and how it failed. */
export interface NotEntered {
  readonly statement: number;
  readonly reason: 'rows' | 'constraint';
}

/**
 * Begins a session in one unit with what allows it. Where the person has a second factor that was not given, it is only
 * the first half. Tells the person of a network they never came from.
 */
export async function enter(
  deps: Pick<WayDeps, 'reader' | 'clock' | 'sessions' | 'outbox' | 'links'>,
  person: Person,
  origin: Origin,
  entering: Entering,
): Promise<Result<Entered, NotEntered>> {
  const { method, factorsDone, statements, first } = entering;
  const stage = person.totp === null || factorsDone ? 'full' : 'factor';
  const session = deps.sessions.begin(person.id, origin, { method, stage });
  const seen = stage === 'full' ? await fromWhere(deps, person, origin, first === true) : [];
  const written = await deps.sessions.commit([...statements, ...session.statements, ...seen]);
  if (!written.ok) return refuse(written.refusal);
  if (seen.length > 0) deps.outbox.poke();
  return ok({ person, session });
}

async function fromWhere(
  { reader, clock, outbox, links }: Pick<WayDeps, 'reader' | 'clock' | 'outbox' | 'links'>,
  person: Person,
  { networkPrefix, client }: Origin,
  first: boolean,
): Promise<WriteStatement[]> {
  if (networkPrefix === null) return [];
  const remembered = rememberNetwork(person.id, networkPrefix, clock.wallMs());
  const known = first ? [] : await readNetworks(reader, person.id);
  if (known.length === 0 || known.includes(networkPrefix)) return remembered;
  const at = `${toIso(clock.wallMs()).slice(0, 16).replace('T', ' ')} UTC`;
  const told = { kind: 'new_sign_in', at, client, network: networkPrefix, link: links.security() } as const;
  return [...remembered, outbox.put(writeMail(person.email, person.locale, told))];
}
