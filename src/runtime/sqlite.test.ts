import { afterAll, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDurable, openReadonly, sqliteErrorKind } from './sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'candor-sqlite-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(database: ReturnType<typeof openDurable>, pragma: string): unknown {
  const row = database.prepare(`pragma ${pragma}`).all([])[0];
  return row && Object.values(row)[0];
}

test('a durable database has the settings a commit needs to survive', () => {
  const database = openDurable(join(folder, 'a.db'));
  expect(read(database, 'journal_mode')).toBe('wal');
  expect(read(database, 'synchronous')).toBe(2);
  expect(read(database, 'mmap_size') ?? 0).toBe(0);
  expect(read(database, 'foreign_keys')).toBe(1);
  expect(read(database, 'wal_autocheckpoint')).toBe(0);
  database.close();
});

test('closing finishes statements somebody forgot, so that no log is left behind', () => {
  const path = join(folder, 'b.db');
  const database = openDurable(path);
  database.exec('create table t (a integer) strict');
  database.prepare('select a from t').all([]);
  expect(existsSync(`${path}-wal`)).toBe(true);
  database.close();
  expect(existsSync(`${path}-wal`)).toBe(false);
});

test('errors are sorted by what can be done about them', () => {
  const database = openDurable(join(folder, 'c.db'));
  database.exec('create table t (a integer primary key) strict; insert into t values (1)');
  const kindOf = (sql: string, parameters: readonly unknown[] = []) => {
    try {
      database.prepare(sql).run(parameters);
      return 'fine';
    } catch (error) {
      return sqliteErrorKind(error);
    }
  };
  expect(kindOf('insert into t values (1)')).toBe('constraint');
  expect(kindOf('insert into nowhere values (1)')).toBe('statement');
  expect(kindOf('insert into t values (?)', ['text'])).toBe('statement');
  const reader = openReadonly(join(folder, 'c.db'));
  expect(() => reader.exec('insert into t values (2)')).toThrow();
  reader.close();
  database.close();
  expect(sqliteErrorKind(new Error('not from here'))).toBe(null);
});
