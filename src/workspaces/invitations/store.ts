/** The table of invitations, and every statement that writes it. */
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import { type GivenRole, INVITATIONS_MAX } from '../contract.ts';

type InvitationTables = { workspace_invitation: InvitationRow };

type InvitationRow = {
  id: string;
  account_id: string;
  email: string;
  role: GivenRole;
  digest: Uint8Array;
  invited_by: string;
  created_at_ms: number;
  expires_at_ms: number;
  sent_at_ms: number | null;
};

export interface Invitation {
  readonly id: string;
  readonly accountId: string;
  /** In small letters. */
  readonly email: string;
  readonly role: GivenRole;
  /** A person. */
  readonly invitedBy: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly sentAtMs: number | null;
}

const invitations = (reader: Reader) =>
  reader.withTables<InvitationTables>().selectFrom('workspace_invitation').selectAll();

export async function readInvitations(reader: Reader, accountId: string): Promise<Invitation[]> {
  const rows = await invitations(reader).where('account_id', '=', accountId).orderBy('id').execute();
  return rows.map(toInvitation);
}

export async function readInvitation(reader: Reader, accountId: string, id: string): Promise<Invitation | null> {
  const row = await invitations(reader).where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : toInvitation(row);
}

/** What a token invites to, while it does. */
export async function readByToken(reader: Reader, digest: Uint8Array, nowMs: number): Promise<Invitation | null> {
  const row = await invitations(reader)
    .where('digest', '=', digest)
    .where('expires_at_ms', '>', nowMs)
    .executeTakeFirst();
  return row === undefined ? null : toInvitation(row);
}

export async function readInvitationsTo(reader: Reader, email: string): Promise<Invitation[]> {
  const rows = await invitations(reader).where('email', '=', email).execute();
  return rows.map(toInvitation);
}

/** Changes nothing when the workspace has as many open as there may be; breaks a constraint where the address has one. */
export function insertInvitation(invitation: Invitation, digest: Uint8Array): WriteStatement {
  const { accountId, createdAtMs } = invitation;
  return {
    sql: `insert into workspace_invitation (id, account_id, email, role, digest, invited_by, created_at_ms, expires_at_ms)
      select ?, ?, ?, ?, ?, ?, ?, ?
      where (select count(*) from workspace_invitation where account_id = ? and expires_at_ms > ?) < ?`,
    parameters: [
      invitation.id,
      accountId,
      invitation.email,
      invitation.role,
      digest,
      invitation.invitedBy,
      createdAtMs,
      invitation.expiresAtMs,
      accountId,
      createdAtMs,
      INVITATIONS_MAX,
    ],
    expectRows: 1,
  };
}

/** Makes the unit fail where somebody with this address is a member. */
export function requireNoMember(accountId: string, email: string): WriteStatement {
  return {
    sql: `select 1 where not exists
      (select 1 from workspace_member where account_id = ? and email = ? and left_at_ms is null)`,
    parameters: [accountId, email],
    expectRows: 1,
  };
}

export function dropExpired(accountId: string, email: string, nowMs: number): WriteStatement {
  return {
    sql: 'delete from workspace_invitation where account_id = ? and email = ? and expires_at_ms <= ?',
    parameters: [accountId, email, nowMs],
  };
}

/** A new link: the one before it opens nothing any more. */
export function renewInvitation(id: string, digest: Uint8Array, expiresAtMs: number): WriteStatement {
  return {
    sql: 'update workspace_invitation set digest = ?, expires_at_ms = ?, sent_at_ms = null where id = ?',
    parameters: [digest, expiresAtMs, id],
    expectRows: 1,
  };
}

export function setSent(id: string, atMs: number): WriteStatement {
  return { sql: 'update workspace_invitation set sent_at_ms = ? where id = ?', parameters: [atMs, id] };
}

export function deleteInvitation(id: string): WriteStatement {
  return { sql: 'delete from workspace_invitation where id = ?', parameters: [id], expectRows: 1 };
}

/** Uses an invitation up; changes nothing when it was used, renewed or has expired. */
export function takeInvitation(id: string, digest: Uint8Array, nowMs: number): WriteStatement {
  return {
    sql: 'delete from workspace_invitation where id = ? and digest = ? and expires_at_ms > ?',
    parameters: [id, digest, nowMs],
    expectRows: 1,
  };
}

/** Addresses of people who never came are not kept for longer than somebody may still ask about them. */
export function dropLongExpired(beforeMs: number): WriteStatement {
  return { sql: 'delete from workspace_invitation where expires_at_ms < ?', parameters: [beforeMs] };
}

export function deleteInvitationsTo(email: string): WriteStatement {
  return { sql: 'delete from workspace_invitation where email = ?', parameters: [email] };
}

function toInvitation(row: InvitationRow): Invitation {
  return {
    id: row.id,
    accountId: row.account_id,
    email: row.email,
    role: row.role,
    invitedBy: row.invited_by,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    sentAtMs: row.sent_at_ms,
  };
}
