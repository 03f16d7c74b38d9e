import { sql } from 'kysely';
import type { Reader } from '../../src/storage/sql/storage.ts';

/** Every row of every table of the ledger, as one text for each table; what is refused must leave all of it as it is. */
export async function ledgerRows(reader: Reader): Promise<Record<string, string>> {
  const tables = await sql<{ name: string }>`
    select name from sqlite_master where type = 'table' and (name like 'ledger_%' or name = 'account') order by name
  `.execute(reader);
  const rows = await Promise.all(
    tables.rows.map(async ({ name }) => {
      const all = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(reader);
      return [name, JSON.stringify(all.rows)] as const;
    }),
  );
  return Object.fromEntries(rows);
}
