import { sql } from 'kysely';
import { assert } from '../../base/assert.ts';
import { fromSqlText, type Nano } from '../../base/money.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import { grantIdOf, type LedgerAccountId } from '../chart.ts';
import type { GrantKind, Slice } from '../ledger.ts';

/** One correction of what a request was charged. */
export interface Correction {
  /** `correction:<request id>:<number from 1>` */
  readonly id: string;
  readonly requestId: string;
  readonly accountId: string;
  /** Above zero: given back; below zero: charged more. */
  readonly amount: Nano;
  readonly reason: string;
  readonly atMs: number;
  /** Grants it was given to, or taken from. */
  readonly grants: readonly Slice[];
}

/** Ids of a request's corrections begin with this. */
export function correctionPrefix(requestId: string): string {
  return `correction:${requestId}:`;
}

interface Row {
  readonly id: string;
  readonly at_ms: number;
  readonly debit: LedgerAccountId;
  readonly credit: LedgerAccountId;
  readonly amount: string;
  readonly account_id: string | null;
  readonly note: string | null;
  readonly kind: GrantKind | null;
}

/** What was corrected about a request, in order; empty when nothing was. */
export async function readCorrections(reader: Reader, requestId: string): Promise<readonly Correction[]> {
  const prefix = correctionPrefix(requestId);
  const { rows } = await sql<Row>`
    select t.id, t.at_ms, t.debit, t.credit, cast(t.amount as text) as amount, t.account_id, t.note, g.kind
    from ledger_transfer t left join ledger_grant g on g.id = t.grant_id
    where t.id > ${prefix} and t.id < ${`correction:${requestId};`}`.execute(reader);
  const byNumber = new Map<number, Row[]>();
  for (const row of rows) {
    const number = Number(row.id.slice(prefix.length).split(':')[0]);
    byNumber.set(number, [...(byNumber.get(number) ?? []), row]);
  }
  return [...byNumber]
    .sort(([one], [other]) => one - other)
    .map(([number, transfers]) => toCorrection(requestId, `${prefix}${number}`, transfers));
}

function toCorrection(requestId: string, id: string, rows: readonly Row[]): Correction {
  const slices = rows.map(toSlice);
  const first = rows.find((row) => row.id === id);
  assert(first !== undefined && first.account_id !== null, `${id} is booked whole and for an account`);
  const given = grantIdOf(first.credit) !== null;
  const total = slices.reduce((sum, { amount }) => sum + amount, 0n);
  return {
    id,
    requestId,
    accountId: first.account_id,
    amount: given ? total : -total,
    reason: first.note ?? '',
    atMs: first.at_ms,
    grants: slices,
  };
}

function toSlice({ id, debit, credit, amount, kind }: Row): Slice {
  const grantId = grantIdOf(credit) ?? grantIdOf(debit);
  assert(grantId !== null && kind !== null, `${id} names its grant`);
  return { grantId, kind, amount: fromSqlText(amount) };
}
