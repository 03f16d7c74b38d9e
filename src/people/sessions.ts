import type { Clock } from '../base/clock.ts';
import type { MintId } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import { csrfOf, digestToken, mintToken } from '../credentials/tokens.ts';
import { createWatchers } from '../credentials/watchers.ts';
import type { Storage } from '../storage/sql/storage.ts';
import type { WriteOutcome, WriteStatement } from '../storage/sql/writer.ts';
import { setSignedIn } from './person-store.ts';
import {
  endedIn,
  endExpiredSessions,
  endOldSessionsOf,
  endSessionOf,
  hasSession,
  insertSession,
  readSession,
  readSessionsOf,
  type Session,
  type SignInMethod,
  type Stage,
  touchSession,
} from './session-store.ts';
import type { PersonSignedIn } from './signed-in.ts';

export interface SessionsDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly mintId: MintId;
  readonly idleMs: number;
  readonly maxMs: number;
}

/** Where a session is begun from. */
export interface Origin {
  readonly networkPrefix: string | null;
  /** The browser in words; see `clientOf`. */
  readonly client: string | null;
  /** The token the request came with: its session ends, so that none that was planted lives on. */
  readonly heldToken: string | null;
}

/** A session about to be written: what its holder is told, and the statements that make it. */
export interface NewSession {
  readonly id: string;
  readonly token: string;
  readonly csrf: string;
  readonly stage: Stage;
  readonly confirmedAtMs: number;
  readonly expiresAtMs: number;
  readonly statements: readonly WriteStatement[];
}

export interface Sessions {
  /** Whose token this is, if its session is whole and goes on. */
  find(token: string, networkPrefix: string | null): Promise<PersonSignedIn | null>;
  /** A sign-in that waits for its second factor. */
  findHalf(token: string): Promise<Session | null>;
  list(personId: string): Promise<Session[]>;
  /** To be written in one unit with what allows it. */
  begin(personId: string, origin: Origin, how: { readonly method: SignInMethod; readonly stage: Stage }): NewSession;
  /** Writes a unit, and tells whoever watches the sessions it ended. */
  commit(unit: readonly WriteStatement[]): Promise<WriteOutcome & { readonly ended: number }>;
  watch(id: string, onEnd: () => void): () => void;
  /** Ends what has expired. */
  sweep(): Promise<void>;
}

/** Sessions of one person; one more ends the oldest. */
const SESSIONS_PER_PERSON_MAX = 20;
/** How exactly the last use is known. */
const TOUCH_EVERY_MS = 60_000;
/** How long the second factor may take. */
const HALF_MS = 600_000;

export function createSessions(deps: SessionsDeps): Sessions {
  const { storage, clock, random, mintId, idleMs, maxMs } = deps;
  const { reader, writer } = storage;
  const watchers = createWatchers((id) => hasSession(reader, id));
  const limits = () => ({ nowMs: clock.wallMs(), idleMs });

  async function find(token: string, networkPrefix: string | null): Promise<PersonSignedIn | null> {
    const found = await readSession(reader, digestToken(token), 'full', limits());
    if (found === null) return null;
    const { session, state } = found;
    const nowMs = clock.wallMs();
    if (nowMs - session.lastUsedAtMs >= TOUCH_EVERY_MS) {
      // Nobody waits for it: a store that takes no write now must not keep people from reading.
      void writer.write([touchSession(session.id, nowMs)]).catch(() => undefined);
    }
    const { id: sessionId, personId: id, confirmedAtMs, expiresAtMs } = session;
    return { kind: 'person', id, networkPrefix, sessionId, csrf: csrfOf(token), state, confirmedAtMs, expiresAtMs };
  }

  function begin(personId: string, origin: Origin, how: { method: SignInMethod; stage: Stage }): NewSession {
    const id = mintId('sess');
    const token = mintToken(random);
    const now = clock.wallMs();
    const { stage, method } = how;
    const { networkPrefix, client, heldToken } = origin;
    const expiresAtMs = now + (stage === 'full' ? maxMs : HALF_MS);
    const times = { createdAtMs: now, lastUsedAtMs: now, confirmedAtMs: now, expiresAtMs };
    const session: Session = { id, personId, stage, method, client, networkPrefix, ...times };
    const statements = [
      insertSession(session, digestToken(token)),
      ...(stage === 'full' ? [setSignedIn(personId, now)] : []),
      endOldSessionsOf(personId, SESSIONS_PER_PERSON_MAX),
      ...(heldToken === null ? [] : [endSessionOf(digestToken(heldToken))]),
    ];
    return { id, token, csrf: csrfOf(token), stage, confirmedAtMs: now, expiresAtMs, statements };
  }

  async function commit(unit: readonly WriteStatement[]) {
    const outcome = await writer.write(unit);
    const ended = outcome.ok ? endedIn(outcome.value) : [];
    for (const id of ended) watchers.tell(id);
    return { ...outcome, ended: ended.length };
  }

  return {
    find,
    findHalf: async (token) => (await readSession(reader, digestToken(token), 'factor', limits()))?.session ?? null,
    begin,
    commit,
    watch: watchers.watch,
    list: (personId) => readSessionsOf(reader, personId, limits()),
    async sweep() {
      await commit(endExpiredSessions(limits()));
    },
  };
}
