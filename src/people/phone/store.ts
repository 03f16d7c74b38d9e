import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';

type PhoneTables = {
  person_phone: {
    person_id: string;
    digest: Uint8Array;
    ending: string;
    proved_at_ms: number;
    untold: Uint8Array | null;
  };
  person_phone_code: {
    person_id: string;
    sealed: Uint8Array;
    code_digest: Uint8Array;
    tries: number;
    expires_at_ms: number;
  };
};

/** The number somebody has proved: a keyed digest, so that none can be read from the store. */
export interface Phone {
  readonly personId: string;
  readonly digest: Uint8Array;
  /** Its last two digits. */
  readonly ending: string;
  readonly provedAtMs: number;
  /** The sealed number, until those who link accounts were told of it. */
  readonly untold: Uint8Array | null;
}

/** A code on its way. */
export interface PhoneCode {
  readonly personId: string;
  /** The number it went to. */
  readonly sealed: Uint8Array;
  readonly codeDigest: Uint8Array;
  readonly expiresAtMs: number;
}

export async function readPhone(reader: Reader, personId: string): Promise<Phone | null> {
  const row = await reader
    .withTables<PhoneTables>()
    .selectFrom('person_phone')
    .selectAll()
    .where('person_id', '=', personId)
    .executeTakeFirst();
  return row === undefined ? null : toPhone(row);
}

export async function readUntold(reader: Reader, limit: number): Promise<Phone[]> {
  const rows = await reader
    .withTables<PhoneTables>()
    .selectFrom('person_phone')
    .selectAll()
    .where('untold', 'is not', null)
    .limit(limit)
    .execute();
  return rows.map(toPhone);
}

export async function hasCode(reader: Reader, personId: string, nowMs: number): Promise<boolean> {
  const row = await reader
    .withTables<PhoneTables>()
    .selectFrom('person_phone_code')
    .select('person_id')
    .where('person_id', '=', personId)
    .where('expires_at_ms', '>', nowMs)
    .executeTakeFirst();
  return row !== undefined;
}

/** Takes the place of the code before. */
export function putCode({ personId, sealed, codeDigest, expiresAtMs }: PhoneCode): WriteStatement {
  return {
    sql: `insert or replace into person_phone_code (person_id, sealed, code_digest, tries, expires_at_ms)
      values (?, ?, ?, 0, ?)`,
    parameters: [personId, sealed, codeDigest, expiresAtMs],
    expectRows: 1,
  };
}

/** Counts a try before it is compared, and returns what to compare with; changes nothing where the code is dead. */
export function tryCode(personId: string, triesMax: number, nowMs: number): WriteStatement {
  return {
    sql: `update person_phone_code set tries = tries + 1 where person_id = ? and tries < ? and expires_at_ms > ?
      returning sealed, code_digest`,
    parameters: [personId, triesMax, nowMs],
    expectRows: 1,
  };
}

/** Uses a code up; fails where it was, or where another took its place. */
export function takeCode(personId: string, codeDigest: Uint8Array): WriteStatement {
  return {
    sql: 'delete from person_phone_code where person_id = ? and code_digest = ?',
    parameters: [personId, codeDigest],
    expectRows: 1,
  };
}

/** Forgets a code that was not sent. */
export function dropCode(personId: string, codeDigest: Uint8Array): WriteStatement {
  return {
    sql: 'delete from person_phone_code where person_id = ? and code_digest = ?',
    parameters: [personId, codeDigest],
  };
}

/** Forgets codes that are too old. */
export function deleteExpiredCodes(nowMs: number): WriteStatement {
  return { sql: 'delete from person_phone_code where expires_at_ms <= ?', parameters: [nowMs] };
}

/** Takes the place of the number before. One that somebody else has breaks a constraint. */
export function putPhone({ personId, digest, ending, provedAtMs, untold }: Phone): WriteStatement {
  return {
    sql: `insert into person_phone (person_id, digest, ending, proved_at_ms, untold) values (?, ?, ?, ?, ?)
      on conflict (person_id) do update set digest = excluded.digest, ending = excluded.ending,
        proved_at_ms = excluded.proved_at_ms, untold = excluded.untold`,
    parameters: [personId, digest, ending, provedAtMs, untold],
    expectRows: 1,
  };
}

/** Changes nothing where another number took its place. */
export function setTold(personId: string, digest: Uint8Array): WriteStatement {
  return {
    sql: 'update person_phone set untold = null where person_id = ? and digest = ?',
    parameters: [personId, digest],
  };
}

export function erasePhoneOf(personId: string): WriteStatement[] {
  return ['person_phone', 'person_phone_code'].map((table) => ({
    sql: `delete from ${table} where person_id = ?`,
    parameters: [personId],
  }));
}

function toPhone(row: PhoneTables['person_phone']): Phone {
  return {
    personId: row.person_id,
    digest: row.digest,
    ending: row.ending,
    provedAtMs: row.proved_at_ms,
    untold: row.untold,
  };
}
