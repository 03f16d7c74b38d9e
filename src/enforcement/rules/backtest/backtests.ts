import { rm } from 'node:fs/promises';
import type { Clock } from '../../../base/clock.ts';
import type { MintId } from '../../../base/ids.ts';
import { createLine } from '../../../base/line.ts';
import { ok, refuse, type Result } from '../../../base/result.ts';
import { type Columns, ColumnsFault } from '../../../storage/columns/columns.ts';
import { compileRule } from '../compile/compile-rule.ts';
import type { CompiledRule } from '../compile/compiled-rule.ts';
import type { BACKTEST_STATES, RuleDocument } from '../contract.ts';
import type { HashSeeds } from '../counters/key-hash.ts';
import type { Rule, Rules } from '../rules.ts';
import { type BacktestResult, resultOf, type ResultDeps } from './backtest-result.ts';
import type { BeginReplay } from './protocol.ts';
import { fieldsRead, replayColumns } from './replay-columns.ts';
import { ReplayFault, type ReplayProcess, startReplay } from './replay-process.ts';

export type BacktestState = (typeof BACKTEST_STATES)[number];

export interface Backtest {
  readonly id: string;
  readonly document: RuleDocument;
  /** The version compared with. */
  readonly against: number | null;
  readonly fromMs: number;
  readonly toMs: number;
  readonly by: string;
  readonly startedAtMs: number;
  state: BacktestState;
  problem: string | null;
  finishedAtMs: number | null;
  events: number;
  eventsTotal: number;
  readonly notStored: readonly string[];
  result: BacktestResult | null;
}

export interface BacktestRefusal {
  readonly reason: 'invalid_rule' | 'not_stored' | 'invalid_field' | 'too_many_backtests' | 'backtest_not_found';
  readonly message: string;
}

export interface BacktestsDeps extends ResultDeps {
  readonly columns: Pick<Columns, 'read' | 'write' | 'days'>;
  readonly rules: Pick<Rules, 'find'>;
  readonly clock: Clock;
  readonly mintId: MintId;
  readonly seeds: HashSeeds;
  readonly counterBytesMax: number;
  /** Absolute, on a disk with room for some hundred megabytes; made if it does not exist, emptied of what was left there. */
  readonly folder: string;
  readonly onFault: (error: unknown) => void;
}

/** Replays of rules over stored events: one after the other, each in a process of its own. Kept until the service ends. */
export interface Backtests {
  start(document: RuleDocument, fromMs: number, toMs: number, by: string): Result<Backtest, BacktestRefusal>;
  /** Newest first. */
  list(): readonly Backtest[];
  find(id: string): Backtest | null;
  cancel(id: string): Result<Backtest, BacktestRefusal>;
  /** Ends what runs. */
  close(): void;
}

const KEPT = 50;
const WAITING_MAX = 10;
const DAY_MS = 86_400_000;
const SPAN_MS_MAX = 400 * DAY_MS;

export function createBacktests(deps: BacktestsDeps): Backtests {
  const all: Backtest[] = [];
  const inLine = createLine();
  let running: { readonly id: string; readonly stop: () => void } | null = null;
  let closed = false;

  async function run(test: Backtest, rules: Pair): Promise<void> {
    if (closed || test.state !== 'waiting') return;
    test.state = 'running';
    const replay = startReplay(beginOf(deps, test, rules), (events) => void (test.events = events));
    running = { id: test.id, stop: replay.stop };
    try {
      await replayOne(deps, test, rules, replay);
    } finally {
      running = null;
      replay.stop();
      await rm(deps.folder, { recursive: true, force: true }).catch(deps.onFault);
    }
  }

  return {
    start(document, fromMs, toMs, by) {
      const compiled = compileRule(document, 0);
      const problem = whyNot(document, fromMs, toMs) ?? (compiled.ok ? null : invalid(compiled.refusal[0]));
      if (problem !== null || !compiled.ok) return refuse(problem ?? invalid(undefined));
      if (all.filter(({ state }) => state === 'waiting').length >= WAITING_MAX) {
        return refuse({ reason: 'too_many_backtests', message: `${WAITING_MAX} replays wait already; cancel one` });
      }
      const rules = pairOf(compiled.value, deps.rules.find(document.name));
      const test = begun(deps, rules, { fromMs, toMs, by });
      all.unshift(test);
      all.splice(KEPT);
      void inLine(() => run(test, rules)).catch(deps.onFault);
      return ok(test);
    },
    list: () => all,
    find: (id) => all.find((test) => test.id === id) ?? null,
    cancel(id) {
      const test = all.find((one) => one.id === id);
      if (test === undefined) return refuse({ reason: 'backtest_not_found', message: 'there is no such replay' });
      if (test.state === 'waiting' || test.state === 'running') finish(test, 'cancelled', null, deps.clock);
      if (running?.id === id) running.stop();
      return ok(test);
    },
    close() {
      closed = true;
      running?.stop();
    },
  };
}

/** What is tried, and the version in force it is compared with. */
interface Pair {
  readonly candidate: CompiledRule;
  readonly against: CompiledRule | null;
}

function pairOf(compiled: CompiledRule, found: Rule | null): Pair {
  const candidate = { ...compiled, version: (found?.version ?? 0) + 1 };
  if (found === null || found.document.on !== candidate.kind) return { candidate, against: null };
  const against = compileRule(found.document, found.version);
  return { candidate, against: against.ok ? against.value : null };
}

function begun(
  { clock, mintId }: BacktestsDeps,
  { candidate, against }: Pair,
  asked: Pick<Backtest, 'fromMs' | 'toMs' | 'by'>,
): Backtest {
  return {
    ...asked,
    id: mintId('bt'),
    document: candidate.document,
    against: against?.version ?? null,
    startedAtMs: clock.wallMs(),
    state: 'waiting',
    problem: null,
    finishedAtMs: null,
    events: 0,
    eventsTotal: 0,
    notStored: fieldsRead(candidate, null).missing,
    result: null,
  };
}

function beginOf(
  { seeds, counterBytesMax }: BacktestsDeps,
  { fromMs }: Backtest,
  { candidate, against }: Pair,
): BeginReplay {
  const versioned = ({ document, version }: CompiledRule) => ({ document, version });
  return {
    type: 'begin',
    candidate: versioned(candidate),
    against: against === null ? null : versioned(against),
    seeds,
    counterBytesMax,
    fromMs,
  };
}

async function replayOne(deps: BacktestsDeps, test: Backtest, rules: Pair, replay: ReplayProcess): Promise<void> {
  const { clock } = deps;
  const startedMs = clock.monoMs();
  const { fromMs, toMs } = test;
  try {
    const order = {
      ...rules,
      fromMs,
      toMs,
      onTotal: (events: number) => void (test.eventsTotal = events),
      isWanted: () => test.state === 'running',
    };
    const sums = await replayColumns(deps, order, replay);
    const result = await resultOf(deps, test, sums, clock.monoMs() - startedMs);
    test.eventsTotal = sums.events;
    if (test.state === 'running') test.result = result;
    finish(test, 'done', null, clock);
  } catch (error) {
    const known = error instanceof ReplayFault || error instanceof ColumnsFault;
    if (!known) deps.onFault(error);
    finish(test, 'failed', known ? error.message : 'the replay broke down', clock);
  }
}

/** What was cancelled stays so. */
function finish(test: Backtest, state: BacktestState, problem: string | null, clock: Clock): void {
  if (test.state === 'cancelled') return;
  test.state = state;
  test.problem = problem;
  test.finishedAtMs = clock.wallMs();
}

function whyNot(document: RuleDocument, fromMs: number, toMs: number): BacktestRefusal | null {
  if (document.on === 'sign_up') {
    return { reason: 'not_stored', message: 'on: sign-ups are not stored as events, so this rule cannot be replayed' };
  }
  const other = Object.entries(document.counters).find(([, { of }]) => of !== document.on);
  if (other !== undefined) {
    const message = `counters.${other[0]}: counts events of another kind than the rule is asked about, which a replay cannot`;
    return { reason: 'not_stored', message };
  }
  if (!(toMs > fromMs)) return { reason: 'invalid_field', message: 'to: must be later than from' };
  if (toMs - fromMs > SPAN_MS_MAX) return { reason: 'invalid_field', message: 'from: at most 400 days before to' };
  return null;
}

function invalid(problem: { path: string; message: string } | undefined): BacktestRefusal {
  return { reason: 'invalid_rule', message: `${problem?.path ?? 'when'}: ${problem?.message ?? 'cannot be read'}` };
}
