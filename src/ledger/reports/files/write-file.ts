import { existsSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ok, refuse, type Result } from '../../../base/result.ts';
import type { FileOrder } from '../contract.ts';
import { csvPieces } from './csv.ts';
import { writeParquet } from './parquet.ts';
import type { Cell, Table } from './table.ts';

const PROGRESS_ROWS = 50_000;

/**
 * Writes a table to a file that is whole or not there: it grows under another name beside it, is synced and then takes
 * its place. Resolves with the number of rows; refuses, in words, to replace a file. Memory does not grow with the rows.
 */
export async function writeTable(table: Table, order: FileOrder): Promise<Result<number, string>> {
  const taken = () => !order.force && existsSync(order.path);
  if (taken()) return refuse(`${order.path} exists; --force replaces it`);
  const folder = dirname(order.path);
  if (!existsSync(folder)) return refuse(`there is no folder ${folder}`);
  const growing = `${order.path}.${process.pid}.part`;
  const handle = await open(growing, 'wx', 0o600);
  try {
    const rows = await fill(handle, table, order);
    await handle.sync();
    await handle.close();
    if (taken()) return refuse(`${order.path} was made meanwhile; --force replaces it`);
    await rename(growing, order.path);
    return ok(rows);
  } finally {
    await handle.close().catch(() => undefined);
    await rm(growing, { force: true });
  }
}

async function fill(handle: FileHandle, table: Table, order: FileOrder): Promise<number> {
  let count = 0;
  async function* counted(): AsyncGenerator<readonly Cell[]> {
    for await (const row of table.rows) {
      yield row;
      if (++count % PROGRESS_ROWS === 0) order.onProgress(count);
    }
  }
  const source = { columns: table.columns, rows: counted() };
  if (order.format === 'parquet') await writeParquet(source, (bytes) => writeAll(handle, bytes));
  else for await (const piece of csvPieces(source)) await writeAll(handle, Buffer.from(piece));
  return count;
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.byteLength; ) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.byteLength - at);
    at += bytesWritten;
  }
}
