/** The table of mail domains, and every statement that writes it. */
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import { DOMAINS_MAX, type GivenRole } from '../contract.ts';

type DomainTables = { workspace_domain: DomainRow };

type DomainRow = {
  id: string;
  account_id: string;
  domain: string;
  proof: string;
  code_digest: Uint8Array | null;
  code_expires_at_ms: number | null;
  code_tries: number;
  verified_at_ms: number | null;
  verified_by: 'dns' | 'mail' | null;
  capture: 0 | 1;
  join_role: GivenRole;
  created_at_ms: number;
};

export interface MailDomain {
  readonly id: string;
  readonly accountId: string;
  readonly domain: string;
  /** What the TXT record must say; not a secret. */
  readonly proof: string;
  readonly verifiedAtMs: number | null;
  readonly verifiedBy: 'dns' | 'mail' | null;
  readonly capture: boolean;
  readonly joinRole: GivenRole;
}

const domains = (reader: Reader) => reader.withTables<DomainTables>().selectFrom('workspace_domain').selectAll();

/** The part behind the last `@`. */
export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1).toLowerCase();
}

export async function readDomains(reader: Reader, accountId: string): Promise<MailDomain[]> {
  const rows = await domains(reader).where('account_id', '=', accountId).orderBy('domain').execute();
  return rows.map(toDomain);
}

export async function readDomain(reader: Reader, accountId: string, id: string): Promise<MailDomain | null> {
  const row = await domains(reader).where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : toDomain(row);
}

/** The workspace that has shown that a domain is its own. */
export async function readDomainOwner(reader: Reader, domain: string): Promise<string | null> {
  return (await readVerified(reader, domain))?.accountId ?? null;
}

/** The domain, where people who sign up with an address of it are told to join. */
export async function readCapturing(reader: Reader, domain: string): Promise<MailDomain | null> {
  const found = await readVerified(reader, domain);
  return found?.capture === true ? found : null;
}

async function readVerified(reader: Reader, domain: string): Promise<MailDomain | null> {
  const row = await domains(reader)
    .where('domain', '=', domain)
    .where('verified_at_ms', 'is not', null)
    .executeTakeFirst();
  return row === undefined ? null : toDomain(row);
}

/** Changes nothing when there are as many as there may be. Breaks a constraint where the account has named it already. */
export function insertDomain(domain: MailDomain, atMs: number): WriteStatement {
  return {
    sql: `insert into workspace_domain (id, account_id, domain, proof, code_tries, capture, join_role, created_at_ms)
      select ?, ?, ?, ?, 0, 0, ?, ? where (select count(*) from workspace_domain where account_id = ?) < ?`,
    parameters: [
      domain.id,
      domain.accountId,
      domain.domain,
      domain.proof,
      domain.joinRole,
      atMs,
      domain.accountId,
      DOMAINS_MAX,
    ],
    expectRows: 1,
  };
}

/** Breaks a constraint where another workspace has shown that it is its own. */
export function setVerified(id: string, by: 'dns' | 'mail', atMs: number): WriteStatement {
  return {
    sql: `update workspace_domain set verified_at_ms = ?, verified_by = ?, code_digest = null
      where id = ? and verified_at_ms is null`,
    parameters: [atMs, by, id],
    expectRows: 1,
  };
}

export function setCode(id: string, digest: Uint8Array, expiresAtMs: number): WriteStatement {
  return {
    sql: `update workspace_domain set code_digest = ?, code_expires_at_ms = ?, code_tries = 0
      where id = ? and verified_at_ms is null`,
    parameters: [digest, expiresAtMs, id],
    expectRows: 1,
  };
}

/** Counts a try before it is made; changes nothing when the tries are used up or the code has expired. */
export function countTry(id: string, nowMs: number, triesMax: number): WriteStatement {
  return {
    sql: `update workspace_domain set code_tries = code_tries + 1
      where id = ? and code_digest is not null and code_expires_at_ms > ? and code_tries < ?`,
    parameters: [id, nowMs, triesMax],
    expectRows: 1,
  };
}

/** Makes the unit fail unless this is the code. */
export function requireCode(id: string, digest: Uint8Array): WriteStatement {
  return {
    sql: 'select 1 from workspace_domain where id = ? and code_digest = ?',
    parameters: [id, digest],
    expectRows: 1,
  };
}

export function setCapture(id: string, capture: boolean, joinRole: GivenRole): WriteStatement {
  return {
    sql: 'update workspace_domain set capture = ?, join_role = ? where id = ?',
    parameters: [capture ? 1 : 0, joinRole, id],
    expectRows: 1,
  };
}

export function deleteDomain(id: string): WriteStatement {
  return { sql: 'delete from workspace_domain where id = ?', parameters: [id], expectRows: 1 };
}

/** Single sign-on may be required only of people whose domain is known to be the workspace's. */
export function loosenSsoWithoutDomain(accountId: string): WriteStatement {
  return {
    sql: `update workspace_sso set required = 0 where account_id = ? and not exists
      (select 1 from workspace_domain where account_id = ? and verified_at_ms is not null)`,
    parameters: [accountId, accountId],
  };
}

function toDomain(row: DomainRow): MailDomain {
  return {
    id: row.id,
    accountId: row.account_id,
    domain: row.domain,
    proof: row.proof,
    verifiedAtMs: row.verified_at_ms,
    verifiedBy: row.verified_by,
    capture: row.capture === 1,
    joinRole: row.join_role,
  };
}
