import { type RawBuilder, sql } from 'kysely';
import type { Span } from '../../base/calendar.ts';
import { fromSqlText } from '../../base/money.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { ExportName } from './contract.ts';
import type { Cell, Column, Table } from './files/table.ts';
import { paidBetween, readEntries } from './journal.ts';
import type { UsageRecords } from './usage-records.ts';

export interface ExportSources {
  readonly reader: Reader;
  readonly usage: UsageRecords;
}

const PAGE_ROWS = 5_000;

/**
 * The rows of an export, read page after page while they are written. The span is that of a transfer's booking, of a
 * request's end, and of the moment a grant or a payment was made.
 */
export function exportTable(sources: ExportSources, name: ExportName, span: Span): Table {
  switch (name) {
    case 'transfers':
      return transfers(sources.reader, span);
    case 'receipts':
      return receipts(sources, span);
    case 'grants':
      return stored(sources.reader, GRANTS, span);
    case 'payments':
      return stored(sources.reader, PAYMENTS, span);
  }
}

function transfers(reader: Reader, span: Span): Table {
  async function* rows(): AsyncGenerator<Cell[]> {
    for await (const entry of readEntries(reader, span)) {
      const { id, atMs, kind, debit, credit, amount, accountId, subject, grantId, note } = entry;
      yield [id, atMs, kind, debit, credit, amount, accountId, subject, grantId, note];
    }
  }
  return {
    columns: columnsOf({
      id: 'text',
      at: 'time',
      kind: 'text',
      debit: 'text',
      credit: 'text',
      amount_nano: 'nano',
      account_id: 'text',
      request_id: 'text',
      grant_id: 'text',
      note: 'text',
    }),
    rows: rows(),
  };
}

function receipts({ reader, usage }: ExportSources, span: Span): Table {
  async function* rows(): AsyncGenerator<Cell[]> {
    for await (const page of usage.endedIn(span)) {
      const [first, last] = [page[0], page.at(-1)];
      if (first === undefined || last === undefined) continue;
      const paidBy = await paidBetween(reader, first.id, last.id);
      for (const one of page) {
        // What asked no model used nothing: there is nothing to give a receipt for.
        if (one.usageSource === 'none') continue;
        const { paid, promo } = paidBy.get(one.id) ?? { paid: 0n, promo: 0n };
        const tokens = [
          one.inputTokens,
          one.cachedInputTokens,
          one.cacheWriteTokens,
          one.outputTokens,
          one.reasoningTokens,
        ];
        const who = [one.accountId, one.keyId, one.app, one.product, one.modelRequested];
        const price = [one.priceId, one.priceEstimated, one.priceNano];
        yield [
          one.id,
          one.atMs,
          ...who,
          one.outcome,
          one.reason,
          one.usageSource,
          ...tokens,
          ...price,
          paid,
          promo,
          one.writtenOffNano,
          one.costNano,
        ];
      }
    }
  }
  return { columns: RECEIPT_COLUMNS, rows: rows() };
}

const RECEIPT_COLUMNS = columnsOf({
  request_id: 'text',
  arrived_at: 'time',
  account_id: 'text',
  key_id: 'text',
  app: 'text',
  product: 'text',
  model: 'text',
  outcome: 'text',
  reason: 'text',
  usage_source: 'text',
  input_tokens: 'integer',
  cached_input_tokens: 'integer',
  cache_write_tokens: 'integer',
  output_tokens: 'integer',
  reasoning_tokens: 'integer',
  price_id: 'text',
  price_estimated: 'truth',
  price_nano: 'nano',
  paid_credit_nano: 'nano',
  promotional_credit_nano: 'nano',
  written_off_nano: 'nano',
  cost_nano: 'nano',
});

/** A table of the database that is exported as it stands, in the order of its ids. */
interface StoredTable {
  readonly from: RawBuilder<unknown>;
  /** What is selected for each column, in order; the first is the id. */
  readonly columns: readonly (Column & { readonly select: string })[];
  readonly madeAt: string;
}

const GRANTS: StoredTable = {
  from: sql`ledger_grant g left join ledger_account a on a.id = 'grant:' || g.id`,
  columns: [
    { name: 'id', type: 'text', select: 'g.id' },
    { name: 'account_id', type: 'text', select: 'g.account_id' },
    { name: 'kind', type: 'text', select: 'g.kind' },
    { name: 'source', type: 'text', select: 'g.source' },
    { name: 'priority', type: 'integer', select: 'g.priority' },
    { name: 'starts_at', type: 'time', select: 'g.starts_at_ms' },
    { name: 'expires_at', type: 'time', select: 'g.expires_at_ms' },
    { name: 'models', type: 'text', select: 'g.models' },
    { name: 'products', type: 'text', select: 'g.products' },
    { name: 'reason', type: 'text', select: 'g.reason' },
    { name: 'payment_id', type: 'text', select: 'g.payment_id' },
    { name: 'created_at', type: 'time', select: 'g.created_at_ms' },
    { name: 'available_now_nano', type: 'nano', select: 'a.balance' },
  ],
  madeAt: 'g.created_at_ms',
};

const PAYMENTS: StoredTable = {
  from: sql`ledger_payment g`,
  columns: [
    { name: 'id', type: 'text', select: 'g.id' },
    { name: 'account_id', type: 'text', select: 'g.account_id' },
    { name: 'kind', type: 'text', select: 'g.kind' },
    { name: 'state', type: 'text', select: 'g.state' },
    { name: 'driver', type: 'text', select: 'g.driver' },
    { name: 'amount_nano', type: 'nano', select: 'g.amount' },
    { name: 'credit_nano', type: 'nano', select: 'g.credit' },
    { name: 'tax_nano', type: 'nano', select: 'g.tax' },
    { name: 'refunded_nano', type: 'nano', select: 'g.refunded' },
    { name: 'refunded_tax_nano', type: 'nano', select: 'g.refunded_tax' },
    { name: 'driver_ref', type: 'text', select: 'g.ref' },
    { name: 'grant_id', type: 'text', select: 'g.grant_id' },
    { name: 'created_at', type: 'time', select: 'g.created_at_ms' },
    { name: 'paid_at', type: 'time', select: 'g.paid_at_ms' },
  ],
  madeAt: 'g.created_at_ms',
};

function stored(reader: Reader, { from, columns, madeAt }: StoredTable, { fromMs, toMs }: Span): Table {
  const selections = sql.join(
    columns.map(({ name, type, select }) => {
      const value = type === 'nano' ? sql`cast(${sql.ref(select)} as text)` : sql.ref(select);
      return sql`${value} as ${sql.ref(name)}`;
    }),
  );
  async function* rows(): AsyncGenerator<Cell[]> {
    let after = '';
    for (;;) {
      const { rows: page } = await sql<Record<string, string | number | null>>`
        select ${selections} from ${from} where g.id > ${after} and ${sql.ref(madeAt)} >= ${fromMs}
        and ${sql.ref(madeAt)} < ${toMs} order by g.id limit ${PAGE_ROWS}`.execute(reader);
      for (const row of page) yield columns.map(({ name, type }) => toCell(row[name] ?? null, type));
      const last = page.at(-1)?.['id'];
      if (typeof last !== 'string' || page.length < PAGE_ROWS) return;
      after = last;
    }
  }
  return { columns: columns.map(({ name, type }) => ({ name, type })), rows: rows() };
}

function toCell(value: string | number | null, type: Column['type']): Cell {
  return value !== null && type === 'nano' ? fromSqlText(value) : value;
}

function columnsOf(types: Readonly<Record<string, Column['type']>>): Column[] {
  return Object.entries(types).map(([name, type]) => ({ name, type }));
}
