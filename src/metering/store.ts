/** The tables of this domain, and every statement that writes them, as text made once. */
import type { Reader } from '../storage/sql/storage.ts';
import type { WriteStatement } from '../storage/sql/writer.ts';
import type { OpenRequest, UsageEvent } from './event.ts';

type Row<Columns extends Record<string, string>> = { [Column in Columns[keyof Columns]]: string | number | null };

export type MeteringTables = {
  metering_epoch: { epoch: string; started_at_ms: number; opened: number; closed: number; unopened: number };
  usage_open: Row<typeof OPEN_COLUMNS> & {
    id: string;
    epoch: string;
    output_tokens: number | null;
    progress_at_ms: number | null;
  };
  usage_event: Row<typeof EVENT_COLUMNS> & { id: string; epoch: string };
};

/** The column of each field; the compiler refuses a forgotten one. */
const EVENT_COLUMNS = {
  id: 'id',
  epoch: 'epoch',
  atMs: 'at_ms',
  endpoint: 'endpoint',
  streamed: 'streamed',
  product: 'product',
  app: 'app',
  appSource: 'app_source',
  keyId: 'key_id',
  accountId: 'account_id',
  endUser: 'end_user',
  modelRequested: 'model_requested',
  modelServed: 'model_served',
  provider: 'provider',
  target: 'target',
  attempts: 'attempts',
  usageSource: 'usage_source',
  inputTokens: 'input_tokens',
  cachedInputTokens: 'cached_input_tokens',
  cacheWriteTokens: 'cache_write_tokens',
  outputTokens: 'output_tokens',
  reasoningTokens: 'reasoning_tokens',
  queueMs: 'queue_ms',
  firstTokenMs: 'first_token_ms',
  totalMs: 'total_ms',
  outcome: 'outcome',
  reason: 'reason',
  status: 'status',
  networkPrefix: 'network_prefix',
  clientClass: 'client_class',
} as const satisfies Record<keyof UsageEvent, string>;

const OPEN_COLUMNS = {
  id: 'id',
  epoch: 'epoch',
  atMs: 'at_ms',
  endpoint: 'endpoint',
  streamed: 'streamed',
  product: 'product',
  app: 'app',
  appSource: 'app_source',
  keyId: 'key_id',
  accountId: 'account_id',
  endUser: 'end_user',
  modelRequested: 'model_requested',
  networkPrefix: 'network_prefix',
  clientClass: 'client_class',
  estimatedInputTokens: 'estimated_input_tokens',
} as const satisfies Record<keyof OpenRequest, string>;

const EVENT_FIELDS = Object.keys(EVENT_COLUMNS) as (keyof UsageEvent)[];
const OPEN_FIELDS = Object.keys(OPEN_COLUMNS) as (keyof OpenRequest)[];
const INSERT_EVENT = insertInto('usage_event', Object.values(EVENT_COLUMNS));
const INSERT_OPEN = insertInto('usage_open', Object.values(OPEN_COLUMNS));
const DELETE_OPEN = 'delete from usage_open where id = ?';
const SET_PROGRESS = 'update usage_open set output_tokens = ?, progress_at_ms = ? where id = ?';
const START_EPOCH = 'insert into metering_epoch (epoch, started_at_ms) values (?, ?)';
const COUNT = {
  opened: 'update metering_epoch set opened = opened + 1 where epoch = ?',
  closed: 'update metering_epoch set closed = closed + 1 where epoch = ?',
  unopened: 'update metering_epoch set unopened = unopened + 1 where epoch = ?',
} as const;

export function startEpoch(epoch: string, atMs: number): WriteStatement[] {
  return [{ sql: START_EPOCH, parameters: [epoch, atMs], expectRows: 1 }];
}

export function insertOpen(request: OpenRequest): WriteStatement[] {
  return [
    { sql: INSERT_OPEN, parameters: OPEN_FIELDS.map((field) => toColumn(request[field], field)), expectRows: 1 },
    { sql: COUNT.opened, parameters: [request.epoch], expectRows: 1 },
  ];
}

/** The event takes the place of its open row: both are there, or neither changes. */
export function closeOpened(event: UsageEvent): WriteStatement[] {
  return [
    insertEvent(event),
    { sql: DELETE_OPEN, parameters: [event.id], expectRows: 1 },
    { sql: COUNT.closed, parameters: [event.epoch], expectRows: 1 },
  ];
}

/** The event of a request that never got as far as being opened. */
export function closeUnopened(event: UsageEvent): WriteStatement[] {
  return [insertEvent(event), { sql: COUNT.unopened, parameters: [event.epoch], expectRows: 1 }];
}

export function setProgress(id: string, outputTokens: number, atMs: number): WriteStatement[] {
  return [{ sql: SET_PROGRESS, parameters: [outputTokens, atMs, id] }];
}

/** An open row as an earlier process left it. */
export interface LeftOpen extends OpenRequest {
  /** What `progress` said last; null when it said nothing. */
  readonly outputTokens: number | null;
  readonly progressAtMs: number | null;
}

/** Open rows of any epoch but this one, at most `limit`. */
export async function readLeftOpen(reader: Reader, epoch: string, limit: number): Promise<LeftOpen[]> {
  const rows = await reader
    .withTables<MeteringTables>()
    .selectFrom('usage_open')
    .selectAll()
    .where('epoch', '!=', epoch)
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    ...fromRow<OpenRequest>(row, OPEN_COLUMNS),
    outputTokens: row.output_tokens,
    progressAtMs: row.progress_at_ms,
  }));
}

/** One event by its id; null when there is none. */
export async function readUsageEvent(reader: Reader, id: string): Promise<UsageEvent | null> {
  const events = reader.withTables<MeteringTables>().selectFrom('usage_event').selectAll();
  const row = await events.where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : fromRow<UsageEvent>(row, EVENT_COLUMNS);
}

function insertEvent(event: UsageEvent): WriteStatement {
  return { sql: INSERT_EVENT, parameters: EVENT_FIELDS.map((field) => toColumn(event[field], field)), expectRows: 1 };
}

function insertInto(table: string, columns: readonly string[]): string {
  return `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`;
}

const FRACTIONS: ReadonlySet<string> = new Set<keyof UsageEvent>(['queueMs', 'firstTokenMs', 'totalMs']);

/** Estimates may come with fractions and columns of counts take none: a record is not lost over that. */
function toColumn(value: string | number | boolean | null, field: string): string | number | null {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'number' && !Number.isInteger(value) && !FRACTIONS.has(field) ? Math.ceil(value) : value;
}

/** `streamed` is the one truth value; everything else is stored as it is. */
function fromRow<Shape extends { readonly streamed: boolean }>(
  row: Readonly<Record<string, string | number | null>>,
  columns: Readonly<Record<keyof Shape, string>>,
): Shape {
  const fields = Object.entries<string>(columns).map(([field, column]) => [
    field,
    field === 'streamed' ? row[column] === 1 : row[column],
  ]);
  return Object.fromEntries(fields) as Shape;
}
