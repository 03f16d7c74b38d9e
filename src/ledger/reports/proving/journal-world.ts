import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, SqliteDialect } from 'kysely';
import type { Clock } from '../../../base/clock.ts';
import { toSqlInteger } from '../../../base/money.ts';
import { openDurable } from '../../../runtime/sqlite.ts';
import { migrate, type Migration } from '../../../storage/sql/migration.ts';
import { readDatabase } from '../../../storage/sql/read-database.ts';
import type { WriteStatement } from '../../../storage/sql/writer.ts';
import { book, type Entry, insertGrant, insertHold } from '../../books/statements.ts';
import type { Grant } from '../../ledger.ts';
import { createReports, type ReportsDeps } from '../reports.ts';

/** A database with the real schema, filled transfer by transfer, and the reports over it. */
export function openJournalWorld(clock: Clock, migrations: readonly Migration[], usageOf: ReportsDeps['usageOf']) {
  const folder = mkdtempSync(join(tmpdir(), 'candor-journal-'));
  const database = openDurable(join(folder, 'journal.db'));
  migrate(database, migrations, 0);
  const reader = new Kysely<object>({ dialect: new SqliteDialect({ database: readDatabase(database) }) });

  function write(statements: readonly WriteStatement[]): void {
    for (const { sql, parameters, expectRows } of statements) {
      const statement = database.prepare(sql);
      const { changes } = statement.run(parameters);
      statement.finalize();
      if (expectRows !== undefined && changes !== expectRows) throw new Error(`${changes} rows by: ${sql}`);
    }
  }

  return {
    reader,
    reports: createReports({ reader, usageOf, clock }),
    write,
    book: (entries: readonly Entry[]) => write(book(entries)),
    grant: (grant: Grant, amount: bigint) => write(insertGrant(grant, amount)),
    hold: (row: Parameters<typeof insertHold>[0]) => write([insertHold(row)]),
    event: (event: EventRow) => write([insertEvent(event)]),
    close(): void {
      database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The columns of a usage event that reports read; the rest says nothing. */
export interface EventRow {
  readonly id: string;
  readonly atMs: number;
  readonly accountId: string;
  readonly model: string;
  readonly app: string | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly price: bigint;
  readonly writtenOff: bigint;
  readonly cost: bigint | null;
}

function insertEvent(event: EventRow): WriteStatement {
  const { id, atMs, accountId, model, app, inputTokens, outputTokens, price, writtenOff, cost } = event;
  const amounts = [toSqlInteger(price), toSqlInteger(writtenOff), cost === null ? null : toSqlInteger(cost)];
  return {
    sql: `insert into usage_event (id, epoch, at_ms, endpoint, streamed, product, app, app_source, key_id, account_id,
      model_requested, attempts, usage_source, input_tokens, cached_input_tokens, cache_write_tokens, output_tokens,
      reasoning_tokens, total_ms, outcome, status, client_class, price_id, price_nano, written_off_nano, cost_nano)
      values (?, 'boot_1', ?, 'chat.completions', 0, 'api', ?, 'declared', 'key_1', ?, ?, 1, 'reported', ?, 0, 0, ?, 0, 1,
      'completed', 200, 'curl', 'price_1', ?, ?, ?)`,
    parameters: [id, atMs, app, accountId, model, inputTokens, outputTokens, ...amounts],
    expectRows: 1,
  };
}
