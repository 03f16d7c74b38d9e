import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { LedgerAccountId } from '../chart.ts';
import type { Grant, GrantKind, GrantSource, PostingKind } from '../ledger.ts';

type CreditTables = {
  /** Of the books; only who owns a grant is read here. */
  ledger_grant: {
    id: string;
    account_id: string;
    kind: GrantKind;
    source: GrantSource;
    payment_id: string | null;
  };
  ledger_revocation: {
    grant_id: string;
    account_id: string;
    into_account: string;
    kind: PostingKind;
    reason: string;
    at_ms: number;
    open: number;
  };
};

/** A grant that was taken back. */
export interface Revocation {
  readonly grantId: string;
  readonly accountId: string;
  /** Where what is left of it goes. */
  readonly into: LedgerAccountId;
  readonly kind: PostingKind;
  readonly reason: string;
  readonly atMs: number;
}

/** Those of which requests in progress may still give something back. */
export async function readOpenRevocations(reader: Reader): Promise<Revocation[]> {
  const rows = await reader
    .withTables<CreditTables>()
    .selectFrom('ledger_revocation')
    .selectAll()
    .where('open', '=', 1)
    .execute();
  return rows.map((row) => ({
    grantId: row.grant_id,
    accountId: row.account_id,
    into: row.into_account as LedgerAccountId,
    kind: row.kind,
    reason: row.reason,
    atMs: row.at_ms,
  }));
}

/** Which of an account's grants were taken back. */
export async function readRevokedGrants(reader: Reader, accountId: string): Promise<ReadonlySet<string>> {
  const rows = await reader
    .withTables<CreditTables>()
    .selectFrom('ledger_revocation')
    .select('grant_id')
    .where('account_id', '=', accountId)
    .execute();
  return new Set(rows.map((row) => row.grant_id));
}

/** Whose grant this is and what it comes from; null when there is none. */
export async function readOrigin(
  reader: Reader,
  grantId: string,
): Promise<Pick<Grant, 'accountId' | 'kind' | 'source' | 'paymentId'> | null> {
  const row = await reader
    .withTables<CreditTables>()
    .selectFrom('ledger_grant')
    .select(['account_id', 'kind', 'source', 'payment_id'])
    .where('id', '=', grantId)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { accountId: row.account_id, kind: row.kind, source: row.source, paymentId: row.payment_id };
}

/** The first reason stands; taking back again looks again for what came back. */
export function insertRevocation(one: Revocation): WriteStatement {
  return {
    sql: `insert into ledger_revocation (grant_id, account_id, into_account, kind, reason, at_ms, open)
      values (?, ?, ?, ?, ?, ?, 1) on conflict (grant_id) do update set open = 1`,
    parameters: [one.grantId, one.accountId, one.into, one.kind, one.reason, one.atMs],
  };
}

export function finishRevocation(grantId: string): WriteStatement {
  return { sql: 'update ledger_revocation set open = 0 where grant_id = ?', parameters: [grantId] };
}
