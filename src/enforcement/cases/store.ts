/** The tables of cases, and every statement that writes them. */
import { sql } from 'kysely';
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { Conduct } from '../conduct.ts';
import type { Case, CaseEvent, CaseHappening } from './case.ts';
import type { Outcome } from './contract.ts';
import { isUndecided, type Reviewer } from './routing.ts';

type CaseTables = {
  enforcement_case: {
    id: string;
    account_id: string;
    undecided: number;
    decided_at_ms: number | null;
    bulk_id: string | null;
    body: string;
  };
  enforcement_case_subject: { subject: string; case_id: string };
  enforcement_case_event: {
    id: string;
    case_id: string;
    at_ms: number;
    actor: string;
    what: string;
    detail: string;
  };
  enforcement_case_review: {
    id: string;
    case_id: string;
    twin_of: string | null;
    queue: string;
    conduct: string;
    severe: number;
    reviewer: string;
    outcome: string;
    at_ms: number;
  };
  enforcement_case_reveal: {
    id: string;
    case_id: string;
    request_id: string;
    reason: string;
    asked_by: string;
    allowed_by: string | null;
    at_ms: number;
    opened_at_ms: number | null;
    looked_ms: number;
  };
  enforcement_reviewer: { id: string; body: string };
};

/** One reading of a case by somebody. */
export interface Review {
  /** `crv_<ulid>` */
  readonly id: string;
  readonly caseId: string;
  /** The case it is the second reading of. */
  readonly twinOf: string | null;
  readonly queue: string;
  readonly conduct: Conduct;
  readonly severe: boolean;
  readonly reviewer: string;
  readonly outcome: Outcome;
  readonly atMs: number;
}

/** Somebody's wish to read what was written in one request, and how long they did. */
export interface Reveal {
  /** `crl_<ulid>` */
  readonly id: string;
  readonly caseId: string;
  readonly requestId: string;
  readonly reason: string;
  readonly askedBy: string;
  /** The second person who agreed; null where none did, or none was needed. */
  readonly allowedBy: string | null;
  readonly atMs: number;
  /** Null until it was read. */
  readonly openedAtMs: number | null;
  readonly lookedMs: number;
}

const tablesOf = (reader: Reader) => reader.withTables<CaseTables>();

export function putCase(one: Case): WriteStatement {
  return {
    sql: `insert into enforcement_case (id, account_id, undecided, decided_at_ms, bulk_id, body) values (?, ?, ?, ?, ?, ?)
      on conflict (id) do update set undecided = excluded.undecided, decided_at_ms = excluded.decided_at_ms,
        bulk_id = excluded.bulk_id, body = excluded.body`,
    parameters: [
      one.id,
      one.owner.accountId,
      isUndecided(one) ? 1 : 0,
      isUndecided(one) ? null : (one.ruling?.atMs ?? null),
      one.ruling?.bulkId ?? null,
      JSON.stringify(one),
    ],
  };
}

export function putSubject(subject: string, caseId: string): WriteStatement {
  return {
    sql: 'insert into enforcement_case_subject (subject, case_id) values (?, ?) on conflict (subject) do nothing',
    parameters: [subject, caseId],
  };
}

export function insertEvent(event: CaseEvent): WriteStatement {
  const { id, caseId, atMs, actor, what, detail } = event;
  return {
    sql: 'insert into enforcement_case_event (id, case_id, at_ms, actor, what, detail) values (?, ?, ?, ?, ?, ?)',
    parameters: [id, caseId, atMs, actor, what, JSON.stringify(detail)],
  };
}

export function insertReview(one: Review): WriteStatement {
  return {
    sql: `insert into enforcement_case_review (id, case_id, twin_of, queue, conduct, severe, reviewer, outcome, at_ms)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    parameters: [
      one.id,
      one.caseId,
      one.twinOf,
      one.queue,
      one.conduct,
      one.severe ? 1 : 0,
      one.reviewer,
      one.outcome,
      one.atMs,
    ],
  };
}

export function putReveal(one: Reveal): WriteStatement {
  return {
    sql: `insert into enforcement_case_reveal
        (id, case_id, request_id, reason, asked_by, allowed_by, at_ms, opened_at_ms, looked_ms)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?)
      on conflict (id) do update set allowed_by = excluded.allowed_by, opened_at_ms = excluded.opened_at_ms,
        looked_ms = excluded.looked_ms`,
    parameters: [
      one.id,
      one.caseId,
      one.requestId,
      one.reason,
      one.askedBy,
      one.allowedBy,
      one.atMs,
      one.openedAtMs,
      one.lookedMs,
    ],
  };
}

export function putReviewer(one: Reviewer): WriteStatement {
  return {
    sql: 'insert into enforcement_reviewer (id, body) values (?, ?) on conflict (id) do update set body = excluded.body',
    parameters: [one.id, JSON.stringify(one)],
  };
}

/** Readings stay: they hold nothing of the account. */
export function eraseAccountCases(accountId: string): WriteStatement[] {
  const theirs = '(select id from enforcement_case where account_id = ?)';
  const from = (table: string) => ({
    sql: `delete from ${table} where case_id in ${theirs}`,
    parameters: [accountId],
  });
  return [
    from('enforcement_case_subject'),
    from('enforcement_case_event'),
    from('enforcement_case_reveal'),
    { sql: 'delete from enforcement_case where account_id = ?', parameters: [accountId] },
  ];
}

const parseCase = ({ body }: { readonly body: string }) => JSON.parse(body) as Case;

export async function readUndecided(reader: Reader): Promise<Case[]> {
  const rows = await tablesOf(reader)
    .selectFrom('enforcement_case')
    .select('body')
    .where('undecided', '=', 1)
    .execute();
  return rows.map(parseCase);
}

/** The last decided first. */
export async function readDecided(reader: Reader, limit: number): Promise<Case[]> {
  const rows = await tablesOf(reader)
    .selectFrom('enforcement_case')
    .select('body')
    .where('decided_at_ms', 'is not', null)
    .orderBy('decided_at_ms', 'desc')
    .limit(limit)
    .execute();
  return rows.map(parseCase);
}

export async function readCase(reader: Reader, id: string): Promise<Case | null> {
  const row = await tablesOf(reader)
    .selectFrom('enforcement_case')
    .select('body')
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? null : parseCase(row);
}

/** Those of an account that a request is one of. */
export async function readCasesOfRequest(reader: Reader, accountId: string, requestId: string): Promise<Case[]> {
  const rows = await tablesOf(reader)
    .selectFrom('enforcement_case')
    .select('body')
    .where('account_id', '=', accountId)
    .where((where) => where(where.fn<number>('instr', ['body', where.val(requestId)]), '>', 0))
    .execute();
  return rows.map(parseCase).filter(({ requestIds }) => requestIds.includes(requestId));
}

export async function readBulk(reader: Reader, bulkId: string): Promise<Case[]> {
  const rows = await tablesOf(reader)
    .selectFrom('enforcement_case')
    .select('body')
    .where('bulk_id', '=', bulkId)
    .execute();
  return rows.map(parseCase);
}

/** At most this many names in one statement. */
const NAMES_MAX = 500;

/** The cases that subjects went to, by subject. */
export async function readSubjects(reader: Reader, subjects: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (let at = 0; at < subjects.length; at += NAMES_MAX) {
    const rows = await tablesOf(reader)
      .selectFrom('enforcement_case_subject')
      .selectAll()
      .where('subject', 'in', subjects.slice(at, at + NAMES_MAX))
      .execute();
    for (const row of rows) found.set(row.subject, row.case_id);
  }
  return found;
}

/** Events shown with a case. */
const EVENTS_MAX = 200;

/** The oldest first; the newest 200. */
export async function readEvents(reader: Reader, caseId: string): Promise<CaseEvent[]> {
  const rows = await tablesOf(reader)
    .selectFrom('enforcement_case_event')
    .selectAll()
    .where('case_id', '=', caseId)
    .orderBy('id', 'desc')
    .limit(EVENTS_MAX)
    .execute();
  return rows.reverse().map((row) => ({
    id: row.id,
    caseId: row.case_id,
    atMs: row.at_ms,
    actor: row.actor,
    what: row.what as CaseHappening,
    detail: JSON.parse(row.detail) as CaseEvent['detail'],
  }));
}

/** Severe cases that were given to somebody since then: who, which, when. */
export async function readSevereTaken(
  reader: Reader,
  sinceMs: number,
): Promise<{ readonly reviewer: string; readonly caseId: string; readonly atMs: number }[]> {
  const rows = await tablesOf(reader)
    .selectFrom('enforcement_case_event')
    .select(['actor', 'case_id', 'at_ms'])
    .where('what', '=', 'taken')
    .where('at_ms', '>=', sinceMs)
    .where(sql<number>`json_extract(detail, '$.severe')`, '=', 1)
    .execute();
  return rows.map((row) => ({ reviewer: row.actor, caseId: row.case_id, atMs: row.at_ms }));
}

/** The oldest first. */
export async function readReviews(reader: Reader, sinceMs: number): Promise<Review[]> {
  const rows = await tablesOf(reader)
    .selectFrom('enforcement_case_review')
    .selectAll()
    .where('at_ms', '>=', sinceMs)
    .orderBy('at_ms')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    caseId: row.case_id,
    twinOf: row.twin_of,
    queue: row.queue,
    conduct: row.conduct as Conduct,
    severe: row.severe === 1,
    reviewer: row.reviewer,
    outcome: row.outcome as Outcome,
    atMs: row.at_ms,
  }));
}

export async function readReveals(reader: Reader, sinceMs: number): Promise<Reveal[]> {
  const rows = await tablesOf(reader)
    .selectFrom('enforcement_case_reveal')
    .selectAll()
    .where('at_ms', '>=', sinceMs)
    .orderBy('at_ms')
    .execute();
  return rows.map(toReveal);
}

export async function readReveal(reader: Reader, id: string): Promise<Reveal | null> {
  const row = await tablesOf(reader)
    .selectFrom('enforcement_case_reveal')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? null : toReveal(row);
}

function toReveal(row: CaseTables['enforcement_case_reveal']): Reveal {
  return {
    id: row.id,
    caseId: row.case_id,
    requestId: row.request_id,
    reason: row.reason,
    askedBy: row.asked_by,
    allowedBy: row.allowed_by,
    atMs: row.at_ms,
    openedAtMs: row.opened_at_ms,
    lookedMs: row.looked_ms,
  };
}

export async function readReviewers(reader: Reader): Promise<Reviewer[]> {
  const rows = await tablesOf(reader).selectFrom('enforcement_reviewer').selectAll().execute();
  return rows.map(({ body }) => JSON.parse(body) as Reviewer);
}
