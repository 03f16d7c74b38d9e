/** What restitution is to do, and what of it is done. */
import { sql } from 'kysely';
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { Step } from '../step.ts';
import type { RestitutionStep, StepDone } from './appeal.ts';

export interface Begun {
  readonly appealId: string;
  readonly begunAtMs: number;
  /** Incidents that were none. */
  readonly harmless: readonly string[];
  /** Requests of those incidents, as far as they are told one by one. */
  readonly requestIds: readonly string[];
  /** What takes the place of the step; null: nothing. */
  readonly milder: Step | null;
  /** The account was linked with others wrongly. */
  readonly wrongLink: boolean;
}

export interface Done extends StepDone {
  readonly doneAtMs: number;
}

export function insertBegun({ appealId, begunAtMs, harmless, requestIds, milder, wrongLink }: Begun): WriteStatement {
  return {
    sql: `insert into enforcement_restitution (appeal_id, begun_at_ms, harmless, request_ids, milder, wrong_link)
      values (?, ?, ?, ?, ?, ?)`,
    parameters: [appealId, begunAtMs, JSON.stringify(harmless), JSON.stringify(requestIds), milder, wrongLink ? 1 : 0],
    expectRows: 1,
  };
}

/** Refused where the step is done already, and whatever is written with it. */
export function insertDone(appealId: string, { step, doneAtMs, count }: Done): WriteStatement {
  return {
    sql: 'insert into enforcement_restitution_step (appeal_id, step, done_at_ms, count) values (?, ?, ?, ?)',
    parameters: [appealId, step, doneAtMs, count],
    expectRows: 1,
  };
}

export function setAllDone(appealId: string, atMs: number): WriteStatement {
  return {
    sql: 'update enforcement_restitution set done_at_ms = ? where appeal_id = ? and done_at_ms is null',
    parameters: [atMs, appealId],
  };
}

type BegunRow = {
  appeal_id: string;
  begun_at_ms: number;
  harmless: string;
  request_ids: string;
  milder: Step | null;
  wrong_link: number;
};

export async function readBegun(reader: Reader, appealId: string): Promise<Begun | null> {
  const { rows } = await sql<BegunRow>`select * from enforcement_restitution
    where appeal_id = ${appealId}`.execute(reader);
  return rows[0] === undefined ? null : toBegun(rows[0]);
}

/** Those that are not done, the oldest first. */
export async function readUndone(reader: Reader, limit: number): Promise<string[]> {
  const { rows } = await sql<{ appeal_id: string }>`select appeal_id from enforcement_restitution
    where done_at_ms is null order by appeal_id limit ${limit}`.execute(reader);
  return rows.map((row) => row.appeal_id);
}

export async function readDone(reader: Reader, appealId: string): Promise<Done[]> {
  const { rows } = await sql<{ step: RestitutionStep; done_at_ms: number; count: number }>`
    select step, done_at_ms, count from enforcement_restitution_step where appeal_id = ${appealId}`.execute(reader);
  return rows.map(({ step, done_at_ms: doneAtMs, count }) => ({ step, doneAtMs, count }));
}

function toBegun(row: BegunRow): Begun {
  return {
    appealId: row.appeal_id,
    begunAtMs: row.begun_at_ms,
    harmless: JSON.parse(row.harmless) as string[],
    requestIds: JSON.parse(row.request_ids) as string[],
    milder: row.milder,
    wrongLink: row.wrong_link === 1,
  };
}
