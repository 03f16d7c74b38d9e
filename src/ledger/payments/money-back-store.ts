/** The tables of money paid back and taken back, and every statement that writes them. */
import { sql } from 'kysely';
import { fromSqlText, type Nano, toSqlInteger } from '../../base/money.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { Refund, RefundState, Reversal } from './payment.ts';

type MoneyBackTables = {
  ledger_refund: {
    id: string;
    payment_id: string;
    state: RefundState;
    credit: number;
    tax: number;
    reason: string;
    ref: string | null;
    detail: string | null;
    tries: number;
    next_at_ms: number;
    created_at_ms: number;
    ended_at_ms: number | null;
  };
  ledger_reversal: {
    id: string;
    payment_id: string;
    kind: Reversal['kind'];
    state: Reversal['state'];
    credit: number;
    tax: number;
    drained: number;
    created_at_ms: number;
  };
};

const text = (column: string) => sql<string>`cast(${sql.ref(column)} as text)`;

function selectRefunds(reader: Reader) {
  return reader
    .withTables<MoneyBackTables>()
    .selectFrom('ledger_refund')
    .select([
      'id',
      'payment_id',
      'state',
      text('credit').as('credit'),
      text('tax').as('tax'),
      'reason',
      'ref',
      'detail',
      'tries',
      'created_at_ms',
      'ended_at_ms',
    ]);
}

function toRefund(row: Awaited<ReturnType<ReturnType<typeof selectRefunds>['execute']>>[number]): Refund {
  return {
    id: row.id,
    paymentId: row.payment_id,
    state: row.state,
    credit: fromSqlText(row.credit),
    tax: fromSqlText(row.tax),
    reason: row.reason,
    ref: row.ref,
    detail: row.detail,
    tries: row.tries,
    createdAtMs: row.created_at_ms,
    endedAtMs: row.ended_at_ms,
  };
}

export async function findRefund(reader: Reader, id: string): Promise<Refund | null> {
  const row = await selectRefunds(reader).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : toRefund(row);
}

export async function listRefunds(reader: Reader, paymentId: string): Promise<Refund[]> {
  const rows = await selectRefunds(reader).where('payment_id', '=', paymentId).orderBy('created_at_ms').execute();
  return rows.map(toRefund);
}

/** Refunds whose driver is to be asked again. */
export async function dueRefunds(reader: Reader, nowMs: number, limit: number): Promise<Refund[]> {
  const rows = await selectRefunds(reader)
    .where('state', '=', 'pending')
    .where('next_at_ms', '<=', nowMs)
    .orderBy('next_at_ms')
    .limit(limit)
    .execute();
  return rows.map(toRefund);
}

export function insertRefund(refund: Refund, nextAtMs: number): WriteStatement {
  const { id, paymentId, credit, tax, reason, createdAtMs } = refund;
  return {
    sql: `insert into ledger_refund (id, payment_id, state, credit, tax, reason, ref, detail, tries, next_at_ms,
      created_at_ms, ended_at_ms) values (?, ?, 'pending', ?, ?, ?, null, null, 0, ?, ?, null)`,
    parameters: [id, paymentId, toSqlInteger(credit), toSqlInteger(tax), reason, nextAtMs, createdAtMs],
    expectRows: 1,
  };
}

export function endRefund(
  id: string,
  end: {
    readonly state: 'done' | 'failed';
    readonly ref: string | null;
    readonly detail: string | null;
    readonly atMs: number;
  },
): WriteStatement {
  return {
    sql: `update ledger_refund set state = ?, ref = ?, detail = ?, ended_at_ms = ?
      where id = ? and state ${end.state === 'done' ? "= 'pending'" : "<> 'failed'"}`,
    parameters: [end.state, end.ref, end.detail, end.atMs, id],
    expectRows: 1,
  };
}

export function putRefundOff(id: string, nextAtMs: number, detail: string): WriteStatement {
  return {
    sql: "update ledger_refund set tries = tries + 1, next_at_ms = ?, detail = ? where id = ? and state = 'pending'",
    parameters: [nextAtMs, detail, id],
  };
}

function selectReversals(reader: Reader) {
  return reader
    .withTables<MoneyBackTables>()
    .selectFrom('ledger_reversal')
    .select([
      'id',
      'payment_id',
      'kind',
      'state',
      text('credit').as('credit'),
      text('tax').as('tax'),
      text('drained').as('drained'),
    ]);
}

function toReversal(row: Awaited<ReturnType<ReturnType<typeof selectReversals>['execute']>>[number]): Reversal {
  return {
    id: row.id,
    paymentId: row.payment_id,
    kind: row.kind,
    state: row.state,
    credit: fromSqlText(row.credit),
    tax: fromSqlText(row.tax),
    drained: fromSqlText(row.drained),
  };
}

export async function findReversal(reader: Reader, id: string): Promise<Reversal | null> {
  const row = await selectReversals(reader).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : toReversal(row);
}

export async function listReversals(reader: Reader, paymentId: string): Promise<Reversal[]> {
  const rows = await selectReversals(reader).where('payment_id', '=', paymentId).orderBy('id').execute();
  return rows.map(toReversal);
}

/** Those whose payment still has credit somebody might spend, as far as this table knows. */
export async function owedReversals(reader: Reader, after: string, limit: number): Promise<Reversal[]> {
  const rows = await selectReversals(reader)
    .where('state', '<>', 'won')
    .whereRef('drained', '<', 'credit')
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(toReversal);
}

export function insertReversal(reversal: Reversal, atMs: number): WriteStatement {
  const { id, paymentId, kind, state, credit, tax } = reversal;
  return {
    sql: `insert into ledger_reversal (id, payment_id, kind, state, credit, tax, drained, created_at_ms, ended_at_ms)
      values (?, ?, ?, ?, ?, ?, 0, ?, null)`,
    parameters: [id, paymentId, kind, state, toSqlInteger(credit), toSqlInteger(tax), atMs],
    expectRows: 1,
  };
}

/** Meets one row only if nothing else was drained meanwhile, and the money has not come back. */
export function addDrained(reversal: Reversal, amount: Nano): WriteStatement {
  return {
    sql: "update ledger_reversal set drained = drained + ? where id = ? and drained = ? and state <> 'won'",
    parameters: [toSqlInteger(amount), reversal.id, toSqlInteger(reversal.drained)],
    expectRows: 1,
  };
}

export function endReversal(reversal: Reversal, state: 'won' | 'lost', atMs: number): WriteStatement {
  return {
    sql: 'update ledger_reversal set state = ?, ended_at_ms = ? where id = ? and drained = ? and state <> ?',
    parameters: [state, atMs, reversal.id, toSqlInteger(reversal.drained), state],
    expectRows: 1,
  };
}
