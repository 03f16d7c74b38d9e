import { sql } from 'kysely';
import { assert } from '../../base/assert.ts';
import { fromSqlText } from '../../base/money.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { SubscriptionFact } from './recurring.ts';

interface EventRow {
  readonly account_id: string;
  readonly version: number;
  readonly at_ms: number;
  readonly interval: string;
  readonly state: string;
  readonly fee: string;
}

const PAGE_ROWS = 5_000;

/** How every account's subscription stood from which moment on, of the moments before `toMs`; each account's in order. */
export async function* readSubscriptionFacts(reader: Reader, toMs: number): AsyncGenerator<SubscriptionFact> {
  let after = { account_id: '', version: 0 };
  for (;;) {
    const { rows } = await sql<EventRow>`
      select account_id, version, at_ms, interval, state, cast(fee as text) as fee from ledger_subscription_event
      where (account_id, version) > (${after.account_id}, ${after.version}) order by account_id, version
      limit ${PAGE_ROWS}`.execute(reader);
    for (const row of rows) if (row.at_ms < toMs) yield toFact(row);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE_ROWS) return;
    after = last;
  }
}

function toFact(row: EventRow): SubscriptionFact {
  assert(row.interval === 'month' || row.interval === 'year', 'a fee is due by the month or by the year');
  const fee = row.state === 'active' ? fromSqlText(row.fee) : 0n;
  return { accountId: row.account_id, atMs: row.at_ms, monthly: row.interval === 'year' ? fee / 12n : fee };
}
