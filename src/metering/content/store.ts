/** The tables of captured content, and every statement that touches them. */
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';

type ContentTables = {
  content_key: { account_id: string; wrapped: Uint8Array; created_at_ms: number };
  captured_content: {
    request_id: string;
    account_id: string;
    captured_at_ms: number;
    expires_at_ms: number;
    sealed: Uint8Array | null;
  };
  content_access: {
    id: string;
    at_ms: number;
    request_id: string;
    account_id: string;
    actor: string;
    actor_name: string;
    reason: string;
  };
};

export interface CapturedRow {
  readonly accountId: string;
  readonly capturedAtMs: number;
  readonly expiresAtMs: number;
  /** Null once it is past its time. */
  readonly sealed: Uint8Array | null;
}

export interface Access {
  readonly id: string;
  readonly atMs: number;
  readonly requestId: string;
  readonly accountId: string;
  readonly actor: string;
  readonly actorName: string;
  readonly reason: string;
}

/** Rows one statement of the sweep touches, so that the writer is never held for long. */
export const SWEEP_ROWS_MAX = 500;

export function insertKey(accountId: string, wrapped: Uint8Array, atMs: number): WriteStatement {
  return {
    sql: 'insert into content_key (account_id, wrapped, created_at_ms) values (?, ?, ?) on conflict do nothing',
    parameters: [accountId, wrapped, atMs],
  };
}

export function insertCaptured(
  requestId: string,
  row: Omit<CapturedRow, 'sealed'> & { readonly sealed: Uint8Array },
): WriteStatement {
  return {
    sql: 'insert into captured_content (request_id, account_id, captured_at_ms, expires_at_ms, sealed) values (?, ?, ?, ?, ?)',
    parameters: [requestId, row.accountId, row.capturedAtMs, row.expiresAtMs, row.sealed],
  };
}

export function insertAccess(access: Access): WriteStatement {
  return {
    sql: 'insert into content_access (id, at_ms, request_id, account_id, actor, actor_name, reason) values (?, ?, ?, ?, ?, ?, ?)',
    parameters: [
      access.id,
      access.atMs,
      access.requestId,
      access.accountId,
      access.actor,
      access.actorName,
      access.reason,
    ],
  };
}

/** Takes the content out of what is past its time. */
export function emptyExpired(nowMs: number): WriteStatement {
  const expired =
    'select request_id from captured_content where expires_at_ms <= ? and sealed is not null order by expires_at_ms limit ?';
  return {
    sql: `update captured_content set sealed = null where request_id in (${expired})`,
    parameters: [nowMs, SWEEP_ROWS_MAX],
  };
}

/** Forgets that there ever was content. */
export function removeEmptied(beforeMs: number): WriteStatement {
  const emptied = 'select request_id from captured_content where expires_at_ms <= ? and sealed is null limit ?';
  return {
    sql: `delete from captured_content where request_id in (${emptied})`,
    parameters: [beforeMs, SWEEP_ROWS_MAX],
  };
}

/** Without its key nothing of an account can be read again, wherever a copy of it lies. */
export function eraseKey(accountId: string): WriteStatement {
  return { sql: 'delete from content_key where account_id = ?', parameters: [accountId] };
}

export function emptyAccount(accountId: string): WriteStatement {
  const full = 'select request_id from captured_content where account_id = ? and sealed is not null limit ?';
  return {
    sql: `update captured_content set sealed = null where request_id in (${full})`,
    parameters: [accountId, SWEEP_ROWS_MAX],
  };
}

export async function readKey(reader: Reader, accountId: string): Promise<Uint8Array | null> {
  const keys = reader.withTables<ContentTables>().selectFrom('content_key').select('wrapped');
  return (await keys.where('account_id', '=', accountId).executeTakeFirst())?.wrapped ?? null;
}

/** Whether any key was ever wrapped and not destroyed. */
export async function hasKeys(reader: Reader): Promise<boolean> {
  const keys = reader.withTables<ContentTables>().selectFrom('content_key').select('account_id').limit(1);
  return (await keys.executeTakeFirst()) !== undefined;
}

export async function readCaptured(reader: Reader, requestId: string): Promise<CapturedRow | null> {
  const rows = reader.withTables<ContentTables>().selectFrom('captured_content').selectAll();
  const row = await rows.where('request_id', '=', requestId).executeTakeFirst();
  if (row === undefined) return null;
  const { account_id: accountId, captured_at_ms: capturedAtMs, expires_at_ms: expiresAtMs, sealed } = row;
  return { accountId, capturedAtMs, expiresAtMs, sealed };
}

/** Newest first, at most `limit`, those before the id named; of one account, or of all. */
export async function readAccesses(
  reader: Reader,
  accountId: string | null,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<Access[]> {
  const every = reader.withTables<ContentTables>().selectFrom('content_access').selectAll();
  const all = accountId === null ? every : every.where('account_id', '=', accountId);
  const page = after === null ? all : all.where('id', '<', after);
  const rows = await page.orderBy('id', 'desc').limit(limit).execute();
  return rows.map((row) => ({
    id: row.id,
    atMs: row.at_ms,
    requestId: row.request_id,
    accountId: row.account_id,
    actor: row.actor,
    actorName: row.actor_name,
    reason: row.reason,
  }));
}
