import type { SqliteDatabase as KyselyDatabase, SqliteStatement as KyselyStatement } from 'kysely';
import type { SqliteDatabase, SqliteStatement } from '../../runtime/sqlite.ts';

/** Prepared statements kept, those used last; Kysely itself prepares anew for every query and finishes none. */
const STATEMENTS_MAX = 256;

/** A database in the shape Kysely's dialect takes, which prepares each text once and lets go of what it prepared. */
export function readDatabase(database: SqliteDatabase): KyselyDatabase {
  const kept = new Map<string, SqliteStatement>();

  function take(sql: string): SqliteStatement {
    const found = kept.get(sql);
    kept.delete(sql);
    const statement = found ?? database.prepare(sql);
    kept.set(sql, statement);
    if (kept.size > STATEMENTS_MAX) {
      const [oldest, unused] = kept.entries().next().value ?? [];
      if (oldest !== undefined) kept.delete(oldest);
      unused?.finalize();
    }
    return statement;
  }

  /** A walk over rows gives way to other queries between two of them, so it has a statement of its own. */
  function* walk(sql: string, parameters: readonly unknown[]): Generator {
    const statement = database.prepare(sql);
    try {
      yield* statement.iterate(parameters);
    } finally {
      statement.finalize();
    }
  }

  return {
    prepare(sql): KyselyStatement {
      const statement = take(sql);
      return {
        reader: statement.reader,
        all: (parameters) => statement.all(parameters),
        run: (parameters) => statement.run(parameters),
        iterate: (parameters) => walk(sql, parameters),
      };
    },
    close: () => database.close(),
  };
}
