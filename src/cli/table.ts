/** Lines of left-aligned columns, two spaces apart, with a head; no trailing spaces. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return [head, ...rows].map((cells) => `${line(cells)}\n`).join('');
}

/** A time of an answer as columns headed `(UTC)` show it: `2026-11-22 12:00`. */
export function minuteOf(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}
