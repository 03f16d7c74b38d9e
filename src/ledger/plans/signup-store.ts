/** The table of sign-up credit, and every statement that writes it. */
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';

export type SignupTables = {
  ledger_signup: {
    account_id: string;
    at_ms: number;
    tranches: string;
    released: string;
    clawed_back_at_ms: number | null;
    reason: string | null;
    vests: number;
    version: number;
  };
};

/** Credit promised to an account at its start. */
export interface Signup {
  readonly accountId: string;
  readonly atMs: number;
  readonly tranches: readonly bigint[];
  /** Numbers of tranches that were released, from 1. */
  readonly released: readonly number[];
  readonly clawedBackAtMs: number | null;
  /** Its credit is released by rules, not by number. */
  readonly vests: boolean;
}

export async function readSignup(reader: Reader, accountId: string): Promise<Signup | null> {
  const row = await reader
    .withTables<SignupTables>()
    .selectFrom('ledger_signup')
    .selectAll()
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    accountId: row.account_id,
    atMs: row.at_ms,
    tranches: (JSON.parse(row.tranches) as string[]).map(BigInt),
    released: JSON.parse(row.released) as number[],
    clawedBackAtMs: row.clawed_back_at_ms,
    vests: row.vests === 1,
  };
}

/** Refused when the account has been promised credit before. */
export function insertSignup(signup: Signup): WriteStatement {
  const { accountId, atMs, tranches, released } = signup;
  return {
    sql: 'insert into ledger_signup (account_id, at_ms, tranches, released) values (?, ?, ?, ?)',
    parameters: [accountId, atMs, JSON.stringify(tranches.map(String)), JSON.stringify(released)],
    expectRows: 1,
  };
}

/** Refused when the promise was taken back, or other tranches were released meanwhile. */
export function setReleased(before: Signup, released: readonly number[]): WriteStatement {
  return {
    sql: `update ledger_signup set released = ?
      where account_id = ? and released = ? and clawed_back_at_ms is null`,
    parameters: [JSON.stringify(released), before.accountId, JSON.stringify(before.released)],
    expectRows: 1,
  };
}

/** Of an account whose credit vests; refused when it has been promised credit before. */
export function vestingSignup(accountId: string, atMs: number): WriteStatement {
  return {
    sql: "insert into ledger_signup (account_id, at_ms, tranches, released, vests) values (?, ?, '[]', '[]', 1)",
    parameters: [accountId, atMs],
    expectRows: 1,
  };
}

export function setClawedBack(accountId: string, atMs: number, reason: string): WriteStatement {
  return {
    sql: `update ledger_signup set clawed_back_at_ms = ?, reason = ?
      where account_id = ? and clawed_back_at_ms is null`,
    parameters: [atMs, reason, accountId],
  };
}
