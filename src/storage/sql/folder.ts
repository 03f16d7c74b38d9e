import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { openForLock, type SqliteDatabase, sqliteErrorKind } from '../../runtime/sqlite.ts';
import { StorageStartError } from './start-error.ts';

export const DATABASE_FILE = 'candor.db';
const LOCK_FILE = 'candor.lock';

/** Makes the data folder and its files readable by their owner alone; what exists keeps its content. */
export function prepareFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    for (const name of [DATABASE_FILE, LOCK_FILE]) {
      const path = join(dataDir, name);
      closeSync(openSync(path, 'a', 0o600));
      chmodSync(path, 0o600);
    }
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const advice = 'give this user the right to write there, or choose another folder with CANDOR_DATA';
    throw new StorageStartError('folder', `the data folder ${dataDir} cannot be written (${why}); ${advice}`, {
      cause,
    });
  }
}

/**
 * Takes the data folder for this process; the operating system gives it back when the process ends, however it ends.
 * The lock is SQLite's own on a file apart from the database, so that readers of the database are not shut out.
 */
export function lockFolder(dataDir: string): { release(): void } {
  let database: SqliteDatabase | null = null;
  try {
    database = openForLock(join(dataDir, LOCK_FILE));
    database.exec('begin exclusive');
  } catch (cause) {
    database?.close();
    if (sqliteErrorKind(cause) !== 'busy') {
      throw new StorageStartError('folder', `the data folder ${dataDir} cannot be locked: ${String(cause)}`, { cause });
    }
    throw new StorageStartError(
      'locked',
      `the data folder ${dataDir} is in use by another Candor process; stop that one, or choose another folder with CANDOR_DATA`,
      { cause },
    );
  }
  const held = database;
  return { release: () => held.close() };
}
