/** The table of thresholds. */
import { sql } from 'kysely';
import { fromSqlText, type Nano, toSqlInteger } from '../../base/money.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';

type ThresholdTables = { ledger_low_balance: { account_id: string; threshold_nano: number; told: number } };

const SET = `insert into ledger_low_balance (account_id, threshold_nano, told) values (?, ?, 0)
  on conflict (account_id) do update set threshold_nano = excluded.threshold_nano, told = 0`;
const SET_TOLD = 'update ledger_low_balance set told = ? where account_id = ? and threshold_nano = ? and told = ?';
const DELETE = 'delete from ledger_low_balance where account_id = ?';

export function setThreshold(accountId: string, threshold: Nano): WriteStatement {
  return { sql: SET, parameters: [accountId, toSqlInteger(threshold)], expectRows: 1 };
}

export function setTold(accountId: string, threshold: Nano): WriteStatement {
  return { sql: SET_TOLD, parameters: [1, accountId, toSqlInteger(threshold), 0], expectRows: 1 };
}

export function rearm(accountId: string, threshold: Nano): WriteStatement {
  return { sql: SET_TOLD, parameters: [0, accountId, toSqlInteger(threshold), 1], expectRows: 1 };
}

export function deleteThreshold(accountId: string): WriteStatement {
  return { sql: DELETE, parameters: [accountId], expectRows: 1 };
}

export async function readThresholds(reader: Reader): Promise<{ accountId: string; threshold: Nano; told: boolean }[]> {
  const rows = await reader
    .withTables<ThresholdTables>()
    .selectFrom('ledger_low_balance')
    .select(['account_id', sql<string>`cast(threshold_nano as text)`.as('threshold'), 'told'])
    .orderBy('account_id')
    .execute();
  return rows.map((row) => ({
    accountId: row.account_id,
    threshold: fromSqlText(row.threshold),
    told: row.told === 1,
  }));
}
