import { isoOrNull, toIso } from '../base/calendar.ts';
import type { PersonView, SessionListView, SessionView } from './contract.ts';
import { countRecoveryCodes } from './factor/factor-store.ts';
import { readEmailChange } from './own/email-store.ts';
import type { Person } from './person.ts';
import type { Session, Stage } from './session-store.ts';
import { CONFIRMED_MS } from './signed-in.ts';
import type { WayDeps } from './way.ts';

export const SIGNED_OUT: SessionView = {
  state: 'signed_out',
  person: null,
  csrf: null,
  expires_at: null,
  confirmed_until: null,
  stop: null,
  waitlist_ticket: null,
};

type ViewDeps = Pick<WayDeps, 'reader' | 'clock' | 'stopOf'>;

/** Somebody as they see themselves. */
export async function toPersonView({ reader, clock }: ViewDeps, person: Person): Promise<PersonView> {
  const { id, email, name, locale, state, createdAtMs, deletionAtMs } = person;
  const change = await readEmailChange(reader, id, clock.wallMs());
  return {
    id,
    email,
    name,
    locale,
    state,
    created_at: toIso(createdAtMs),
    has_password: person.password !== null,
    totp: person.totp !== null,
    recovery_codes_left: person.totp === null ? 0 : await countRecoveryCodes(reader, id),
    email_pending: change?.email ?? null,
    deletion_at: isoOrNull(deletionAtMs),
  };
}

export async function toSessionView(
  deps: ViewDeps,
  person: Person,
  session: {
    readonly csrf: string;
    readonly stage: Stage;
    readonly confirmedAtMs: number;
    readonly expiresAtMs: number;
  },
): Promise<SessionView> {
  // Half way in, nothing is told of whose account it is.
  if (session.stage === 'factor') return { ...SIGNED_OUT, state: 'second_factor_needed' };
  const stop = deps.stopOf(person.id);
  return {
    state: 'signed_in',
    person: await toPersonView(deps, person),
    csrf: session.csrf,
    expires_at: toIso(session.expiresAtMs),
    confirmed_until: toIso(session.confirmedAtMs + CONFIRMED_MS),
    stop: stop && {
      id: stop.id,
      cause: stop.cause,
      reason: stop.reason,
      at: toIso(stop.atMs),
      until: isoOrNull(stop.untilMs),
    },
    waitlist_ticket: person.state === 'waitlisted' ? person.waitlistTicket : null,
  };
}

export function toSessionListView(sessions: readonly Session[], currentId: string): SessionListView {
  return {
    data: sessions.map((session) => ({
      id: session.id,
      current: session.id === currentId,
      method: session.method,
      client: session.client,
      created_at: toIso(session.createdAtMs),
      last_used_at: toIso(session.lastUsedAtMs),
      expires_at: toIso(session.expiresAtMs),
      network_prefix: session.networkPrefix,
    })),
  };
}
