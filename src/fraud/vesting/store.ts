/** The tables of vesting, and every statement that writes them. */
import { type Expression, type SqlBool, sql } from 'kysely';
import { fromSqlText, type Nano, toSqlInteger } from '../../base/money.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { Proof, Today, VestingAccount } from './account.ts';

type VestingTables = {
  fraud_vesting: {
    account_id: string;
    principal_id: string;
    began_at_ms: number;
    entry: VestingAccount['entry'];
    proofs: string;
    clean_days: number;
    answered_days: number;
    today: string | null;
    today_day: number | null;
    given: number;
    taken: number;
    burned: number;
    paid: number;
    seen_at_ms: number;
    sanctioned_at_ms: number | null;
    sanction_reason: string | null;
    version: number;
    unsettled: number;
    waits: number;
  };
  fraud_vesting_token: { token: string; account_id: string };
  fraud_vesting_cohort: { day: number; cohort: string; entries: number };
  fraud_vesting_whole: { id: number; breaker: string | null; tier: number };
};

/** An account as it is stored. */
export interface StoredAccount extends VestingAccount {
  /** Counts its changes; every change says which one it was made of. */
  readonly version: number;
  /** Changed elsewhere and not followed here yet, or something held may still come back. */
  readonly unsettled: boolean;
  /** It was given less because the breaker was open. */
  readonly waits: boolean;
  readonly sanctionReason: string | null;
}

/** At most this many ids in one statement. */
const IDS_MAX = 500;

export async function readAccounts(reader: Reader, ids: readonly string[]): Promise<StoredAccount[]> {
  const found: StoredAccount[] = [];
  for (let at = 0; at < ids.length; at += IDS_MAX) {
    const some = ids.slice(at, at + IDS_MAX);
    found.push(...(await readWhere(reader, sql<SqlBool>`account_id in (${sql.join(some)})`)));
  }
  return found;
}

async function readWhere(reader: Reader, condition: Expression<SqlBool>): Promise<StoredAccount[]> {
  const text = (column: 'given' | 'taken' | 'burned' | 'paid') => sql<string>`cast(${sql.ref(column)} as text)`;
  const rows = await reader
    .withTables<VestingTables>()
    .selectFrom('fraud_vesting')
    .selectAll()
    .select([text('given').as('given_text'), text('taken').as('taken_text')])
    .select([text('burned').as('burned_text'), text('paid').as('paid_text')])
    .where(condition)
    .execute();
  return rows.map((row) => ({
    accountId: row.account_id,
    principalId: row.principal_id,
    beganAtMs: row.began_at_ms,
    entry: row.entry,
    proofs: JSON.parse(row.proofs) as Proof[],
    cleanDays: row.clean_days,
    answeredDays: row.answered_days,
    today: row.today === null ? null : parseToday(row.today),
    given: fromSqlText(row.given_text),
    taken: fromSqlText(row.taken_text),
    burned: fromSqlText(row.burned_text),
    paid: fromSqlText(row.paid_text),
    seenAtMs: row.seen_at_ms,
    sanctionedAtMs: row.sanctioned_at_ms,
    sanctionReason: row.sanction_reason,
    version: row.version,
    unsettled: row.unsettled === 1,
    waits: row.waits === 1,
  }));
}

type StoredToday = Omit<Today, 'burned' | 'opening'> & { readonly burned: string; readonly opening: string };

function parseToday(text: string): Today {
  const stored = JSON.parse(text) as StoredToday;
  return { ...stored, burned: BigInt(stored.burned), opening: BigInt(stored.opening) };
}

function todayText(today: Today | null): string | null {
  return today === null
    ? null
    : JSON.stringify({ ...today, burned: String(today.burned), opening: String(today.opening) } satisfies StoredToday);
}

/** Refused when there is one already. */
export function insertAccount(one: StoredAccount): WriteStatement {
  const names = Object.keys(columnsOf(one));
  return {
    sql: `insert into fraud_vesting (account_id, version, ${names.join(', ')})
      values (?, 0, ${names.map(() => '?').join(', ')})`,
    parameters: [one.accountId, ...Object.values(columnsOf(one))],
    expectRows: 1,
  };
}

/** Refused when it was changed since `before` was read. */
export function updateAccount(before: StoredAccount, after: StoredAccount): WriteStatement {
  const columns = columnsOf(after);
  return {
    sql: `update fraud_vesting set version = version + 1, ${Object.keys(columns)
      .map((name) => `${name} = ?`)
      .join(', ')} where account_id = ? and version = ?`,
    parameters: [...Object.values(columns), before.accountId, before.version],
    expectRows: 1,
  };
}

function columnsOf(one: StoredAccount) {
  return {
    principal_id: one.principalId,
    began_at_ms: one.beganAtMs,
    entry: one.entry,
    proofs: JSON.stringify(one.proofs),
    clean_days: one.cleanDays,
    answered_days: one.answeredDays,
    today: todayText(one.today),
    today_day: one.today?.day ?? null,
    given: toSqlInteger(one.given),
    taken: toSqlInteger(one.taken),
    burned: toSqlInteger(one.burned),
    paid: toSqlInteger(one.paid),
    seen_at_ms: one.seenAtMs,
    sanctioned_at_ms: one.sanctionedAtMs,
    sanction_reason: one.sanctionReason,
    unsettled: one.unsettled ? 1 : 0,
    waits: one.waits ? 1 : 0,
  };
}

/** Says that somebody has to look at these again, and that what is being decided of them is out of date. */
export function markUnsettled(ids: readonly string[]): WriteStatement[] {
  const statements: WriteStatement[] = [];
  for (let at = 0; at < ids.length; at += IDS_MAX) {
    const some = ids.slice(at, at + IDS_MAX);
    statements.push({
      sql: `update fraud_vesting set unsettled = 1, version = version + 1
        where account_id in (${some.map(() => '?').join(', ')})`,
      parameters: some,
    });
  }
  return statements;
}

export type Waiting = 'unsettled' | 'waits' | { readonly dayBefore: number };

/** Accounts, by id after `after`, that are unsettled, wait for the breaker, or have a day that is over. */
export async function readWaiting(reader: Reader, which: Waiting, after: string, limit: number): Promise<string[]> {
  const query = reader
    .withTables<VestingTables>()
    .selectFrom('fraud_vesting')
    .select('account_id')
    .where('account_id', '>', after)
    .limit(limit);
  const chosen =
    typeof which === 'string'
      ? query.where(sql.ref(which), '=', 1).orderBy('account_id')
      : query.where('today_day', '<', which.dayBefore).orderBy('account_id');
  return (await chosen.execute()).map((row) => row.account_id);
}

/** Accounts by id after `after`, with whose envelope they draw on. */
export async function readPrincipals(
  reader: Reader,
  after: string,
  limit: number,
): Promise<readonly { readonly accountId: string; readonly principalId: string }[]> {
  const rows = await reader
    .withTables<VestingTables>()
    .selectFrom('fraud_vesting')
    .select(['account_id', 'principal_id'])
    .where('account_id', '>', after)
    .orderBy('account_id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ accountId: row.account_id, principalId: row.principal_id }));
}

/** Those whose own money was ever spent. */
export async function readPayers(reader: Reader): Promise<string[]> {
  const rows = await reader
    .withTables<VestingTables>()
    .selectFrom('fraud_vesting')
    .select('account_id')
    .where('paid', '>', 0)
    .execute();
  return rows.map((row) => row.account_id);
}

/** Why, by account: those whose credit was taken back for what they did. */
export async function readSanctioned(reader: Reader): Promise<ReadonlyMap<string, string>> {
  const rows = await reader
    .withTables<VestingTables>()
    .selectFrom('fraud_vesting')
    .select(['account_id', 'sanction_reason'])
    .where('sanctioned_at_ms', 'is not', null)
    .execute();
  return new Map(rows.map((row) => [row.account_id, row.sanction_reason ?? '']));
}

/** Given to all accounts that draw on one envelope. */
export async function readGivenBy(reader: Reader, principalId: string): Promise<Nano> {
  const row = await reader
    .withTables<VestingTables>()
    .selectFrom('fraud_vesting')
    .select(sql<string>`cast(coalesce(sum(given), 0) as text)`.as('given'))
    .where('principal_id', '=', principalId)
    .executeTakeFirstOrThrow();
  return fromSqlText(row.given);
}

/** What accounts that show one token were given above `floor`, each for itself; those of one operator left out. */
export async function readGivenAbove(
  reader: Reader,
  token: string,
  floor: Nano,
  apart: readonly string[],
): Promise<Nano> {
  const own = new Set(apart);
  const rows = await reader
    .withTables<VestingTables>()
    .selectFrom('fraud_vesting_token as t')
    .innerJoin('fraud_vesting as v', 'v.account_id', 't.account_id')
    .select(['t.account_id as id', sql<string>`cast(v.given as text)`.as('given')])
    .where('t.token', '=', token)
    .where('v.given', '>', toSqlInteger(floor) as number)
    .execute();
  return rows.reduce((total, { id, given }) => (own.has(id) ? total : total + fromSqlText(given) - floor), 0n);
}

export function insertToken(token: string, accountId: string): WriteStatement {
  return {
    sql: 'insert into fraud_vesting_token (token, account_id) values (?, ?) on conflict do nothing',
    parameters: [token, accountId],
  };
}

export function eraseTokens(accountId: string): WriteStatement {
  return { sql: 'delete from fraud_vesting_token where account_id = ?', parameters: [accountId] };
}

export async function readCohortEntries(reader: Reader, day: number, cohorts: readonly string[]): Promise<number[]> {
  if (cohorts.length === 0) return [];
  const rows = await reader
    .withTables<VestingTables>()
    .selectFrom('fraud_vesting_cohort')
    .select('entries')
    .where('day', '=', day)
    .where('cohort', 'in', [...cohorts])
    .execute();
  return rows.map(({ entries }) => entries);
}

export function countCohorts(day: number, cohorts: readonly string[]): WriteStatement[] {
  return cohorts.map((cohort) => ({
    sql: `insert into fraud_vesting_cohort (day, cohort, entries) values (?, ?, 1)
      on conflict (day, cohort) do update set entries = entries + 1`,
    parameters: [day, cohort],
  }));
}

/** Cohorts of days that nobody counts any more. */
export function pruneCohorts(beforeDay: number, limit: number): WriteStatement {
  return {
    sql: `delete from fraud_vesting_cohort where (day, cohort) in
      (select day, cohort from fraud_vesting_cohort where day < ? limit ?)`,
    parameters: [beforeDay, limit],
  };
}

export async function readBreaker(reader: Reader): Promise<string | null> {
  const row = await reader
    .withTables<VestingTables>()
    .selectFrom('fraud_vesting_whole')
    .select('breaker')
    .executeTakeFirst();
  return row?.breaker ?? null;
}

export function saveBreaker(state: string): WriteStatement {
  return { sql: 'update fraud_vesting_whole set breaker = ? where id = 1', parameters: [state], expectRows: 1 };
}

/** What one operator is promised now; the audit compares with the most it ever was. */
export function raiseTier(total: Nano): WriteStatement {
  return {
    sql: 'update fraud_vesting_whole set tier = max(tier, ?) where id = 1',
    parameters: [toSqlInteger(total)],
    expectRows: 1,
  };
}
