import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Findings } from '../storage/sql/findings.ts';
import type { Reader } from '../storage/sql/storage.ts';
import { EVENT_RULES } from './audit-rules.ts';
import type { MeteringTables } from './store.ts';

/** What was looked at. */
export interface CheckedRecords {
  readonly events: number;
  readonly openRequests: number;
  readonly epochs: number;
}

type Tables = Kysely<MeteringTables>;

/**
 * Checks the promises of the records (P1, P4) at one moment, row by row, in memory that does not grow with the table;
 * `moment` is a read transaction.
 */
export async function auditMetering(moment: Reader, findings: Findings): Promise<CheckedRecords> {
  const tables = moment.withTables<MeteringTables>();
  const events = await walkEvents(tables, findings);
  const open = await walkOpen(tables, findings);
  const epochs = await checkEpochs(tables, events, open, findings);
  return { events: total(events), openRequests: total(open), epochs };
}

/** Rows by epoch. */
type Counts = Map<string, number>;

async function walkEvents(tables: Tables, findings: Findings): Promise<Counts> {
  const counts: Counts = new Map();
  const rows = tables
    .selectFrom('usage_event')
    .select(['id', 'epoch', brokenRules().as('broken')])
    .stream();
  for await (const { id, epoch, broken } of rows) {
    counts.set(epoch, (counts.get(epoch) ?? 0) + 1);
    if (broken === 0) continue;
    for (const [bit, rule] of EVENT_RULES.entries()) {
      if (broken & (1 << bit)) findings.add(rule, id);
    }
  }
  return counts;
}

/** A number whose bit `n` is set when rule `n` does not hold. */
function brokenRules(): RawBuilder<number> {
  const bits = EVENT_RULES.map((rule, bit) => `(case when ${rule.broken} then ${1 << bit} else 0 end)`);
  return sql.raw<number>(`(${bits.join(' + ')})`);
}

async function walkOpen(tables: Tables, findings: Findings): Promise<Counts> {
  const counts: Counts = new Map();
  const rows = tables
    .selectFrom('usage_open')
    .leftJoin('usage_event', 'usage_event.id', 'usage_open.id')
    .select(['usage_open.id as id', 'usage_open.epoch as epoch', 'usage_event.id as eventId'])
    .stream();
  const living = await latestEpoch(tables);
  for await (const { id, epoch, eventId } of rows) {
    counts.set(epoch, (counts.get(epoch) ?? 0) + 1);
    if (eventId !== null) findings.add({ promise: 'P1', name: 'a request is open or has its event, never both' }, id);
    if (epoch !== living) findings.add({ promise: 'P1', name: 'nothing stays open after its process ended' }, id);
  }
  return counts;
}

/** Epochs stand in the order of their starts, whatever the clock said; what the last process left open, the next start closes. */
async function latestEpoch(tables: Tables): Promise<string | null> {
  const row = await tables
    .selectFrom('metering_epoch')
    .select('epoch')
    .orderBy('started_at_ms', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.epoch ?? null;
}

async function checkEpochs(tables: Tables, events: Counts, open: Counts, findings: Findings): Promise<number> {
  const rows = await tables.selectFrom('metering_epoch').selectAll().execute();
  const known = new Set(rows.map((row) => row.epoch));
  for (const row of rows) {
    const { epoch, opened, closed, unopened } = row;
    if (opened - closed !== (open.get(epoch) ?? 0))
      findings.add({ promise: 'P1', name: 'opened = closed + still open' }, epoch);
    if (closed + unopened !== (events.get(epoch) ?? 0)) {
      findings.add({ promise: 'P1', name: 'every request taken has exactly one event' }, epoch);
    }
  }
  for (const epoch of new Set([...events.keys(), ...open.keys()])) {
    if (!known.has(epoch)) findings.add({ promise: 'P1', name: 'every record belongs to a known process' }, epoch);
  }
  return rows.length;
}

function total(counts: Counts): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}
