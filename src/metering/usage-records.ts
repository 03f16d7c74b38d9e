import { sql } from 'kysely';
import { fromSqlText, type Nano } from '../base/money.ts';
import type { Reader } from '../storage/sql/storage.ts';
import type { UsageEvent } from './event.ts';
import type { MeteringTables } from './store.ts';

/** The part of a usage event that reports are made of. */
export type UsageRecord = Pick<
  UsageEvent,
  | 'id'
  | 'atMs'
  | 'accountId'
  | 'keyId'
  | 'app'
  | 'product'
  | 'modelRequested'
  | 'usageSource'
  | 'outcome'
  | 'reason'
  | 'inputTokens'
  | 'cachedInputTokens'
  | 'cacheWriteTokens'
  | 'outputTokens'
  | 'reasoningTokens'
  | 'priceId'
  | 'priceEstimated'
  | 'priceNano'
  | 'writtenOffNano'
  | 'costNano'
>;

/** Reads usage events in bulk, each page a short read, so that the log of the database can be put away between them. */
export interface UsageRecords {
  byId(id: string): Promise<UsageRecord | null>;
  /** Of all requests of an account there ever were, in order of arrival. */
  ofAccount(accountId: string): AsyncIterable<readonly UsageRecord[]>;
  /** Those that ended from `fromMs` up to and without `toMs`, in the order of their ids. */
  endedIn(span: { readonly fromMs: number; readonly toMs: number }): AsyncIterable<readonly UsageRecord[]>;
}

const PAGE_ROWS = 5_000;

export function createUsageRecords(reader: Reader): UsageRecords {
  const tables = reader.withTables<MeteringTables>();

  const select = () => selectRecords(reader);

  /** The id a page that begins after `after` ends with; null when the rest fits on it. */
  async function pageEnd(after: string): Promise<string | null> {
    const ids = tables.selectFrom('usage_event').select('id').where('id', '>', after).orderBy('id');
    const row = await ids
      .limit(1)
      .offset(PAGE_ROWS - 1)
      .executeTakeFirst();
    return row?.id ?? null;
  }

  return {
    async byId(id) {
      const row = await select().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : fromRow(row);
    },

    async *ofAccount(accountId) {
      let after: Pick<UsageRecord, 'atMs' | 'id'> = { atMs: -1, id: '' };
      for (;;) {
        const rows = await select()
          .where('account_id', '=', accountId)
          .where(sql<boolean>`(at_ms, id) > (${after.atMs}, ${after.id})`)
          .orderBy('at_ms')
          .orderBy('id')
          .limit(PAGE_ROWS)
          .execute();
        const records = rows.map(fromRow);
        if (records.length > 0) yield records;
        const last = records.at(-1);
        if (last === undefined || records.length < PAGE_ROWS) return;
        after = last;
      }
    },

    async *endedIn({ fromMs, toMs }) {
      let after = '';
      for (;;) {
        const end = await pageEnd(after);
        const page = select()
          .where('id', '>', after)
          .where(sql<boolean>`at_ms + total_ms >= ${fromMs} and at_ms + total_ms < ${toMs}`);
        const rows = await (end === null ? page : page.where('id', '<=', end)).orderBy('id').execute();
        if (rows.length > 0) yield rows.map(fromRow);
        if (end === null) return;
        after = end;
      }
    },
  };
}

function selectRecords(reader: Reader) {
  return reader
    .withTables<MeteringTables>()
    .selectFrom('usage_event')
    .select((column) => [
      'id',
      'at_ms',
      'account_id',
      'key_id',
      'app',
      'product',
      'model_requested',
      'usage_source',
      'outcome',
      'reason',
      'input_tokens',
      'cached_input_tokens',
      'cache_write_tokens',
      'output_tokens',
      'reasoning_tokens',
      'price_id',
      'price_estimated',
      sql<string>`cast(${column.ref('price_nano')} as text)`.as('price_nano'),
      sql<string>`cast(${column.ref('written_off_nano')} as text)`.as('written_off_nano'),
      sql<string | null>`cast(${column.ref('cost_nano')} as text)`.as('cost_nano'),
    ]);
}

type Row = Readonly<Record<string, string | number | null>> & { readonly id: string };

function fromRow(row: Row): UsageRecord {
  const amount = (column: string): Nano => fromSqlText(row[column]);
  return {
    id: row.id,
    atMs: Number(row['at_ms']),
    accountId: row['account_id'] as string | null,
    keyId: row['key_id'] as string | null,
    app: row['app'] as string | null,
    product: row['product'] as string | null,
    modelRequested: row['model_requested'] as string | null,
    usageSource: row['usage_source'] as UsageRecord['usageSource'],
    outcome: row['outcome'] as UsageRecord['outcome'],
    reason: row['reason'] as string | null,
    inputTokens: row['input_tokens'] as number | null,
    cachedInputTokens: row['cached_input_tokens'] as number | null,
    cacheWriteTokens: row['cache_write_tokens'] as number | null,
    outputTokens: row['output_tokens'] as number | null,
    reasoningTokens: row['reasoning_tokens'] as number | null,
    priceId: row['price_id'] as string | null,
    priceEstimated: row['price_estimated'] === 1,
    priceNano: amount('price_nano'),
    writtenOffNano: amount('written_off_nano'),
    costNano: row['cost_nano'] === null ? null : amount('cost_nano'),
  };
}
