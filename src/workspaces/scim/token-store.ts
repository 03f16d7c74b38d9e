/** The table of the tokens of directories, and every statement that writes it. */
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import { SCIM_TOKENS_MAX } from '../contract.ts';

type TokenTables = {
  scim_token: {
    id: string;
    account_id: string;
    name: string;
    digest: Uint8Array;
    created_at_ms: number;
    last_used_at_ms: number | null;
  };
};

export interface ScimToken {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly lastUsedAtMs: number | null;
}

const tokens = (reader: Reader) => reader.withTables<TokenTables>().selectFrom('scim_token').selectAll();

export async function readTokens(reader: Reader, accountId: string): Promise<ScimToken[]> {
  const rows = await tokens(reader).where('account_id', '=', accountId).orderBy('id').execute();
  return rows.map(toToken);
}

export async function readToken(reader: Reader, digest: Uint8Array): Promise<ScimToken | null> {
  const row = await tokens(reader).where('digest', '=', digest).executeTakeFirst();
  return row === undefined ? null : toToken(row);
}

/** Changes nothing when there are as many as there may be. */
export function insertToken({ id, accountId, name, createdAtMs }: ScimToken, digest: Uint8Array): WriteStatement {
  return {
    sql: `insert into scim_token (id, account_id, name, digest, created_at_ms)
      select ?, ?, ?, ?, ? where (select count(*) from scim_token where account_id = ?) < ?`,
    parameters: [id, accountId, name, digest, createdAtMs, accountId, SCIM_TOKENS_MAX],
    expectRows: 1,
  };
}

export function deleteToken(accountId: string, id: string): WriteStatement {
  return {
    sql: 'delete from scim_token where account_id = ? and id = ?',
    parameters: [accountId, id],
    expectRows: 1,
  };
}

export function setTokenUsed(id: string, atMs: number): WriteStatement {
  return { sql: 'update scim_token set last_used_at_ms = ? where id = ?', parameters: [atMs, id] };
}

function toToken(row: TokenTables['scim_token']): ScimToken {
  return {
    id: row.id,
    accountId: row.account_id,
    name: row.name,
    createdAtMs: row.created_at_ms,
    lastUsedAtMs: row.last_used_at_ms,
  };
}
