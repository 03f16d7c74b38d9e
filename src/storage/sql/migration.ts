import type { SqliteDatabase } from '../../runtime/sqlite.ts';
import { StorageStartError } from './start-error.ts';

/** One dated step of a domain's schema. Applied once, whole or not at all, in the order of the ids. */
export interface Migration {
  /** `<date>-<domain>-<subject>`, unique in the program. */
  readonly id: string;
  /** Plain SQL, one statement each. */
  readonly up: readonly string[];
}

/** Applies what `database` lacks. Throws `StorageStartError` when the database knows steps this program does not. */
export function migrate(database: SqliteDatabase, migrations: readonly Migration[], atMs: number): void {
  database.exec(
    'create table if not exists storage_migration (id text primary key, applied_at_ms integer not null) strict, without rowid',
  );
  const applied = appliedIds(database);
  const known = new Set(migrations.map((migration) => migration.id));
  const newer = [...applied].filter((id) => !known.has(id));
  if (newer.length > 0) {
    throw new StorageStartError(
      'newer',
      `the database was written by a newer Candor (it has ${newer.join(', ')}); run that version`,
    );
  }
  const record = database.prepare('insert into storage_migration (id, applied_at_ms) values (?, ?)');
  for (const migration of [...migrations].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (applied.has(migration.id)) continue;
    database.exec('begin immediate');
    try {
      for (const sql of migration.up) database.exec(sql);
      record.run([migration.id, atMs]);
      database.exec('commit');
    } catch (cause) {
      if (database.inTransaction()) database.exec('rollback');
      throw new StorageStartError('migration', `migration ${migration.id} failed; nothing of it was kept`, { cause });
    }
  }
  record.finalize();
}

function appliedIds(database: SqliteDatabase): Set<string> {
  const select = database.prepare('select id from storage_migration');
  const ids = new Set(select.all([]).map((row) => String(row['id'])));
  select.finalize();
  return ids;
}
