/** The tables of stops and of the receipts of cut-offs, and every statement that writes them. */
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { CutOffReceipt, Stop, StopCause, StopSubject } from './stop.ts';

type StandingTables = {
  account_stop: StopRow;
  account_cutoff: {
    stop_id: string;
    decided_at_ms: number;
    last_byte_at_ms: number | null;
    closed_at_ms: number;
    sessions: number;
    keys: number;
    streams: number;
  };
};

type StopRow = {
  id: string;
  kind: StopSubject['kind'];
  account_id: string;
  /** Of the member, the app, the key or the end user; null for the whole account. */
  name: string | null;
  cause: StopCause;
  reason: string;
  by_whom: string;
  at_ms: number;
  until_ms: number | null;
  lifted_at_ms: number | null;
  lifted_by: string | null;
};

/** Stops of one account in one answer, the newest first. */
const STOPS_LISTED_MAX = 500;

/** Those that hold at `nowMs` or may come to hold again when the clock is set back. */
export async function readStopsInForce(reader: Reader, nowMs: number): Promise<Stop[]> {
  const rows = await reader
    .withTables<StandingTables>()
    .selectFrom('account_stop')
    .selectAll()
    .where('lifted_at_ms', 'is', null)
    .where((where) => where.or([where('until_ms', 'is', null), where('until_ms', '>', nowMs)]))
    .execute();
  return rows.map(fromRow);
}

export async function readStopsOf(reader: Reader, accountId: string): Promise<Stop[]> {
  const rows = await reader
    .withTables<StandingTables>()
    .selectFrom('account_stop')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('at_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(STOPS_LISTED_MAX)
    .execute();
  return rows.map(fromRow);
}

export async function readReceipt(reader: Reader, stopId: string): Promise<CutOffReceipt | null> {
  const tables = reader.withTables<StandingTables>();
  const stop = await tables.selectFrom('account_stop').selectAll().where('id', '=', stopId).executeTakeFirst();
  const row = await tables.selectFrom('account_cutoff').selectAll().where('stop_id', '=', stopId).executeTakeFirst();
  if (stop === undefined || row === undefined) return null;
  return {
    stop: fromRow(stop),
    decidedAtMs: row.decided_at_ms,
    lastByteAtMs: row.last_byte_at_ms,
    closedAtMs: row.closed_at_ms,
    sessions: row.sessions,
    keys: row.keys,
    streams: row.streams,
  };
}

export function insertStop(stop: Stop): WriteStatement {
  return {
    sql: `insert into account_stop (id, kind, account_id, name, cause, reason, by_whom, at_ms, until_ms)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    parameters: [
      stop.id,
      stop.subject.kind,
      stop.subject.accountId,
      nameOf(stop.subject),
      stop.cause,
      stop.reason,
      stop.by,
      stop.atMs,
      stop.untilMs,
    ],
    expectRows: 1,
  };
}

/** Refused when it was lifted before. */
export function setLifted(id: string, atMs: number, by: string): WriteStatement {
  return {
    sql: 'update account_stop set lifted_at_ms = ?, lifted_by = ? where id = ? and lifted_at_ms is null',
    parameters: [atMs, by, id],
    expectRows: 1,
  };
}

export function insertReceipt(receipt: CutOffReceipt): WriteStatement {
  return {
    sql: `insert into account_cutoff (stop_id, decided_at_ms, last_byte_at_ms, closed_at_ms, sessions, keys, streams)
      values (?, ?, ?, ?, ?, ?, ?)`,
    parameters: [
      receipt.stop.id,
      receipt.decidedAtMs,
      receipt.lastByteAtMs,
      receipt.closedAtMs,
      receipt.sessions,
      receipt.keys,
      receipt.streams,
    ],
    expectRows: 1,
  };
}

function nameOf(subject: StopSubject): string | null {
  switch (subject.kind) {
    case 'account':
      return null;
    case 'member':
      return subject.member;
    case 'app':
      return subject.app;
    case 'key':
      return subject.keyId;
    case 'end_user':
      return subject.endUser;
  }
}

function subjectOf({ kind, account_id: accountId, name }: StopRow): StopSubject {
  switch (kind) {
    case 'account':
      return { kind, accountId };
    case 'member':
      return { kind, accountId, member: name ?? '' };
    case 'app':
      return { kind, accountId, app: name ?? '' };
    case 'key':
      return { kind, accountId, keyId: name ?? '' };
    case 'end_user':
      return { kind, accountId, endUser: name ?? '' };
  }
}

function fromRow(row: StopRow): Stop {
  return {
    id: row.id,
    subject: subjectOf(row),
    cause: row.cause,
    reason: row.reason,
    by: row.by_whom,
    atMs: row.at_ms,
    untilMs: row.until_ms,
    lifted: row.lifted_at_ms === null ? null : { atMs: row.lifted_at_ms, by: row.lifted_by ?? '' },
  };
}
