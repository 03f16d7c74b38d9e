import type { Reader } from '../storage/sql/storage.ts';
import type { WriteStatement } from '../storage/sql/writer.ts';
import type { Account } from './account.ts';
import { type AccountKind, OPERATOR_ACCOUNT_ID } from './contract.ts';
import type { ApiKey, KeyScope } from './key.ts';

type AccountTables = {
  account: { id: string; kind: AccountKind; name: string; created_at_ms: number };
  api_key: KeyRow;
};

type KeyRow = {
  id: string;
  account_id: string;
  product: string;
  app: string | null;
  member: string | null;
  name: string | null;
  /** JSON arrays, and a JSON object for limits. */
  scopes: string;
  models: string | null;
  networks: string | null;
  limits: string | null;
  digest: Uint8Array;
  replaces: string | null;
  created_at_ms: number;
  expires_at_ms: number | null;
  revoked_at_ms: number | null;
  last_used_at_ms: number | null;
};

/** A key with what only this domain may see. */
export interface StoredKey {
  readonly key: ApiKey;
  readonly digest: Uint8Array;
  readonly replaces: string | null;
}

export async function readKeys(reader: Reader): Promise<StoredKey[]> {
  const rows = await reader.withTables<AccountTables>().selectFrom('api_key').selectAll().execute();
  const replaced = new Map(rows.map((row) => [row.id, row.replaces]));
  return rows.map((row) => fromRow(row, originOf(row.id, replaced)));
}

/** In the order of their ids. A million rows are taken as they come: to make each anew would take as long as reading them. */
export function readAccounts(reader: Reader): Promise<Account[]> {
  return reader
    .withTables<AccountTables>()
    .selectFrom('account')
    .select(['id', 'kind', 'name', 'created_at_ms as createdAtMs'])
    .orderBy('id')
    .execute();
}

/** How many keys an account has: those that work at `nowMs`, and all there ever were. */
export async function countKeys(reader: Reader, accountId: string, nowMs: number) {
  const rows = await reader
    .withTables<AccountTables>()
    .selectFrom('api_key')
    .select(['revoked_at_ms', 'expires_at_ms'])
    .where('account_id', '=', accountId)
    .execute();
  const active = rows.filter((row) => row.revoked_at_ms === null && (row.expires_at_ms ?? Infinity) > nowMs);
  return { active: active.length, total: rows.length };
}

export function insertAccount({ id, kind, name, createdAtMs }: Account): WriteStatement {
  return {
    sql: 'insert into account (id, kind, name, created_at_ms) values (?, ?, ?, ?)',
    parameters: [id, kind, name, createdAtMs],
    expectRows: 1,
  };
}

export function setName(id: string, name: string): WriteStatement {
  return { sql: 'update account set name = ? where id = ?', parameters: [name, id], expectRows: 1 };
}

/** Whoever runs the service has an account from the first boot on. */
export function insertOperator(atMs: number): WriteStatement {
  return {
    sql: 'insert into account (id, name, created_at_ms) values (?, ?, ?) on conflict (id) do nothing',
    parameters: [OPERATOR_ACCOUNT_ID, 'Operator', atMs],
  };
}

export function insertKey({ key, digest, replaces }: StoredKey): WriteStatement {
  return {
    sql: `insert into api_key (id, account_id, product, app, member, name, scopes, models, networks, limits, digest, replaces,
      created_at_ms, expires_at_ms, revoked_at_ms, last_used_at_ms) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    parameters: [
      key.id,
      key.accountId,
      key.product,
      key.app,
      key.member,
      key.name,
      JSON.stringify(key.scopes),
      toJson(key.models),
      toJson(key.networks),
      toJson(key.limits),
      digest,
      replaces,
      key.createdAtMs,
      key.expiresAtMs,
      key.revokedAtMs,
      key.lastUsedAtMs,
    ],
    expectRows: 1,
  };
}

export function setExpiry(id: string, expiresAtMs: number): WriteStatement {
  return { sql: 'update api_key set expires_at_ms = ? where id = ?', parameters: [expiresAtMs, id], expectRows: 1 };
}

export function setRevoked(id: string, revokedAtMs: number): WriteStatement {
  return { sql: 'update api_key set revoked_at_ms = ? where id = ?', parameters: [revokedAtMs, id], expectRows: 1 };
}

export function setLastUsed(id: string, lastUsedAtMs: number): WriteStatement {
  return { sql: 'update api_key set last_used_at_ms = ? where id = ?', parameters: [lastUsedAtMs, id] };
}

/** Follows the keys that one was made in place of back to the first. */
function originOf(id: string, replaced: ReadonlyMap<string, string | null>): string {
  let origin = id;
  for (let older = replaced.get(id); older; older = replaced.get(older)) origin = older;
  return origin;
}

function fromRow(row: KeyRow, originId: string): StoredKey {
  const key: ApiKey = {
    id: row.id,
    originId,
    accountId: row.account_id,
    product: row.product,
    app: row.app,
    member: row.member,
    name: row.name,
    scopes: JSON.parse(row.scopes) as KeyScope[],
    models: fromJson(row.models) as string[] | null,
    networks: fromJson(row.networks) as string[] | null,
    limits: fromJson(row.limits) as ApiKey['limits'],
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    revokedAtMs: row.revoked_at_ms,
    lastUsedAtMs: row.last_used_at_ms,
  };
  return { key, digest: row.digest, replaces: row.replaces };
}

function toJson(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

function fromJson(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}
