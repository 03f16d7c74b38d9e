/** The tables of payments, and every statement that writes them. */
import { sql } from 'kysely';
import { fromSqlText, type Nano, toSqlInteger } from '../../base/money.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { DriverName, Fact } from './driver.ts';
import type { Payment, PaymentKind, PaymentState } from './payment.ts';

type PaymentTables = {
  ledger_payment: {
    id: string;
    account_id: string;
    kind: PaymentKind;
    state: PaymentState;
    driver: DriverName;
    amount: number;
    credit: number;
    tax: number;
    refunded: number;
    refunded_tax: number;
    ref: string | null;
    checkout_ref: string | null;
    subscription_ref: string | null;
    grant_id: string | null;
    /** A JSON object. */
    facts: string;
    created_at_ms: number;
    paid_at_ms: number | null;
  };
  ledger_payment_event: {
    driver: string;
    id: string;
    kind: string;
    state: EventState;
    payment_id: string | null;
    ref: string | null;
    detail: string | null;
    /** A JSON object; amounts as decimal text. */
    fact: string;
    at_ms: number;
  };
  ledger_payment_customer: { account_id: string; driver: string; ref: string };
};

export type EventState = 'applied' | 'ignored' | 'rejected' | 'waiting';

export interface PaymentEvent {
  readonly driver: string;
  readonly id: string;
  readonly kind: string;
  readonly state: EventState;
  readonly paymentId: string | null;
  readonly detail: string | null;
  readonly atMs: number;
}

const text = (column: string) => sql<string>`cast(${sql.ref(column)} as text)`;

function selectPayments(reader: Reader) {
  return reader
    .withTables<PaymentTables>()
    .selectFrom('ledger_payment')
    .select([
      'id',
      'account_id',
      'kind',
      'state',
      'driver',
      text('amount').as('amount'),
      text('credit').as('credit'),
      text('tax').as('tax'),
      text('refunded').as('refunded'),
      text('refunded_tax').as('refunded_tax'),
      'ref',
      'checkout_ref',
      'subscription_ref',
      'grant_id',
      'facts',
      'created_at_ms',
      'paid_at_ms',
    ]);
}

type PaymentRow = Awaited<ReturnType<ReturnType<typeof selectPayments>['execute']>>[number];

function toPayment(row: PaymentRow): Payment {
  return {
    id: row.id,
    accountId: row.account_id,
    kind: row.kind,
    state: row.state,
    driver: row.driver,
    amount: fromSqlText(row.amount),
    credit: fromSqlText(row.credit),
    tax: fromSqlText(row.tax),
    refunded: fromSqlText(row.refunded),
    refundedTax: fromSqlText(row.refunded_tax),
    ref: row.ref,
    checkoutRef: row.checkout_ref,
    subscriptionRef: row.subscription_ref,
    grantId: row.grant_id,
    facts: JSON.parse(row.facts) as Payment['facts'],
    createdAtMs: row.created_at_ms,
    paidAtMs: row.paid_at_ms,
  };
}

export async function findPayment(reader: Reader, id: string): Promise<Payment | null> {
  const row = await selectPayments(reader).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : toPayment(row);
}

/** By the driver's id: of the payment itself, or of its checkout. */
export async function findPaymentByRef(reader: Reader, driver: DriverName, ref: string): Promise<Payment | null> {
  const row = await selectPayments(reader).where('driver', '=', driver).where('ref', '=', ref).executeTakeFirst();
  return row === undefined ? null : toPayment(row);
}

/** The payment that began this subscription. */
export async function findSubscriptionPayment(reader: Reader, subscriptionRef: string): Promise<Payment | null> {
  const row = await selectPayments(reader)
    .where('subscription_ref', '=', subscriptionRef)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : toPayment(row);
}

/** Payments that began a subscription the driver still charges for, as far as we know. */
export async function listSubscribed(reader: Reader, after: string, limit: number): Promise<Payment[]> {
  const query = selectPayments(reader).where('subscription_ref', 'is not', null).where('id', '>', after);
  return (await query.orderBy('id').limit(limit).execute()).map(toPayment);
}

export function forgetSubscription(id: string): WriteStatement {
  return { sql: 'update ledger_payment set subscription_ref = null where id = ?', parameters: [id], expectRows: 1 };
}

/** The latest first; `before` is the id the page before ended with. */
export async function listPayments(
  reader: Reader,
  page: { readonly accountId: string | null; readonly before: string | null; readonly limit: number },
): Promise<Payment[]> {
  let query = selectPayments(reader).orderBy('id', 'desc').limit(page.limit);
  if (page.accountId !== null) query = query.where('account_id', '=', page.accountId);
  if (page.before !== null) query = query.where('id', '<', page.before);
  return (await query.execute()).map(toPayment);
}

const INSERT_PAYMENT = `insert into ledger_payment (id, account_id, kind, state, driver, currency, amount, credit, tax,
  refunded, refunded_tax, ref, checkout_ref, subscription_ref, grant_id, facts, created_at_ms, paid_at_ms)
  values (?, ?, ?, 'pending', ?, 'usd', ?, ?, ?, 0, 0, null, null, null, null, ?, ?, null)`;

export type NewPayment = Pick<
  Payment,
  'id' | 'accountId' | 'kind' | 'driver' | 'credit' | 'tax' | 'facts' | 'createdAtMs'
>;

export function insertPayment(order: NewPayment): WriteStatement {
  const { id, accountId, kind, driver, credit, tax } = order;
  const amounts = [credit + tax, credit, tax].map(toSqlInteger);
  return {
    sql: INSERT_PAYMENT,
    parameters: [id, accountId, kind, driver, ...amounts, JSON.stringify(order.facts), order.createdAtMs],
    expectRows: 1,
  };
}

export function setCheckout(id: string, checkoutRef: string): WriteStatement {
  return { sql: 'update ledger_payment set checkout_ref = ? where id = ?', parameters: [checkoutRef, id] };
}

/** Meets one row only if the payment was not paid before. */
export function markPaid(
  id: string,
  paid: {
    readonly ref: string | null;
    readonly grantId: string | null;
    readonly subscriptionRef: string | null;
    readonly facts: Payment['facts'];
    readonly atMs: number;
  },
): WriteStatement {
  return {
    sql: `update ledger_payment set state = 'paid', ref = ?, grant_id = ?, subscription_ref = ?, facts = ?, paid_at_ms = ?
      where id = ? and state in ('pending', 'failed')`,
    parameters: [paid.ref, paid.grantId, paid.subscriptionRef, JSON.stringify(paid.facts), paid.atMs, id],
    expectRows: 1,
  };
}

/** Meets one row only if it was still waited for. */
export function markFailed(id: string): WriteStatement {
  return {
    sql: "update ledger_payment set state = 'failed' where id = ? and state = 'pending'",
    parameters: [id],
    expectRows: 1,
  };
}

/** Orders nobody paid in this time are over; a payment that comes after all still counts. */
export function failUnpaid(beforeMs: number): WriteStatement {
  return {
    sql: `update ledger_payment set state = 'failed' where state = 'pending' and driver <> 'manual' and created_at_ms < ?
      and not exists (select 1 from ledger_auto_topup a where a.payment_id = ledger_payment.id)`,
    parameters: [beforeMs],
  };
}

export function setState(id: string, state: PaymentState): WriteStatement {
  return { sql: 'update ledger_payment set state = ? where id = ?', parameters: [state, id], expectRows: 1 };
}

/** What was paid back so far grows; never beyond what was paid, and not while a dispute is open or lost. */
export function addRefunded(id: string, credit: Nano, tax: Nano): WriteStatement {
  const amounts = [credit, tax].map(toSqlInteger);
  return {
    sql: `update ledger_payment set refunded = refunded + ?, refunded_tax = refunded_tax + ?,
      state = case when refunded + ? = credit then 'refunded' else 'partly_refunded' end
      where id = ? and state in ('paid', 'partly_refunded') and refunded + ? <= credit and refunded_tax + ? <= tax`,
    parameters: [...amounts, amounts[0], id, ...amounts],
    expectRows: 1,
  };
}

export function takeRefundedBack(id: string, credit: Nano, tax: Nano): WriteStatement {
  const amounts = [credit, tax].map(toSqlInteger);
  return {
    sql: `update ledger_payment set refunded = refunded - ?, refunded_tax = refunded_tax - ?,
      state = case when state not in ('refunded', 'partly_refunded') then state
        when refunded = ? then 'paid' else 'partly_refunded' end
      where id = ?`,
    parameters: [...amounts, amounts[0], id],
    expectRows: 1,
  };
}

export function setGrant(id: string, grantId: string): WriteStatement {
  return { sql: 'update ledger_payment set grant_id = ? where id = ?', parameters: [grantId, id], expectRows: 1 };
}

const MARK_EVENT = `insert into ledger_payment_event (driver, id, kind, state, payment_id, ref, detail, fact, at_ms)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?)
  on conflict (driver, id) do update set state = excluded.state, payment_id = excluded.payment_id, detail = excluded.detail
  where ledger_payment_event.state = 'waiting'`;

/** Meets one row only if the event had no effect yet. */
export function markEvent(
  driver: DriverName,
  fact: Fact,
  mark: {
    readonly state: EventState;
    readonly paymentId: string | null;
    readonly detail: string | null;
    readonly atMs: number;
  },
): WriteStatement {
  const ref = 'ref' in fact ? fact.ref : null;
  const parameters = [driver, fact.eventId, fact.kind, mark.state, mark.paymentId, ref, mark.detail];
  return { sql: MARK_EVENT, parameters: [...parameters, factText(fact), mark.atMs], expectRows: 1 };
}

function factText(fact: Fact): string {
  return JSON.stringify(fact, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}

export async function eventState(reader: Reader, driver: string, id: string): Promise<EventState | null> {
  const row = await reader
    .withTables<PaymentTables>()
    .selectFrom('ledger_payment_event')
    .select('state')
    .where('driver', '=', driver)
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.state ?? null;
}

/** Facts that came before the payment they are about, the earliest first. */
export async function waitingFacts(reader: Reader, driver: string, ref: string, limit: number): Promise<Fact[]> {
  const rows = await reader
    .withTables<PaymentTables>()
    .selectFrom('ledger_payment_event')
    .select('fact')
    .where('state', '=', 'waiting')
    .where('driver', '=', driver)
    .where('ref', '=', ref)
    .orderBy('at_ms')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => {
    const fact = JSON.parse(row.fact) as { amount?: string };
    return (fact.amount === undefined ? fact : { ...fact, amount: fromSqlText(fact.amount) }) as unknown as Fact;
  });
}

/** Waited for in vain: most likely payments of the same account with the driver that are none of ours. */
export function forgetWaiting(beforeMs: number): WriteStatement {
  return {
    sql: "update ledger_payment_event set state = 'ignored' where state = 'waiting' and at_ms < ?",
    parameters: [beforeMs],
  };
}

export async function listEvents(reader: Reader, paymentId: string, limit: number): Promise<PaymentEvent[]> {
  const rows = await reader
    .withTables<PaymentTables>()
    .selectFrom('ledger_payment_event')
    .select(['driver', 'id', 'kind', 'state', 'payment_id', 'detail', 'at_ms'])
    .where('payment_id', '=', paymentId)
    .orderBy('at_ms')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    driver: row.driver,
    id: row.id,
    kind: row.kind,
    state: row.state,
    paymentId: row.payment_id,
    detail: row.detail,
    atMs: row.at_ms,
  }));
}

export async function customerRef(reader: Reader, accountId: string, driver: DriverName): Promise<string | null> {
  const row = await reader
    .withTables<PaymentTables>()
    .selectFrom('ledger_payment_customer')
    .select('ref')
    .where('account_id', '=', accountId)
    .where('driver', '=', driver)
    .executeTakeFirst();
  return row?.ref ?? null;
}

export function setCustomer(accountId: string, driver: DriverName, ref: string): WriteStatement {
  return {
    sql: `insert into ledger_payment_customer (account_id, driver, ref) values (?, ?, ?)
      on conflict (account_id, driver) do update set ref = excluded.ref`,
    parameters: [accountId, driver, ref],
  };
}
