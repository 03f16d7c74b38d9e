import { sql } from 'kysely';
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { KeptReport, ReportCategory } from './report.ts';

interface Row {
  readonly id: string;
  readonly at_ms: number;
  readonly reporter_id: string;
  readonly person_id: string | null;
  readonly request_id: string | null;
  readonly app: string | null;
  readonly category: ReportCategory;
  readonly text: string;
  readonly reported_id: string | null;
  readonly signal_id: string | null;
  readonly incident_id: string | null;
}

const INSERT = `insert into enforcement_report (id, at_ms, reporter_id, person_id, request_id, app, category, text,
  reported_id, signal_id, incident_id) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Refused where the same account has reported the same before. */
export function insertReport(report: KeptReport): WriteStatement {
  const { id, atMs, reporterId, personId, requestId, app, category, text, reportedId, signalId, incidentId } = report;
  return {
    sql: INSERT,
    parameters: [id, atMs, reporterId, personId, requestId, app, category, text, reportedId, signalId, incidentId],
    expectRows: 1,
  };
}

/** All reports of an incident learn how it was settled, also anew. */
export function setOutcome(incidentId: string, wasRight: boolean): WriteStatement {
  return {
    sql: 'update enforcement_report set outcome = ? where incident_id = ?',
    parameters: [wasRight ? 'right' : 'wrong', incidentId],
  };
}

/** The same report of the same account; null for a new one. */
export async function readSame(
  reader: Reader,
  { reporterId, requestId, app, category }: Pick<KeptReport, 'reporterId' | 'requestId' | 'app' | 'category'>,
): Promise<KeptReport | null> {
  const { rows } = await sql<Row>`select * from enforcement_report where reporter_id = ${reporterId}
    and coalesce(request_id, '') = ${requestId ?? ''} and coalesce(app, '') = ${app ?? ''}
    and category = ${category}`.execute(reader);
  return rows[0] === undefined ? null : toReport(rows[0]);
}

/** What anybody reported of a request in a category and became a signal; null when nothing did. */
export async function readSignalled(
  reader: Reader,
  requestId: string,
  category: ReportCategory,
): Promise<KeptReport | null> {
  const { rows } = await sql<Row>`select * from enforcement_report
    where request_id = ${requestId} and category = ${category} and signal_id is not null limit 1`.execute(reader);
  return rows[0] === undefined ? null : toReport(rows[0]);
}

/** Signals that reports against an account became since a time. */
export async function countSignals(reader: Reader, reportedId: string, sinceMs: number): Promise<number> {
  const { rows } = await sql<{ signals: number }>`select count(distinct signal_id) as signals from enforcement_report
    where reported_id = ${reportedId} and at_ms >= ${sinceMs}`.execute(reader);
  return rows[0]?.signals ?? 0;
}

export async function countOutcomes(reader: Reader, reporterId: string): Promise<{ right: number; wrong: number }> {
  const { rows } = await sql<{ outcome: 'right' | 'wrong'; incidents: number }>`
    select outcome, count(distinct incident_id) as incidents from enforcement_report
    where reporter_id = ${reporterId} and outcome is not null group by outcome`.execute(reader);
  const of = (outcome: 'right' | 'wrong') => rows.find((row) => row.outcome === outcome)?.incidents ?? 0;
  return { right: of('right'), wrong: of('wrong') };
}

function toReport(row: Row): KeptReport {
  return {
    id: row.id,
    atMs: row.at_ms,
    reporterId: row.reporter_id,
    personId: row.person_id,
    requestId: row.request_id,
    app: row.app,
    category: row.category,
    text: row.text,
    reportedId: row.reported_id,
    signalId: row.signal_id,
    incidentId: row.incident_id,
  };
}
