/** What SQLite and PostgreSQL both take as a parameter. Booleans are written as 0 and 1. */
export type SqlValue = string | number | bigint | null | Uint8Array;

/** Shape-compatible with Kysely's `CompiledQuery`, so `query.compile()` can be passed as it is. */
export interface WriteStatement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  /** The number of rows this statement must change or return; otherwise the whole unit is undone. */
  readonly expectRows?: number;
}

export type WriteOutcome =
  | { readonly ok: true; readonly value: readonly WriteResult[] }
  /** A statement did not meet `expectRows`, or broke a constraint; nothing of the unit was written. */
  | { readonly ok: false; readonly refusal: { readonly statement: number; readonly reason: 'rows' | 'constraint' } };

export interface WriteResult {
  readonly changes: number;
  /** Rows of a `returning` clause. */
  readonly rows: readonly Record<string, SqlValue>[];
}

/** Thrown when the store can take no more: the queue is full, the disk is full, or the store has stopped. */
export class StorageFault extends Error {
  override readonly name = 'StorageFault';
  readonly kind: 'queue_full' | 'disk_full' | 'io' | 'closed';
  constructor(kind: StorageFault['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/**
 * The one door through which rows change. Units are committed in groups (one transaction, one fsync, many units);
 * each unit is all or nothing, and one unit's refusal does not disturb its neighbours.
 */
export interface Writer {
  /** Resolves once the unit is durable. Units are applied in the order of these calls. Rejects with `StorageFault`. */
  write(unit: readonly WriteStatement[]): Promise<WriteOutcome>;
  /** Units waiting for a commit. */
  depth(): number;
  /** Waits for what was given to it, then closes. */
  close(): Promise<void>;
}
