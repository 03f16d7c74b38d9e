import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';

type IdentityTables = {
  person_identity: {
    id: string;
    person_id: string;
    scope: string;
    subject: string;
    email: string | null;
    created_at_ms: number;
    last_used_at_ms: number | null;
  };
  person_passkey: { person_id: string };
};

/** An account of another service that somebody signs in with. */
export interface Identity {
  readonly id: string;
  readonly personId: string;
  /** Who vouches for it, in words of the code: an issuer, a token endpoint, or a workspace and its issuer. */
  readonly scope: string;
  readonly subject: string;
  /** As the service told it last, for people to tell them apart; nothing is decided by it. */
  readonly email: string | null;
  readonly createdAtMs: number;
  readonly lastUsedAtMs: number | null;
}

/** What the scope of a single sign-on begins with. */
export const SSO_SCOPE = 'sso ';

export async function readIdentity(reader: Reader, scope: string, subject: string): Promise<Identity | null> {
  const row = await reader
    .withTables<IdentityTables>()
    .selectFrom('person_identity')
    .selectAll()
    .where('scope', '=', scope)
    .where('subject', '=', subject)
    .executeTakeFirst();
  return row === undefined ? null : toIdentity(row);
}

export async function readIdentitiesOf(reader: Reader, personId: string): Promise<Identity[]> {
  const rows = await reader
    .withTables<IdentityTables>()
    .selectFrom('person_identity')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('id')
    .execute();
  return rows.map(toIdentity);
}

/** Whether somebody can sign in with a passkey or another service. */
export async function hasOtherWays(reader: Reader, personId: string): Promise<boolean> {
  const tables = reader.withTables<IdentityTables>();
  const passkey = await tables
    .selectFrom('person_passkey')
    .select('person_id')
    .where('person_id', '=', personId)
    .executeTakeFirst();
  return passkey !== undefined || (await readIdentitiesOf(reader, personId)).length > 0;
}

/** An account of a service that somebody has breaks a constraint. */
export function insertIdentity(identity: Identity): WriteStatement {
  return {
    sql: `insert into person_identity (id, person_id, scope, subject, email, created_at_ms, last_used_at_ms)
      values (?, ?, ?, ?, ?, ?, ?)`,
    parameters: [
      identity.id,
      identity.personId,
      identity.scope,
      identity.subject,
      identity.email,
      identity.createdAtMs,
      identity.lastUsedAtMs,
    ],
    expectRows: 1,
  };
}

/** Makes the unit fail where it was disconnected meanwhile. */
export function useIdentity(id: string, email: string | null, atMs: number): WriteStatement {
  return {
    sql: 'update person_identity set last_used_at_ms = ?, email = ? where id = ?',
    parameters: [atMs, email, id],
    expectRows: 1,
  };
}

/** Changes nothing where it is the last way in. */
export function deleteIdentity(personId: string, id: string): WriteStatement {
  return {
    sql: `delete from person_identity where id = ? and person_id = ? and (
      exists (select 1 from person where id = ? and password is not null)
      or exists (select 1 from person_identity where person_id = ? and id <> ?)
      or exists (select 1 from person_passkey where person_id = ?))`,
    parameters: [id, personId, personId, personId, id, personId],
    expectRows: 1,
  };
}

export function eraseIdentitiesOf(personId: string): WriteStatement {
  return { sql: 'delete from person_identity where person_id = ?', parameters: [personId] };
}

function toIdentity(row: IdentityTables['person_identity']): Identity {
  return {
    id: row.id,
    personId: row.person_id,
    scope: row.scope,
    subject: row.subject,
    email: row.email,
    createdAtMs: row.created_at_ms,
    lastUsedAtMs: row.last_used_at_ms,
  };
}
