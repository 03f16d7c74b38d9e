import type { ArmedFailPoint } from '../../runtime/fail-point.ts';
import type { SqlValue } from './writer.ts';
import type { Migration } from './migration.ts';
import type { StorageStartError } from './start-error.ts';

/** What the main thread tells the writer thread. */
export type ToThread =
  | {
      readonly kind: 'open';
      readonly path: string;
      readonly migrations: readonly Migration[];
      readonly atMs: number;
      readonly walFramesMax: number;
      readonly failPoint: ArmedFailPoint | null;
    }
  | GroupMessage
  | { readonly kind: 'close' };

/**
 * Units to commit together. One flat array crosses between threads many times faster than nested ones do; for each
 * unit it holds: statement count, then for each statement: text id, `expectRows` or -1, parameter count, parameters.
 */
export interface GroupMessage {
  readonly kind: 'group';
  /** SQL texts the thread has not seen, by the ids used in `flat`. */
  readonly texts: readonly (readonly [id: number, sql: string])[];
  /** Forget every text sent before. */
  readonly forget: boolean;
  readonly flat: readonly unknown[];
}

export type ToMain =
  | { readonly kind: 'opened' }
  | { readonly kind: 'refused'; readonly reason: StorageStartError['kind']; readonly message: string }
  /** One for each unit of the oldest group in flight, in order; null when all of them came out plain. */
  | { readonly kind: 'committed'; readonly outcomes: readonly UnitOutcome[] | null }
  /** Nothing of the group was kept, and the thread goes on. */
  | { readonly kind: 'disk_full'; readonly message: string }
  /** The disk is not to be trusted any more; the thread takes nothing after this. */
  | { readonly kind: 'fatal'; readonly message: string }
  | { readonly kind: 'closed' };

/** What became of one unit. */
export type UnitOutcome =
  /** Plain: every statement changed exactly one row and returned none. */
  | null
  | { readonly changes: readonly number[]; readonly rows: readonly (readonly Record<string, SqlValue>[])[] }
  | { readonly refused: { readonly statement: number; readonly reason: 'rows' | 'constraint' } }
  /** The statement itself is wrong: a bug of whoever wrote it. */
  | { readonly bug: string };
