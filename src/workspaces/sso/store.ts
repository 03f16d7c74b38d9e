/** The table of single sign-on, and every statement that writes it. */
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { GivenRole } from '../contract.ts';

type SsoTables = {
  workspace_sso: {
    account_id: string;
    issuer: string;
    client_id: string;
    secret: Uint8Array;
    required: 0 | 1;
    join_role: GivenRole;
    changed_at_ms: number;
  };
};

export interface SsoSettings {
  readonly accountId: string;
  readonly issuer: string;
  readonly clientId: string;
  /** Sealed. */
  readonly secret: Uint8Array;
  readonly required: boolean;
  readonly joinRole: GivenRole;
  readonly changedAtMs: number;
}

export async function readSso(reader: Reader, accountId: string): Promise<SsoSettings | null> {
  const row = await reader
    .withTables<SsoTables>()
    .selectFrom('workspace_sso')
    .selectAll()
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    accountId: row.account_id,
    issuer: row.issuer,
    clientId: row.client_id,
    secret: row.secret,
    required: row.required === 1,
    joinRole: row.join_role,
    changedAtMs: row.changed_at_ms,
  };
}

export function putSso(sso: SsoSettings): WriteStatement {
  return {
    sql: `insert or replace into workspace_sso (account_id, issuer, client_id, secret, required, join_role, changed_at_ms)
      values (?, ?, ?, ?, ?, ?, ?)`,
    parameters: [
      sso.accountId,
      sso.issuer,
      sso.clientId,
      sso.secret,
      sso.required ? 1 : 0,
      sso.joinRole,
      sso.changedAtMs,
    ],
    expectRows: 1,
  };
}

/** Makes the unit fail unless the workspace has a domain that was shown to be its own. */
export function requireVerifiedDomain(accountId: string): WriteStatement {
  return {
    sql: `select 1 where exists (select 1 from workspace_domain where account_id = ? and verified_at_ms is not null)`,
    parameters: [accountId],
    expectRows: 1,
  };
}

export function deleteSso(accountId: string): WriteStatement {
  return { sql: 'delete from workspace_sso where account_id = ?', parameters: [accountId] };
}
