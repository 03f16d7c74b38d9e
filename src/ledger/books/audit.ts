import { sql } from 'kysely';
import { fromSqlText, type Nano } from '../../base/money.ts';
import type { AuditRule, Findings } from '../../storage/sql/findings.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import { HOUSE_ACCOUNTS } from '../chart.ts';
import { auditOwners } from './audit-owners.ts';
import { createRequestCheck } from './audit-request.ts';
import type { BookTables } from './store.ts';

/** How long after its time a hold may still be open: a sweep comes once in a while. */
const HOLD_GRACE_MS = 60_000;

export interface CheckedBooks {
  readonly accounts: number;
  readonly transfers: number;
  readonly openHolds: number;
}

type Tables = ReturnType<typeof tablesOf>;
const tablesOf = (moment: Reader) => moment.withTables<BookTables>();

/** Checks what the books promise (P1, P3) at one moment; `moment` is a read transaction. */
export async function auditBooks(moment: Reader, findings: Findings, nowMs: number): Promise<CheckedBooks> {
  const tables = tablesOf(moment);
  const accounts = await checkAccounts(tables, findings);
  const holds = await checkHolds(tables, findings, nowMs);
  const transfers = await checkRequests(tables, findings, holds);
  await checkBalances(tables, findings);
  await auditOwners(moment, findings);
  return { accounts, transfers, openHolds: holds.size };
}

const RULES = {
  zero: { promise: 'P3', name: 'the balances of all accounts sum to zero' },
  floor: { promise: 'P3', name: 'no balance is below its floor' },
  guarded: { promise: 'P3', name: 'the floor of a grant, an envelope and of holds is zero' },
  entries: { promise: 'P3', name: 'each balance equals its entries' },
  known: { promise: 'P3', name: 'money moves between accounts there are' },
  grants: { promise: 'P3', name: 'each grant has its account and each account of a grant its grant' },
  house: { promise: 'P3', name: 'each account of the house is there' },
  expiry: { promise: 'P3', name: 'credit that expires and is not spent is on the list to be swept' },
  holds: { promise: 'P3', name: 'what is set aside equals what open holds hold' },
  time: { promise: 'P1', name: 'no hold is open past its time' },
} as const satisfies Record<string, AuditRule>;

async function checkAccounts(tables: Tables, findings: Findings): Promise<number> {
  const rows = tables
    .selectFrom('ledger_account as a')
    .leftJoin('ledger_grant as g', (join) => join.on(sql<boolean>`a.kind = 'grant' and g.id = substr(a.id, 7)`))
    .leftJoin('ledger_expiring as e', 'e.grant_id', 'g.id')
    .select(['a.id', 'a.kind', 'a.floor', 'g.id as grantId', 'g.expires_at_ms as expiresAtMs', 'e.grant_id as swept'])
    .select(sql<string>`cast(a.balance as text)`.as('balance'))
    .stream();
  const house = new Set<string>(Object.keys(HOUSE_ACCOUNTS));
  let total = 0n;
  let accounts = 0;
  for await (const row of rows) {
    const balance = fromSqlText(row.balance);
    total += balance;
    accounts++;
    house.delete(row.id);
    if (row.floor !== null && balance < BigInt(row.floor)) findings.add(RULES.floor, row.id);
    if ((row.kind !== 'house' || row.id === 'holds') && row.floor !== 0) findings.add(RULES.guarded, row.id);
    if ((row.kind === 'grant') !== (row.grantId !== null)) findings.add(RULES.grants, row.id);
    if (row.expiresAtMs !== null && balance > 0n && row.swept === null) findings.add(RULES.expiry, row.id);
  }
  if (total !== 0n) findings.add(RULES.zero, String(total));
  for (const id of house) findings.add(RULES.house, id);
  const orphans = await sql<{ id: string }>`
    select g.id from ledger_grant g where not exists (select 1 from ledger_account a where a.id = 'grant:' || g.id)
  `.execute(tables);
  for (const { id } of orphans.rows) findings.add(RULES.grants, id);
  return accounts;
}

/** What each open hold says that it holds. */
async function checkHolds(tables: Tables, findings: Findings, nowMs: number): Promise<Map<string, Nano>> {
  const rows = tables
    .selectFrom('ledger_hold')
    .select(['id', 'expires_at_ms', sql<string>`cast(held as text)`.as('held')])
    .stream();
  const open = new Map<string, Nano>();
  let total = 0n;
  for await (const { id, expires_at_ms, held } of rows) {
    const amount = fromSqlText(held);
    open.set(id, amount);
    total += amount;
    if (expires_at_ms + HOLD_GRACE_MS < nowMs) findings.add(RULES.time, id);
  }
  const aside = await tables
    .selectFrom('ledger_account')
    .select(sql<string>`cast(balance as text)`.as('balance'))
    .where('id', '=', 'holds')
    .executeTakeFirst();
  if (aside !== undefined && fromSqlText(aside.balance) !== total) findings.add(RULES.holds, `${total}`);
  return open;
}

/** Transfers of one request lie side by side in the order of their ids, so one of them at a time is in memory. */
async function checkRequests(tables: Tables, findings: Findings, open: ReadonlyMap<string, Nano>): Promise<number> {
  const rows = tables
    .selectFrom('ledger_transfer')
    .select(['id', 'kind', 'debit', 'credit', 'subject', 'grant_id as grantId'])
    .select(
      sql<number | string>`case when amount < 4503599627370496 then amount else cast(amount as text) end`.as('amount'),
    )
    .orderBy('id')
    .stream();
  const check = createRequestCheck(open, findings);
  let transfers = 0;
  for await (const row of rows) {
    transfers++;
    if (row.subject !== null) check.note({ ...row, subject: row.subject, amount: BigInt(row.amount) });
  }
  check.end();
  return transfers;
}

async function checkBalances(tables: Tables, findings: Findings): Promise<void> {
  const rows = await sql<{ id: string; known: number }>`
    with entry as (
      select account, sum(amount) as total from (
        select debit as account, -amount as amount from ledger_transfer
        union all select credit, amount from ledger_transfer
      ) as side group by account
    )
    select a.id as id, 1 as known from ledger_account a left join entry e on e.account = a.id
    where a.balance <> coalesce(e.total, 0)
    union all
    select e.account, 0 from entry e where not exists (select 1 from ledger_account a where a.id = e.account)
  `.execute(tables);
  for (const { id, known } of rows.rows) findings.add(known === 1 ? RULES.entries : RULES.known, id);
}
