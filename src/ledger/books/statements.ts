/** Every statement that changes the books, as text made once for each shape. */
import { type Nano, toSqlInteger } from '../../base/money.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { LedgerAccountId } from '../chart.ts';
import type { Grant, PostingKind, Transfer } from '../ledger.ts';

export type EntryKind = PostingKind | 'hold' | 'post' | 'release' | 'rounding' | 'cost' | 'write_off';

/** One transfer as it is stored. */
export interface Entry extends Transfer {
  readonly id: string;
  readonly atMs: number;
  readonly kind: EntryKind;
  readonly accountId: string | null;
  /** The request it belongs to; null outside requests. */
  readonly subject: string | null;
  readonly grantId: string | null;
  readonly note: string | null;
}

const ENTRY_COLUMNS = 'id, at_ms, kind, debit, credit, amount, account_id, subject, grant_id, note';
/** Rows one statement takes: few shapes, so that few texts are prepared. */
const SHAPES = [16, 8, 4, 3, 2, 1] as const;

const INSERT_ENTRIES = textsByShape(
  (rows) => `insert into ledger_transfer (${ENTRY_COLUMNS}) values ${list(rows, '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')}`,
);
const MOVE_BALANCES = textsByShape((rows) => {
  const cases = Array.from({ length: rows }, () => 'when ? then cast(? as bigint)').join(' ');
  return `update ledger_account set balance = balance + case id ${cases} end where id in (${list(rows, '?')})`;
});

/** Transfers and the balances they change. Refused when a balance would fall below its floor, or an account is missing. */
export function book(entries: readonly Entry[]): WriteStatement[] {
  const inserts = inShapes(entries).map((some) => ({
    sql: textOf(INSERT_ENTRIES, some.length),
    parameters: some.flatMap(entryParameters),
    expectRows: some.length,
  }));
  const moves = inShapes([...netOf(entries)].filter(([, amount]) => amount !== 0n)).map((some) => ({
    sql: textOf(MOVE_BALANCES, some.length),
    parameters: [...some.flatMap(([id, amount]) => [id, toSqlInteger(amount)]), ...some.map(([id]) => id)],
    expectRows: some.length,
  }));
  return [...inserts, ...moves];
}

/** What transfers change in all: nano-dollars by account. */
export function netOf(transfers: readonly Transfer[]): Map<LedgerAccountId, Nano> {
  const net = new Map<LedgerAccountId, Nano>();
  for (const { debit, credit, amount } of transfers) {
    net.set(debit, (net.get(debit) ?? 0n) - amount);
    net.set(credit, (net.get(credit) ?? 0n) + amount);
  }
  return net;
}

const INSERT_ACCOUNT = 'insert into ledger_account (id, kind, owner, floor) values (?, ?, ?, 0)';
const ENSURE_ACCOUNT = `${INSERT_ACCOUNT} on conflict (id) do nothing`;
const INSERT_GRANT = `insert into ledger_grant (id, account_id, kind, source, amount, priority, starts_at_ms,
  expires_at_ms, models, products, reason, payment_id, created_at_ms) values (${list(13, '?')})`;
const ENSURE_EXPIRING =
  'insert into ledger_expiring (grant_id, expires_at_ms) values (?, ?) on conflict (grant_id) do nothing';
const FORGET_EXPIRING = `delete from ledger_expiring where grant_id = ?
  and not exists (select 1 from ledger_hold where account_id = ?)
  and exists (select 1 from ledger_account where id = ? and balance = 0)`;

export function insertGrant(grant: Grant, amount: Nano): WriteStatement[] {
  const { id, accountId, kind, source, priority, startsAtMs, expiresAtMs, reason, paymentId, createdAtMs } = grant;
  const names = (list: readonly string[] | null) => list && JSON.stringify(list);
  const given = [id, accountId, kind, source, toSqlInteger(amount), priority, startsAtMs, expiresAtMs];
  const rest = [names(grant.models), names(grant.products), reason, paymentId, createdAtMs];
  return [
    { sql: INSERT_ACCOUNT, parameters: [`grant:${id}`, 'grant', accountId], expectRows: 1 },
    { sql: INSERT_GRANT, parameters: [...given, ...rest], expectRows: 1 },
  ];
}

export function ensureEnvelope(id: LedgerAccountId, accountId: string): WriteStatement {
  return { sql: ENSURE_ACCOUNT, parameters: [id, 'envelope', accountId] };
}

export function ensureExpiring(grantId: string, expiresAtMs: number): WriteStatement {
  return { sql: ENSURE_EXPIRING, parameters: [grantId, expiresAtMs] };
}

/** Nothing can come back to it any more: it is empty, and its account has no hold open. */
export function forgetExpiring(grantId: string, accountId: string): WriteStatement {
  return { sql: FORGET_EXPIRING, parameters: [grantId, accountId, `grant:${grantId}`] };
}

/** A row of the working table of open holds. */
export interface HoldRow {
  readonly id: string;
  readonly accountId: string;
  readonly model: string;
  readonly product: string;
  readonly held: Nano;
  readonly epoch: string;
  readonly expiresAtMs: number;
}

const INSERT_HOLD = `insert into ledger_hold (id, account_id, model, product, held, epoch, expires_at_ms)
  values (${list(7, '?')})`;
const EXTEND_HOLD = 'update ledger_hold set held = held + ?, expires_at_ms = ? where id = ?';
const RENEW_HOLD = 'update ledger_hold set expires_at_ms = ? where id = ?';
const DELETE_HOLD = 'delete from ledger_hold where id = ? and held = ?';

export function insertHold(row: HoldRow): WriteStatement {
  const { id, accountId, model, product, held, epoch, expiresAtMs } = row;
  return {
    sql: INSERT_HOLD,
    parameters: [id, accountId, model, product, toSqlInteger(held), epoch, expiresAtMs],
    expectRows: 1,
  };
}

export function extendHold(id: string, more: Nano, expiresAtMs: number): WriteStatement {
  return { sql: EXTEND_HOLD, parameters: [toSqlInteger(more), expiresAtMs, id], expectRows: 1 };
}

/** Of no effect on a hold that has ended. */
export function renewHold(id: string, expiresAtMs: number): WriteStatement {
  return { sql: RENEW_HOLD, parameters: [expiresAtMs, id] };
}

/** Refused unless exactly this much is held: an extension that was lost must not be posted. */
export function deleteHold(id: string, held: Nano): WriteStatement {
  return { sql: DELETE_HOLD, parameters: [id, toSqlInteger(held)], expectRows: 1 };
}

function entryParameters(entry: Entry): unknown[] {
  const { id, atMs, kind, debit, credit, amount, accountId, subject, grantId, note } = entry;
  return [id, atMs, kind, debit, credit, toSqlInteger(amount), accountId, subject, grantId, note];
}

function inShapes<Row>(rows: readonly Row[]): Row[][] {
  const parts: Row[][] = [];
  for (let at = 0; at < rows.length; ) {
    const size = SHAPES.find((shape) => shape <= rows.length - at) ?? 1;
    parts.push(rows.slice(at, at + size));
    at += size;
  }
  return parts;
}

function textsByShape(make: (rows: number) => string): ReadonlyMap<number, string> {
  return new Map(SHAPES.map((shape) => [shape, make(shape)]));
}

function textOf(texts: ReadonlyMap<number, string>, shape: number): string {
  return texts.get(shape) ?? '';
}

function list(count: number, part: string): string {
  return Array.from({ length: count }, () => part).join(', ');
}
