/** The table of workspaces, and every statement that writes it. */
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';

type WorkspaceTables = { workspace: WorkspaceRow };

type WorkspaceRow = {
  account_id: string;
  created_at_ms: number;
  closes_at_ms: number | null;
  closed_at_ms: number | null;
  stop_id: string | null;
};

export interface Workspace {
  readonly accountId: string;
  /** When closing it is final; null while it is open. */
  readonly closesAtMs: number | null;
  readonly closedAtMs: number | null;
  /** The stop that closing it has put in force; null when there is none. */
  readonly stopId: string | null;
}

const workspaces = (reader: Reader) => reader.withTables<WorkspaceTables>().selectFrom('workspace').selectAll();

export async function readWorkspace(reader: Reader, accountId: string): Promise<Workspace | null> {
  const row = await workspaces(reader).where('account_id', '=', accountId).executeTakeFirst();
  return row === undefined ? null : toWorkspace(row);
}

export async function readWorkspaces(reader: Reader, accountIds: readonly string[]): Promise<Map<string, Workspace>> {
  if (accountIds.length === 0) return new Map();
  const rows = await workspaces(reader).where('account_id', 'in', accountIds).execute();
  return new Map(rows.map((row) => [row.account_id, toWorkspace(row)]));
}

/** Those that are closing, and those that still have the stop of it and are not. */
export async function readUnsettled(reader: Reader): Promise<Workspace[]> {
  const rows = await workspaces(reader)
    .where(({ or, and, eb }) =>
      or([
        and([eb('closes_at_ms', 'is not', null), eb('closed_at_ms', 'is', null)]),
        and([eb('closes_at_ms', 'is', null), eb('stop_id', 'is not', null)]),
      ]),
    )
    .execute();
  return rows.map(toWorkspace);
}

export async function readDueToClose(reader: Reader, nowMs: number): Promise<Workspace[]> {
  const rows = await workspaces(reader)
    .where('closes_at_ms', '<=', nowMs)
    .where('closed_at_ms', 'is', null)
    .limit(1_000)
    .execute();
  return rows.map(toWorkspace);
}

export function insertWorkspace(accountId: string, atMs: number): WriteStatement {
  return {
    sql: 'insert into workspace (account_id, created_at_ms) values (?, ?)',
    parameters: [accountId, atMs],
    expectRows: 1,
  };
}

/** Changes nothing where it is closing already. */
export function setClosing(accountId: string, closesAtMs: number): WriteStatement {
  return {
    sql: 'update workspace set closes_at_ms = ? where account_id = ? and closes_at_ms is null',
    parameters: [closesAtMs, accountId],
    expectRows: 1,
  };
}

export function setStop(accountId: string, stopId: string | null): WriteStatement {
  return { sql: 'update workspace set stop_id = ? where account_id = ?', parameters: [stopId, accountId] };
}

/** Changes nothing where it is not closing, or is closed for good. */
export function setOpen(accountId: string): WriteStatement {
  return {
    sql: `update workspace set closes_at_ms = null
      where account_id = ? and closes_at_ms is not null and closed_at_ms is null`,
    parameters: [accountId],
    expectRows: 1,
  };
}

/** What is closed for good lets go of whatever leads into it. */
export function closeForGood(accountId: string, atMs: number): WriteStatement[] {
  const dropped = ['workspace_invitation', 'workspace_domain', 'workspace_sso', 'scim_token'].map((table) => ({
    sql: `delete from ${table} where account_id = ?`,
    parameters: [accountId],
  }));
  const closed = {
    sql: `update workspace set closed_at_ms = ? where account_id = ? and closed_at_ms is null and closes_at_ms <= ?`,
    parameters: [atMs, accountId, atMs],
    expectRows: 1,
  };
  return [closed, ...dropped];
}

function toWorkspace(row: WorkspaceRow): Workspace {
  return {
    accountId: row.account_id,
    closesAtMs: row.closes_at_ms,
    closedAtMs: row.closed_at_ms,
    stopId: row.stop_id,
  };
}
