/** The tables of the harm budget, and every statement that writes them. */
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { HarmItem, HarmPause } from './harm.ts';

type HarmTables = {
  enforcement_harm: { id: string; account_id: string; at_ms: number; body: string };
  enforcement_harm_pause: { id: string; body: string };
};

export function putItem(item: HarmItem): WriteStatement {
  return {
    sql: `insert into enforcement_harm (id, account_id, at_ms, body) values (?, ?, ?, ?)
      on conflict (id) do update set body = excluded.body`,
    parameters: [item.id, item.accountId, item.atMs, JSON.stringify(item)],
  };
}

export function putPause(pause: HarmPause): WriteStatement {
  return {
    sql: `insert into enforcement_harm_pause (id, body) values (?, ?)
      on conflict (id) do update set body = excluded.body`,
    parameters: [pause.id, JSON.stringify(pause)],
  };
}

export function forgetItemsBefore(atMs: number): WriteStatement {
  return { sql: 'delete from enforcement_harm where at_ms < ?', parameters: [atMs] };
}

export function eraseAccountHarm(accountId: string): WriteStatement {
  return { sql: 'delete from enforcement_harm where account_id = ?', parameters: [accountId] };
}

/** The oldest first; the newest `limit` of them. */
export async function readItems(reader: Reader, sinceMs: number, limit: number): Promise<HarmItem[]> {
  const rows = await reader
    .withTables<HarmTables>()
    .selectFrom('enforcement_harm')
    .select('body')
    .where('at_ms', '>=', sinceMs)
    .orderBy('at_ms', 'desc')
    .limit(limit)
    .execute();
  return rows.reverse().map(({ body }) => JSON.parse(body) as HarmItem);
}

/** The oldest first. */
export async function readPauses(reader: Reader): Promise<HarmPause[]> {
  const rows = await reader
    .withTables<HarmTables>()
    .selectFrom('enforcement_harm_pause')
    .select('body')
    .orderBy('id')
    .execute();
  return rows.map(({ body }) => JSON.parse(body) as HarmPause);
}
