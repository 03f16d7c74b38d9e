/** Columns of numbers that grow by half when they are full. */
const GROWTH = 1.5;

export function roomFor<Column extends Uint8Array | Uint16Array | Int32Array | Uint32Array | Float64Array>(
  column: Column,
  count: number,
): Column {
  if (count <= column.length) return column;
  const Made = column.constructor as new (length: number) => Column;
  const grown = new Made(Math.max(count, Math.ceil(column.length * GROWTH)));
  grown.set(column);
  return grown;
}
