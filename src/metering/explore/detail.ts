import { toIso } from '../../base/calendar.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { UsageEvent } from '../event.ts';
import { levelsOf } from '../levels.ts';
import { readUsageEvent } from '../store.ts';
import type { EventDetail, EventRow } from './contract.ts';
import { decisionOf } from './decision.ts';
import type { AppNames } from './event-row.ts';
import type { Families } from './view.ts';

/** What the books and the store of captured content say of a request; each loads by the id of the request. */
export interface RequestFiles {
  /** Oldest first. */
  transfers(requestId: string): Promise<EventDetail['transfers']>;
  /** In the order they were used. */
  paidBy(requestId: string): Promise<EventDetail['paid_by']>;
  corrections(requestId: string): Promise<EventDetail['corrections']>;
  content(requestId: string): Promise<EventDetail['content']>;
}

export interface DetailDeps {
  readonly reader: Reader;
  readonly files: RequestFiles;
  readonly families: () => Families;
  readonly names: AppNames;
}

/** Everything known of one request, from the book of record; null when there is none. Asks the columns nothing. */
export async function findEvent(
  { reader, files, families, names }: DetailDeps,
  id: string,
): Promise<EventDetail | null> {
  const event = await readUsageEvent(reader, id);
  if (event === null) return null;
  // One after the other: a reader walks one statement at a time.
  const transfers = await files.transfers(id);
  const paidBy = await files.paidBy(id);
  const corrections = await files.corrections(id);
  const content = await files.content(id);
  return {
    event: eventRowOf(event, families(), names),
    decision: decisionOf(event, transfers.length > 0),
    transfers,
    paid_by: paidBy,
    corrections,
    content,
  };
}

/** An event as it goes over the wire, from the book of record. */
export function eventRowOf(event: UsageEvent, families: Families, names: AppNames): EventRow {
  const levels = levelsOf(event);
  const app = families.get(levels.app) ?? levels.app;
  return {
    id: event.id,
    at: toIso(event.atMs),
    endpoint: event.endpoint,
    streamed: event.streamed,
    product: levels.product,
    app,
    app_source: event.appSource,
    app_name: names.nameOf(app) ?? app,
    model: event.modelRequested,
    model_served: event.modelServed,
    provider: event.provider,
    target: event.target,
    account: event.accountId,
    account_name: event.accountId === null ? null : names.labelOf('account', event.accountId),
    key: event.keyId,
    key_name: event.keyId === null ? null : names.labelOf('key', event.keyId),
    member: event.member,
    end_user: levels.endUser,
    attempts: event.attempts,
    outcome: event.outcome,
    reason: event.reason,
    status: event.status,
    usage_source: event.usageSource,
    input_tokens: event.inputTokens,
    cached_input_tokens: event.cachedInputTokens,
    cache_write_tokens: event.cacheWriteTokens,
    output_tokens: event.outputTokens,
    reasoning_tokens: event.reasoningTokens,
    queue_ms: event.queueMs,
    first_token_ms: event.firstTokenMs,
    total_ms: event.totalMs,
    price_nano: String(event.priceNano),
    written_off_nano: String(event.writtenOffNano),
    cost_nano: event.costNano === null ? null : String(event.costNano),
    network_prefix: event.networkPrefix,
    client_class: event.clientClass,
  };
}
