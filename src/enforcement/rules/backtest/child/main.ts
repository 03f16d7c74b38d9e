/** The process that replays. Started by `replay-process.ts`, which it outlives by no more than a moment. */
import { rmSync } from 'node:fs';
import { setPriority } from 'node:os';
import { assert } from '../../../../base/assert.ts';
import { compileRule } from '../../compile/compile-rule.ts';
import type { CompiledRule } from '../../compile/compiled-rule.ts';
import { createInSpans, type InSpans } from '../in-spans.ts';
import type { BeginReplay, FromReplay, ToReplay, VersionedDocument } from '../protocol.ts';
import { createReplay, type Replay } from '../replay.ts';
import { readRows } from '../rows.ts';
import { HEAD_CELLS } from '../stored-columns.ts';
import { createSums, type Sums, TooWide } from '../sums.ts';

/** Below the service and below the process of the columns: nobody waits for a replay. */
const PRIORITY = 10;
const TELL_EVERY = 100_000;

let running: { readonly replay: Replay; readonly spans: InSpans; readonly sums: Sums } | undefined;

function tell(message: FromReplay): void {
  if (process.connected) process.send?.(message);
}

function begin(order: BeginReplay): void {
  setPriority(PRIORITY);
  const candidate = ready(order.candidate);
  const against = order.against === null ? null : ready(order.against);
  assert(candidate.kind !== 'sign_up', 'sign-ups are not stored');
  const sums = createSums();
  const replay = createReplay({ ...order, candidate, against }, (hit) => sums.add(hit));
  const spans = createInSpans(candidate.kind, (row) => {
    replay.show(row);
    if (replay.counts.events % TELL_EVERY === 0) tell({ type: 'progress', events: replay.counts.events });
  });
  running = { replay, spans, sums };
}

function ready({ document, version }: VersionedDocument): CompiledRule {
  const compiled = compileRule(document, version);
  assert(compiled.ok, 'a rule was checked before it is replayed');
  return compiled.value;
}

function carryOut(order: ToReplay): void {
  if (order.type === 'begin') return begin(order);
  assert(running, 'a replay begins before it goes on');
  const { replay, spans, sums } = running;
  if (order.type === 'file') {
    const rows = readRows(order.path, HEAD_CELLS + replay.stored.length);
    try {
      spans.span(rows, order.untilMs);
    } finally {
      rmSync(order.path, { force: true });
    }
    return tell({ type: 'read', events: replay.counts.events });
  }
  spans.end();
  tell({ type: 'done', sums: sums.result(replay.counts) });
}

process.on('message', (message: ToReplay) => {
  try {
    carryOut(message);
  } catch (error) {
    tell({ type: 'failed', message: error instanceof TooWide ? error.message : 'the replay broke down' });
  }
});
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit(0));
