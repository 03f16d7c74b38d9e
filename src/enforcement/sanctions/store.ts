/** The table of sanctions, and every statement that writes it. */
import { sql } from 'kysely';
import { assert } from '../../base/assert.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { Conduct } from '../conduct.ts';
import type { DecisionTables } from '../decisions/store.ts';
import type { Sanction, SANCTION_ENDS, Scope } from '../sanction.ts';
import type { Step } from '../step.ts';
import { nameOfUnit, type Unit, unitNamed } from '../unit.ts';
import type { HeldSanction } from './table.ts';

type SanctionRow = {
  id: string;
  decision_id: string;
  account_id: string;
  unit_kind: Unit['kind'];
  unit_name: string | null;
  operator_id: string | null;
  step: Step;
  scope: string | null;
  conduct: Conduct;
  decided_at_ms: number;
  start_ms: number;
  applied_at_ms: number | null;
  until_ms: number | null;
  stop_id: string | null;
  linked_to: string | null;
  ended_how: (typeof SANCTION_ENDS)[number] | null;
  ended_at_ms: number | null;
  ended_by: string | null;
  acknowledged_at_ms: number | null;
  refund_due: number;
};

type SanctionTables = { enforcement_sanction: SanctionRow };

export interface SanctionFilter {
  readonly accountId?: string;
  readonly step?: Step;
  readonly conduct?: Conduct;
  /** Told by the clock. */
  readonly state?: 'in_force' | 'over';
}

export function insertSanction(one: HeldSanction, refundDue: boolean): WriteStatement {
  return {
    sql: `insert into enforcement_sanction (id, decision_id, account_id, unit_kind, unit_name, operator_id, step, scope,
        conduct, decided_at_ms, start_ms, applied_at_ms, until_ms, stop_id, linked_to, refund_due)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    parameters: [
      one.id,
      one.decisionId,
      one.unit.accountId,
      one.unit.kind,
      nameOfUnit(one.unit),
      one.operatorId,
      one.step,
      one.scope === null ? null : JSON.stringify(one.scope),
      one.conduct,
      one.decidedAtMs,
      one.startMs,
      one.appliedAtMs,
      one.untilMs,
      one.stopId,
      one.linkedTo,
      refundDue ? 1 : 0,
    ],
    expectRows: 1,
  };
}

/** Refused when it ended before; only that it was wrong may be said afterwards, once. */
export function setEnded(id: string, { how, atMs, by }: NonNullable<Sanction['ended']>): WriteStatement {
  return {
    sql: `update enforcement_sanction set ended_how = ?1, ended_at_ms = ?2, ended_by = ?3
      where id = ?4 and (ended_how is null or (?1 = 'reversed' and ended_how <> 'reversed'))`,
    parameters: [how, atMs, by, id],
    expectRows: 1,
  };
}

/** It came to be felt, and by which stop. */
export function setApplied(id: string, atMs: number, stopId: string | null): WriteStatement {
  return {
    sql: 'update enforcement_sanction set applied_at_ms = coalesce(applied_at_ms, ?), stop_id = ? where id = ?',
    parameters: [atMs, stopId, id],
    expectRows: 1,
  };
}

export function setAcknowledged(id: string, atMs: number): WriteStatement {
  return {
    sql: 'update enforcement_sanction set acknowledged_at_ms = ? where id = ? and acknowledged_at_ms is null',
    parameters: [atMs, id],
  };
}

export function setRefunded(id: string): WriteStatement {
  return { sql: 'update enforcement_sanction set refund_due = 0 where id = ?', parameters: [id] };
}

/** Those that hold at `nowMs` or will, or may come to hold again when the clock is set back. */
export async function readOpen(reader: Reader, nowMs: number): Promise<HeldSanction[]> {
  const rows = await sanctions(reader)
    .where('ended_how', 'is', null)
    .where((where) => where.or([where('until_ms', 'is', null), where('until_ms', '>', nowMs)]))
    .execute();
  return rows.map(toSanction);
}

/** Cool-offs that were not reversed, counted by unit. */
export async function readCoolOffs(reader: Reader): Promise<{ readonly unit: Unit; readonly count: number }[]> {
  const rows = await reader
    .withTables<SanctionTables>()
    .selectFrom('enforcement_sanction')
    .select((of) => ['account_id', 'unit_kind', 'unit_name', of.fn.countAll<number>().as('count')])
    .where('step', '=', 'cool_off')
    .where(sql<boolean>`ended_how is not 'reversed'`)
    .groupBy(['account_id', 'unit_kind', 'unit_name'])
    .execute();
  return rows.map((row) => ({ unit: unitOf(row), count: row.count }));
}

export async function readSanction(reader: Reader, id: string): Promise<HeldSanction | null> {
  const row = await sanctions(reader).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : toSanction(row);
}

export async function readFollowers(reader: Reader, id: string): Promise<HeldSanction[]> {
  const rows = await sanctions(reader).where('linked_to', '=', id).orderBy('id').execute();
  return rows.map(toSanction);
}

export async function readRefundsDue(reader: Reader, limit: number): Promise<HeldSanction[]> {
  const rows = await sanctions(reader).where('refund_due', '=', 1).orderBy('id').limit(limit).execute();
  return rows.map(toSanction);
}

export async function isRefundDue(reader: Reader, id: string): Promise<boolean> {
  const row = await sanctions(reader).where('id', '=', id).where('refund_due', '=', 1).executeTakeFirst();
  return row !== undefined;
}

/** Sanctions that have no decision, or no notice of it. */
export async function unexplained(reader: Reader): Promise<string[]> {
  const rows = await reader
    .withTables<SanctionTables & DecisionTables>()
    .selectFrom('enforcement_sanction')
    .leftJoin('enforcement_decision', 'enforcement_decision.id', 'enforcement_sanction.decision_id')
    .leftJoin('enforcement_notice', 'enforcement_notice.decision_id', 'enforcement_sanction.decision_id')
    .select('enforcement_sanction.id as id')
    .where((where) =>
      where.or([where('enforcement_decision.id', 'is', null), where('enforcement_notice.decision_id', 'is', null)]),
    )
    .execute();
  return rows.map(({ id }) => id);
}

/** Stops of sanctions that ended after this time. */
export async function endedAfter(reader: Reader, afterMs: number): Promise<ReadonlySet<string>> {
  const rows = await reader
    .withTables<SanctionTables>()
    .selectFrom('enforcement_sanction')
    .select('stop_id')
    .where('ended_at_ms', '>', afterMs)
    .execute();
  return new Set(rows.flatMap(({ stop_id: stopId }) => stopId ?? []));
}

/** The newest first. */
export async function listSanctions(
  reader: Reader,
  { accountId, step, conduct, state }: SanctionFilter,
  page: { readonly before: string | null; readonly limit: number; readonly nowMs: number },
): Promise<HeldSanction[]> {
  let found = sanctions(reader);
  const { nowMs } = page;
  if (accountId !== undefined) found = found.where('account_id', '=', accountId);
  if (step !== undefined) found = found.where('step', '=', step);
  if (conduct !== undefined) found = found.where('conduct', '=', conduct);
  const holds = sql<boolean>`(ended_how is null and (until_ms is null or until_ms > ${nowMs}))`;
  if (state !== undefined) found = found.where(state === 'in_force' ? holds : sql<boolean>`not ${holds}`);
  if (page.before !== null) found = found.where('id', '<', page.before);
  const rows = await found.orderBy('id', 'desc').limit(page.limit).execute();
  return rows.map(toSanction);
}

function sanctions(reader: Reader) {
  return reader.withTables<SanctionTables>().selectFrom('enforcement_sanction').selectAll();
}

function unitOf(row: Pick<SanctionRow, 'account_id' | 'unit_kind' | 'unit_name'>): Unit {
  const unit = unitNamed(row.unit_kind, row.account_id, row.unit_name);
  assert(unit !== null, 'a sanction of a part names it');
  return unit;
}

function toSanction(row: SanctionRow): HeldSanction {
  const { ended_how: how, ended_at_ms: endedAtMs } = row;
  return {
    id: row.id,
    decisionId: row.decision_id,
    unit: unitOf(row),
    step: row.step,
    scope: row.scope === null ? null : (JSON.parse(row.scope) as Scope),
    conduct: row.conduct,
    decidedAtMs: row.decided_at_ms,
    startMs: row.start_ms,
    appliedAtMs: row.applied_at_ms,
    untilMs: row.until_ms,
    stopId: row.stop_id,
    linkedTo: row.linked_to,
    operatorId: row.operator_id,
    ended: how === null ? null : { how, atMs: endedAtMs ?? 0, by: row.ended_by ?? '' },
    acknowledgedAtMs: row.acknowledged_at_ms,
  };
}
