import { ok, refuse, type Result } from '../../base/result.ts';
import type { UsageGroup, UsageReportView, UsageRowView } from './contract.ts';
import type { UnknownCost } from './figures.ts';
import type { Month, Span } from '../../base/calendar.ts';
import { addTokens, NO_TOKENS, type TokenSums, type UsageRecord, type UsageRecords } from './usage-records.ts';

/** Groups a report may have; more would not fit in memory, nor on a page. */
const GROUPS_MAX = 100_000;

/**
 * What was used by requests that ended in a month, by one of what they carry. Refused, in words, when there are more than
 * `GROUPS_MAX` groups. The money is that of the records; the journal books it milliseconds later.
 */
export async function usageReport(
  records: UsageRecords,
  month: Month,
  by: UsageGroup,
): Promise<Result<UsageReportView, string>> {
  const groups = new Map<string | null, Sums>();
  const total = createSums();
  for await (const page of records.endedIn(month)) {
    for (const record of page) {
      const group = groupOf(record, by);
      const sums = groups.get(group) ?? createSums();
      groups.set(group, sums);
      addRecord(sums, record);
      addRecord(total, record);
    }
    if (groups.size > GROUPS_MAX)
      return refuse(`there are more than ${GROUPS_MAX} of ${by}; export the receipts instead`);
  }
  const rows = [...groups].map(([group, sums]) => toView(group, sums)).sort(byPrice);
  return ok({ month: month.name, by, rows, total: toView(null, total) });
}

/** Requests that went upstream in the span at a cost nobody set. */
export async function unknownCost(records: UsageRecords, span: Span): Promise<UnknownCost> {
  let requests = 0;
  let tokens = 0;
  for await (const page of records.endedIn(span)) {
    for (const record of page) {
      if (!lacksCost(record)) continue;
      requests++;
      tokens += (record.inputTokens ?? 0) + (record.outputTokens ?? 0);
    }
  }
  return { requests, tokens };
}

function lacksCost(record: UsageRecord): boolean {
  return record.usageSource !== 'none' && record.costNano === null;
}

function groupOf(record: UsageRecord, by: UsageGroup): string | null {
  switch (by) {
    case 'account':
      return record.accountId;
    case 'model':
      return record.modelRequested;
    case 'app':
      return record.app;
    case 'key':
      return record.keyId;
    case 'product':
      return record.product;
  }
}

interface Sums {
  requests: number;
  tokens: TokenSums;
  estimated: number;
  price: bigint;
  writtenOff: bigint;
  knownCost: bigint;
  unknownCost: number;
}

function createSums(): Sums {
  return { requests: 0, tokens: NO_TOKENS, estimated: 0, price: 0n, writtenOff: 0n, knownCost: 0n, unknownCost: 0 };
}

function addRecord(sums: Sums, record: UsageRecord): void {
  sums.requests++;
  sums.tokens = addTokens(sums.tokens, record);
  if (record.usageSource === 'estimated' || record.priceEstimated) sums.estimated++;
  sums.price += record.priceNano;
  sums.writtenOff += record.writtenOffNano;
  sums.knownCost += record.costNano ?? 0n;
  if (lacksCost(record)) sums.unknownCost++;
}

function toView(group: string | null, sums: Sums): UsageRowView {
  return {
    group,
    requests: sums.requests,
    input_tokens: sums.tokens.input,
    cached_input_tokens: sums.tokens.cachedInput,
    cache_write_tokens: sums.tokens.cacheWrite,
    output_tokens: sums.tokens.output,
    reasoning_tokens: sums.tokens.reasoning,
    estimated_requests: sums.estimated,
    price_nano: String(sums.price),
    written_off_nano: String(sums.writtenOff),
    known_cost_nano: String(sums.knownCost),
    unknown_cost_requests: sums.unknownCost,
  };
}

/** The dearest first; then by name, so that the order is always the same. */
function byPrice(a: UsageRowView, b: UsageRowView): number {
  const difference = BigInt(b.price_nano) - BigInt(a.price_nano);
  if (difference !== 0n) return difference < 0n ? -1 : 1;
  return (a.group ?? '') < (b.group ?? '') ? -1 : 1;
}
