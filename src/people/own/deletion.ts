import { dayOf } from '../../base/calendar.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { Accounts } from '../../accounts/index.ts';
import { DELETION_DAYS } from '../contract.ts';
import { dropResetsOf } from '../entry/reset-store.ts';
import { dropDraft, dropRecoveryCodes } from '../factor/factor-store.ts';
import { writeMail } from '../mails/texts.ts';
import { dropNetworks } from '../network-store.ts';
import type { Person } from '../person.ts';
import { erasePerson, readDeletionsDue, readPerson, setDeletion } from '../person-store.ts';
import { CHANGED_MEANWHILE, type PeopleRefusal } from '../refusal.ts';
import type { Eraser } from '../seams.ts';
import { endSessionsOf } from '../session-store.ts';
import { lackOfConfirmation, type PersonSignedIn } from '../signed-in.ts';
import type { WayDeps } from '../way.ts';
import { dropEmailChange } from './email-store.ts';

const DAY_MS = 86_400_000;
const ERASED_AT_ONCE_MAX = 20;

export interface DeletionDeps extends WayDeps {
  readonly accounts: Pick<Accounts, 'create' | 'rename'>;
  /** What other parts keep of a person is taken away by these, before what is kept here. */
  readonly erasers: readonly Eraser[];
  /** Names of workspaces nobody else owns: they are handed over or closed first. */
  ownedAlone(personId: string): Promise<readonly string[]>;
  /** Hears that an account is to go, or stays after all; awaited, so that its keys have stopped when this is answered. */
  deletionChanged(accountId: string, isPending: boolean): Promise<void>;
}

const PENDING_ALREADY: PeopleRefusal = { reason: 'already_set', message: 'the account is to be deleted already' };
const NOT_PENDING: PeopleRefusal = { reason: 'not_set', message: 'the account is not to be deleted' };

function ownsAlone(names: readonly string[]): PeopleRefusal {
  const message = `nobody else owns ${names.slice(0, 5).join(', ')}; hand over or close these workspaces first`;
  return { reason: 'owns_workspaces', message };
}

/** Marks the account to be deleted in `DELETION_DAYS` days. */
export async function startDeletion(deps: DeletionDeps, actor: PersonSignedIn): Promise<Result<Person, PeopleRefusal>> {
  const { reader, clock, sessions, outbox, links } = deps;
  const lack = lackOfConfirmation(actor, clock);
  if (lack !== null) return refuse(lack);
  const person = await readPerson(reader, 'id', actor.id);
  if (person === null) return refuse(CHANGED_MEANWHILE);
  if (person.state === 'deletion_pending') return refuse(PENDING_ALREADY);
  const owned = await deps.ownedAlone(person.id);
  if (owned.length > 0) return refuse(ownsAlone(owned));
  const deletionAtMs = clock.wallMs() + DELETION_DAYS * DAY_MS;
  const told = { kind: 'deletion', on: dayOf(deletionAtMs), link: links.page('/account') } as const;
  const written = await sessions.commit([
    setDeletion(person.id, person.state, 'deletion_pending', deletionAtMs),
    outbox.put(writeMail(person.email, person.locale, told)),
  ]);
  if (!written.ok) return refuse(CHANGED_MEANWHILE);
  outbox.poke();
  await deps.deletionChanged(person.id, true);
  return ok({ ...person, state: 'deletion_pending', deletionAtMs });
}

/** Takes it back. Whoever waited in line before waits on. */
export async function undoDeletion(deps: DeletionDeps, actor: PersonSignedIn): Promise<Result<Person, PeopleRefusal>> {
  const person = await readPerson(deps.reader, 'id', actor.id);
  if (person === null) return refuse(CHANGED_MEANWHILE);
  if (person.state !== 'deletion_pending') return refuse(NOT_PENDING);
  const state = person.waitlistTicket === null ? 'active' : 'waitlisted';
  const written = await deps.sessions.commit([setDeletion(person.id, 'deletion_pending', state, null)]);
  if (!written.ok) return refuse(CHANGED_MEANWHILE);
  await deps.deletionChanged(person.id, false);
  return ok({ ...person, state, deletionAtMs: null });
}

/** Deletes those whose time has come: the other parts first, so that one that fails is asked again by the next run. */
export async function eraseDue(deps: DeletionDeps): Promise<void> {
  for (const id of await readDeletionsDue(deps.reader, deps.clock.wallMs(), ERASED_AT_ONCE_MAX)) {
    try {
      await erase(deps, id);
    } catch (error) {
      deps.onFault('delete an account', error);
    }
  }
}

async function erase(deps: DeletionDeps, id: string): Promise<void> {
  const person = await readPerson(deps.reader, 'id', id);
  if (person === null) return;
  for (const { erase: eraseThere } of deps.erasers) await eraseThere(id);
  await deps.accounts.rename(id, 'Deleted');
  const told = deps.outbox.put(writeMail(person.email, person.locale, { kind: 'deleted' }));
  await deps.sessions.commit([...eraseHere(id), told]);
  deps.outbox.poke();
}

function eraseHere(id: string): WriteStatement[] {
  return [
    erasePerson(id),
    endSessionsOf(id),
    dropNetworks(id),
    dropRecoveryCodes(id),
    dropDraft(id),
    dropResetsOf(id),
    dropEmailChange(id),
  ];
}
