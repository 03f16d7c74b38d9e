import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';

type PasskeyTables = {
  person_passkey: {
    id: string;
    person_id: string;
    credential_id: string;
    public_key: Uint8Array;
    counter: number;
    transports: string;
    synced: number;
    name: string;
    created_at_ms: number;
    last_used_at_ms: number | null;
  };
};

/** A passkey of somebody: the public half of a pair of keys. */
export interface Passkey {
  readonly id: string;
  readonly personId: string;
  /** What the authenticator calls it, in base64url. */
  readonly credentialId: string;
  readonly publicKey: Uint8Array<ArrayBuffer>;
  /** How often the authenticator says it was used; 0 where it does not count. */
  readonly counter: number;
  /** Ways to reach the authenticator, as it told them. */
  readonly transports: readonly string[];
  readonly synced: boolean;
  readonly name: string;
  readonly createdAtMs: number;
  readonly lastUsedAtMs: number | null;
}

export async function readPasskeysOf(reader: Reader, personId: string): Promise<Passkey[]> {
  const rows = await reader
    .withTables<PasskeyTables>()
    .selectFrom('person_passkey')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('id')
    .execute();
  return rows.map(toPasskey);
}

export async function readPasskey(reader: Reader, by: 'id' | 'credential_id', value: string): Promise<Passkey | null> {
  const row = await reader
    .withTables<PasskeyTables>()
    .selectFrom('person_passkey')
    .selectAll()
    .where(by, '=', value)
    .executeTakeFirst();
  return row === undefined ? null : toPasskey(row);
}

/** Changes nothing where they have `passkeysMax` already. A credential that is known breaks a constraint. */
export function insertPasskey(passkey: Passkey, passkeysMax: number): WriteStatement {
  return {
    sql: `insert into person_passkey (id, person_id, credential_id, public_key, counter, transports, synced, name,
      created_at_ms, last_used_at_ms)
      select ?, ?, ?, ?, ?, ?, ?, ?, ?, ? where (select count(*) from person_passkey where person_id = ?) < ?`,
    parameters: [
      passkey.id,
      passkey.personId,
      passkey.credentialId,
      passkey.publicKey,
      passkey.counter,
      JSON.stringify(passkey.transports),
      passkey.synced ? 1 : 0,
      passkey.name,
      passkey.createdAtMs,
      passkey.lastUsedAtMs,
      passkey.personId,
      passkeysMax,
    ],
    expectRows: 1,
  };
}

/** Makes the unit fail where the counter did not grow meanwhile: of two copies of a key, one stays out. */
export function usePasskey(id: string, counter: number, atMs: number): WriteStatement {
  return {
    sql: `update person_passkey set counter = ?, last_used_at_ms = ?
      where id = ? and (counter < ? or (counter = 0 and ? = 0))`,
    parameters: [counter, atMs, id, counter, counter],
    expectRows: 1,
  };
}

export function renamePasskey(personId: string, id: string, name: string): WriteStatement {
  return {
    sql: 'update person_passkey set name = ? where id = ? and person_id = ?',
    parameters: [name, id, personId],
    expectRows: 1,
  };
}

/** Changes nothing where it is the last way in. */
export function deletePasskey(personId: string, id: string): WriteStatement {
  return {
    sql: `delete from person_passkey where id = ? and person_id = ? and (
      exists (select 1 from person where id = ? and password is not null)
      or exists (select 1 from person_passkey where person_id = ? and id <> ?)
      or exists (select 1 from person_identity where person_id = ?))`,
    parameters: [id, personId, personId, personId, id, personId],
    expectRows: 1,
  };
}

export function erasePasskeysOf(personId: string): WriteStatement {
  return { sql: 'delete from person_passkey where person_id = ?', parameters: [personId] };
}

function toPasskey(row: PasskeyTables['person_passkey']): Passkey {
  return {
    id: row.id,
    personId: row.person_id,
    credentialId: row.credential_id,
    publicKey: new Uint8Array(row.public_key),
    counter: row.counter,
    transports: JSON.parse(row.transports) as string[],
    synced: row.synced === 1,
    name: row.name,
    createdAtMs: row.created_at_ms,
    lastUsedAtMs: row.last_used_at_ms,
  };
}
