import { ByteWriter, parquetWriteRows } from 'hyparquet-writer';
import type { Cell, Column, ColumnType, Table } from './table.ts';

/** Rows held in memory at once. */
const GROUP_ROWS = 20_000;

const PARQUET_TYPES = {
  text: 'STRING',
  integer: 'INT64',
  nano: 'INT64',
  time: 'TIMESTAMP',
  truth: 'BOOLEAN',
} as const satisfies Record<ColumnType, string>;

/**
 * Writes a table as Parquet, a row group at a time: `write` gets bytes that follow one another and the next rows are
 * pulled once it has resolved. Money is INT64 nano-dollars, times are TIMESTAMP_MILLIS.
 */
export async function writeParquet(table: Table, write: (bytes: Uint8Array) => Promise<void>): Promise<void> {
  const buffer = new ByteWriter();
  const flush = async () => {
    await write(new Uint8Array(buffer.buffer, 0, buffer.index));
    buffer.index = 0;
  };
  const writer = Object.assign(buffer, { flush, finish: flush });
  await parquetWriteRows({
    writer,
    rows: namedRows(table),
    columns: table.columns.map(({ name, type }) => ({ name, type: PARQUET_TYPES[type] })),
    rowGroupSize: GROUP_ROWS,
    createdBy: 'candor',
  });
}

async function* namedRows({ columns, rows }: Table): AsyncGenerator<Record<string, unknown>> {
  for await (const row of rows) {
    yield Object.fromEntries(columns.map((column, at) => [column.name, parquetCell(row[at] ?? null, column)]));
  }
}

function parquetCell(cell: Cell, { type }: Column): unknown {
  if (cell === null || typeof cell === 'boolean') return cell;
  return type === 'text' ? String(cell) : BigInt(cell);
}
