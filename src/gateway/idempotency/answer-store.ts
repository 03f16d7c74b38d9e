import type { Clock } from '../../base/clock.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { Writer } from '../../storage/sql/writer.ts';

/** Which repeated request an answer belongs to: whose key, and the SHA-256 of what it calls `Idempotency-Key`. */
export interface ClaimName {
  readonly keyId: string;
  readonly nameDigest: string;
}

/** A completed answer as it was sent. */
export interface StoredAnswer {
  readonly requestId: string;
  /** SHA-256 of the endpoint and the body it answers. */
  readonly bodyDigest: string;
  readonly contentType: string;
  /** Null when it was too large to be kept. */
  readonly body: string | null;
}

/** Completed answers of requests with an `Idempotency-Key`; content is kept because its caller asks for that. */
export interface AnswerStore {
  /** Only an answer whose request has its event, completed: before that it does not count. */
  find(name: ClaimName): Promise<StoredAnswer | null>;
  /**
   * Queues the answer; the record of its request must be written after this call, so that the record is never there
   * without the answer. Waits for nothing: if it cannot be kept, neither can the record.
   */
  keep(name: ClaimName, answer: StoredAnswer): void;
  /** Whether this key may have no more answers kept for it. */
  full(keyId: string): Promise<boolean>;
  /** Removes what is past its time; returns how many. */
  sweep(): Promise<number>;
}

type Tables = {
  idempotent_answer: {
    key_id: string;
    name_digest: string;
    request_id: string;
    body_digest: string;
    content_type: string;
    body: string | null;
    expires_at_ms: number;
  };
  usage_event: { id: string; outcome: string };
};

export interface AnswerStoreDeps {
  readonly reader: Reader;
  readonly writer: Writer;
  readonly clock: Clock;
  readonly retentionMs: number;
  readonly answersPerKeyMax: number;
}

const INSERT = `insert into idempotent_answer
  (key_id, name_digest, request_id, body_digest, content_type, body, expires_at_ms) values (?, ?, ?, ?, ?, ?, ?)
  on conflict (key_id, name_digest) do update set request_id = excluded.request_id, body_digest = excluded.body_digest,
  content_type = excluded.content_type, body = excluded.body, expires_at_ms = excluded.expires_at_ms`;
const SWEEP = `delete from idempotent_answer where request_id in
  (select request_id from idempotent_answer where expires_at_ms <= ? limit ?)`;
/** Rows removed in one write, so that a sweep never holds the writer for long. */
const SWEEP_ROWS_MAX = 200;

export function createAnswerStore(deps: AnswerStoreDeps): AnswerStore {
  const { writer, clock } = deps;
  const db = deps.reader.withTables<Tables>();
  /** Answers of each key that was asked about since the last sweep. */
  const counts = new Map<string, number>();

  async function countOf(keyId: string): Promise<number> {
    const known = counts.get(keyId);
    if (known !== undefined) return known;
    const { answers } = await db
      .selectFrom('idempotent_answer')
      .select(({ fn }) => fn.countAll<number>().as('answers'))
      .where('key_id', '=', keyId)
      .executeTakeFirstOrThrow();
    counts.set(keyId, answers);
    return answers;
  }

  return {
    async find({ keyId, nameDigest }) {
      const row = await db
        .selectFrom('idempotent_answer')
        .innerJoin('usage_event', 'usage_event.id', 'idempotent_answer.request_id')
        .select(['request_id', 'body_digest', 'content_type', 'body'])
        .where('idempotent_answer.key_id', '=', keyId)
        .where('name_digest', '=', nameDigest)
        .where('expires_at_ms', '>', clock.wallMs())
        .where('usage_event.outcome', '=', 'completed')
        .executeTakeFirst();
      if (!row) return null;
      const { request_id, body_digest, content_type, body } = row;
      return { requestId: request_id, bodyDigest: body_digest, contentType: content_type, body };
    },
    keep({ keyId, nameDigest }, { requestId, bodyDigest, contentType, body }) {
      const known = counts.get(keyId);
      // A sweep may have come since they were counted: the next to ask counts them anew.
      if (known !== undefined) counts.set(keyId, known + 1);
      const expiresAtMs = clock.wallMs() + deps.retentionMs;
      const parameters = [keyId, nameDigest, requestId, bodyDigest, contentType, body, expiresAtMs];
      // Whoever writes the record next meets the same disk, and tells the caller.
      writer.write([{ sql: INSERT, parameters, expectRows: 1 }]).catch(() => undefined);
    },
    full: async (keyId) => (await countOf(keyId)) >= deps.answersPerKeyMax,
    async sweep() {
      let removed = 0;
      for (;;) {
        const swept = await writer.write([{ sql: SWEEP, parameters: [clock.wallMs(), SWEEP_ROWS_MAX] }]);
        const gone = swept.ok ? (swept.value[0]?.changes ?? 0) : 0;
        removed += gone;
        if (gone < SWEEP_ROWS_MAX) break;
      }
      counts.clear();
      return removed;
    },
  };
}
