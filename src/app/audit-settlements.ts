import { type RawBuilder, sql } from 'kysely';
import { fromSqlText } from '../base/money.ts';
import { type ChargedUse, expectedPrice, readRatesById } from '../ledger/index.ts';
import type { AuditRule, Findings } from '../storage/sql/findings.ts';
import type { Reader } from '../storage/sql/storage.ts';

const RULES = {
  booked: { promise: 'P1', name: 'a request was charged what was posted and written off for it' },
  writtenOff: { promise: 'P1', name: 'what was written off for a request stands in its record' },
  cost: { promise: 'P1', name: 'what a request cost us stands in its record' },
  price: { promise: 'P1', name: 'usage by the price it names is what a request was charged' },
  named: { promise: 'P1', name: 'the price a request was charged by is in the price book' },
  record: { promise: 'P1', name: 'what was booked for a request has its record, or the request is open' },
  payer: { promise: 'P1', name: 'what was booked for a request is booked to the account that asked' },
  open: { promise: 'P1', name: 'each open hold belongs to an open request' },
} as const satisfies Record<string, AuditRule>;

type EventRow = ChargedUse & {
  readonly id: string;
  readonly outcome: string;
  readonly priceId: string | null;
  readonly price: string;
  readonly writtenOff: string;
  readonly cost: string | null;
  readonly posted: string;
  readonly lost: string;
  readonly spent: string;
};

type Tables = { usage_event: { id: string }; ledger_hold: { id: string } };

/** Each record beside its transfers, at one moment; `moment` is a read transaction. */
export async function auditSettlements(moment: Reader, findings: Findings): Promise<void> {
  const tables = moment.withTables<Tables>();
  const ratesOf = await readRatesById(moment);
  for await (const row of tables.selectFrom('usage_event as e').select(EVENT_COLUMNS).stream()) {
    checkEvent(row as unknown as EventRow, ratesOf, findings);
  }
  for (const { id } of (await STRAY_TRANSFERS.execute(moment)).rows) findings.add(RULES.record, id);
  for (const { id } of (await OTHER_PAYERS.execute(moment)).rows) findings.add(RULES.payer, id);
  for (const { id } of (await STRAY_HOLDS.execute(moment)).rows) findings.add(RULES.open, id);
}

type RatesOf = Awaited<ReturnType<typeof readRatesById>>;

function checkEvent(row: EventRow, ratesOf: RatesOf, findings: Findings): void {
  const price = fromSqlText(row.price);
  const lost = fromSqlText(row.lost);
  if (price !== fromSqlText(row.posted) + lost) findings.add(RULES.booked, row.id);
  if (fromSqlText(row.writtenOff) !== lost) findings.add(RULES.writtenOff, row.id);
  if (fromSqlText(row.cost ?? '0') !== fromSqlText(row.spent)) findings.add(RULES.cost, row.id);
  if (row.priceId === null) return;
  const rates = ratesOf(row.priceId);
  if (rates === null) return findings.add(RULES.named, row.id);
  const expected = expectedPrice(row, rates);
  // A request its process died under is charged no more than was held, whatever it may have used.
  const fits = row.outcome === 'recovered' ? price <= expected : price === expected;
  if (!fits) findings.add(RULES.price, row.id);
}

const EVENT_COLUMNS = [
  column('id', 'id'),
  column('outcome', 'outcome'),
  column('images', 'images'),
  column('margin_bp', 'marginBp'),
  column('price_id', 'priceId'),
  column('input_tokens', 'inputTokens'),
  column('cached_input_tokens', 'cachedInputTokens'),
  column('cache_write_tokens', 'cacheWriteTokens'),
  column('output_tokens', 'outputTokens'),
  column('reasoning_tokens', 'reasoningTokens'),
  column('audio_input_tokens', 'audioInputTokens'),
  column('audio_output_tokens', 'audioOutputTokens'),
  amount('price_nano', 'price'),
  amount('written_off_nano', 'writtenOff'),
  amount('cost_nano', 'cost'),
  booked('post').as('posted'),
  booked('write_off').as('lost'),
  booked('cost').as('spent'),
];

function column(name: string, as: string) {
  return sql.ref(`e.${name}`).as(as);
}

function amount(name: string, as: string) {
  return sql<string | null>`cast(${sql.ref(`e.${name}`)} as text)`.as(as);
}

/** The sum of the transfers of a kind of one request, found by how their ids begin. */
function booked(kind: 'post' | 'write_off' | 'cost'): RawBuilder<string> {
  return sql.raw(`(select cast(coalesce(sum(t.amount), 0) as text) from ledger_transfer t
    where t.id >= e.id || ':${kind}' and t.id < e.id || ':${kind}z' and t.kind = '${kind}')`);
}

const STRAY_TRANSFERS = sql<{ id: string }>`select distinct t.subject as id from ledger_transfer t
  where t.subject is not null
  and not exists (select 1 from usage_event e where e.id = t.subject)
  and not exists (select 1 from usage_open o where o.id = t.subject)`;

const OTHER_PAYERS = sql<{ id: string }>`select distinct e.id from ledger_transfer t
  join usage_event e on e.id = t.subject where coalesce(t.account_id, '') <> coalesce(e.account_id, '')`;

const STRAY_HOLDS = sql<{ id: string }>`select h.id from ledger_hold h
  where not exists (select 1 from usage_open o where o.id = h.id)`;
