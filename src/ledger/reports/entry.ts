import { sql } from 'kysely';
import { fromSqlText, type Nano } from '../../base/money.ts';

/** One transfer of the journal. */
export interface Entry {
  readonly id: string;
  readonly atMs: number;
  readonly kind: string;
  readonly debit: string;
  readonly credit: string;
  readonly amount: Nano;
  readonly accountId: string | null;
  /** The request it belongs to, if any. */
  readonly subject: string | null;
  readonly grantId: string | null;
  readonly note: string | null;
}

/** What a transfer adds to an account's credit, available and held together: nothing when it only sets aside. */
export function creditChange({ debit, credit, amount }: Entry): Nano {
  return (isCredit(credit) ? amount : 0n) - (isCredit(debit) ? amount : 0n);
}

/** What a transfer adds to what requests have set aside. */
export function heldChange({ debit, credit, amount }: Entry): Nano {
  return (credit === 'holds' ? amount : 0n) - (debit === 'holds' ? amount : 0n);
}

function isCredit(account: string): boolean {
  return account === 'holds' || account.startsWith('grant:');
}

/** The columns of a transfer `t`, to be followed by a condition. */
export const ENTRY = sql`select t.id, t.at_ms, t.kind, t.debit, t.credit, cast(t.amount as text) as amount, t.account_id,
  t.subject, t.grant_id, t.note from ledger_transfer t`;

export interface EntryRow {
  readonly id: string;
  readonly at_ms: number;
  readonly kind: string;
  readonly debit: string;
  readonly credit: string;
  readonly amount: string;
  readonly account_id: string | null;
  readonly subject: string | null;
  readonly grant_id: string | null;
  readonly note: string | null;
}

export function toEntry(row: EntryRow): Entry {
  const { id, kind, debit, credit, subject, note } = row;
  const [atMs, amount] = [row.at_ms, fromSqlText(row.amount)];
  return { id, atMs, kind, debit, credit, amount, accountId: row.account_id, subject, grantId: row.grant_id, note };
}
