/** The tables of redeem codes, and every statement that writes them. */
import { sql } from 'kysely';
import { fromSqlText, type Nano, toSqlInteger } from '../../base/money.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';

/** A code without its text, which is shown once and kept nowhere. */
export interface Code {
  /** `code_<ulid>`. */
  readonly id: string;
  readonly credit: Nano;
  readonly usesMax: number;
  readonly used: number;
  readonly perAccountMax: number;
  /** What its credit may be spent on; null: everything. */
  readonly models: readonly string[] | null;
  /** How long its credit lasts once redeemed; null: for ever. */
  readonly grantMs: number | null;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
  readonly revokedAtMs: number | null;
}

type CodeTables = {
  ledger_code: {
    id: string;
    digest: string;
    credit: number;
    uses_max: number;
    used: number;
    per_account_max: number;
    /** A JSON array. */
    models: string | null;
    grant_ms: number | null;
    created_at_ms: number;
    expires_at_ms: number | null;
    revoked_at_ms: number | null;
  };
  ledger_code_use: { code_id: string; account_id: string; nth: number; grant_id: string; at_ms: number };
};

function selectCodes(reader: Reader) {
  return reader
    .withTables<CodeTables>()
    .selectFrom('ledger_code')
    .select([
      'id',
      sql<string>`cast(credit as text)`.as('credit'),
      'uses_max',
      'used',
      'per_account_max',
      'models',
      'grant_ms',
      'created_at_ms',
      'expires_at_ms',
      'revoked_at_ms',
    ]);
}

function toCode(row: Awaited<ReturnType<ReturnType<typeof selectCodes>['execute']>>[number]): Code {
  return {
    id: row.id,
    credit: fromSqlText(row.credit),
    usesMax: row.uses_max,
    used: row.used,
    perAccountMax: row.per_account_max,
    models: row.models === null ? null : (JSON.parse(row.models) as string[]),
    grantMs: row.grant_ms,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    revokedAtMs: row.revoked_at_ms,
  };
}

export async function findCode(
  reader: Reader,
  by: { readonly digest: string } | { readonly id: string },
): Promise<Code | null> {
  const query = selectCodes(reader);
  const row = await ('id' in by
    ? query.where('id', '=', by.id)
    : query.where('digest', '=', by.digest)
  ).executeTakeFirst();
  return row === undefined ? null : toCode(row);
}

/** The latest first; `before` is the id the page before ended with. */
export async function listCodes(reader: Reader, before: string | null, limit: number): Promise<Code[]> {
  const query = selectCodes(reader).orderBy('id', 'desc').limit(limit);
  return (await (before === null ? query : query.where('id', '<', before)).execute()).map(toCode);
}

export async function countUses(reader: Reader, codeId: string, accountId: string): Promise<number> {
  const row = await reader
    .withTables<CodeTables>()
    .selectFrom('ledger_code_use')
    .select((select) => select.fn.countAll<number>().as('uses'))
    .where('code_id', '=', codeId)
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow();
  return row.uses;
}

export function insertCode(code: Code, digest: string): WriteStatement {
  const { id, usesMax, perAccountMax, grantMs } = code;
  const models = code.models === null ? null : JSON.stringify(code.models);
  const times = [code.createdAtMs, code.expiresAtMs];
  return {
    sql: `insert into ledger_code (id, digest, credit, uses_max, used, per_account_max, models, grant_ms, created_at_ms,
      expires_at_ms, revoked_at_ms) values (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, null)`,
    parameters: [id, digest, toSqlInteger(code.credit), usesMax, perAccountMax, models, grantMs, ...times],
    expectRows: 1,
  };
}

export function revokeCode(id: string, atMs: number): WriteStatement {
  return {
    sql: 'update ledger_code set revoked_at_ms = ? where id = ? and revoked_at_ms is null',
    parameters: [atMs, id],
  };
}

/** Both meet one row only if the code has a use left, for anybody and for this account. */
export function useCode(use: {
  readonly codeId: string;
  readonly accountId: string;
  readonly nth: number;
  readonly grantId: string;
  readonly atMs: number;
}): WriteStatement[] {
  const { codeId, accountId, nth, grantId, atMs } = use;
  return [
    {
      sql: `update ledger_code set used = used + 1 where id = ? and used < uses_max and per_account_max >= ?
        and revoked_at_ms is null and (expires_at_ms is null or expires_at_ms > ?)`,
      parameters: [codeId, nth, atMs],
      expectRows: 1,
    },
    {
      sql: 'insert into ledger_code_use (code_id, account_id, nth, grant_id, at_ms) values (?, ?, ?, ?, ?)',
      parameters: [codeId, accountId, nth, grantId, atMs],
      expectRows: 1,
    },
  ];
}
