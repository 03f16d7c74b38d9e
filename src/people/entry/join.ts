import { ok, refuse, type Result } from '../../base/result.ts';
import { ONE_LINE } from '../../base/one-line.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import { type Locale, NAME_CHARS_MAX } from '../contract.ts';
import type { Admitted, DoorRefusal, DoorWay } from '../door/door.ts';
import { emailKeyOf, type Person } from '../person.ts';
import { clearRungsDue, insertPerson, readRungsDue } from '../person-store.ts';
import { readPhone } from '../phone/store.ts';
import type { PeopleRefusal } from '../refusal.ts';
import type { SignUpFacts, SignUpRung } from '../seams.ts';
import type { SignInMethod } from '../session-store.ts';
import type { Origin } from '../sessions.ts';
import type { WayDeps } from '../way.ts';
import { type Entered, enter } from './enter.ts';

/** Somebody whose mail address is proved and who has no account yet. */
export interface Joining {
  readonly email: string;
  /** Null takes what stands before the @. */
  readonly name: string | null;
  readonly locale: Locale;
  /** A PHC string; null for whoever signs in another way. */
  readonly password: string | null;
  readonly way: DoorWay;
  readonly invitation: string | null;
  readonly facts: SignUpFacts;
  /** What was proved besides the mail. */
  readonly rungs: readonly SignUpRung[];
  readonly method: SignInMethod;
  /** `workspace`: it answers for its own people, and the door asks nothing of them. */
  readonly letInBy: 'door' | 'workspace';
  /** What uses up the proof, in the same unit; it fails where that was used. */
  statements(personId: string): readonly WriteStatement[];
}

const NO_ROOM: PeopleRefusal = {
  reason: 'too_many_accounts',
  message: 'the service has as many accounts as it can hold; tell whoever runs it',
};
export const EMAIL_TAKEN: PeopleRefusal = {
  reason: 'email_taken',
  message: 'this mail address has an account already; sign in instead',
};
const USED: PeopleRefusal = {
  reason: 'token_refused',
  message: 'this was used already, or the invitation was used up by somebody else; sign up again',
};

export function doorRefusal({ reason, message, retryAtMs }: DoorRefusal, nowMs: number): PeopleRefusal {
  return { reason, message, ...(retryAtMs !== null && { retryAfterMs: Math.max(0, retryAtMs - nowMs) }) };
}

/** Makes the account and the person, lets them in or puts them in line as the door says, and begins their session. */
export async function join(deps: WayDeps, joining: Joining, origin: Origin): Promise<Result<Entered, PeopleRefusal>> {
  const { accounts, door, clock } = deps;
  const { way } = joining;
  const knocked = joining.letInBy === 'workspace' ? ok(null) : await door.knock(way, joining.invitation);
  if (!knocked.ok) return refuse(doorRefusal(knocked.refusal, clock.wallMs()));
  const name = joining.name ?? nameFrom(joining.email);
  const account = await accounts.create({ name, kind: 'person' });
  if (!account.ok) return refuse(NO_ROOM);
  const admitted = await admission(deps, joining, account.value.id);
  if (!admitted.ok) return refuse(doorRefusal(admitted.refusal, clock.wallMs()));
  const person = personOf(joining, account.value.id, name, admitted.value, clock.wallMs());
  const used = joining.statements(person.id);
  const rungs: SignUpRung[] = ['mail', ...joining.rungs];
  const statements = [...used, insertPerson(person, rungs), ...admitted.value.statements];
  const entered = await enter(deps, person, origin, {
    method: joining.method,
    factorsDone: true,
    statements,
    first: true,
  });
  admitted.value.kept(entered.ok);
  if (!entered.ok) return refuse(entered.refusal.reason === 'constraint' ? EMAIL_TAKEN : USED);
  door.note('verified', way);
  door.note(person.state === 'waitlisted' ? 'waiting' : 'admitted', way);
  await tell(deps, person, joining.facts);
  return ok(entered.value);
}

const LET_IN: Admitted = { kind: 'in', ticket: null, statements: [], kept: () => undefined };

async function admission(
  { door }: WayDeps,
  { letInBy, way, invitation }: Joining,
  accountId: string,
): Promise<Result<Admitted, DoorRefusal>> {
  return letInBy === 'workspace' ? ok(LET_IN) : door.admit(accountId, way, invitation);
}

function personOf(joining: Joining, id: string, name: string, { kind, ticket }: Admitted, nowMs: number): Person {
  const { email, locale, password } = joining;
  return {
    id,
    email,
    emailKey: emailKeyOf(email),
    name,
    locale,
    password,
    state: kind === 'in' ? 'active' : 'waitlisted',
    waitlistTicket: ticket,
    totp: null,
    createdAtMs: nowMs,
    signedInAtMs: null,
    deletionAtMs: null,
  };
}

function nameFrom(email: string): string {
  const name = email.slice(0, email.lastIndexOf('@')).slice(0, NAME_CHARS_MAX);
  return ONE_LINE.test(name) ? name : 'Person';
}

/** The person is made: what others make of it holds up nobody's sign-up. */
async function tell(deps: WayDeps, person: Person, facts: SignUpFacts): Promise<void> {
  try {
    await deps.hearers.signedUp(person.id, facts);
    if (person.state === 'active') await tellRungs(deps);
  } catch (error) {
    deps.onFault('tell of a sign-up', error);
  }
}

const TOLD_AT_ONCE_MAX = 100;

/** Tells of proofs that nobody has heard of yet: after a sign-up, when somebody is let in from the line, after a crash. */
export async function tellRungs(deps: Pick<WayDeps, 'reader' | 'sessions' | 'hearers'>): Promise<void> {
  if (!deps.hearers.hearsProofs()) return;
  for (const { id, rungs } of await readRungsDue(deps.reader, TOLD_AT_ONCE_MAX)) {
    for (const rung of rungs) {
      const phone = rung === 'phone' ? await readPhone(deps.reader, id) : null;
      await deps.hearers.proved(id, rung, phone && Buffer.from(phone.digest).toString('base64url'));
    }
    await deps.sessions.commit([clearRungsDue(id, rungs)]);
  }
}
