import { sql } from 'kysely';
import { fromSqlText } from '../../base/money.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { Slice } from '../ledger.ts';
import type { BookTables } from './store.ts';

/** Which grants paid for a request, in the order they were used; empty when nobody did. */
export async function readPaidBy(reader: Reader, requestId: string): Promise<readonly Slice[]> {
  const prefix = `${requestId}:post`;
  const rows = await reader
    .withTables<BookTables>()
    .selectFrom('ledger_transfer as t')
    .innerJoin('ledger_grant as g', 'g.id', 't.grant_id')
    .select(['t.id', 'g.id as grantId', 'g.kind', sql<string>`cast(t.amount as text)`.as('amount')])
    .where('t.id', '>=', `${prefix}:`)
    .where('t.id', '<', `${prefix};`)
    .execute();
  const place = (id: string) => Number(id.slice(prefix.length + 1));
  return rows
    .sort((one, other) => place(one.id) - place(other.id))
    .map(({ grantId, kind, amount }) => ({ grantId, kind, amount: fromSqlText(amount) }));
}
