import type { Reader } from '../storage/sql/storage.ts';
import type { WriteResult, WriteStatement } from '../storage/sql/writer.ts';
import type { PersonState } from './person.ts';
import type { PersonTables } from './person-store.ts';

type SessionTables = PersonTables & { person_session: SessionRow };

type SessionRow = {
  id: string;
  person_id: string;
  digest: Uint8Array;
  stage: Stage;
  method: SignInMethod;
  client: string | null;
  network_prefix: string | null;
  created_at_ms: number;
  last_used_at_ms: number;
  confirmed_at_ms: number;
  expires_at_ms: number;
};

/** `factor`: the password was right, and a second factor is still to come; nothing can be done with it. */
export type Stage = 'factor' | 'full';
export type SignInMethod = 'password' | 'passkey' | 'oauth' | 'sso' | 'verified_mail';

export interface Session {
  readonly id: string;
  readonly personId: string;
  readonly stage: Stage;
  readonly method: SignInMethod;
  readonly client: string | null;
  readonly networkPrefix: string | null;
  readonly createdAtMs: number;
  readonly lastUsedAtMs: number;
  /** When they last proved who they are: a sign-in, or the password given again. */
  readonly confirmedAtMs: number;
  readonly expiresAtMs: number;
}

/** What decides whether a session that was found still counts. */
export interface SessionLimits {
  readonly nowMs: number;
  readonly idleMs: number;
}

/** The session of a token that has neither ended nor expired, and the state of its person: one look-up by its digest. */
export async function readSession(reader: Reader, digest: Uint8Array, stage: Stage, limits: SessionLimits) {
  const row = await reader
    .withTables<SessionTables>()
    .selectFrom('person_session as session')
    .innerJoin('person', 'person.id', 'session.person_id')
    .selectAll('session')
    .select('person.state')
    .where('session.digest', '=', digest)
    .where('session.stage', '=', stage)
    .where('session.expires_at_ms', '>', limits.nowMs)
    .where('session.last_used_at_ms', '>', limits.nowMs - limits.idleMs)
    .where('person.state', '!=', 'deleted')
    .executeTakeFirst();
  return row === undefined ? null : { session: toSession(row), state: row.state as PersonState };
}

export async function readSessionsOf(reader: Reader, personId: string, limits: SessionLimits): Promise<Session[]> {
  const rows = await reader
    .withTables<SessionTables>()
    .selectFrom('person_session')
    .selectAll()
    .where('person_id', '=', personId)
    .where('stage', '=', 'full')
    .where('expires_at_ms', '>', limits.nowMs)
    .where('last_used_at_ms', '>', limits.nowMs - limits.idleMs)
    .orderBy('id', 'desc')
    .execute();
  return rows.map(toSession);
}

export async function hasSession(reader: Reader, id: string): Promise<boolean> {
  const row = await reader
    .withTables<SessionTables>()
    .selectFrom('person_session')
    .select('id')
    .where('id', '=', id)
    .executeTakeFirst();
  return row !== undefined;
}

/** Makes the unit fail unless a session still goes on. */
export function requireSession(id: string): WriteStatement {
  return { sql: 'select 1 from person_session where id = ?', parameters: [id], expectRows: 1 };
}

export function insertSession(session: Session, digest: Uint8Array): WriteStatement {
  return {
    sql: `insert into person_session (id, person_id, digest, stage, method, client, network_prefix, created_at_ms,
      last_used_at_ms, confirmed_at_ms, expires_at_ms) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    parameters: [
      session.id,
      session.personId,
      digest,
      session.stage,
      session.method,
      session.client,
      session.networkPrefix,
      session.createdAtMs,
      session.lastUsedAtMs,
      session.confirmedAtMs,
      session.expiresAtMs,
    ],
    expectRows: 1,
  };
}

export function touchSession(id: string, atMs: number): WriteStatement {
  return {
    sql: 'update person_session set last_used_at_ms = ? where id = ? and last_used_at_ms < ?',
    parameters: [atMs, id, atMs],
  };
}

export function confirmSession(id: string, atMs: number): WriteStatement {
  return { sql: 'update person_session set confirmed_at_ms = ? where id = ?', parameters: [atMs, id], expectRows: 1 };
}

/** Every statement that ends sessions returns their ids under this name; see `endedIn`. */
const ENDED = 'returning id as ended_session';

/** Ends a session of this person; nobody else's. */
export function endSession(personId: string, id: string): WriteStatement {
  return { sql: `delete from person_session where id = ? and person_id = ? ${ENDED}`, parameters: [id, personId] };
}

/** Uses up the first half of a sign-in. */
export function takeHalf(id: string): WriteStatement {
  return {
    sql: `delete from person_session where id = ? and stage = 'factor' ${ENDED}`,
    parameters: [id],
    expectRows: 1,
  };
}

/** Ends the session of a token, if it is one. */
export function endSessionOf(digest: Uint8Array): WriteStatement {
  return { sql: `delete from person_session where digest = ? ${ENDED}`, parameters: [digest] };
}

export function endSessionsOf(personId: string): WriteStatement {
  return { sql: `delete from person_session where person_id = ? ${ENDED}`, parameters: [personId] };
}

/** Ends what somebody began in any other way than this one. */
export function endOtherSessionsThan(personId: string, method: SignInMethod): WriteStatement {
  return {
    sql: `delete from person_session where person_id = ? and method <> ? ${ENDED}`,
    parameters: [personId, method],
  };
}

/** Ends the oldest sessions of somebody beyond the latest `keep`. */
export function endOldSessionsOf(personId: string, keep: number): WriteStatement {
  return {
    sql: `delete from person_session where id in
      (select id from person_session where person_id = ? order by id desc limit -1 offset ?) ${ENDED}`,
    parameters: [personId, keep],
  };
}

/** Two statements, so that each finds its rows by an index. */
export function endExpiredSessions({ nowMs, idleMs }: SessionLimits): WriteStatement[] {
  return [
    { sql: `delete from person_session where expires_at_ms <= ? ${ENDED}`, parameters: [nowMs] },
    { sql: `delete from person_session where last_used_at_ms <= ? ${ENDED}`, parameters: [nowMs - idleMs] },
  ];
}

/** The ids of the sessions a unit has ended. */
export function endedIn(results: readonly WriteResult[]): string[] {
  return results
    .flatMap(({ rows }) => rows)
    .map((row) => row['ended_session'])
    .filter((id) => typeof id === 'string');
}

function toSession(row: SessionRow): Session {
  return {
    id: row.id,
    personId: row.person_id,
    stage: row.stage,
    method: row.method,
    client: row.client,
    networkPrefix: row.network_prefix,
    createdAtMs: row.created_at_ms,
    lastUsedAtMs: row.last_used_at_ms,
    confirmedAtMs: row.confirmed_at_ms,
    expiresAtMs: row.expires_at_ms,
  };
}
