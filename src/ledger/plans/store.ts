/** The tables of subscriptions and their fees, and every statement that writes them. */
import { sql } from 'kysely';
import { fromSqlText, toSqlInteger } from '../../base/money.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { PlanInterval, Subscription } from '../plan.ts';
import type { Fee } from './fees.ts';
import type { Held, Share, SubscriptionEvent, SubscriptionEventKind } from './held.ts';

type NextColumns = { next_plan: string | null; next_interval: PlanInterval | null; next_seats: number | null };

type PlanTables = {
  ledger_subscription: NextColumns & {
    account_id: string;
    id: string;
    plan: string;
    interval: PlanInterval;
    seats: number;
    state: Subscription['state'];
    fee: number;
    anchor_ms: number;
    period_start_ms: number;
    period_end_ms: number;
    cancel_at_period_end: number;
    next_paid_to_ms: number | null;
    next_paid_fee: number | null;
    credited_to_ms: number;
    grace_to_ms: number | null;
    trial_used: number;
    version: number;
  };
  ledger_subscription_event: NextColumns & {
    id: string;
    account_id: string;
    subscription_id: string;
    version: number;
    at_ms: number;
    recorded_at_ms: number;
    kind: SubscriptionEventKind;
    plan: string;
    interval: PlanInterval;
    seats: number;
    state: Subscription['state'];
    fee: number;
    period_start_ms: number;
    period_end_ms: number;
    cancel_at_period_end: number;
    payment_id: string | null;
    paid: number | null;
    note: string | null;
  };
  ledger_subscription_fee: {
    id: string;
    account_id: string;
    amount: number;
    start_ms: number;
    end_ms: number;
    recognised: number;
    recognised_to_ms: number;
    moved: number;
    open: number;
  };
};

export async function readSubscriptions(reader: Reader): Promise<Held[]> {
  const rows = await reader
    .withTables<PlanTables>()
    .selectFrom('ledger_subscription')
    .selectAll()
    .select(sql<string>`cast(fee as text)`.as('fee_text'))
    .select(sql<string | null>`cast(next_paid_fee as text)`.as('next_paid_fee_text'))
    .execute();
  return rows.map((row) => ({
    id: row.id,
    accountId: row.account_id,
    plan: row.plan,
    interval: row.interval,
    seats: row.seats,
    state: row.state,
    fee: fromSqlText(row.fee_text),
    anchorMs: row.anchor_ms,
    periodStartMs: row.period_start_ms,
    periodEndMs: row.period_end_ms,
    cancelAtPeriodEnd: row.cancel_at_period_end === 1,
    next: nextOf(row),
    nextPaid:
      row.next_paid_to_ms === null || row.next_paid_fee_text === null
        ? null
        : { toMs: row.next_paid_to_ms, fee: fromSqlText(row.next_paid_fee_text) },
    creditedToMs: row.credited_to_ms,
    graceToMs: row.grace_to_ms,
    trialUsed: row.trial_used === 1,
    version: row.version,
  }));
}

function nextOf(row: NextColumns): Share | null {
  const { next_plan: plan, next_interval: interval, next_seats: seats } = row;
  return plan === null || interval === null || seats === null ? null : { plan, interval, seats };
}

const SUBSCRIPTION_COLUMNS = [
  'id',
  'plan',
  'interval',
  'seats',
  'state',
  'fee',
  'anchor_ms',
  'period_start_ms',
  'period_end_ms',
  'cancel_at_period_end',
  'next_plan',
  'next_interval',
  'next_seats',
  'next_paid_to_ms',
  'next_paid_fee',
  'credited_to_ms',
  'grace_to_ms',
  'trial_used',
  'version',
  'account_id',
] as const;

const INSERT_SUBSCRIPTION = `insert into ledger_subscription (${SUBSCRIPTION_COLUMNS.join(', ')})
  values (${SUBSCRIPTION_COLUMNS.map(() => '?').join(', ')})`;
const UPDATE_SUBSCRIPTION = `update ledger_subscription set ${SUBSCRIPTION_COLUMNS.slice(0, -1)
  .map((column) => `${column} = ?`)
  .join(', ')} where account_id = ? and version = ?`;

/** Refused when the row is no longer the one this change was made from. */
export function writeSubscription(held: Held): WriteStatement {
  const parameters = [
    held.id,
    held.plan,
    held.interval,
    held.seats,
    held.state,
    toSqlInteger(held.fee),
    held.anchorMs,
    held.periodStartMs,
    held.periodEndMs,
    held.cancelAtPeriodEnd ? 1 : 0,
    held.next?.plan ?? null,
    held.next?.interval ?? null,
    held.next?.seats ?? null,
    held.nextPaid?.toMs ?? null,
    held.nextPaid === null ? null : toSqlInteger(held.nextPaid.fee),
    held.creditedToMs,
    held.graceToMs,
    held.trialUsed ? 1 : 0,
    held.version,
    held.accountId,
  ];
  return held.version === 1
    ? { sql: INSERT_SUBSCRIPTION, parameters, expectRows: 1 }
    : { sql: UPDATE_SUBSCRIPTION, parameters: [...parameters, held.version - 1], expectRows: 1 };
}

export function insertEvent(event: SubscriptionEvent): WriteStatement {
  return {
    sql: `insert into ledger_subscription_event (id, account_id, subscription_id, version, at_ms, recorded_at_ms, kind, plan,
      interval, seats, state, fee, period_start_ms, period_end_ms, cancel_at_period_end, next_plan, next_interval,
      next_seats, payment_id, paid, note) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    parameters: [
      event.id,
      event.accountId,
      event.subscriptionId,
      event.version,
      event.atMs,
      event.recordedAtMs,
      event.kind,
      event.plan,
      event.interval,
      event.seats,
      event.state,
      toSqlInteger(event.fee),
      event.periodStartMs,
      event.periodEndMs,
      event.cancelAtPeriodEnd ? 1 : 0,
      event.next?.plan ?? null,
      event.next?.interval ?? null,
      event.next?.seats ?? null,
      event.paymentId,
      event.paid === null ? null : toSqlInteger(event.paid),
      event.note,
    ],
    expectRows: 1,
  };
}

/** The last `limit` entries of one account's log, oldest first. */
export async function readEvents(reader: Reader, accountId: string, limit: number): Promise<SubscriptionEvent[]> {
  const rows = await reader
    .withTables<PlanTables>()
    .selectFrom('ledger_subscription_event')
    .selectAll()
    .select([sql<string>`cast(fee as text)`.as('fee_text'), sql<string | null>`cast(paid as text)`.as('paid_text')])
    .where('account_id', '=', accountId)
    .orderBy('version', 'desc')
    .limit(limit)
    .execute();
  return rows.reverse().map((row) => ({
    id: row.id,
    accountId: row.account_id,
    subscriptionId: row.subscription_id,
    version: row.version,
    atMs: row.at_ms,
    recordedAtMs: row.recorded_at_ms,
    kind: row.kind,
    plan: row.plan,
    interval: row.interval,
    seats: row.seats,
    state: row.state,
    fee: fromSqlText(row.fee_text),
    periodStartMs: row.period_start_ms,
    periodEndMs: row.period_end_ms,
    cancelAtPeriodEnd: row.cancel_at_period_end === 1,
    next: nextOf(row),
    paymentId: row.payment_id,
    paid: row.paid_text === null ? null : fromSqlText(row.paid_text),
    note: row.note,
  }));
}

/** Whose payment this was; null when it is not known. */
export async function readPayer(reader: Reader, paymentId: string): Promise<string | null> {
  const row = await reader
    .withTables<PlanTables>()
    .selectFrom('ledger_subscription_event')
    .select('account_id')
    .where('payment_id', '=', paymentId)
    .executeTakeFirst();
  return row?.account_id ?? null;
}

/** Accounts with a fee that is not wholly earned. */
export async function readAccountsWithFees(reader: Reader): Promise<string[]> {
  const rows = await reader
    .withTables<PlanTables>()
    .selectFrom('ledger_subscription_fee')
    .select('account_id')
    .where('open', '=', 1)
    .distinct()
    .execute();
  return rows.map((row) => row.account_id);
}

export async function readOpenFees(reader: Reader, accountId: string): Promise<Fee[]> {
  const rows = await reader
    .withTables<PlanTables>()
    .selectFrom('ledger_subscription_fee')
    .select(['id', 'account_id', 'start_ms', 'end_ms', 'recognised_to_ms'])
    .select([
      sql<string>`cast(amount as text)`.as('amount'),
      sql<string>`cast(recognised as text)`.as('recognised'),
      sql<string>`cast(moved as text)`.as('moved'),
    ])
    .where('account_id', '=', accountId)
    .where('open', '=', 1)
    .orderBy('start_ms')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    accountId: row.account_id,
    amount: fromSqlText(row.amount),
    startMs: row.start_ms,
    endMs: row.end_ms,
    recognised: fromSqlText(row.recognised),
    recognisedToMs: row.recognised_to_ms,
    moved: fromSqlText(row.moved),
  }));
}

export function insertFee(fee: Fee): WriteStatement {
  return {
    sql: `insert into ledger_subscription_fee (id, account_id, amount, start_ms, end_ms, recognised, recognised_to_ms, moved,
      open) values (?, ?, ?, ?, ?, 0, ?, 0, 1)`,
    parameters: [fee.id, fee.accountId, toSqlInteger(fee.amount), fee.startMs, fee.endMs, fee.startMs],
    expectRows: 1,
  };
}

/** From `before` to `after`, which differ in what is recognised and moved; refused when `before` is not how it stands. */
export function updateFee(before: Fee, after: Fee): WriteStatement {
  const open = after.amount > after.recognised + after.moved;
  return {
    sql: `update ledger_subscription_fee set recognised = ?, recognised_to_ms = ?, moved = ?, open = ?
      where id = ? and recognised_to_ms = ? and moved = ?`,
    parameters: [
      toSqlInteger(after.recognised),
      after.recognisedToMs,
      toSqlInteger(after.moved),
      open ? 1 : 0,
      before.id,
      before.recognisedToMs,
      toSqlInteger(before.moved),
    ],
    expectRows: 1,
  };
}
