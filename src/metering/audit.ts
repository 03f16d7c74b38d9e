import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import { DATABASE_FILE } from '../storage/sql/folder.ts';
import { openReader, type Reader } from '../storage/sql/storage.ts';
import { EVENT_RULES, type EventRule } from './audit-rules.ts';
import type { MeteringTables } from './store.ts';

/** One rule that does not hold. */
export interface AuditFinding {
  readonly promise: 'P1' | 'P4';
  readonly rule: string;
  readonly count: number;
  /** Ids of a few offending rows or epochs. */
  readonly examples: readonly string[];
}

export interface AuditReport {
  readonly clean: boolean;
  readonly findings: readonly AuditFinding[];
  /** What was looked at. */
  readonly checked: { readonly events: number; readonly openRequests: number; readonly epochs: number };
}

const EXAMPLES_MAX = 5;
type Tables = Transaction<MeteringTables>;

/**
 * Checks the promises a database can show (P1, P4) on one data folder, beside a running service or without one. Reads
 * one consistent moment, row by row, in memory that does not grow with the table.
 */
export async function auditDatabase(dataDir: string): Promise<AuditReport> {
  if (!existsSync(join(dataDir, DATABASE_FILE))) throw new Error(`there is no database in ${dataDir}`);
  const { reader, database } = openReader(dataDir);
  try {
    return await auditMetering(reader);
  } finally {
    database.close();
  }
}

function auditMetering(reader: Reader): Promise<AuditReport> {
  return reader
    .withTables<MeteringTables>()
    .transaction()
    .execute(async (tables) => {
      const notes = createNotes();
      const events = await walkEvents(tables, notes);
      const open = await walkOpen(tables, notes);
      const epochs = await checkEpochs(tables, events, open, notes);
      const findings = notes.findings();
      const checked = { events: total(events), openRequests: total(open), epochs };
      return { clean: findings.length === 0, findings, checked };
    });
}

/** Rows by epoch. */
type Counts = Map<string, number>;

async function walkEvents(tables: Tables, notes: Notes): Promise<Counts> {
  const counts: Counts = new Map();
  const rows = tables
    .selectFrom('usage_event')
    .select(['id', 'epoch', brokenRules().as('broken')])
    .stream();
  for await (const { id, epoch, broken } of rows) {
    counts.set(epoch, (counts.get(epoch) ?? 0) + 1);
    if (broken === 0) continue;
    for (const [bit, rule] of EVENT_RULES.entries()) {
      if (broken & (1 << bit)) notes.add(rule, id);
    }
  }
  return counts;
}

/** A number whose bit `n` is set when rule `n` does not hold. */
function brokenRules(): RawBuilder<number> {
  const bits = EVENT_RULES.map((rule, bit) => `(case when ${rule.broken} then ${1 << bit} else 0 end)`);
  return sql.raw<number>(`(${bits.join(' + ')})`);
}

async function walkOpen(tables: Tables, notes: Notes): Promise<Counts> {
  const counts: Counts = new Map();
  const rows = tables
    .selectFrom('usage_open')
    .leftJoin('usage_event', 'usage_event.id', 'usage_open.id')
    .select(['usage_open.id as id', 'usage_open.epoch as epoch', 'usage_event.id as eventId'])
    .stream();
  const living = await latestEpoch(tables);
  for await (const { id, epoch, eventId } of rows) {
    counts.set(epoch, (counts.get(epoch) ?? 0) + 1);
    if (eventId !== null) notes.add({ promise: 'P1', name: 'a request is open or has its event, never both' }, id);
    if (epoch !== living) notes.add({ promise: 'P1', name: 'nothing stays open after its process ended' }, id);
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

async function checkEpochs(tables: Tables, events: Counts, open: Counts, notes: Notes): Promise<number> {
  const rows = await tables.selectFrom('metering_epoch').selectAll().execute();
  const known = new Set(rows.map((row) => row.epoch));
  for (const row of rows) {
    const { epoch, opened, closed, unopened } = row;
    if (opened - closed !== (open.get(epoch) ?? 0))
      notes.add({ promise: 'P1', name: 'opened = closed + still open' }, epoch);
    if (closed + unopened !== (events.get(epoch) ?? 0)) {
      notes.add({ promise: 'P1', name: 'every request taken has exactly one event' }, epoch);
    }
  }
  for (const epoch of new Set([...events.keys(), ...open.keys()])) {
    if (!known.has(epoch)) notes.add({ promise: 'P1', name: 'every record belongs to a known process' }, epoch);
  }
  return rows.length;
}

function total(counts: Counts): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}

type Notes = ReturnType<typeof createNotes>;

function createNotes() {
  const byRule = new Map<string, { promise: AuditFinding['promise']; count: number; examples: string[] }>();
  return {
    add({ promise, name }: Pick<EventRule, 'promise' | 'name'>, example: string): void {
      const note = byRule.get(name) ?? { promise, count: 0, examples: [] };
      note.count++;
      if (note.examples.length < EXAMPLES_MAX) note.examples.push(example);
      byRule.set(name, note);
    },
    findings: (): AuditFinding[] =>
      [...byRule].map(([rule, { promise, count, examples }]) => ({ promise, rule, count, examples })),
  };
}
