import { closeSync, openSync, readSync } from 'node:fs';

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 10;

/**
 * The rows of a file of cells with commas between and a head, each as its cells; none of them holds a quote, a comma or a
 * line break. Synchronous: whoever reads has nothing else to do. The array is filled anew for each row.
 */
export function* readRows(path: string, cells: number): Generator<readonly string[]> {
  const file = openSync(path, 'r');
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES * 2);
  const row = Array.from({ length: cells }, () => '');
  let kept = 0;
  let isHead = true;
  try {
    for (;;) {
      const read = readSync(file, buffer, kept, CHUNK_BYTES, null);
      const filled = kept + read;
      const end = read === 0 ? filled : buffer.lastIndexOf(NEWLINE, filled - 1) + 1;
      if (end === 0 && read > 0 && filled >= CHUNK_BYTES) throw new Error('a row of a replay is too long');
      const text = buffer.toString('utf8', 0, end);
      let from = 0;
      while (from < text.length) {
        const stop = text.indexOf('\n', from);
        const line = stop === -1 ? text.length : stop;
        if (isHead) isHead = false;
        else {
          split(text, from, line, row);
          yield row;
        }
        from = line + 1;
      }
      if (read === 0) return;
      buffer.copy(buffer, 0, end, filled);
      kept = filled - end;
    }
  } finally {
    closeSync(file);
  }
}

function split(text: string, start: number, end: number, row: string[]): void {
  let from = start;
  const last = row.length - 1;
  for (let at = 0; at < last; at++) {
    const comma = text.indexOf(',', from);
    if (comma === -1 || comma > end) throw new Error('a row of a replay has too few cells');
    row[at] = text.slice(from, comma);
    from = comma + 1;
  }
  row[last] = text.slice(from, end);
}
