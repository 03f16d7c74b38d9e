import { type EventRow, toCsv } from '../../metering/index.ts';
import type { Names } from '../names.ts';
import type { PortalRequestRow } from './contract.ts';

/** An event as an account may see it: nothing of what the upstream is, or what it charges. */
export function toRequestRow(row: EventRow, names: Pick<Names, 'member'>): PortalRequestRow {
  return {
    id: row.id,
    at: row.at,
    endpoint: row.endpoint,
    streamed: row.streamed,
    app: row.app,
    app_name: row.app_name,
    model: row.model,
    key: row.key,
    key_name: row.key_name,
    member: row.member,
    member_name: row.member === null ? null : names.member(row.member),
    end_user: row.end_user,
    outcome: row.outcome,
    reason: row.reason,
    status: row.status,
    usage_source: row.usage_source,
    input_tokens: row.input_tokens,
    cached_input_tokens: row.cached_input_tokens,
    cache_write_tokens: row.cache_write_tokens,
    output_tokens: row.output_tokens,
    reasoning_tokens: row.reasoning_tokens,
    first_token_ms: row.first_token_ms,
    total_ms: row.total_ms,
    price_nano: row.price_nano,
    network_prefix: row.network_prefix,
    client_class: row.client_class,
  };
}

const COLUMNS = [
  'id',
  'at',
  'endpoint',
  'model',
  'app',
  'key',
  'key_name',
  'member',
  'member_name',
  'end_user',
  'outcome',
  'reason',
  'status',
  'usage_source',
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'first_token_ms',
  'total_ms',
  'price_nano',
  'network_prefix',
  'client_class',
] as const satisfies readonly (keyof PortalRequestRow)[];

export function requestsAsCsv(rows: readonly PortalRequestRow[]): string {
  return toCsv(
    COLUMNS,
    rows.map((row) => COLUMNS.map((column) => row[column])),
  );
}
