import { join } from 'node:path';
import { Kysely, SqliteDialect } from 'kysely';
import type { Clock } from '../../base/clock.ts';
import { createMintId } from '../../base/ids.ts';
import type { Random } from '../../base/random.ts';
import { openReadonly, type SqliteDatabase } from '../../runtime/sqlite.ts';
import { DATABASE_FILE, lockFolder, prepareFolder } from './folder.ts';
import type { Migration } from './migration.ts';
import { readDatabase } from './read-database.ts';
import { openThreadWriter } from './thread-writer.ts';
import type { StorageFault, Writer } from './writer.ts';

/** Reads only. A domain names its own tables on it: `reader.withTables<MeteringTables>()`. */
// biome-ignore lint/complexity/noBannedTypes: a database no tables are known of yet.
export type Reader = Kysely<{}>;

/** The record of one data folder, owned by this process until `close`. */
export interface Storage {
  readonly dataDir: string;
  readonly reader: Reader;
  readonly writer: Writer;
  /** Names this opening: `boot_<ulid>`. Rows that carry another one were written by an earlier process. */
  readonly epoch: string;
  /** Waits for the writes it was given, then lets the folder go. */
  close(): Promise<void>;
}

export interface OpenStorageOptions {
  /** Made if it does not exist, for its owner alone. */
  readonly dataDir: string;
  /** Of every domain; applied in the order of their ids. */
  readonly migrations: readonly Migration[];
  readonly clock: Clock;
  readonly random: Random;
  /** The disk failed under a commit: every waiting write has been rejected and the process should end (exit 70). */
  readonly onFatal: (fault: StorageFault) => void;
  readonly queueUnitsMax?: number;
  readonly groupUnitsMax?: number;
  readonly walFramesMax?: number;
}

const QUEUE_UNITS_MAX = 50_000;
const GROUP_UNITS_MAX = 1_000;
/** 8 MiB of 4 KiB pages. */
const WAL_FRAMES_MAX = 2_048;

/** Takes the data folder, brings its database up to date and starts the writer. Throws `StorageStartError`. */
export async function openStorage(options: OpenStorageOptions): Promise<Storage> {
  const { dataDir, clock } = options;
  prepareFolder(dataDir);
  const lock = lockFolder(dataDir);
  let writer: Writer;
  try {
    writer = await openThreadWriter({
      path: join(dataDir, DATABASE_FILE),
      migrations: options.migrations,
      atMs: clock.wallMs(),
      queueUnitsMax: options.queueUnitsMax ?? QUEUE_UNITS_MAX,
      groupUnitsMax: options.groupUnitsMax ?? GROUP_UNITS_MAX,
      walFramesMax: options.walFramesMax ?? WAL_FRAMES_MAX,
      onFatal: options.onFatal,
    });
  } catch (error) {
    lock.release();
    throw error;
  }
  const { database, reader } = openReader(dataDir);
  return {
    dataDir,
    reader,
    writer,
    epoch: createMintId(clock, options.random)('boot'),
    async close() {
      // The reader goes first, so that the writer is alone and can put its log away.
      database.close();
      try {
        await writer.close();
      } finally {
        lock.release();
      }
    },
  };
}

/** Opens the database of a data folder for reading only, beside whichever process owns it. */
export function openReader(dataDir: string): { readonly reader: Reader; readonly database: SqliteDatabase } {
  const database = openReadonly(join(dataDir, DATABASE_FILE));
  return { database, reader: new Kysely({ dialect: new SqliteDialect({ database: readDatabase(database) }) }) };
}
