/**
 * What reports read of the whole journal, and nothing that is derived from it. Each query is short, so that the log of
 * the database can be put away between two.
 */
import { type RawBuilder, sql } from 'kysely';
import { assert } from '../../base/assert.ts';
import type { Span } from '../../base/calendar.ts';
import { fromSqlText, type Nano } from '../../base/money.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import { ENTRY, type Entry, type EntryRow, toEntry } from './entry.ts';
import type { Flow, Place } from './tally.ts';

/** Transfers one statement sums, and those it gives row by row. */
const SUMMED_ROWS = 50_000;
const PAGE_ROWS = 5_000;

/** What a request was paid with. */
export interface PaidBy {
  readonly paid: Nano;
  readonly promo: Nano;
}

/** Transfers of one account of the ledger, summed. */
export interface AccountSum {
  readonly account: string;
  readonly transfers: number;
  readonly balance: Nano;
}

/** Everything before `toMs`, summed by kind and places; `inSpan` says whether it lies at or after `fromMs`. */
export async function* readFlows(
  reader: Reader,
  { fromMs, toMs }: Span,
): AsyncGenerator<{ readonly flow: Flow; readonly inSpan: boolean }> {
  const rows = windows(
    reader,
    SUMMED_ROWS,
    (within) => sql<FlowRow>`
      select kind, debit, credit, in_span, count(*) as transfers, cast(sum(amount) as text) as amount from (
        select t.kind, t.amount, case when t.at_ms >= ${fromMs} then 1 else 0 end as in_span,
          ${placeOf('debit')} as debit, ${placeOf('credit')} as credit
        from ledger_transfer t where ${within} and t.at_ms < ${toMs}
      ) as placed group by kind, debit, credit, in_span`,
  );
  for await (const row of rows) yield { flow: toFlow(row), inSpan: row.in_span === 1 };
}

/** Everything before `toMs` by ledger account, an account once for each window it is in. */
export async function* readAccountSums(reader: Reader, toMs: number): AsyncGenerator<AccountSum> {
  const rows = windows(
    reader,
    SUMMED_ROWS,
    (within) => sql<{ account: string; transfers: number; balance: string }>`
      select account, count(*) as transfers, cast(sum(amount) as text) as balance from (
        select t.debit as account, -t.amount as amount from ledger_transfer t where ${within} and t.at_ms < ${toMs}
        union all
        select t.credit, t.amount from ledger_transfer t where ${within} and t.at_ms < ${toMs}
      ) as legs group by account`,
  );
  for await (const { account, transfers, balance } of rows) {
    yield { account, transfers, balance: fromSqlText(balance) };
  }
}

/** All transfers in the span, in the order of their ids. */
export async function* readEntries(reader: Reader, { fromMs, toMs }: Span): AsyncGenerator<Entry> {
  const rows = windows(
    reader,
    PAGE_ROWS,
    (within) => sql<EntryRow>`${ENTRY} where ${within} and t.at_ms >= ${fromMs} and t.at_ms < ${toMs} order by t.id`,
  );
  for await (const row of rows) yield toEntry(row);
}

/** What credit of each kind paid of the requests from `firstId` to `lastId`; their transfers' ids begin with theirs. */
export async function paidBetween(
  reader: Reader,
  firstId: string,
  lastId: string,
): Promise<ReadonlyMap<string, PaidBy>> {
  const { rows } = await sql<{ subject: string; paid: string; promo: string }>`
    select t.subject as subject,
      cast(sum(case when t.credit = 'earnings_promo' then 0 else t.amount end) as text) as paid,
      cast(sum(case when t.credit = 'earnings_promo' then t.amount else 0 end) as text) as promo
    from ledger_transfer t where t.id > ${firstId} and t.id < ${`${lastId};`}
    and t.debit = 'holds' and t.credit not like 'grant:%' and t.subject is not null
    group by t.subject`.execute(reader);
  return new Map(rows.map((row) => [row.subject, { paid: fromSqlText(row.paid), promo: fromSqlText(row.promo) }]));
}

/** Calls `read` for one window of ids after another, `size` transfers each, the whole journal in all. */
async function* windows<Row>(
  reader: Reader,
  size: number,
  read: (within: RawBuilder<unknown>) => RawBuilder<Row>,
): AsyncGenerator<Row> {
  let after = '';
  for (;;) {
    const ends = await sql<{ id: string }>`select t.id from ledger_transfer t where t.id > ${after} order by t.id
      limit 1 offset ${size - 1}`.execute(reader);
    const last = ends.rows[0];
    const within = last === undefined ? sql`t.id > ${after}` : sql`t.id > ${after} and t.id <= ${last.id}`;
    yield* (await read(within).execute(reader)).rows;
    if (last === undefined) return;
    after = last.id;
  }
}

interface FlowRow {
  readonly kind: string;
  readonly debit: string;
  readonly credit: string;
  readonly in_span: number;
  readonly transfers: number;
  readonly amount: string;
}

/** The place of one side of transfer `t`; a grant nobody knows is left without one, which `toFlow` refuses. */
function placeOf(side: 'debit' | 'credit'): RawBuilder<string> {
  const account = sql.ref(`t.${side}`);
  return sql<string>`case
    when ${account} like 'grant:%' then 'grants_' || (select g.kind from ledger_grant g where g.id = substr(${account}, 7))
    when ${account} = 'holds' then 'holds_' || (select g.kind from ledger_grant g where g.id = t.grant_id)
    when ${account} like 'envelope:%' then 'envelopes'
    else ${account} end`;
}

function toFlow(row: FlowRow): Flow {
  assert(row.debit !== null && row.credit !== null, 'every transfer of credit names a grant that exists');
  const { kind, debit, credit, transfers: count, amount } = row;
  return { kind, debit: debit as Place, credit: credit as Place, count, amount: fromSqlText(amount) };
}
