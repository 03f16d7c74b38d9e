import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';

type ResetTables = { person_reset: { digest: Uint8Array; person_id: string | null; expires_at_ms: number } };

/** Whose new password a link sets, while it holds. */
export async function readReset(reader: Reader, digest: Uint8Array, nowMs: number): Promise<string | null> {
  const row = await reader
    .withTables<ResetTables>()
    .selectFrom('person_reset')
    .select('person_id')
    .where('digest', '=', digest)
    .where('expires_at_ms', '>', nowMs)
    .executeTakeFirst();
  return row?.person_id ?? null;
}

/** `personId` is null where nobody has the address: the same row, which opens nothing. */
export function insertReset(digest: Uint8Array, personId: string | null, expiresAtMs: number): WriteStatement {
  return {
    sql: 'insert into person_reset (digest, person_id, expires_at_ms) values (?, ?, ?)',
    parameters: [digest, personId, expiresAtMs],
    expectRows: 1,
  };
}

/** Uses a link up; fails where it was. */
export function takeReset(digest: Uint8Array, nowMs: number): WriteStatement {
  return {
    sql: 'delete from person_reset where digest = ? and expires_at_ms > ?',
    parameters: [digest, nowMs],
    expectRows: 1,
  };
}

export function dropResetsOf(personId: string): WriteStatement {
  return { sql: 'delete from person_reset where person_id = ?', parameters: [personId] };
}

export function deleteExpiredResets(nowMs: number): WriteStatement {
  return { sql: 'delete from person_reset where expires_at_ms <= ?', parameters: [nowMs] };
}
