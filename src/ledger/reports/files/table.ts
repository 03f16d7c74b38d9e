/** What a column holds: `nano` is money in nano-dollars, `time` wall milliseconds since 1970 UTC. */
export type ColumnType = 'text' | 'integer' | 'nano' | 'time' | 'truth';

/** Null is a value that is not known or does not apply, whatever the type. */
export type Cell = string | number | bigint | boolean | null;

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/** Rows to be written to a file, pulled as they are written; each has a cell for each column. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: AsyncIterable<readonly Cell[]> | Iterable<readonly Cell[]>;
}
