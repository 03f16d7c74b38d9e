import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';

type FactorTables = {
  person_recovery_code: { person_id: string; digest: Uint8Array };
  person_totp_draft: { person_id: string; sealed: Uint8Array; expires_at_ms: number };
};

export async function countRecoveryCodes(reader: Reader, personId: string): Promise<number> {
  const row = await reader
    .withTables<FactorTables>()
    .selectFrom('person_recovery_code')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('person_id', '=', personId)
    .executeTakeFirstOrThrow();
  return row.count;
}

export async function hasRecoveryCode(reader: Reader, personId: string, digest: Uint8Array): Promise<boolean> {
  const row = await reader
    .withTables<FactorTables>()
    .selectFrom('person_recovery_code')
    .select('person_id')
    .where('person_id', '=', personId)
    .where('digest', '=', digest)
    .executeTakeFirst();
  return row !== undefined;
}

/** Uses a recovery code up; changes nothing when it was used. */
export function takeRecoveryCode(personId: string, digest: Uint8Array): WriteStatement {
  return {
    sql: 'delete from person_recovery_code where person_id = ? and digest = ?',
    parameters: [personId, digest],
    expectRows: 1,
  };
}

export function dropRecoveryCodes(personId: string): WriteStatement {
  return { sql: 'delete from person_recovery_code where person_id = ?', parameters: [personId] };
}

export function insertRecoveryCode(personId: string, digest: Uint8Array): WriteStatement {
  return {
    sql: 'insert into person_recovery_code (person_id, digest) values (?, ?)',
    parameters: [personId, digest],
    expectRows: 1,
  };
}

/** The secret that waits for its first code; null when none does. */
export async function readDraft(reader: Reader, personId: string, nowMs: number): Promise<Uint8Array | null> {
  const row = await reader
    .withTables<FactorTables>()
    .selectFrom('person_totp_draft')
    .select('sealed')
    .where('person_id', '=', personId)
    .where('expires_at_ms', '>', nowMs)
    .executeTakeFirst();
  return row?.sealed ?? null;
}

/** Takes the place of the draft before. */
export function putDraft(personId: string, sealed: Uint8Array, expiresAtMs: number): WriteStatement {
  return {
    sql: 'insert or replace into person_totp_draft (person_id, sealed, expires_at_ms) values (?, ?, ?)',
    parameters: [personId, sealed, expiresAtMs],
    expectRows: 1,
  };
}

/** Uses the draft up; fails where it was replaced. */
export function takeDraft(personId: string, sealed: Uint8Array): WriteStatement {
  return {
    sql: 'delete from person_totp_draft where person_id = ? and sealed = ?',
    parameters: [personId, sealed],
    expectRows: 1,
  };
}

export function dropDraft(personId: string): WriteStatement {
  return { sql: 'delete from person_totp_draft where person_id = ?', parameters: [personId] };
}
