/** The tables of decisions and of the notices people are to get, and every statement that writes them. */
import { createHash } from 'node:crypto';
import { type Expression, sql, type SqlBool } from 'kysely';
import { canonicalJson } from '../../audit/canonical.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { Conduct } from '../conduct.ts';
import type { Decision, DecisionKind } from '../decision.ts';
import type { Step } from '../step.ts';
import { type Said, saidOf } from './said.ts';

export type DecisionTables = {
  enforcement_decision: {
    id: string;
    kind: DecisionKind;
    at_ms: number;
    account_id: string;
    unit_kind: Decision['unit']['kind'];
    sanction_id: string | null;
    about: string | null;
    step: Step | null;
    conduct: Conduct | null;
    automated_decision: Decision['automatedDecision'];
    certified: number;
    first_at_ms: number | null;
    start_ms: number;
    body: string;
  };
  enforcement_notice: { decision_id: string; due_ms: number; tries: number; told_at_ms: number | null };
};

export interface DecisionFilter {
  readonly accountId?: string;
  readonly kind?: DecisionKind;
  readonly step?: Step;
  readonly conduct?: Conduct;
  readonly automation?: Decision['automatedDecision'];
  readonly fromMs?: number;
  /** Exclusive. */
  readonly toMs?: number;
}

/** A decision as it is stored: canonical JSON, of which the record keeps the fingerprint. */
export function bodyOf(decision: Decision): string {
  return canonicalJson(saidOf(decision));
}

/** What the record keeps of a decision: its fingerprint, and nothing that names anybody. */
export function digestOf(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

/** Whether an entry of the record speaks of exactly this decision; both as they are stored. */
export function isRecordedAs(body: string, entry: string): boolean {
  const said = JSON.parse(entry) as { readonly sha256?: unknown };
  return said.sha256 === digestOf(body);
}

/** The decision and the notice that is due with it. */
export function insertDecision(decision: Decision, body: string): WriteStatement[] {
  const { unit, facts } = decision;
  return [
    {
      sql: `insert into enforcement_decision (id, kind, at_ms, account_id, unit_kind, sanction_id, about, step, conduct,
          automated_decision, certified, first_at_ms, start_ms, body) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      parameters: [
        decision.id,
        decision.kind,
        decision.atMs,
        decision.accountId,
        unit.kind,
        decision.sanctionId,
        decision.about,
        decision.step,
        facts?.conduct ?? null,
        decision.automatedDecision,
        decision.certificate === null ? 0 : 1,
        facts?.firstAtMs ?? null,
        decision.startMs,
        body,
      ],
      expectRows: 1,
    },
    {
      sql: 'insert into enforcement_notice (decision_id, due_ms) values (?, ?)',
      parameters: [decision.id, decision.startMs],
      expectRows: 1,
    },
  ];
}

export function setTold(decisionId: string, atMs: number): WriteStatement {
  return {
    sql: 'update enforcement_notice set told_at_ms = ? where decision_id = ? and told_at_ms is null',
    parameters: [atMs, decisionId],
  };
}

/** Tried and not delivered: due again later. */
export function putOff(decisionId: string, dueMs: number): WriteStatement {
  return {
    sql: 'update enforcement_notice set tries = tries + 1, due_ms = ? where decision_id = ? and told_at_ms is null',
    parameters: [dueMs, decisionId],
  };
}

export async function readDecision(reader: Reader, id: string): Promise<Decision | null> {
  const row = await decisions(reader).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : fromBody(row.body);
}

export interface PageOf {
  /** Of the page before: ids are ordered by time. */
  readonly before: string | null;
  readonly limit: number;
}

export async function listDecisions(reader: Reader, filter: DecisionFilter, page: PageOf): Promise<Decision[]> {
  let found = decisions(reader).where(fits(filter));
  if (page.before !== null) found = found.where('id', '<', page.before);
  const rows = await found.orderBy('id', 'desc').limit(page.limit).execute();
  return rows.map(({ body }) => fromBody(body));
}

/** The oldest first, behind `after`. */
export async function readDecisionsFrom(
  reader: Reader,
  filter: DecisionFilter,
  after: string,
  limit: number,
): Promise<Decision[]> {
  const rows = await decisions(reader).where(fits(filter)).where('id', '>', after).orderBy('id').limit(limit).execute();
  return rows.map(({ body }) => fromBody(body));
}

export async function readAbout(reader: Reader, id: string): Promise<string[]> {
  const rows = await decisions(reader).where('about', '=', id).orderBy('id').execute();
  return rows.map((row) => row.id);
}

export async function readToldAt(reader: Reader, id: string): Promise<number | null> {
  const row = await reader
    .withTables<DecisionTables>()
    .selectFrom('enforcement_notice')
    .select('told_at_ms')
    .where('decision_id', '=', id)
    .executeTakeFirst();
  return row?.told_at_ms ?? null;
}

/** Decisions whose people are to be told now, with how often it was tried. */
export async function readDueNotices(
  reader: Reader,
  nowMs: number,
  limit: number,
): Promise<{ readonly decision: Decision; readonly tries: number }[]> {
  const rows = await reader
    .withTables<DecisionTables>()
    .selectFrom('enforcement_notice')
    .innerJoin('enforcement_decision', 'id', 'decision_id')
    .select(['tries', 'body'])
    .where('told_at_ms', 'is', null)
    .where('due_ms', '<=', nowMs)
    .orderBy('due_ms')
    .limit(limit)
    .execute();
  return rows.map(({ tries, body }) => ({ tries, decision: fromBody(body) }));
}

const COUNTED = {
  conduct: sql<string>`coalesce(conduct, 'none')`,
  step: sql<string>`coalesce(step, 'none')`,
  automation: sql<string>`automated_decision`,
  unit: sql<string>`unit_kind`,
  kind: sql<string>`kind`,
  certified: sql<string>`case certified when 1 then 'yes' else 'no' end`,
} as const;

export type CountedBy = keyof typeof COUNTED;

/** How many decisions there are of each value. */
export async function countDecisions(
  reader: Reader,
  filter: DecisionFilter,
  by: CountedBy,
): Promise<ReadonlyMap<string, number>> {
  const rows = await reader
    .withTables<DecisionTables>()
    .selectFrom('enforcement_decision')
    .where(fits(filter))
    .select((of) => [COUNTED[by].as('name'), of.fn.countAll<number>().as('count')])
    .groupBy('name')
    .execute();
  return new Map(rows.map(({ name, count }) => [name, count]));
}

/** Milliseconds from the first request that counted to the decision: the middle one (the lower of two), null where there is none. */
export async function medianMsToDecision(reader: Reader, filter: DecisionFilter): Promise<number | null> {
  const found = () =>
    reader
      .withTables<DecisionTables>()
      .selectFrom('enforcement_decision')
      .where(fits(filter))
      .where('first_at_ms', 'is not', null);
  const { count } = await found()
    .select((of) => of.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  if (count === 0) return null;
  const middle = await found()
    .select(sql<number>`at_ms - first_at_ms`.as('ms'))
    .orderBy('ms')
    .limit(1)
    .offset(Math.floor((count - 1) / 2))
    .executeTakeFirst();
  return middle?.ms ?? null;
}

function decisions(reader: Reader) {
  return reader.withTables<DecisionTables>().selectFrom('enforcement_decision').selectAll();
}

/** What is left out is not asked for. */
function fits(filter: DecisionFilter): Expression<SqlBool> {
  const { accountId, kind, step, conduct, automation, fromMs, toMs } = filter;
  const conditions = [
    sql<SqlBool>`true`,
    accountId === undefined ? null : sql<SqlBool>`account_id = ${accountId}`,
    kind === undefined ? null : sql<SqlBool>`kind = ${kind}`,
    step === undefined ? null : sql<SqlBool>`step = ${step}`,
    conduct === undefined ? null : sql<SqlBool>`conduct = ${conduct}`,
    automation === undefined ? null : sql<SqlBool>`automated_decision = ${automation}`,
    fromMs === undefined ? null : sql<SqlBool>`at_ms >= ${fromMs}`,
    toMs === undefined ? null : sql<SqlBool>`at_ms < ${toMs}`,
  ];
  return sql<SqlBool>`(${sql.join(
    conditions.filter((one) => one !== null),
    sql` and `,
  )})`;
}

function fromBody(body: string): Decision {
  return JSON.parse(body) as Said & Decision;
}
