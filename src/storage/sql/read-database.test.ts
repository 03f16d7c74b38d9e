import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDurable, type SqliteDatabase } from '../../runtime/sqlite.ts';
import { readDatabase } from './read-database.ts';

const folder = mkdtempSync(join(tmpdir(), 'candor-read-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Counts the statements that live at the same time. */
function counting(database: SqliteDatabase) {
  let most = 0;
  const live = new Set<object>();
  const prepare: SqliteDatabase['prepare'] = (sql) => {
    const statement = database.prepare(sql);
    live.add(statement);
    most = Math.max(most, live.size);
    return { ...statement, finalize: () => (live.delete(statement), statement.finalize()) };
  };
  return { database: { ...database, prepare }, most: () => most, live: () => live.size };
}

test('statements are kept for the texts used last and no more, and walks beside queries see their own rows', () => {
  const counted = counting(openDurable(join(folder, 'a.db')));
  counted.database.exec('create table t (a integer primary key) strict; insert into t values (1), (2), (3)');
  const read = readDatabase(counted.database);
  for (let at = 0; at < 1_000; at++) expect(read.prepare(`select ${at} as n`).all([])).toEqual([{ n: at }]);
  expect(counted.most()).toBeLessThanOrEqual(257);
  const before = counted.live();
  const seen: unknown[] = [];
  for (const row of read.prepare('select a from t order by a').iterate([])) {
    seen.push(row, ...read.prepare('select a from t order by a').all([]).slice(0, 1));
  }
  expect(seen).toEqual([{ a: 1 }, { a: 1 }, { a: 2 }, { a: 1 }, { a: 3 }, { a: 1 }]);
  expect(counted.live()).toBeLessThanOrEqual(before);
  read.close();
});
