import { Database, type SQLQueryBindings, SQLiteError, type Statement } from 'bun:sqlite';

/** A parameter or a column. The runtime reads integers beyond 2^53 inexactly: read those as text (`cast(x as text)`). */
export type SqliteValue = string | number | bigint | null | Uint8Array;
export type SqliteRow = Record<string, SqliteValue>;

export interface SqliteStatement {
  /** Whether it returns rows. */
  readonly reader: boolean;
  run(parameters: readonly unknown[]): { readonly changes: number; readonly lastInsertRowid: number | bigint };
  all(parameters: readonly unknown[]): SqliteRow[];
  iterate(parameters: readonly unknown[]): IterableIterator<SqliteRow>;
  finalize(): void;
}

/** The few things Candor asks of SQLite; also the shape Kysely's SQLite dialect takes. */
export interface SqliteDatabase {
  prepare(sql: string): SqliteStatement;
  /** Runs one or more statements without parameters. */
  exec(sql: string): void;
  /** Whether a transaction is open; a full disk may have ended it. */
  inTransaction(): boolean;
  close(): void;
}

/** Before 3.51.3, two connections could lose committed write-ahead-log frames (https://sqlite.org/wal.html#walresetbug). */
const VERSION_MIN = [3, 51, 3] as const;

/** Thrown when this SQLite, or the file system under it, cannot keep what Candor promises. */
class SqliteUnfitError extends Error {
  override readonly name = 'SqliteUnfitError';
}

/** Opens an existing database for reading only. */
export function openReadonly(path: string): SqliteDatabase {
  const database = wrap(new Database(path, { readonly: true, strict: false }));
  checkVersion(database);
  setPragmas(database, { mmap_size: 0, foreign_keys: 1, busy_timeout: 5_000 });
  return database;
}

/**
 * Opens (or makes) a database for writing, so that a commit that returned has reached the disk. The caller must run
 * the checkpoints: automatic ones are off. Every setting is read back, because an unknown one is ignored in silence.
 */
export function openDurable(path: string): SqliteDatabase {
  const database = wrap(new Database(path, { create: true, readwrite: true, strict: false }));
  checkVersion(database);
  setPragmas(database, {
    busy_timeout: 5_000,
    journal_mode: 'wal',
    synchronous: 2,
    mmap_size: 0,
    foreign_keys: 1,
    wal_autocheckpoint: 0,
  });
  return database;
}

/** Opens a database that is never written and serves as a lock between processes; waits for nobody. */
export function openForLock(path: string): SqliteDatabase {
  const database = wrap(new Database(path, { create: true, readwrite: true, strict: false }));
  setPragmas(database, { busy_timeout: 0, journal_mode: 'delete' });
  return database;
}

export type SqliteErrorKind =
  /** The statement broke a constraint; only that statement was undone. */
  | 'constraint'
  | 'busy'
  /** No room on the disk. */
  | 'full'
  /** The disk, or what is on it, is not to be trusted. */
  | 'io'
  /** The statement itself is wrong. */
  | 'statement';

/** Sorts what SQLite throws; null for anything that is not from SQLite. Codes: https://sqlite.org/rescode.html */
export function sqliteErrorKind(error: unknown): SqliteErrorKind | null {
  if (!(error instanceof SQLiteError)) return null;
  // Growing the shared index of the write-ahead log is the one place where a full disk reads as an I/O error.
  if (error.code === 'SQLITE_IOERR_SHMSIZE') return 'full';
  switch (error.errno & 0xff) {
    case 19:
      return 'constraint';
    case 5:
    case 6:
      return 'busy';
    case 13:
      return 'full';
    case 1:
    case 18:
    case 20:
    case 25:
      return 'statement';
    default:
      return 'io';
  }
}

function wrap(database: Database): SqliteDatabase {
  // A database whose statements are still alive closes late, and then leaves its log behind: keep count of them.
  const live = new Set<Statement>();
  return {
    prepare(sql) {
      const statement = database.prepare(sql);
      live.add(statement);
      return wrapStatement(statement, () => live.delete(statement));
    },
    exec(sql) {
      database.run(sql);
    },
    inTransaction: () => database.inTransaction,
    close() {
      for (const statement of live) statement.finalize();
      live.clear();
      database.close(true);
    },
  };
}

function wrapStatement(statement: Statement, onFinalize: () => void): SqliteStatement {
  const bind = (parameters: readonly unknown[]) => parameters as SQLQueryBindings[];
  return {
    reader: statement.columnNames.length > 0,
    run: (parameters) => statement.run(...bind(parameters)),
    all: (parameters) => statement.all(...bind(parameters)) as SqliteRow[],
    iterate: (parameters) => statement.iterate(...bind(parameters)) as IterableIterator<SqliteRow>,
    finalize() {
      onFinalize();
      statement.finalize();
    },
  };
}

function checkVersion(database: SqliteDatabase): void {
  const version = String(readOne(database, 'select sqlite_version()'));
  const parts = version.split('.').map(Number);
  for (const [at, wanted] of VERSION_MIN.entries()) {
    const part = parts[at] ?? 0;
    if (part > wanted) return;
    if (part < wanted)
      throw new SqliteUnfitError(`SQLite ${VERSION_MIN.join('.')} or newer is needed; this is ${version}`);
  }
}

function setPragmas(database: SqliteDatabase, wanted: Readonly<Record<string, string | number>>): void {
  for (const [pragma, value] of Object.entries(wanted)) {
    database.exec(`pragma ${pragma} = ${value}`);
    const found = readOne(database, `pragma ${pragma}`);
    // A file system without memory maps answers `mmap_size` with no row at all.
    const holds = found === value || (pragma === 'mmap_size' && found === undefined);
    if (!holds) throw new SqliteUnfitError(`SQLite did not take ${pragma} = ${value}; it says ${String(found)}`);
  }
}

function readOne(database: SqliteDatabase, sql: string): SqliteValue | undefined {
  const statement = database.prepare(sql);
  const row = statement.all([])[0];
  statement.finalize();
  return row === undefined ? undefined : Object.values(row)[0];
}
