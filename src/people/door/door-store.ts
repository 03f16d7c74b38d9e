/** The tables of the door, and every statement that writes them. An empty plan or region stands for any. */
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { DoorState } from './contract.ts';
import type { DoorSetting, DoorWay } from './door.ts';

type DoorTables = {
  door_setting: {
    plan: string;
    region: string;
    state: DoorState;
    reason: string | null;
    retry_at_ms: number | null;
    by_whom: string;
    at_ms: number;
  };
  door_setting_log: {
    id: string;
    plan: string;
    region: string;
    state: DoorState | null;
    reason: string | null;
    by_whom: string;
    at_ms: number;
  };
  door_batch: {
    id: string;
    name: string;
    plan: string;
    codes: number;
    uses_each: number;
    expires_at_ms: number;
    by_whom: string;
    created_at_ms: number;
    revoked_at_ms: number | null;
  };
  door_invitation: { digest: Uint8Array; batch_id: string; uses_left: number };
  door_waiting: WaitingRow;
};

interface WaitingRow {
  account_id: string;
  ticket: string;
  serial: number;
  plan: string;
  region: string;
  joined_at_ms: number;
  admitted_at_ms: number | null;
  told: number;
}

export interface Waiting {
  readonly accountId: string;
  readonly ticket: string;
  readonly serial: number;
  readonly plan: string | null;
  readonly region: string | null;
  readonly joinedAtMs: number;
  readonly admittedAtMs: number | null;
}

/** A batch of invitations. */
export interface Batch {
  readonly id: string;
  readonly name: string;
  /** Null: for any plan. */
  readonly plan: string | null;
  readonly codes: number;
  readonly usesEach: number;
  readonly expiresAtMs: number;
  readonly by: string;
  readonly createdAtMs: number;
  readonly revokedAtMs: number | null;
}

export interface SettingChange extends DoorWay {
  readonly id: string;
  /** Null: what had been said of it was taken back. */
  readonly state: DoorState | null;
  readonly reason: string | null;
  readonly by: string;
  readonly atMs: number;
}

const any = (text: string | null) => text ?? '';
const orNull = (text: string) => (text === '' ? null : text);
const tables = (reader: Reader) => reader.withTables<DoorTables>();

export async function readSettings(reader: Reader): Promise<DoorSetting[]> {
  const rows = await tables(reader).selectFrom('door_setting').selectAll().execute();
  return rows.map((row) => ({
    plan: orNull(row.plan),
    region: orNull(row.region),
    state: row.state,
    reason: row.reason,
    retryAtMs: row.retry_at_ms,
    by: row.by_whom,
    atMs: row.at_ms,
  }));
}

export async function readSettingChanges(reader: Reader, limit: number): Promise<SettingChange[]> {
  const rows = await tables(reader)
    .selectFrom('door_setting_log')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ id, plan, region, state, reason, by_whom: by, at_ms: atMs }) => {
    return { id, plan: orNull(plan), region: orNull(region), state, reason, by, atMs };
  });
}

export function putSetting(id: string, setting: DoorSetting): WriteStatement[] {
  const { plan, region, state, reason, retryAtMs, by, atMs } = setting;
  return [
    {
      sql: `insert into door_setting (plan, region, state, reason, retry_at_ms, by_whom, at_ms) values (?, ?, ?, ?, ?, ?, ?)
        on conflict (plan, region) do update set state = excluded.state, reason = excluded.reason,
        retry_at_ms = excluded.retry_at_ms, by_whom = excluded.by_whom, at_ms = excluded.at_ms`,
      parameters: [any(plan), any(region), state, reason, retryAtMs, by, atMs],
    },
    logSetting({ id, plan, region, state, reason, by, atMs }),
  ];
}

export function dropSetting(change: SettingChange): WriteStatement[] {
  return [
    {
      sql: 'delete from door_setting where plan = ? and region = ?',
      parameters: [any(change.plan), any(change.region)],
    },
    logSetting(change),
  ];
}

function logSetting({ id, plan, region, state, reason, by, atMs }: SettingChange): WriteStatement {
  return {
    sql: 'insert into door_setting_log (id, plan, region, state, reason, by_whom, at_ms) values (?, ?, ?, ?, ?, ?, ?)',
    parameters: [id, any(plan), any(region), state, reason, by, atMs],
  };
}

export function insertBatch(batch: Batch, digests: readonly Uint8Array[]): WriteStatement[] {
  const { id, name, plan, codes, usesEach, expiresAtMs, by, createdAtMs } = batch;
  return [
    {
      sql: `insert into door_batch (id, name, plan, codes, uses_each, expires_at_ms, by_whom, created_at_ms)
        values (?, ?, ?, ?, ?, ?, ?, ?)`,
      parameters: [id, name, any(plan), codes, usesEach, expiresAtMs, by, createdAtMs],
    },
    ...digests.map((digest) => ({
      sql: 'insert into door_invitation (digest, batch_id, uses_left) values (?, ?, ?)',
      parameters: [digest, id, usesEach],
    })),
  ];
}

/** The newest first, each with how many uses are left. */
export async function readBatches(reader: Reader, limit: number): Promise<(Batch & { readonly usesLeft: number })[]> {
  const rows = await tables(reader)
    .selectFrom('door_batch')
    .selectAll()
    .select((row) =>
      row
        .selectFrom('door_invitation')
        .select((left) => left.fn.sum<number>('uses_left').as('left'))
        .whereRef('batch_id', '=', 'door_batch.id')
        .as('uses_left'),
    )
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...toBatch(row), usesLeft: row.uses_left ?? 0 }));
}

/** Refused when there is none, or it was revoked. */
export function setBatchRevoked(id: string, atMs: number): WriteStatement {
  return {
    sql: 'update door_batch set revoked_at_ms = ? where id = ? and revoked_at_ms is null',
    parameters: [atMs, id],
    expectRows: 1,
  };
}

/** The batch of a code that can still be used; null when there is none. */
export async function readInvitation(reader: Reader, digest: Uint8Array, nowMs: number): Promise<Batch | null> {
  const row = await tables(reader)
    .selectFrom('door_invitation as i')
    .innerJoin('door_batch as b', 'b.id', 'i.batch_id')
    .selectAll('b')
    .where('i.digest', '=', digest)
    .where('i.uses_left', '>', 0)
    .where('b.revoked_at_ms', 'is', null)
    .where('b.expires_at_ms', '>', nowMs)
    .executeTakeFirst();
  return row === undefined ? null : toBatch(row);
}

/** Refused when it was used up or revoked meanwhile. */
export function useInvitation(digest: Uint8Array): WriteStatement {
  return {
    sql: `update door_invitation set uses_left = uses_left - 1 where digest = ? and uses_left > 0
      and exists (select 1 from door_batch b where b.id = batch_id and b.revoked_at_ms is null)`,
    parameters: [digest],
    expectRows: 1,
  };
}

export function insertWaiting(waiting: Waiting): WriteStatement {
  const { accountId, ticket, serial, plan, region, joinedAtMs } = waiting;
  return {
    sql: `insert into door_waiting (account_id, ticket, serial, plan, region, joined_at_ms) values (?, ?, ?, ?, ?, ?)`,
    parameters: [accountId, ticket, serial, any(plan), any(region), joinedAtMs],
    expectRows: 1,
  };
}

export async function readWaiting(reader: Reader, ticket: string): Promise<Waiting | null> {
  const row = await tables(reader)
    .selectFrom('door_waiting')
    .selectAll()
    .where('ticket', '=', ticket)
    .executeTakeFirst();
  return row === undefined ? null : toWaiting(row);
}

/** The line as it stands: plans and serials of who waits, in their order. */
export function readLines(reader: Reader): Promise<{ plan: string; serial: number }[]> {
  return tables(reader)
    .selectFrom('door_waiting')
    .select(['plan', 'serial'])
    .where('admitted_at_ms', 'is', null)
    .orderBy('serial')
    .execute();
}

export async function readLastSerial(reader: Reader): Promise<number> {
  const row = await tables(reader)
    .selectFrom('door_waiting')
    .select((select) => select.fn.max('serial').as('last'))
    .executeTakeFirst();
  return row?.last ?? 0;
}

/** How many were let in when, since a time, by plan. */
export async function readAdmissions(reader: Reader, sinceMs: number) {
  const rows = await tables(reader)
    .selectFrom('door_waiting')
    .select((select) => ['plan', 'admitted_at_ms as atMs', select.fn.countAll<number>().as('count')])
    .where('admitted_at_ms', '>', sinceMs)
    .groupBy(['plan', 'admitted_at_ms'])
    .orderBy('admitted_at_ms')
    .execute();
  return rows.map(({ plan, atMs, count }) => ({ plan, atMs: atMs ?? 0, count }));
}

export async function readWaitingPage(
  reader: Reader,
  page: { readonly way: DoorWay; readonly afterSerial: number; readonly limit: number },
): Promise<Waiting[]> {
  const { way, afterSerial, limit } = page;
  let query = tables(reader)
    .selectFrom('door_waiting')
    .selectAll()
    .where('admitted_at_ms', 'is', null)
    .where('serial', '>', afterSerial);
  if (way.plan !== null) query = query.where('plan', '=', way.plan);
  if (way.region !== null) query = query.where('region', '=', way.region);
  return (await query.orderBy('serial').limit(limit).execute()).map(toWaiting);
}

/** Refused when they were let in, or left, meanwhile. */
export function setAdmitted(accountId: string, atMs: number): WriteStatement {
  return {
    sql: 'update door_waiting set admitted_at_ms = ? where account_id = ? and admitted_at_ms is null',
    parameters: [atMs, accountId],
    expectRows: 1,
  };
}

export async function readUntold(reader: Reader, limit: number): Promise<string[]> {
  const rows = await tables(reader)
    .selectFrom('door_waiting')
    .select('account_id')
    .where('told', '=', 0)
    .where('admitted_at_ms', 'is not', null)
    .limit(limit)
    .execute();
  return rows.map((row) => row.account_id);
}

export function setTold(accountId: string): WriteStatement {
  return { sql: 'update door_waiting set told = 1 where account_id = ?', parameters: [accountId] };
}

function toWaiting(row: WaitingRow): Waiting {
  return {
    accountId: row.account_id,
    ticket: row.ticket,
    serial: row.serial,
    plan: orNull(row.plan),
    region: orNull(row.region),
    joinedAtMs: row.joined_at_ms,
    admittedAtMs: row.admitted_at_ms,
  };
}

function toBatch(row: DoorTables['door_batch']): Batch {
  return {
    id: row.id,
    name: row.name,
    plan: orNull(row.plan),
    codes: row.codes,
    usesEach: row.uses_each,
    expiresAtMs: row.expires_at_ms,
    by: row.by_whom,
    createdAtMs: row.created_at_ms,
    revokedAtMs: row.revoked_at_ms,
  };
}
