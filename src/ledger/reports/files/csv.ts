import { toIso } from '../../../base/calendar.ts';
import type { Cell, Column, Table } from './table.ts';

/** Text is handed on in pieces of about this many characters. */
const PIECE_CHARS = 64 * 1024;
const LINE_END = '\r\n';

/**
 * A table as CSV: header, CRLF, quotes where they are needed (RFC 4180). Money stays whole nano-dollars and times are
 * ISO 8601 in UTC. Text that a spreadsheet would take for a formula begins with an apostrophe instead; see
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
export async function* csvPieces({ columns, rows }: Table): AsyncGenerator<string> {
  let piece = columns.map((column) => quote(column.name)).join(',') + LINE_END;
  for await (const row of rows) {
    piece += columns.map((column, at) => csvCell(row[at] ?? null, column)).join(',') + LINE_END;
    if (piece.length < PIECE_CHARS) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

function csvCell(cell: Cell, column: Column): string {
  if (cell === null) return '';
  if (column.type === 'time') return toIso(Number(cell));
  if (column.type === 'text') return quote(disarm(String(cell)));
  return String(cell);
}

function disarm(text: string): string {
  return /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
