import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';

type EmailTables = {
  person_email_change: {
    person_id: string;
    email: string;
    email_key: string;
    old_digest: Uint8Array;
    new_digest: Uint8Array;
    old_confirmed: number;
    new_confirmed: number;
    expires_at_ms: number;
  };
};

/** A change of the mail address that waits for both addresses. */
export interface EmailChange {
  readonly personId: string;
  readonly email: string;
  readonly emailKey: string;
  readonly oldDigest: Uint8Array;
  readonly newDigest: Uint8Array;
  readonly oldConfirmed: boolean;
  readonly newConfirmed: boolean;
  readonly expiresAtMs: number;
}

export async function readEmailChange(reader: Reader, personId: string, nowMs: number): Promise<EmailChange | null> {
  const row = await reader
    .withTables<EmailTables>()
    .selectFrom('person_email_change')
    .selectAll()
    .where('person_id', '=', personId)
    .where('expires_at_ms', '>', nowMs)
    .executeTakeFirst();
  return row === undefined ? null : toChange(row);
}

/** The change one of whose two links this is. */
export async function readEmailChangeBy(
  reader: Reader,
  digest: Uint8Array,
  nowMs: number,
): Promise<EmailChange | null> {
  const row = await reader
    .withTables<EmailTables>()
    .selectFrom('person_email_change')
    .selectAll()
    .where(({ or, eb }) => or([eb('old_digest', '=', digest), eb('new_digest', '=', digest)]))
    .where('expires_at_ms', '>', nowMs)
    .executeTakeFirst();
  return row === undefined ? null : toChange(row);
}

/** Takes the place of the change before. */
export function putEmailChange(change: EmailChange): WriteStatement {
  return {
    sql: `insert or replace into person_email_change (person_id, email, email_key, old_digest, new_digest, old_confirmed,
      new_confirmed, expires_at_ms) values (?, ?, ?, ?, ?, ?, ?, ?)`,
    parameters: [
      change.personId,
      change.email,
      change.emailKey,
      change.oldDigest,
      change.newDigest,
      Number(change.oldConfirmed),
      Number(change.newConfirmed),
      change.expiresAtMs,
    ],
    expectRows: 1,
  };
}

/** Notes that the address of this link has confirmed. */
export function confirmBy(personId: string, digest: Uint8Array): WriteStatement {
  return {
    sql: `update person_email_change set old_confirmed = old_confirmed or old_digest = ?,
      new_confirmed = new_confirmed or new_digest = ? where person_id = ? and (old_digest = ? or new_digest = ?)`,
    parameters: [digest, digest, personId, digest, digest],
    expectRows: 1,
  };
}

/** Uses a change up that both addresses have confirmed; fails where one has not. */
export function takeEmailChange(personId: string, newDigest: Uint8Array): WriteStatement {
  return {
    sql: `delete from person_email_change where person_id = ? and new_digest = ? and old_confirmed = 1
      and new_confirmed = 1`,
    parameters: [personId, newDigest],
    expectRows: 1,
  };
}

export function dropEmailChange(personId: string): WriteStatement {
  return { sql: 'delete from person_email_change where person_id = ?', parameters: [personId] };
}

function toChange(row: EmailTables['person_email_change']): EmailChange {
  return {
    personId: row.person_id,
    email: row.email,
    emailKey: row.email_key,
    oldDigest: row.old_digest,
    newDigest: row.new_digest,
    oldConfirmed: row.old_confirmed === 1,
    newConfirmed: row.new_confirmed === 1,
    expiresAtMs: row.expires_at_ms,
  };
}
