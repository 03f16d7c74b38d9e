/** What the SQLite writer keeps when its process, its disk or its neighbour misbehaves. */
import { afterAll, expect, test } from 'bun:test';
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { openReadonly } from '../../src/runtime/sqlite.ts';
import { openStorage } from '../../src/storage/sql/storage.ts';
import { StorageFault } from '../../src/storage/sql/writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'candor-faults-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CHILD = [process.execPath, join(import.meta.dirname, 'writer-child.ts')] as const;
const migrations = [{ id: '2026-01-01-test', up: ['create table t (k integer primary key, v text not null) strict'] }];

function startChild(command: readonly string[], dataDir: string, first = 0) {
  const [program = '', ...rest] = command;
  const child: ChildProcess = spawn(program, [...rest, dataDir, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  let onOutput = () => undefined as void;
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString('latin1');
    onOutput();
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
  return {
    ended,
    kill: () => child.kill('SIGKILL'),
    /** Whole lines only: a cut one was not said. */
    lines: () => output.split('\n').slice(0, -1),
    said: (line: string) =>
      new Promise<void>((resolve) => {
        onOutput = () => {
          if (output.includes(`${line}\n`)) resolve();
        };
        onOutput();
      }),
  };
}

function storedKeys(dataDir: string): Set<number> {
  const database = openReadonly(join(dataDir, 'candor.db'));
  const rows = database.prepare('select k from t').all([]);
  expect(database.prepare('pragma quick_check').all([])).toEqual([{ quick_check: 'ok' }]);
  database.close();
  return new Set(rows.map((row) => Number(row['k'])));
}

function skipReason(program: string, args: readonly string[]): string | null {
  const tried = spawnSync(program, args);
  return tried.status === 0 ? null : `${program} is not permitted here: ${String(tried.error ?? tried.stderr).trim()}`;
}

test('a second process is told that the folder is in use, and gets it once the first is killed', async () => {
  const dataDir = join(folder, 'locked');
  const first = startChild(CHILD, dataDir);
  await first.said('open');
  const wanted = { dataDir, migrations, clock: systemClock, random: systemRandom, onFatal: () => undefined };
  const refused = await openStorage(wanted).catch((error: unknown) => error);
  expect(refused).toMatchObject({ name: 'StorageStartError', kind: 'locked' });
  expect((refused as Error).message).toContain(dataDir);
  first.kill();
  await first.ended;
  const storage = await openStorage(wanted);
  expect(await openStorage(wanted).catch((error: unknown) => error)).toMatchObject({ kind: 'locked' });
  await storage.close();
});

test('every acknowledged unit outlives kill -9, whole, 20 times over', async () => {
  const dataDir = join(folder, 'killed');
  let next = 0;
  for (let round = 0; round < 20; round++) {
    const child = startChild(CHILD, dataDir, next);
    await child.said('open');
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
    child.kill();
    await child.ended;
    const acknowledged = child
      .lines()
      .filter((line) => line !== 'open')
      .map(Number);
    const stored = storedKeys(dataDir);
    for (const k of acknowledged) expect(stored.has(k)).toBe(true);
    for (const k of stored) expect(stored.has(-k - 1)).toBe(true);
    next = Math.max(next, ...stored) + 1;
  }
  expect(next).toBeGreaterThan(20);
}, 60_000);

const noMount = skipReason('unshare', ['-m', 'true']) ?? (process.getuid?.() === 0 ? null : 'mounting needs root');
test.skipIf(noMount !== null)(
  `a full disk refuses what does not fit and the writer goes on (${noMount ?? 'tmpfs'})`,
  async () => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]);
    try {
      const dataDir = join(disk, 'data');
      const fatal: StorageFault[] = [];
      const onFatal = (fault: StorageFault) => void fatal.push(fault);
      const storage = await openStorage({ dataDir, migrations, clock: systemClock, random: systemRandom, onFatal });
      const insert = (k: number, size: number) =>
        storage.writer.write([{ sql: 'insert into t (k, v) values (?, ?)', parameters: [k, 'x'.repeat(size)] }]);
      const kept: number[] = [];
      const fill = async () => {
        for (let k = 0; k < 2_000; k++) {
          await insert(k, 8_000);
          kept.push(k);
        }
      };
      const fault = await fill().catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(StorageFault);
      expect((fault as StorageFault).kind).toBe('disk_full');
      expect(fatal).toEqual([]);
      await storage.writer.write([{ sql: 'delete from t where k >= 20', parameters: [] }]).catch(() => undefined);
      execFileSync('mount', ['-o', 'remount,size=8m', disk]);
      await insert(9_999, 10);
      await storage.close();
      const stored = storedKeys(dataDir);
      expect(stored.has(9_999)).toBe(true);
      for (const k of kept.slice(0, 20)) expect(stored.has(k)).toBe(true);
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  },
);

const noTrace = skipReason('strace', ['-qq', '-e', 'trace=none', 'true']);
test.skipIf(noTrace !== null)(
  `a failed sync ends the process with 70 and is not tried again (${noTrace ?? 'strace'})`,
  async () => {
    const dataDir = join(folder, 'unsynced');
    const inject = ['-e', 'trace=fsync,fdatasync', '-e', 'inject=fsync,fdatasync:error=EIO:when=40+'];
    const child = startChild(['strace', '-f', '-qq', '-o', '/dev/null', ...inject, ...CHILD], dataDir);
    expect(await child.ended).toBe(70);
    expect(child.lines()).toContain('fatal io');
    const stored = storedKeys(dataDir);
    const acknowledged = child.lines().filter((line) => /^\d+$/.test(line));
    expect(acknowledged.length).toBeGreaterThan(0);
    for (const k of acknowledged) expect(stored.has(Number(k))).toBe(true);
  },
  30_000,
);
