import { afterEach, beforeEach, expect, test } from 'bun:test';
import { Database } from 'bun:sqlite';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { systemRandom } from '../base/random.ts';
import { DATABASE_FILE } from '../storage/sql/folder.ts';
import { openStorage, type Storage } from '../storage/sql/storage.ts';
import { StorageFault, type WriteStatement } from '../storage/sql/writer.ts';
import { createAudit, signedText } from './audit.ts';
import { type Canonical, canonicalJson } from './canonical.ts';
import { EMPTY } from './entry.ts';
import { auditRecord } from './migrations/2026-11-22-audit-record.ts';
import { createSigner, isSignedBy } from './signing.ts';

const NOW_MS = Date.UTC(2026, 10, 22);
const clock = { wallMs: () => NOW_MS, monoMs: () => 0 };
const signer = createSigner(new Uint8Array(32).fill(1));
const side = { id: '2026-11-22-side', up: ['create table side (name text primary key) strict'] };

let dataDir: string;
let storage: Storage;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'candor-record-'));
  storage = await open();
});

afterEach(async () => {
  await storage.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function open(): Promise<Storage> {
  const onFatal = (fault: Error) => {
    throw fault;
  };
  return openStorage({ dataDir, migrations: [auditRecord, side], clock, random: systemRandom, onFatal });
}

const record = () => createAudit({ storage, clock, signer });
const beside = (name: string): WriteStatement => ({ sql: 'insert into side (name) values (?)', parameters: [name] });

async function fill(count: number): Promise<void> {
  const audit = record();
  for (let at = 1; at <= count; at++) await audit.append('decision', `dec_${at}`, { at }, []);
}

/** Changes the file as somebody would who has it: without the service, and without its triggers. */
async function tamper(...statements: readonly string[]): Promise<void> {
  await storage.close();
  const database = new Database(join(dataDir, DATABASE_FILE));
  const triggers = database.query("select name, sql from sqlite_master where type = 'trigger'").all() as {
    name: string;
    sql: string;
  }[];
  for (const { name } of triggers) database.run(`drop trigger ${name}`);
  for (const sql of statements) database.run(sql);
  for (const { sql } of triggers) database.run(sql);
  database.close();
  storage = await open();
}

test('each entry goes on from the last, over restarts too', async () => {
  await fill(3);
  await storage.close();
  storage = await open();
  const added = await record().append('decision', 'dec_4', { b: 1, a: 'ü' }, []);
  expect(added).toMatchObject({ ok: true, value: { seq: 4, body: '{"a":"ü","b":1}' } });
  const { entries, head, broken } = await record().verify();
  expect([entries, broken]).toEqual([4, null]);
  expect(added.ok && added.value.hash).toBe(head.hash);
});

test('an empty record is whole', async () => {
  expect(await record().verify()).toEqual({ entries: 0, head: EMPTY, broken: null });
});

test.each([
  ['a word that was changed', ['update audit_entry set body = \'{"at":9}\' where seq = 2'], 2, 'changed'],
  ['a time that was changed', ['update audit_entry set at_ms = at_ms - 1 where seq = 3'], 3, 'changed'],
  ['one that was taken out of the middle', ['delete from audit_entry where seq = 2'], 2, 'missing'],
  ['the first that was taken out', ['delete from audit_entry where seq = 1'], 1, 'missing'],
  [
    'one that was taken out, the others moved up',
    ['delete from audit_entry where seq = 2', 'update audit_entry set seq = seq - 1 where seq > 2'],
    2,
    'detached',
  ],
  [
    'two that changed places',
    [
      'update audit_entry set seq = 99 where seq = 2',
      'update audit_entry set seq = 2 where seq = 3',
      'update audit_entry set seq = 3 where seq = 99',
    ],
    2,
    'detached',
  ],
] as const)('finds %s', async (_, statements, seq, problem) => {
  await fill(4);
  await tamper(...statements);
  expect((await record().verify()).broken).toEqual({ seq, problem });
});

test('an end that was cut off, or cut off and grown again, is told by a head that was kept elsewhere', async () => {
  await fill(4);
  const kept = await record().head();
  expect(isSignedBy(kept.key, signedText(kept), kept.signature)).toBe(true);
  expect(isSignedBy(kept.key, signedText({ ...kept, seq: 3 }), kept.signature)).toBe(false);
  await tamper('delete from audit_entry where seq = 4');
  expect((await record().verify()).broken).toBeNull();
  expect((await record().verify(kept)).broken).toEqual({ seq: 4, problem: 'cut_off' });
  await record().append('decision', 'dec_else', {}, []);
  expect((await record().verify(kept)).broken).toEqual({ seq: 4, problem: 'cut_off' });
});

test('the tables refuse to change or lose an entry, and one that does not go on from the last', async () => {
  await fill(2);
  const refused = async (sql: string) => (await storage.writer.write([{ sql, parameters: [] }])).ok;
  expect(await refused("update audit_entry set kind = 'else' where seq = 1")).toBe(false);
  expect(await refused('delete from audit_entry where seq = 2')).toBe(false);
  const columns = 'insert into audit_entry (seq, at_ms, kind, subject, body, prev_hash, hash)';
  expect(await refused(`${columns} values (4, 1, 'k', 's', '{}', 'p', 'h')`)).toBe(false);
  expect(await refused(`${columns} values (3, 1, 'k', 's', '{}', 'p', 'h')`)).toBe(false);
  expect((await record().verify()).entries).toBe(2);
});

test('many who append at one moment, through two doors, all get a place of their own', async () => {
  const [a, b] = [record(), record()];
  const turns = Array.from({ length: 20 }, (_, at) => at);
  for (const at of turns) {
    await Promise.all([
      a.append('k', `a${at}`, {}, []),
      a.append('k', `c${at}`, {}, []),
      b.append('k', `b${at}`, {}, []),
    ]);
  }
  expect(await a.verify()).toMatchObject({ entries: 60, broken: null });
});

test('what is written beside an entry stands or falls with it, and a refused unit leaves the head where it was', async () => {
  const audit = record();
  expect((await audit.append('k', 's', {}, [beside('one')])).ok).toBe(true);
  const before = await audit.head();
  const refused = await audit.append('k', 's', {}, [beside('two'), beside('one')]);
  expect(refused).toEqual({ ok: false, refusal: { reason: 'refused', statement: 1 } });
  expect(await audit.head()).toEqual(before);
  expect((await audit.append('k', 's', {}, [beside('two')])).ok).toBe(true);
  expect(await audit.verify()).toMatchObject({ entries: 2, broken: null });
});

test('a fault whose outcome is not known is looked up before the next entry', async () => {
  let kept: 'lost' | 'written' | null = 'lost';
  const writer = {
    ...storage.writer,
    async write(unit: readonly WriteStatement[]) {
      if (kept === null) return storage.writer.write(unit);
      if (kept === 'written') await storage.writer.write(unit);
      kept = kept === 'lost' ? 'written' : null;
      throw new StorageFault('disk_full', 'as if');
    },
  };
  const audit = createAudit({ storage: { reader: storage.reader, writer }, clock, signer });
  for (let at = 0; at < 2; at++) {
    expect(await audit.append('k', `s${at}`, {}, []).catch((error: unknown) => error)).toBeInstanceOf(StorageFault);
  }
  expect(await audit.append('k', 's2', {}, [])).toMatchObject({ ok: true, value: { seq: 2 } });
  expect(await audit.verify()).toMatchObject({ entries: 2, broken: null });
});

test('several entries of one unit are all there or none', async () => {
  const audit = record();
  const drafts = ['a', 'b', 'c'].map((subject) => ({ kind: 'k', subject, body: { subject } }));
  expect((await audit.appendAll(drafts, [beside('x'), beside('x')])).ok).toBe(false);
  expect((await audit.verify()).entries).toBe(0);
  expect((await audit.appendAll(drafts, [])).ok).toBe(true);
  expect(await audit.verify()).toMatchObject({ entries: 3, broken: null });
  expect((await audit.find('k', 'b'))?.seq).toBe(2);
  expect(() => audit.appendAll([], [])).toThrow('1 to 1000');
});

test('the order of keys does not matter, and the text gives the value back', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), (value) => {
      const text = canonicalJson(value as Canonical);
      const turned = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalJson(turned as Canonical)).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  expect(canonicalJson({ b: [1, 2.5, 1e21], a: null, '\u20ac': 'x', A: true })).toBe(
    '{"A":true,"a":null,"b":[1,2.5,1e+21],"€":"x"}',
  );
});

test('what JSON has no place for is a bug', () => {
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, '\ud800', undefined, { a: undefined }, 1n]) {
    expect(() => canonicalJson(wrong as Canonical)).toThrow(TypeError);
  }
});
