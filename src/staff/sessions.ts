import type { Clock } from '../base/clock.ts';
import type { MintId } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import type { Storage } from '../storage/sql/storage.ts';
import type { WriteOutcome, WriteStatement } from '../storage/sql/writer.ts';
import type { SignedIn } from './signed-in.ts';
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
  touchSession,
} from './session-store.ts';
import { setSignedIn } from './store.ts';
import { createWatchers } from '../credentials/watchers.ts';
import { csrfOf, digestToken, mintToken } from '../credentials/tokens.ts';

export interface SessionsDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly mintId: MintId;
  readonly idleMs: number;
  readonly maxMs: number;
}

/** A session about to be written: what its holder is told, and the statements that make it. */
export interface NewSession {
  readonly id: string;
  readonly token: string;
  readonly csrf: string;
  readonly expiresAtMs: number;
  readonly statements: readonly WriteStatement[];
}

/** Where a session is begun from. */
export interface Origin {
  readonly networkPrefix: string | null;
  /** The token the request came with: its session ends, so that none that was planted lives on. */
  readonly heldToken: string | null;
}

export interface Sessions {
  find(token: string, networkPrefix: string | null): Promise<SignedIn | null>;
  list(staffId: string): Promise<Session[]>;
  /** To be written in one unit with what allows it. */
  begin(staffId: string, origin: Origin): NewSession;
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

export function createSessions(deps: SessionsDeps): Sessions {
  const { storage, clock, random, mintId, idleMs, maxMs } = deps;
  const watchers = createWatchers((id) => hasSession(storage.reader, id));
  const limits = () => ({ nowMs: clock.wallMs(), idleMs });

  async function find(token: string, networkPrefix: string | null): Promise<SignedIn | null> {
    const found = await readSession(storage.reader, digestToken(token), limits());
    if (found === null) return null;
    const nowMs = clock.wallMs();
    if (nowMs - found.lastUsedAtMs >= TOUCH_EVERY_MS) {
      // Nobody waits for it: a store that takes no write now must not keep the operator out of the console.
      void storage.writer.write([touchSession(found.id, nowMs)]).catch(() => undefined);
    }
    const { id: sessionId, expiresAtMs, member } = found;
    return { kind: 'staff', ...member, networkPrefix, sessionId, csrf: csrfOf(token), expiresAtMs };
  }

  function begin(staffId: string, { networkPrefix, heldToken }: Origin): NewSession {
    const id = mintId('sess');
    const token = mintToken(random);
    const now = clock.wallMs();
    const expiresAtMs = now + maxMs;
    const session: Session = { id, staffId, networkPrefix, createdAtMs: now, lastUsedAtMs: now, expiresAtMs };
    const statements = [
      insertSession(session, digestToken(token)),
      setSignedIn(staffId, now),
      endOldSessionsOf(staffId, SESSIONS_PER_PERSON_MAX),
      ...(heldToken === null ? [] : [endSessionOf(digestToken(heldToken))]),
    ];
    return { id, token, csrf: csrfOf(token), expiresAtMs, statements };
  }

  async function commit(unit: readonly WriteStatement[]) {
    const outcome = await storage.writer.write(unit);
    const ended = outcome.ok ? endedIn(outcome.value) : [];
    for (const id of ended) watchers.tell(id);
    return { ...outcome, ended: ended.length };
  }

  return {
    find,
    begin,
    commit,
    watch: watchers.watch,
    list: (staffId) => readSessionsOf(storage.reader, staffId, limits()),
    async sweep() {
      await commit([endExpiredSessions(limits())]);
    },
  };
}
