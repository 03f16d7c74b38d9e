/** What reports read of one account. */
import { sql } from 'kysely';
import { fromSqlText, type Nano } from '../../base/money.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { GrantKind, GrantSource } from '../ledger.ts';
import { ENTRY, type Entry, type EntryRow, toEntry } from './entry.ts';

/** What statements say of a grant. */
export interface GrantFacts {
  readonly id: string;
  readonly kind: GrantKind;
  readonly source: GrantSource;
  readonly reason: string;
  readonly paymentId: string | null;
}

export async function readGrantsOf(reader: Reader, accountId: string): Promise<ReadonlyMap<string, GrantFacts>> {
  const { rows } = await sql<GrantFacts>`
    select g.id, g.kind, g.source, g.reason, g.payment_id as "paymentId" from ledger_grant g
    where g.account_id = ${accountId}`.execute(reader);
  return new Map(rows.map((row) => [row.id, row]));
}

/** What the account has now, by the balances that requests are decided by. */
export async function readCreditNow(
  reader: Reader,
  accountId: string,
): Promise<{ readonly available: Nano; readonly held: Nano }> {
  const { rows } = await sql<{ available: string | null; held: string | null }>`
    select
      (select cast(sum(a.balance) as text) from ledger_account a
        where a.id in (select 'grant:' || g.id from ledger_grant g where g.account_id = ${accountId})) as available,
      (select cast(sum(h.held) as text) from ledger_hold h where h.account_id = ${accountId}) as held`.execute(reader);
  return { available: fromSqlText(rows[0]?.available ?? '0'), held: fromSqlText(rows[0]?.held ?? '0') };
}

const PAGE_ROWS = 2_000;

/** Transfers of an account outside of requests, in order of time, in pages. */
export async function* readPostingsOf(reader: Reader, accountId: string): AsyncGenerator<readonly Entry[]> {
  let after = { atMs: -1, id: '' };
  for (;;) {
    const { rows } = await sql<EntryRow>`
      ${ENTRY} where t.account_id = ${accountId} and t.subject is null
      and (t.at_ms, t.id) > (${after.atMs}, ${after.id}) order by t.at_ms, t.id limit ${PAGE_ROWS}`.execute(reader);
    const entries = rows.map(toEntry);
    if (entries.length > 0) yield entries;
    const last = entries.at(-1);
    if (last === undefined || entries.length < PAGE_ROWS) return;
    after = last;
  }
}

/** Requests whose transfers one query reads. */
const REQUESTS_AT_ONCE = 250;

/** Transfers of requests, whose ids begin with those of the requests; in order of them. */
export async function readEntriesOfRequests(reader: Reader, requestIds: readonly string[]): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let at = 0; at < requestIds.length; at += REQUESTS_AT_ONCE) {
    const ids = sql.join(requestIds.slice(at, at + REQUESTS_AT_ONCE).map((id) => sql`(${id})`));
    const { rows } = await sql<EntryRow>`
      ${ENTRY} join (values ${ids}) as request on t.id >= request.column1 || ':' and t.id < request.column1 || ';'
      where t.subject is not null order by t.id`.execute(reader);
    for (const row of rows) entries.push(toEntry(row));
  }
  return entries;
}

/** Requests in progress that hold credit of the account. */
export async function readOpenHoldsOf(reader: Reader, accountId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select h.id from ledger_hold h where h.account_id = ${accountId}`.execute(
    reader,
  );
  return rows.map((row) => row.id);
}
