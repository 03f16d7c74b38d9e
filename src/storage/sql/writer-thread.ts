/** The thread that owns the database. Everything here runs in order, one message at a time. */
import { armFailPoint } from '../../runtime/fail-point.ts';
import { openDurable, type SqliteDatabase, sqliteErrorKind } from '../../runtime/sqlite.ts';
import { servePort } from '../../runtime/thread.ts';
import { type Checkpointer, createCheckpointer } from './checkpoint.ts';
import { createGroupCommitter, type GroupCommitter, readUnits } from './commit-group.ts';
import { migrate } from './migration.ts';
import type { GroupMessage, ToMain, ToThread, UnitOutcome } from './protocol.ts';
import { StorageStartError } from './start-error.ts';

interface Owned {
  readonly database: SqliteDatabase;
  readonly committer: GroupCommitter;
  readonly checkpointer: Checkpointer;
}

type State = Owned | 'not open' | 'stopped';
let state: State = 'not open';

servePort((received, post) => {
  const message = received as ToThread;
  const answer = (said: ToMain) => post(said);
  if (message.kind === 'open') return answer(open(message));
  if (typeof state === 'string') return;
  if (message.kind === 'close') return answer(close(state));
  answer(commit(state, message));
  if (typeof state !== 'string') tidy(state.checkpointer, answer);
});

function open(message: Extract<ToThread, { kind: 'open' }>): ToMain {
  try {
    const database = openDurable(message.path);
    migrate(database, message.migrations, message.atMs);
    armFailPoint(message.failPoint);
    state = {
      database,
      committer: createGroupCommitter(database),
      checkpointer: createCheckpointer(database, message.walFramesMax),
    };
    return { kind: 'opened' };
  } catch (error) {
    state = 'stopped';
    const reason = error instanceof StorageStartError ? error.kind : 'folder';
    return { kind: 'refused', reason, message: describe(error) };
  }
}

function commit({ committer, checkpointer }: Owned, message: GroupMessage): ToMain {
  if (message.forget) committer.forgetAll();
  for (const [id, sql] of message.texts) committer.learn(id, sql);
  try {
    const outcomes: UnitOutcome[] = committer.commit(readUnits(message.flat));
    return { kind: 'committed', outcomes: outcomes.every((outcome) => outcome === null) ? null : outcomes };
  } catch (error) {
    if (sqliteErrorKind(error) !== 'full') return stop(error);
    try {
      checkpointer.now();
    } catch (second) {
      if (sqliteErrorKind(second) !== 'full') return stop(second);
    }
    return { kind: 'disk_full', message: describe(error) };
  }
}

/** Runs after the answer, so that nobody waits for it who need not. A full disk here costs nothing but a longer log. */
function tidy(checkpointer: Checkpointer, post: (message: ToMain) => void): void {
  try {
    checkpointer.maybe();
  } catch (error) {
    if (sqliteErrorKind(error) !== 'full') post(stop(error));
  }
}

/**
 * After a failed sync the kernel may call pages clean that never reached the disk, so nothing is tried again: not the
 * commit, not the sync, not even an orderly close. The log on the disk is what the next start goes by.
 */
function stop(error: unknown): ToMain {
  state = 'stopped';
  return { kind: 'fatal', message: describe(error) };
}

function close({ database }: Owned): ToMain {
  state = 'stopped';
  try {
    const truncate = database.prepare('pragma wal_checkpoint(truncate)');
    truncate.all([]);
    database.close();
    return { kind: 'closed' };
  } catch (error) {
    if (sqliteErrorKind(error) === 'full') return { kind: 'closed' };
    return { kind: 'fatal', message: describe(error) };
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `: ${describe(error.cause)}`;
  const code = 'code' in error ? ` (${String(error.code)})` : '';
  return `${error.message}${code}${cause}`;
}
