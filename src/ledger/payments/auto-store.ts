/** The table of automatic top-ups, and every statement that writes it. */
import { sql } from 'kysely';
import { fromSqlText, type Nano, toSqlInteger } from '../../base/money.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';

export interface AutoTopup {
  readonly accountId: string;
  /** `disabled` by declined charges, `off` by the operator. */
  readonly state: 'on' | 'off' | 'disabled';
  /** Below this much available credit ... */
  readonly threshold: Nano;
  /** ... this much is bought. */
  readonly credit: Nano;
  /** The most that is charged in a month (UTC), tax included. */
  readonly monthlyCap: Nano;
  readonly methodRef: string;
  readonly methodLabel: string;
  /** The month `spent` is of, such as `2026-11`. */
  readonly month: string;
  readonly spent: Nano;
  /** The charge in flight. */
  readonly paymentId: string | null;
  /** Declined charges in a row. */
  readonly failures: number;
  readonly lastFailure: string | null;
  /** Not before this. */
  readonly nextAtMs: number;
}

type AutoTables = {
  ledger_auto_topup: {
    account_id: string;
    state: AutoTopup['state'];
    threshold: number;
    credit: number;
    monthly_cap: number;
    method_ref: string;
    method_label: string;
    month: string;
    spent: number;
    payment_id: string | null;
    failures: number;
    last_failure: string | null;
    next_at_ms: number;
  };
};

/** Declined charges in a row that turn it off. */
const FAILURES_MAX = 3;

const text = (column: string) => sql<string>`cast(${sql.ref(column)} as text)`;

/** Of one account, or of all. */
export async function readAutoTopups(reader: Reader, accountId: string | null): Promise<AutoTopup[]> {
  let query = reader
    .withTables<AutoTables>()
    .selectFrom('ledger_auto_topup')
    .select([
      'account_id',
      'state',
      text('threshold').as('threshold'),
      text('credit').as('credit'),
      text('monthly_cap').as('monthly_cap'),
      'method_ref',
      'method_label',
      'month',
      text('spent').as('spent'),
      'payment_id',
      'failures',
      'last_failure',
      'next_at_ms',
    ]);
  if (accountId !== null) query = query.where('account_id', '=', accountId);
  const rows = await query.execute();
  return rows.map((row) => ({
    accountId: row.account_id,
    state: row.state,
    threshold: fromSqlText(row.threshold),
    credit: fromSqlText(row.credit),
    monthlyCap: fromSqlText(row.monthly_cap),
    methodRef: row.method_ref,
    methodLabel: row.method_label,
    month: row.month,
    spent: fromSqlText(row.spent),
    paymentId: row.payment_id,
    failures: row.failures,
    lastFailure: row.last_failure,
    nextAtMs: row.next_at_ms,
  }));
}

/** What was charged this month goes on counting. */
export function setAutoTopup(auto: AutoTopup): WriteStatement {
  const { accountId, methodRef, methodLabel, month } = auto;
  const amounts = [auto.threshold, auto.credit, auto.monthlyCap].map(toSqlInteger);
  return {
    sql: `insert into ledger_auto_topup (account_id, state, threshold, credit, monthly_cap, method_ref, method_label,
      month, spent, payment_id, failures, last_failure, next_at_ms) values (?, 'on', ?, ?, ?, ?, ?, ?, 0, null, 0, null, 0)
      on conflict (account_id) do update set state = 'on', threshold = excluded.threshold, credit = excluded.credit,
      monthly_cap = excluded.monthly_cap, method_ref = excluded.method_ref, method_label = excluded.method_label,
      failures = 0, last_failure = null, next_at_ms = 0 where ledger_auto_topup.payment_id is null`,
    parameters: [accountId, ...amounts, methodRef, methodLabel, month],
    expectRows: 1,
  };
}

/** A charge in flight comes to its end all the same. */
export function turnOff(accountId: string): WriteStatement {
  return {
    sql: "update ledger_auto_topup set state = 'off' where account_id = ?",
    parameters: [accountId],
    expectRows: 1,
  };
}

/** Meets one row only if none is in flight, it is on and due, and the month's cap has room for `amount`. */
export function claimCharge(
  accountId: string,
  charge: {
    readonly paymentId: string;
    readonly amount: Nano;
    readonly month: string;
    readonly nowMs: number;
    readonly retryAtMs: number;
  },
): WriteStatement {
  const amount = toSqlInteger(charge.amount);
  return {
    sql: `update ledger_auto_topup set payment_id = ?, next_at_ms = ?, month = ?,
      spent = case when month = ? then spent else 0 end + ?
      where account_id = ? and state = 'on' and payment_id is null and next_at_ms <= ?
      and case when month = ? then spent else 0 end + ? <= monthly_cap`,
    parameters: [
      charge.paymentId,
      charge.retryAtMs,
      charge.month,
      charge.month,
      amount,
      accountId,
      charge.nowMs,
      charge.month,
      amount,
    ],
    expectRows: 1,
  };
}

/** The charge, if it was one, succeeded. */
export function clearCharge(paymentId: string): WriteStatement {
  return {
    sql: `update ledger_auto_topup set payment_id = null, failures = 0, last_failure = null, next_at_ms = 0
      where payment_id = ?`,
    parameters: [paymentId],
  };
}

/** The charge, if it was one, was declined: it does not count towards the cap, and the next has to wait. */
export function failCharge(
  paymentId: string,
  failure: { readonly amount: Nano; readonly why: string; readonly nowMs: number; readonly retryMs: number },
): WriteStatement {
  return {
    sql: `update ledger_auto_topup set payment_id = null, spent = spent - ?, failures = failures + 1, last_failure = ?,
      next_at_ms = ? + ? * (failures + 1), state = case when failures + 1 >= ? and state = 'on' then 'disabled' else state end
      where payment_id = ?`,
    parameters: [toSqlInteger(failure.amount), failure.why, failure.nowMs, failure.retryMs, FAILURES_MAX, paymentId],
  };
}

/** Nobody knows yet whether it was charged: it stays in flight, and is asked about later. */
export function putChargeOff(paymentId: string, nextAtMs: number, why: string): WriteStatement {
  return {
    sql: 'update ledger_auto_topup set next_at_ms = ?, last_failure = ? where payment_id = ?',
    parameters: [nextAtMs, why, paymentId],
  };
}
