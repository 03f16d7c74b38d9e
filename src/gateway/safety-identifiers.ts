import { createHmac } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { loadSecretFile } from '../storage/secret-file.ts';
import type { Storage } from '../storage/sql/storage.ts';
import type { WriteStatement } from '../storage/sql/writer.ts';

/** Whom an upstream's word is about: one end user, or an account whose requests name none. */
export interface Identified {
  readonly accountId: string;
  readonly endUser: string | null;
}

/**
 * What upstreams know people by: a keyed digest that says nothing of them, the same for every request, so that an upstream
 * can cut off one of them and not all of us, and that leads back to them here alone.
 */
export interface SafetyIdentifiers {
  /** 64 hex digits. Noted in the background, once a day for each, so that it can be led back. */
  of(accountId: string, endUser: string | null): string;
  /** Null where this service sent no such identifier in the last days. */
  resolve(identifier: string): Promise<Identified | null>;
  /** Forgets for whom an account that was erased was known. */
  forget(accountId: string): Promise<void>;
  /** Removes what was not sent for so long; returns how many. */
  sweep(): Promise<number>;
}

export interface SafetyIdentifiersDeps {
  readonly storage: Pick<Storage, 'dataDir' | 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly random: Random;
}

type Tables = {
  issued_identifier: { identifier: string; account_id: string; end_user: string | null; last_at_ms: number };
};

const SECRET_FILE = 'safety-identifier-key';
const DAY_MS = 86_400_000;
/** Upstreams warn days after a request, and cut off about a week after that. */
const KEPT_MS = 90 * DAY_MS;
/** Identifiers whose note of today is remembered; the longest known goes first, and is noted again. */
const NOTED_MAX = 100_000;
const SWEEP_ROWS_MAX = 500;

export function createSafetyIdentifiers({ storage, clock, random }: SafetyIdentifiersDeps): SafetyIdentifiers {
  const { reader, writer } = storage;
  const secret = loadSecretFile(storage.dataDir, SECRET_FILE, random);
  /** When each was noted last, wall milliseconds. */
  const noted = new Map<string, number>();

  function note(identifier: string, { accountId, endUser }: Identified): void {
    const nowMs = clock.wallMs();
    const last = noted.get(identifier);
    if (last !== undefined && Math.abs(nowMs - last) < DAY_MS) return;
    if (noted.size >= NOTED_MAX) forgetOldest(noted);
    noted.set(identifier, nowMs);
    // What could not be noted is noted with the next request.
    writer.write([upsert(identifier, accountId, endUser, nowMs)]).catch(() => void noted.delete(identifier));
  }

  return {
    of(accountId, endUser) {
      const identifier = createHmac('sha256', secret)
        .update(`${accountId}\n${endUser ?? ''}`)
        .digest('hex');
      note(identifier, { accountId, endUser });
      return identifier;
    },
    async resolve(identifier) {
      const row = await reader
        .withTables<Tables>()
        .selectFrom('issued_identifier')
        .selectAll()
        .where('identifier', '=', identifier)
        .where('last_at_ms', '>', clock.wallMs() - KEPT_MS)
        .executeTakeFirst();
      return row === undefined ? null : { accountId: row.account_id, endUser: row.end_user };
    },
    async forget(accountId) {
      await writer.write([{ sql: 'delete from issued_identifier where account_id = ?', parameters: [accountId] }]);
    },
    async sweep() {
      let removed = 0;
      for (;;) {
        const outcome = await writer.write([removeUnused(clock.wallMs() - KEPT_MS)]);
        const gone = outcome.ok ? (outcome.value[0]?.changes ?? 0) : 0;
        removed += gone;
        if (gone < SWEEP_ROWS_MAX) return removed;
      }
    },
  };
}

function forgetOldest(noted: Map<string, number>): void {
  const [oldest] = noted.keys();
  if (oldest !== undefined) noted.delete(oldest);
}

function upsert(identifier: string, accountId: string, endUser: string | null, atMs: number): WriteStatement {
  return {
    sql: `insert into issued_identifier (identifier, account_id, end_user, last_at_ms) values (?, ?, ?, ?)
      on conflict (identifier) do update set last_at_ms = excluded.last_at_ms`,
    parameters: [identifier, accountId, endUser, atMs],
  };
}

function removeUnused(beforeMs: number): WriteStatement {
  return {
    sql: `delete from issued_identifier where identifier in
      (select identifier from issued_identifier where last_at_ms <= ? limit ?)`,
    parameters: [beforeMs, SWEEP_ROWS_MAX],
  };
}
