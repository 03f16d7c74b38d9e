/** The table of members, and every statement that writes it. */
import { sql } from 'kysely';
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import { MEMBERS_MAX, type MemberRole } from '../contract.ts';
import type { Member } from './member.ts';

type MemberTables = { workspace_member: MemberRow };

type MemberRow = {
  id: string;
  account_id: string;
  person_id: string | null;
  email: string | null;
  name: string;
  given_name: string | null;
  family_name: string | null;
  role: MemberRole;
  directory: 0 | 1;
  external_id: string | null;
  created_at_ms: number;
  changed_at_ms: number;
  left_at_ms: number | null;
  left_cause: LeaveCause | null;
  left_by: string | null;
  cut_off_at_ms: number | null;
};

/** By whom a membership was ended: the member, an admin, a directory, or with the person's or the workspace's own end. */
export type LeaveCause = 'owner' | 'admin' | 'scim' | 'deletion';

/** Members whose keys must be cut off since they left. */
export interface Leaver {
  readonly id: string;
  readonly accountId: string;
  readonly cause: LeaveCause;
  readonly by: string;
}

const members = (reader: Reader) => reader.withTables<MemberTables>().selectFrom('workspace_member').selectAll();

/** The membership of a person who is in an account now. */
export async function readMembership(reader: Reader, accountId: string, personId: string): Promise<Member | null> {
  const row = await members(reader)
    .where('account_id', '=', accountId)
    .where('person_id', '=', personId)
    .where('left_at_ms', 'is', null)
    .executeTakeFirst();
  return row === undefined ? null : toMember(row);
}

export async function readMembershipsOf(reader: Reader, personId: string): Promise<Member[]> {
  const rows = await members(reader)
    .where('person_id', '=', personId)
    .where('left_at_ms', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map(toMember);
}

/** Every membership a person has or had. */
export async function readHistoryOf(reader: Reader, personId: string): Promise<Member[]> {
  const rows = await members(reader).where('person_id', '=', personId).orderBy('id').execute();
  return rows.map(toMember);
}

/** A member of this account, there or gone; null for one of another. */
export async function readMember(reader: Reader, accountId: string, id: string): Promise<Member | null> {
  const row = await members(reader).where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : toMember(row);
}

export interface MemberPage {
  readonly search: string | null;
  readonly present: boolean;
  readonly after: string | null;
  readonly limit: number;
}

/** In the order they came. */
export async function readMembers(reader: Reader, accountId: string, page: MemberPage): Promise<Member[]> {
  const { search, present, after, limit } = page;
  const start = (search ?? '').toLowerCase();
  const begins = (column: 'name' | 'email') =>
    sql<boolean>`substr(lower(${sql.ref(column)}), 1, ${start.length}) = ${start}`;
  const rows = await members(reader)
    .where('account_id', '=', accountId)
    .where('left_at_ms', present ? 'is' : 'is not', null)
    .$if(after !== null, (query) => query.where('id', '>', after ?? ''))
    .$if(start !== '', (query) => query.where(({ or }) => or([begins('name'), begins('email')])))
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(toMember);
}

/** Those who are there, a part of them, and how many they are; for a directory. */
export async function readPresent(
  reader: Reader,
  accountId: string,
  filter: { readonly by: 'id' | 'email' | 'external_id'; readonly value: string } | null,
  part: { readonly offset: number; readonly limit: number },
): Promise<{ readonly total: number; readonly found: readonly Member[] }> {
  const fitting = members(reader)
    .where('account_id', '=', accountId)
    .where('left_at_ms', 'is', null)
    .$if(filter !== null, (query) => query.where(filter?.by ?? 'id', '=', filter?.value ?? ''));
  const count = await fitting
    .clearSelect()
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const rows = await fitting.orderBy('id').limit(part.limit).offset(part.offset).execute();
  return { total: count.total, found: rows.map(toMember) };
}

/** Names of members by their ids, and of people by theirs. */
export async function readNames(
  reader: Reader,
  accountId: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await members(reader)
    .where('account_id', '=', accountId)
    .where(({ or, eb }) => or([eb('person_id', 'in', ids), eb('id', 'in', ids)]))
    .orderBy('id')
    .execute();
  return new Map(
    rows.flatMap(({ id, person_id: personId, name }) => [
      [id, name] as const,
      ...(personId === null ? [] : [[personId, name] as const]),
    ]),
  );
}

/** Whether a directory has put somebody with this address anywhere who has not come yet. */
export async function isProvisioned(reader: Reader, email: string): Promise<boolean> {
  const row = await reader
    .withTables<MemberTables>()
    .selectFrom('workspace_member')
    .select('id')
    .where('email', '=', email)
    .where('person_id', 'is', null)
    .where('left_at_ms', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Those who left without it being known that their keys were cut off. */
export async function readLeavers(reader: Reader): Promise<Leaver[]> {
  const rows = await members(reader)
    .where('left_at_ms', 'is not', null)
    .where('cut_off_at_ms', 'is', null)
    .limit(1_000)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    accountId: row.account_id,
    cause: row.left_cause ?? 'admin',
    by: row.left_by ?? 'system',
  }));
}

/** Workspaces of which this person is the only owner. */
export async function readOwnedAlone(reader: Reader, personId: string): Promise<string[]> {
  const rows = await reader
    .withTables<MemberTables>()
    .selectFrom('workspace_member as mine')
    .select('mine.account_id')
    .where('mine.person_id', '=', personId)
    .where('mine.role', '=', 'owner')
    .where('mine.left_at_ms', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('workspace_member as other')
            .select('other.id')
            .whereRef('other.account_id', '=', 'mine.account_id')
            .whereRef('other.id', '!=', 'mine.id')
            .where('other.role', '=', 'owner')
            .where('other.person_id', 'is not', null)
            .where('other.left_at_ms', 'is', null),
        ),
      ),
    )
    .execute();
  return rows.map(({ account_id: accountId }) => accountId);
}

/** An owner who can come in. */
const OWNER = "role = 'owner' and person_id is not null and left_at_ms is null";

/** Makes the unit fail unless somebody besides this member owns the workspace. */
export function requireOtherOwner(accountId: string, memberId: string): WriteStatement {
  return {
    sql: `select 1 where exists (select 1 from workspace_member where account_id = ? and id <> ? and ${OWNER})`,
    parameters: [accountId, memberId],
    expectRows: 1,
  };
}

/** Makes the unit fail unless a member is there and is still what they were when it was decided. */
export function requireUnchanged(member: Member): WriteStatement {
  return {
    sql: 'select 1 from workspace_member where id = ? and role = ? and person_id is ? and left_at_ms is null',
    parameters: [member.id, member.role, member.personId],
    expectRows: 1,
  };
}

/** Makes the unit fail unless somebody owns fewer workspaces that are not closed than they may. */
export function requireOwnedBelow(personId: string, max: number): WriteStatement {
  return {
    sql: `select 1 where (select count(*) from workspace_member where person_id = ? and role = 'owner'
      and left_at_ms is null) < ?`,
    parameters: [personId, max],
    expectRows: 1,
  };
}

/** Makes the unit fail unless members and open invitations are fewer than there may be. */
export function requireRoom(accountId: string, nowMs: number): WriteStatement {
  return {
    sql: `select 1 where (select count(*) from workspace_member where account_id = ? and left_at_ms is null)
      + (select count(*) from workspace_invitation where account_id = ? and expires_at_ms > ?) < ?`,
    parameters: [accountId, accountId, nowMs, MEMBERS_MAX],
    expectRows: 1,
  };
}

/** Breaks a constraint where the person or the address is a member already. */
export function insertMember(member: Member): WriteStatement {
  return {
    sql: `insert into workspace_member (id, account_id, person_id, email, name, given_name, family_name, role, directory,
      external_id, created_at_ms, changed_at_ms) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    parameters: [
      member.id,
      member.accountId,
      member.personId,
      member.email,
      member.name,
      member.givenName,
      member.familyName,
      member.role,
      member.directory ? 1 : 0,
      member.externalId,
      member.createdAtMs,
      member.changedAtMs,
    ],
    expectRows: 1,
  };
}

export function setRole(id: string, role: MemberRole, atMs: number): WriteStatement {
  return {
    sql: 'update workspace_member set role = ?, changed_at_ms = ? where id = ? and left_at_ms is null',
    parameters: [role, atMs, id],
    expectRows: 1,
  };
}

/** What a directory says of somebody. */
export function setDirectoryFacts(
  id: string,
  facts: Pick<Member, 'email' | 'name' | 'givenName' | 'familyName' | 'externalId'>,
  atMs: number,
): WriteStatement {
  return {
    sql: `update workspace_member set email = ?, name = ?, given_name = ?, family_name = ?, external_id = ?, directory = 1,
      changed_at_ms = ? where id = ? and left_at_ms is null`,
    parameters: [facts.email, facts.name, facts.givenName, facts.familyName, facts.externalId, atMs, id],
    expectRows: 1,
  };
}

export function setLeft(id: string, cause: LeaveCause, by: string, atMs: number): WriteStatement {
  return {
    sql: `update workspace_member set left_at_ms = ?, left_cause = ?, left_by = ?, changed_at_ms = ?
      where id = ? and left_at_ms is null`,
    parameters: [atMs, cause, by, atMs, id],
    expectRows: 1,
  };
}

export function setCutOff(id: string, atMs: number): WriteStatement {
  return { sql: 'update workspace_member set cut_off_at_ms = ? where id = ?', parameters: [atMs, id] };
}

/** Everybody of a workspace that is closed for good. */
export function setAllLeft(accountId: string, atMs: number): WriteStatement {
  return {
    sql: `update workspace_member set left_at_ms = ?, left_cause = 'deletion', left_by = 'system', changed_at_ms = ?,
      cut_off_at_ms = ? where account_id = ? and left_at_ms is null`,
    parameters: [atMs, atMs, atMs, accountId],
  };
}

/** Name and address as the person has them now, wherever no directory says what they are. */
export function refreshPerson(personId: string, name: string, email: string | null): WriteStatement {
  return {
    sql: `update or ignore workspace_member set name = ?, email = ?
      where person_id = ? and left_at_ms is null and directory = 0 and (name <> ? or email is not ?)`,
    parameters: [name, email, personId, name, email],
  };
}

/**
 * Whom directories put there before they came is this person now, where the workspace has shown that the domain of the
 * address is its own. Ignored where the person is a member by another address.
 */
export function bindProvisioned(personId: string, email: string, domain: string): WriteStatement {
  return {
    sql: `update or ignore workspace_member set person_id = ? where email = ? and person_id is null and left_at_ms is null
      and exists (select 1 from workspace_domain as d where d.account_id = workspace_member.account_id and d.domain = ?
      and d.verified_at_ms is not null)`,
    parameters: [personId, email, domain],
  };
}

/** What is left of somebody who is erased: that a member was there, and when. */
export function erasePerson(personId: string): WriteStatement {
  return {
    sql: `update workspace_member set email = null, external_id = null, given_name = null, family_name = null,
      name = '-' where person_id = ?`,
    parameters: [personId],
  };
}

function toMember(row: MemberRow): Member {
  return {
    id: row.id,
    accountId: row.account_id,
    personId: row.person_id,
    email: row.email,
    name: row.name,
    givenName: row.given_name,
    familyName: row.family_name,
    role: row.role,
    directory: row.directory === 1,
    externalId: row.external_id,
    createdAtMs: row.created_at_ms,
    changedAtMs: row.changed_at_ms,
    leftAtMs: row.left_at_ms,
  };
}
