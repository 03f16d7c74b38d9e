import { sql } from 'kysely';
import { openStopTable } from '../accounts/index.ts';
import { verifyRecord } from '../audit/verify.ts';
import type { AuditTables } from '../audit/store.ts';
import type { AuditRule, Findings } from '../storage/sql/findings.ts';
import type { Reader } from '../storage/sql/storage.ts';
import { DECISION_ENTRY } from './decisions/decisions.ts';
import { type DecisionTables, isRecordedAs } from './decisions/store.ts';
import { verifyReplay } from './follow/replay.ts';
import { needsStop } from './sanctions/stopping.ts';
import { endedAfter, readOpen, unexplained } from './sanctions/store.ts';

/** What was looked at. */
export interface CheckedEnforcement {
  readonly decisions: number;
  /** Entries of the tamper-evident record. */
  readonly entries: number;
  /** That judgement was told, and told again. */
  readonly signals: number;
}

const RULES = {
  record: { promise: 'P6', name: 'the record goes on from its first entry to its last, unchanged' },
  recorded: { promise: 'P6', name: 'each decision on record is there as it was recorded' },
  decided: { promise: 'P6', name: 'each sanction has its decision and notice' },
  stop: { promise: 'P6', name: 'each sanction that lets nothing in has its stop' },
  replayed: { promise: 'P6', name: 'judgement comes to the same again by what it was told' },
  sanction: { promise: 'P6', name: 'each stop of a sanction has its sanction, decision and notice' },
} as const satisfies Record<string, AuditRule>;

/** A service that runs beside the audit may be between two writes of one sanction for so long. */
const BETWEEN_MS = 60_000;

/** Checks that nobody is sanctioned without a decision on record, and that judgement replays to itself; `moment` is a read transaction. */
export async function auditEnforcement(moment: Reader, findings: Findings, nowMs: number): Promise<CheckedEnforcement> {
  const { entries, broken } = await verifyRecord(moment);
  if (broken !== null) findings.add(RULES.record, `entry ${broken.seq} (${broken.problem})`);
  for (const id of await unexplained(moment)) findings.add(RULES.decided, id);
  const decisions = await checkRecorded(moment, findings);
  await checkStops(moment, findings, nowMs);
  const { signals, differences } = await verifyReplay(moment);
  for (const { incidentId, what } of differences) findings.add(RULES.replayed, `${incidentId} (${what})`);
  return { decisions, entries, signals };
}

/** Both ways: no decision without its entry, and no entry whose decision is gone or says something else. */
async function checkRecorded(moment: Reader, findings: Findings): Promise<number> {
  const tables = moment.withTables<AuditTables & DecisionTables>();
  let decisions = 0;
  const rows = tables
    .selectFrom('enforcement_decision')
    .leftJoin('audit_entry', (on) =>
      on.onRef('subject', '=', 'id').on('audit_entry.kind', '=', sql.lit(DECISION_ENTRY)),
    )
    .select(['enforcement_decision.id as id', 'enforcement_decision.body as body', 'audit_entry.body as entry'])
    .stream();
  for await (const { id, body, entry } of rows) {
    decisions++;
    if (entry === null || !isRecordedAs(body, entry)) findings.add(RULES.recorded, id);
  }
  const gone = await tables
    .selectFrom('audit_entry')
    .leftJoin('enforcement_decision', 'id', 'subject')
    .select('subject')
    .where('audit_entry.kind', '=', DECISION_ENTRY)
    .where('id', 'is', null)
    .execute();
  for (const { subject } of gone) findings.add(RULES.recorded, subject);
  return decisions;
}

async function checkStops(moment: Reader, findings: Findings, nowMs: number): Promise<void> {
  const clock = { wallMs: () => nowMs, monoMs: () => 0 };
  const stops = (await openStopTable({ reader: moment }, clock)).all().filter(({ cause }) => cause === 'sanction');
  const there = new Set(stops.map(({ id }) => id));
  const open = await readOpen(moment, nowMs);
  for (const one of open) {
    if (one.appliedAtMs === null || !needsStop(one, nowMs)) continue;
    if (one.stopId === null || !there.has(one.stopId)) findings.add(RULES.stop, one.id);
  }
  const carried = new Set(open.map(({ stopId }) => stopId));
  const justEnded = await endedAfter(moment, nowMs - BETWEEN_MS);
  for (const { id, atMs } of stops) {
    if (carried.has(id) || justEnded.has(id) || atMs > nowMs - BETWEEN_MS) continue;
    findings.add(RULES.sanction, id);
  }
}
