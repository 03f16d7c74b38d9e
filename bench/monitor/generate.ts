/** Makes a usage monitor's file of many events, straight in the database: what would take the gateway weeks to serve. */
import { DuckDBInstance } from '@duckdb/node-api';
import { join } from 'node:path';
import { createTables, hashesOf, tableOf } from '../../src/storage/columns/child/tables.ts';
import { STORE_FILE } from '../../src/storage/columns/protocol.ts';
import { EVENT_COLUMN_TYPES, HASHED_COLUMNS } from '../../src/metering/index.ts';

export interface Amount {
  readonly events: number;
  readonly days: number;
  /** The first moment after the last event, a midnight of UTC. */
  readonly endMs: number;
}

const DAY_MS = 86_400_000;

/** Fills the file of a folder, which no other process may hold, day by day; `onDay` hears how many days are done. */
export async function generate(folder: string, amount: Amount, onDay: (day: number) => void): Promise<void> {
  const instance = await DuckDBInstance.create(join(folder, STORE_FILE), {
    threads: '2',
    memory_limit: '2GiB',
    preserve_insertion_order: 'true',
    storage_compatibility_version: 'latest',
  });
  const connection = await instance.connect();
  const tables = createTables(EVENT_COLUMN_TYPES, HASHED_COLUMNS);
  const hashes = hashesOf(HASHED_COLUMNS);
  const perDay = Math.floor(amount.events / amount.days);
  for (let day = 0; day < amount.days; day++) {
    const startMs = amount.endMs - (amount.days - day) * DAY_MS;
    const table = tableOf(new Date(startMs).toISOString().slice(0, 10).replaceAll('-', ''));
    const events = day === amount.days - 1 ? amount.events - perDay * (amount.days - 1) : perDay;
    await connection.run(tables.create(table));
    await connection.run(`insert into ${table} select *${hashes} from (${dayOfEvents(startMs, day, events)})`);
    await connection.run('checkpoint');
    onDay(day + 1);
  }
  connection.closeSync();
  instance.closeSync();
}

/** Even numbers from 0 up to 1 that are the same in every run, by the number of the event and of the draw. */
function draw(nth: number): string {
  return `((hash(seed * 64 + ${nth}) >> 11) / 9007199254740992.0)`;
}

/** Log-normal: times and lengths of text have long tails. */
function logNormal(median: number, spread: number, u: string, v: string): string {
  return `${median} * exp(${spread} * sqrt(-2 * ln(${u} + 1e-12)) * cos(6.283185307179586 * ${v}))`;
}

const CROCKFORD = "'0123456789ABCDEFGHJKMNPQRSTVWXYZ'";
const ULID_TIME = Array.from(
  { length: 10 },
  (_, at) => `substr(${CROCKFORD}, cast((at_ms >> ${45 - at * 5}) & 31 as integer) + 1, 1)`,
).join(' || ');

/**
 * Busy by day and quiet by night; few accounts and apps make most of the traffic; 4 % refused, 2 % failed; 30 % of callers
 * name no end user. In order of arrival, as the carrier leaves them.
 */
function dayOfEvents(startMs: number, day: number, events: number): string {
  const draws = Array.from({ length: 14 }, (_, at) => `${draw(at)} as u${at}`).join(', ');
  return `
with drawn as (
  select seed, x, ${draws} from (select range + ${day} * 10000000000 as seed, range / ${events}.0 as x from range(${events}))
), chosen as (
  select seed, ${startMs} + cast(floor(86400000 * (x - 0.13 * sin(6.283185307179586 * x))) as bigint) as at_ms,
    cast(floor(200000 * pow(u0, 3)) as bigint) as account, cast(floor(2 * u1) as bigint) as nth_key,
    cast(floor(55 * pow(u2, 2)) as bigint) as app_nr, u2, u3, u4, u5, u6, u7, u8, u9, u10, u11, u12, u13
  from drawn
), decided as (
  select *, case when u4 < 0.935 then 'completed' when u4 < 0.975 then 'refused' when u4 < 0.99 then 'failed' else 'disconnected' end as outcome,
    app_nr % 4 as product_nr, cast((app_nr + floor(2 * pow(u5, 4))) % 6 as bigint) as model_nr
  from chosen
), timed as (
  select *, outcome <> 'refused' as asked,
    case when outcome <> 'refused' then ${logNormal(350, 0.7, 'u6', 'u7')} end as first_ms,
    cast(${logNormal(800, 1.1, 'u8', 'u9')} as bigint) as input, cast(${logNormal(220, 0.9, 'u10', 'u9')} as bigint) as output
  from decided
)
select 'req_' || ${ULID_TIME} || upper(lpad(hex(hash(seed)), 16, '0')) as id, 'boot_01' as epoch, at_ms,
  case when u12 < 0.8 then 'chat.completions' when u12 < 0.95 then 'responses' else 'embeddings' end as endpoint,
  u13 < 0.6 as streamed,
  case product_nr when 0 then 'api' when 1 then 'chat' when 2 then 'search' else 'studio' end as product,
  case when app_nr < 40 then 'app-' || app_nr else 'fam_' || lpad(hex(app_nr), 16, '0') end as app,
  case when app_nr < 40 then 'declared' else 'discovered' end as app_source,
  'key_' || lpad(cast(account * 2 + nth_key as varchar), 8, '0') as key_id,
  'acc_' || lpad(cast(account as varchar), 8, '0') as account_id, null as member,
  case when u11 < 0.3 then 'account:acc_' || lpad(cast(account as varchar), 8, '0') else 'user-' || cast(floor(2000000 * pow(u11, 2)) as bigint) end as end_user,
  'model-' || model_nr as model_requested, case when asked then 'model-' || model_nr || '-2026' end as model_served,
  case when asked then 'provider-' || (model_nr % 3) end as provider,
  case when asked then 'model-' || model_nr || '/0' end as target,
  case when asked then 1 else 0 end as attempts,
  case when not asked then 'none' when u13 < 0.97 then 'reported' else 'estimated' end as usage_source,
  case when asked then input end as input_tokens, case when asked then input // 4 end as cached_input_tokens,
  case when asked then 0 end as cache_write_tokens, case when asked then output end as output_tokens,
  case when asked then output // 3 end as reasoning_tokens, null as audio_input_tokens, null as audio_output_tokens,
  case when asked then 0.5 + 2 * u3 end as queue_ms, first_ms as first_token_ms,
  case when asked then first_ms + output * 14 else 1 + 3 * u3 end as total_ms,
  outcome,
  case outcome when 'completed' then null when 'refused' then (case when u5 < 0.5 then 'request_rate' when u5 < 0.8 then 'credit_exhausted' else 'model_not_found' end)
    when 'failed' then (case when u5 < 0.6 then 'upstream_failed' else 'upstream_timeout' end) else 'client_gone' end as reason,
  case outcome when 'completed' then 200 when 'refused' then 429 when 'failed' then 502 else 499 end as status,
  '10.' || cast(floor(200 * pow(u3, 2)) as integer) || '.' || cast(floor(250 * u7) as integer) || '.0/24' as network_prefix,
  case when u8 < 0.5 then 'openai-python' when u8 < 0.8 then 'openai-node' else 'browser' end as client_class,
  case when asked then 'price_' || model_nr end as price_id, false as price_estimated, 0 as margin_bp, 0 as images,
  case when asked then (input + output * 4) * (200 + model_nr * 300) else 0 end as price_nano, 0 as written_off_nano,
  case when asked and u13 < 0.99 then (input + output * 4) * (150 + model_nr * 220) end as cost_nano,
  case when u2 < 0.97 then 'passed' when u2 < 0.985 then 'flagged' else 'refused' end as verdict,
  case when u2 >= 0.99 then 'harassment,hate' when u2 >= 0.97 then 'harassment' end as categories
from timed`;
}
