/** What every writer promises: order, all or nothing, one unit's refusal never its neighbour's, a cap on what waits. */
import { afterEach, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { BugError } from '../../src/base/assert.ts';
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { openReadonly } from '../../src/runtime/sqlite.ts';
import { type OpenStorageOptions, openStorage, type Storage } from '../../src/storage/sql/storage.ts';
import { StorageFault, type WriteStatement } from '../../src/storage/sql/writer.ts';

const TABLE = { id: '2026-01-01-test', up: ['create table t (k integer primary key, v integer not null) strict'] };
const folders: string[] = [];
const open: Storage[] = [];

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'candor-writer-'));
  folders.push(folder);
  return folder;
}

async function start(more: Partial<OpenStorageOptions> = {}): Promise<Storage> {
  const storage = await openStorage({
    dataDir: join(newFolder(), 'data'),
    migrations: [TABLE],
    clock: systemClock,
    random: systemRandom,
    onFatal: (fault) => {
      throw fault;
    },
    ...more,
  });
  open.push(storage);
  return storage;
}

afterEach(async () => {
  for (const storage of open.splice(0)) await storage.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const insert = (k: number, v: number): WriteStatement => ({
  sql: 'insert into t (k, v) values (?, ?)',
  parameters: [k, v],
});
const add = (k: number, v: number): WriteStatement => ({
  sql: 'update t set v = v + ? where k = ? and v + ? >= 0',
  parameters: [v, k, v],
  expectRows: 1,
});
const remove = (k: number): WriteStatement => ({ sql: 'delete from t where k = ?', parameters: [k] });

type Step = { readonly kind: 'insert' | 'add' | 'remove'; readonly k: number; readonly v: number };

/** The same rules in memory; null when the unit is refused. */
function applyTo(
  rows: Map<number, number>,
  unit: readonly Step[],
): { next: Map<number, number>; changes: number[] } | null {
  const next = new Map(rows);
  const changes: number[] = [];
  for (const { kind, k, v } of unit) {
    const had = next.get(k);
    if (kind === 'insert') {
      if (had !== undefined) return null;
      next.set(k, v);
      changes.push(1);
    } else if (kind === 'remove') {
      changes.push(next.delete(k) ? 1 : 0);
    } else {
      if (had === undefined || had + v < 0) return null;
      next.set(k, had + v);
      changes.push(1);
    }
  }
  return { next, changes };
}

const toStatement = ({ kind, k, v }: Step) =>
  kind === 'insert' ? insert(k, v) : kind === 'add' ? add(k, v) : remove(k);

const step = fc.record({
  kind: fc.constantFrom('insert' as const, 'add' as const, 'remove' as const),
  k: fc.integer({ min: 0, max: 5 }),
  v: fc.integer({ min: -3, max: 3 }),
});

test('groups of units end as if each had been applied alone, in order', async () => {
  const storage = await start({ groupUnitsMax: 7 });
  const units = fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(units, async (wanted) => {
      await storage.writer.write([{ sql: 'delete from t', parameters: [] }]);
      let rows = new Map<number, number>();
      const expected = wanted.map((unit) => {
        const applied = applyTo(rows, unit);
        if (applied) rows = applied.next;
        return applied?.changes ?? null;
      });
      const outcomes = await Promise.all(wanted.map((unit) => storage.writer.write(unit.map(toStatement))));
      expect(outcomes.map((one) => (one.ok ? one.value.map((result) => result.changes) : null))).toEqual(expected);
      const found = await storage.reader
        .withTables<{ t: { k: number; v: number } }>()
        .selectFrom('t')
        .selectAll()
        .execute();
      expect(new Map(found.map((row) => [row.k, row.v]))).toEqual(rows);
    }),
    { numRuns: 60 },
  );
});

test('a refusal names the statement and its reason, and returned rows come back', async () => {
  const { writer } = await start();
  const returning = { sql: 'insert into t (k, v) values (?, ?) returning k, v', parameters: [1, 5], expectRows: 1 };
  expect(await writer.write([returning])).toEqual({ ok: true, value: [{ changes: 1, rows: [{ k: 1, v: 5 }] }] });
  expect(await writer.write([insert(2, 0), insert(1, 0)])).toEqual({
    ok: false,
    refusal: { statement: 1, reason: 'constraint' },
  });
  expect(await writer.write([insert(2, 0), add(9, 1)])).toEqual({
    ok: false,
    refusal: { statement: 1, reason: 'rows' },
  });
  expect(await writer.write([insert(2, 0)])).toMatchObject({ ok: true });
});

test('a statement SQL does not take rejects its unit as a bug and leaves the others alone', async () => {
  const { writer } = await start();
  const [before, wrong, short, after] = await Promise.allSettled([
    writer.write([insert(1, 1)]),
    writer.write([insert(2, 2), { sql: 'insert into nowhere values (1)', parameters: [] }]),
    writer.write([{ sql: 'insert into t (k, v) values (?, ?)', parameters: [3] }]),
    writer.write([insert(2, 3)]),
  ]);
  expect([before?.status, wrong?.status, short?.status, after?.status]).toEqual([
    'fulfilled',
    'rejected',
    'rejected',
    'fulfilled',
  ]);
  if (wrong?.status === 'rejected') expect(wrong.reason).toBeInstanceOf(BugError);
});

test('more SQL texts than are kept prepared still all work', async () => {
  const { writer } = await start();
  for (let round = 0; round < 3; round++) {
    const writes = Array.from({ length: 900 }, (_, at) => {
      const k = round * 900 + at;
      return writer.write([{ sql: `insert into t (k, v) values (${k}, ?)`, parameters: [at] }]);
    });
    for (const outcome of await Promise.all(writes)) expect(outcome.ok).toBe(true);
  }
});

test('one unit more than may wait is refused, and what waits is still written', async () => {
  const { writer } = await start({ queueUnitsMax: 10 });
  const writes = Array.from({ length: 11 }, (_, k) => writer.write([insert(k, k)]));
  const last = await writes[10]?.catch((error: unknown) => error);
  expect(last).toBeInstanceOf(StorageFault);
  expect((last as StorageFault).kind).toBe('queue_full');
  expect((await Promise.all(writes.slice(0, 10))).every((outcome) => outcome.ok)).toBe(true);
  expect(writer.depth()).toBe(0);
});

test('close waits for what was given, refuses what comes later, and leaves no log behind', async () => {
  const storage = await start();
  const given = Array.from({ length: 500 }, (_, k) => storage.writer.write([insert(k, k)]));
  await storage.close();
  expect((await Promise.all(given)).length).toBe(500);
  const late = await storage.writer.write([insert(900, 1)]).catch((error: unknown) => error);
  expect((late as StorageFault).kind).toBe('closed');
  expect(readdirSync(storage.dataDir).sort()).toEqual(['candor.db', 'candor.lock']);
});

test('the log stays near its limit while writes go on, and readers see what was acknowledged', async () => {
  const storage = await start({ walFramesMax: 64 });
  for (let k = 0; k < 3_000; k += 10) {
    await Promise.all(Array.from({ length: 10 }, (_, at) => storage.writer.write([insert(k + at, 1)])));
  }
  const count = await storage.reader
    .withTables<{ t: { k: number } }>()
    .selectFrom('t')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  expect(count.n).toBe(3_000);
  expect(statSync(join(storage.dataDir, 'candor.db-wal')).size).toBeLessThan(150 * 4_200);
});

test('the folder and its files are for their owner alone, and the settings hold', async () => {
  const storage = await start();
  await storage.writer.write([insert(1, 1)]);
  expect(statSync(storage.dataDir).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(storage.dataDir))
    expect(statSync(join(storage.dataDir, name)).mode & 0o777).toBe(0o600);
  const second = openReadonly(join(storage.dataDir, 'candor.db'));
  expect(second.prepare('pragma journal_mode').all([])).toEqual([{ journal_mode: 'wal' }]);
  expect(() => second.exec('delete from t')).toThrow();
  second.close();
});

test('a database newer than the program is refused and left as it is; the folder is free again', async () => {
  const storage = await start();
  await storage.close();
  const older = openStorage({
    dataDir: storage.dataDir,
    migrations: [],
    clock: systemClock,
    random: systemRandom,
    onFatal: () => undefined,
  });
  expect(await older.catch((error: unknown) => error)).toMatchObject({ name: 'StorageStartError', kind: 'newer' });
  const again = await start({ dataDir: storage.dataDir });
  expect(await again.writer.write([insert(1, 1)])).toMatchObject({ ok: true });
  expect(again.epoch).not.toBe(storage.epoch);
});

test('a migration that fails leaves nothing of itself', async () => {
  const dataDir = join(newFolder(), 'data');
  const broken = { id: '2026-01-02-test', up: ['create table half (a integer) strict', 'create nonsense'] };
  const failed = await start({ dataDir, migrations: [TABLE, broken] }).catch((error: unknown) => error);
  expect(failed).toMatchObject({ kind: 'migration' });
  const database = openReadonly(join(dataDir, 'candor.db'));
  expect(database.prepare("select name from sqlite_master where name = 'half'").all([])).toEqual([]);
  expect(database.prepare('select id from storage_migration').all([])).toEqual([{ id: TABLE.id }]);
  database.close();
});
