import type { Kysely } from 'kysely';
import type { Clock } from '../base/clock.ts';
import { ok, refuse, type Result } from '../base/result.ts';
import type { Reader } from '../storage/sql/storage.ts';
import type { Writer } from '../storage/sql/writer.ts';
import type { StoredResponse } from './openai/responses/stored.ts';

export type HistoryRefusal = { readonly reason: 'not_found'; readonly id: string } | { readonly reason: 'too_long' };

/**
 * The responses callers asked to keep. Content stands in the database only because its caller stores it there.
 * Every verb names the account: what another one owns is as good as absent.
 */
export interface StoredResponses {
  keep(id: string, accountId: string, stored: StoredResponse): Promise<'kept' | 'too_large'>;
  find(id: string, accountId: string): Promise<StoredResponse | null>;
  /** A response and those it continues, oldest first; no more than may be loaded for one request. */
  history(id: string, accountId: string): Promise<Result<StoredResponse[], HistoryRefusal>>;
  /** Whether there was one. */
  forget(id: string, accountId: string): Promise<boolean>;
  /** Removes all that is past its time; returns how many. */
  sweep(): Promise<number>;
}

type Tables = {
  stored_response: {
    id: string;
    account_id: string;
    created_at_ms: number;
    expires_at_ms: number;
    response: string;
    input_items: string;
  };
};

export interface StoredResponsesDeps {
  readonly reader: Reader;
  readonly writer: Writer;
  readonly clock: Clock;
  readonly retentionDays: number;
  readonly bytesMax: number;
}

const DAY_MS = 86_400_000;
/** Turns and characters of one conversation that are loaded for a request which continues it. */
const TURNS_MAX = 200;
const HISTORY_CHARS_MAX = 8_388_608;
/** Rows removed in one write, so that a sweep never holds the writer for long. */
const SWEEP_ROWS_MAX = 500;

type Row = Pick<Tables['stored_response'], 'response' | 'input_items'>;

function parseRow(row: Row): StoredResponse {
  return { response: JSON.parse(row.response), inputItems: JSON.parse(row.input_items) };
}

export function createStoredResponses(deps: StoredResponsesDeps): StoredResponses {
  const { writer, clock } = deps;
  const db = deps.reader.withTables<Tables>();
  const readRow = (id: string, accountId: string): Promise<Row | undefined> =>
    db
      .selectFrom('stored_response')
      .select(['response', 'input_items'])
      .where('id', '=', id)
      .where('account_id', '=', accountId)
      .where('expires_at_ms', '>', clock.wallMs())
      .executeTakeFirst();
  return {
    async keep(id, accountId, stored) {
      const response = JSON.stringify(stored.response);
      const inputItems = JSON.stringify(stored.inputItems);
      if (Buffer.byteLength(response) + Buffer.byteLength(inputItems) > deps.bytesMax) return 'too_large';
      const now = clock.wallMs();
      await writer.write([
        db
          .insertInto('stored_response')
          .values({
            id,
            account_id: accountId,
            created_at_ms: now,
            expires_at_ms: now + deps.retentionDays * DAY_MS,
            response,
            input_items: inputItems,
          })
          .compile(),
      ]);
      return 'kept';
    },
    async find(id, accountId) {
      const row = await readRow(id, accountId);
      return row ? parseRow(row) : null;
    },
    async history(id, accountId) {
      const turns: StoredResponse[] = [];
      let chars = 0;
      let next: string | null = id;
      while (next !== null) {
        const row = await readRow(next, accountId);
        if (!row) return refuse({ reason: 'not_found', id: next });
        chars += row.response.length + row.input_items.length;
        if (turns.length >= TURNS_MAX || chars > HISTORY_CHARS_MAX) return refuse({ reason: 'too_long' });
        const turn = parseRow(row);
        turns.push(turn);
        const before = turn.response.previous_response_id;
        next = typeof before === 'string' ? before : null;
      }
      return ok(turns.reverse());
    },
    async forget(id, accountId) {
      const remove = db.deleteFrom('stored_response').where('id', '=', id).where('account_id', '=', accountId);
      const removed = await writer.write([remove.compile()]);
      return removed.ok && (removed.value[0]?.changes ?? 0) > 0;
    },
    async sweep() {
      let removed = 0;
      for (;;) {
        const gone = await removeExpired(db, writer, clock.wallMs());
        removed += gone;
        if (gone < SWEEP_ROWS_MAX) return removed;
      }
    },
  };
}

/** One write's worth of what is past its time; returns how many rows that was. */
async function removeExpired(db: Kysely<Tables>, writer: Writer, nowMs: number): Promise<number> {
  const expired = db.selectFrom('stored_response').select('id').where('expires_at_ms', '<=', nowMs);
  const some = expired.limit(SWEEP_ROWS_MAX);
  const removed = await writer.write([db.deleteFrom('stored_response').where('id', 'in', some).compile()]);
  return removed.ok ? (removed.value[0]?.changes ?? 0) : 0;
}
