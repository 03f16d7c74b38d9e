import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import type { FileOrder } from '../contract.ts';
import { csvPieces } from './csv.ts';
import type { Cell, Column, Table } from './table.ts';
import { writeTable } from './write-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'candor-tables-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const COLUMNS: readonly Column[] = [
  { name: 'id', type: 'text' },
  { name: 'count', type: 'integer' },
  { name: 'amount_nano', type: 'nano' },
  { name: 'at', type: 'time' },
  { name: 'estimated', type: 'truth' },
];
const AT = Date.UTC(2026, 10, 22, 12);
const BEYOND_DOUBLES = 9_007_199_254_740_993n;
const MOST = 9_223_372_036_854_775_807n;

function order(name: string, format: FileOrder['format'], more: Partial<FileOrder> = {}): FileOrder {
  return { path: join(folder, name), format, force: false, onProgress: () => undefined, ...more };
}

async function csvOf(rows: Table['rows']): Promise<string> {
  let text = '';
  for await (const piece of csvPieces({ columns: COLUMNS, rows })) text += piece;
  return text;
}

describe('csv', () => {
  test('quotes what needs it, keeps money whole and leaves unknown cells empty', async () => {
    const text = await csvOf([
      ['a, "b"\nc', 3, -BEYOND_DOUBLES, AT, true],
      ['plain', null, null, null, null],
    ]);
    expect(text).toBe(
      `id,count,amount_nano,at,estimated\r\n"a, ""b""\nc",3,-9007199254740993,2026-11-22T12:00:00.000Z,true\r\nplain,,,,\r\n`,
    );
  });

  test('text that a spreadsheet would compute is disarmed, and numbers stay numbers', async () => {
    const armed = ['=1+1', '+1', '-1', '@sum(a1)', '\tx', '\rx', '=a,b'];
    const lines = (await csvOf(armed.map((text) => [text, -1, -2n, 0, false]))).split('\r\n').slice(1, -1);
    expect(lines.map((line) => line.slice(0, -37))).toEqual([
      "'=1+1",
      "'+1",
      "'-1",
      "'@sum(a1)",
      "'\tx",
      `"'\rx"`,
      `"'=a,b"`,
    ]);
    expect(lines[0]).toEndWith(',-1,-2,1970-01-01T00:00:00.000Z,false');
  });
});

describe('parquet', () => {
  test('keeps every nano-dollar, in types that say what they are', async () => {
    const rows: Cell[][] = [
      ['a', 1, BEYOND_DOUBLES, AT, true],
      ['中文', -2, MOST, AT + 1, false],
      ['c', 0, -MOST - 1n, 0, true],
      ['d', null, null, null, null],
    ];
    expect(await writeTable({ columns: COLUMNS, rows }, order('exact.parquet', 'parquet'))).toEqual({
      ok: true,
      value: 4,
    });
    const bytes = readFileSync(join(folder, 'exact.parquet'));
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const read = await parquetReadObjects({ file });
    expect(read.map((row) => [row['id'], row['amount_nano']])).toEqual(rows.map((row) => [row[0], row[2]]));
    expect(read.map((row) => [row['count'], row['at'], row['estimated']])).toEqual([
      [1n, new Date(AT), true],
      [-2n, new Date(AT + 1), false],
      [0n, new Date(0), true],
      [null, null, null],
    ]);
    const schema = parquetMetadata(file).schema.slice(1);
    expect(schema.map((column) => [column.name, column.type, column.converted_type])).toEqual([
      ['id', 'BYTE_ARRAY', 'UTF8'],
      ['count', 'INT64', undefined],
      ['amount_nano', 'INT64', undefined],
      ['at', 'INT64', 'TIMESTAMP_MILLIS'],
      ['estimated', 'BOOLEAN', undefined],
    ]);
  });

  test('a table without rows still says its columns', async () => {
    await writeTable({ columns: COLUMNS, rows: [] }, order('empty.parquet', 'parquet'));
    const bytes = readFileSync(join(folder, 'empty.parquet'));
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    expect(parquetMetadata(file).schema.length).toBe(COLUMNS.length + 1);
    expect(await parquetReadObjects({ file })).toEqual([]);
  });
});

describe('files', () => {
  for (const format of ['csv', 'parquet'] as const) {
    test(`${format}: rows are on their way to the disk before the last one is pulled`, async () => {
      const total = 120_000;
      let pulled = 0;
      const sizes: number[] = [];
      function* rows(): Generator<Cell[]> {
        for (; pulled < total; pulled++) yield [`row ${pulled}`, pulled, BigInt(pulled), AT, false];
      }
      const part = join(folder, `many.${format}.${process.pid}.part`);
      const more = { onProgress: () => void sizes.push(statSync(part).size) };
      const written = await writeTable({ columns: COLUMNS, rows: rows() }, order(`many.${format}`, format, more));
      expect(written).toEqual({ ok: true, value: total });
      expect(sizes.length).toBe(2);
      expect(Math.min(...sizes)).toBeGreaterThan(100_000);
    });
  }

  test('a folder that is not there is told', async () => {
    const written = await writeTable({ columns: COLUMNS, rows: [] }, order('absent/a.csv', 'csv'));
    expect(written).toEqual({ ok: false, refusal: `there is no folder ${join(folder, 'absent')}` });
  });

  test('a file that is there stays as it is, unless replacing it is asked for', async () => {
    const path = join(folder, 'kept.csv');
    writeFileSync(path, 'mine');
    const table = { columns: COLUMNS, rows: [['a', 1, 1n, AT, true]] };
    expect((await writeTable(table, order('kept.csv', 'csv'))).ok).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('mine');
    expect((await writeTable(table, order('kept.csv', 'csv', { force: true }))).ok).toBe(true);
    expect(readFileSync(path, 'utf8')).toContain('a,1,1,');
  });

  test('when the rows break off, nothing is left behind', async () => {
    // oxlint-disable-next-line require-yield -- the source fails before its first row
    async function* broken(): AsyncGenerator<Cell[]> {
      throw new Error('the disk went away');
    }
    const before = readdirSync(folder).length;
    const failed = await writeTable({ columns: COLUMNS, rows: broken() }, order('gone.csv', 'csv')).catch(
      (error) => error,
    );
    expect(String(failed)).toContain('the disk went away');
    expect(readdirSync(folder).length).toBe(before);
  });
});
