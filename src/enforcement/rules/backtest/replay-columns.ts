import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Columns } from '../../../storage/columns/columns.ts';
import type { CompiledRule } from '../compile/compiled-rule.ts';
import { type RuleDocument, spanMs } from '../contract.ts';
import { createCounterBank } from '../engine/counter-bank.ts';
import { createRuleSet } from '../engine/rule-set.ts';
import type { ReplayKind, ReplaySums } from './protocol.ts';
import { ReplayFault, type ReplayProcess } from './replay-process.ts';
import { selectRows, type StoredField, storedFields, type StoredFields } from './stored-columns.ts';

const DAY_MS = 86_400_000;
/** Events of one file, about; one row takes some 150 bytes. There are two files at most. */
const FILE_EVENTS = 500_000;
const WRITE_MS_MAX = 120_000;

export interface ReplayOrder {
  readonly candidate: CompiledRule;
  readonly against: CompiledRule | null;
  readonly fromMs: number;
  readonly toMs: number;
  /** Hears about how many events there are, before the first. */
  readonly onTotal: (events: number) => void;
  readonly isWanted: () => boolean;
}

/** The fields of events that these rules read, for the rules themselves and their counters. */
export function fieldsRead(candidate: CompiledRule, against: CompiledRule | null): StoredFields {
  const rules = against === null ? [candidate] : [candidate, against];
  return storedFields(candidate.kind, createRuleSet(rules, createCounterBank(0), [0, 0]).slotsRead(candidate.kind));
}

/** Gives the process the events of the span, and those before it that its counters look back on, file by file. */
export async function replayColumns(
  { columns, folder }: { readonly columns: Pick<Columns, 'write' | 'days'>; readonly folder: string },
  { candidate, against, fromMs: hitsFromMs, toMs: untilMs, onTotal, isWanted }: ReplayOrder,
  replay: ReplayProcess,
): Promise<ReplaySums> {
  const { stored } = fieldsRead(candidate, against);
  const kind = candidate.kind as ReplayKind;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lookBack = Math.max(lookBackMs(candidate.document), lookBackMs(against?.document));
  const spans = await spansOf(columns, hitsFromMs - lookBack, untilMs);
  onTotal(spans.reduce((sum, { events }) => sum + events, 0));
  for (const [at, { fromMs, toMs }] of spans.entries()) {
    if (!isWanted()) throw new ReplayFault('it was cancelled');
    const path = join(folder, `${at}.csv`);
    await columns.write(questionOf(kind, stored, fromMs, toMs), { path, format: 'csv' });
    await replay.file(path, toMs);
  }
  return replay.end();
}

function questionOf(kind: ReplayKind, stored: readonly StoredField[], fromMs: number, toMs: number) {
  const sql = (source: string) => selectRows(source, kind, stored);
  return { fromMs, toMs, sql, parameters: [fromMs, toMs], timeoutMs: WRITE_MS_MAX };
}

/** Parts of a span of about as many events as fit into one file. */
async function spansOf(columns: Pick<Columns, 'days'>, fromMs: number, toMs: number) {
  const spans: { readonly fromMs: number; readonly toMs: number; readonly events: number }[] = [];
  for (const { day, events } of await columns.days()) {
    const [first, last] = [Math.max(Date.parse(day), fromMs), Math.min(Date.parse(day) + DAY_MS, toMs)];
    if (last <= first || events === 0) continue;
    const parts = Math.ceil(events / FILE_EVENTS);
    const partMs = Math.ceil(DAY_MS / parts);
    for (let at = first; at < last; at += partMs) {
      const end = Math.min(at + partMs, last);
      spans.push({ fromMs: at, toMs: end, events: Math.round((events * (end - at)) / DAY_MS) });
    }
  }
  return spans;
}

/** How far back the counters of a rule look. */
function lookBackMs(document: RuleDocument | undefined): number {
  const spans = Object.values(document?.counters ?? {}).map((counter) =>
    counter.kind === 'decayed' ? 10 * spanMs(counter.half_life) : spanMs(counter.window),
  );
  return Math.max(0, ...spans);
}
