import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../../base/clock.ts';
import type { MintId } from '../../../base/ids.ts';
import { createLine } from '../../../base/line.ts';
import { ok, refuse, type Result } from '../../../base/result.ts';
import { type Columns, ColumnsFault } from '../../../storage/columns/columns.ts';
import { compileRule } from '../compile/compile-rule.ts';
import type { CompiledRule } from '../compile/compiled-rule.ts';
import { type BACKTEST_STATES, type RuleDocument, spanMs } from '../contract.ts';
import type { HashSeeds } from '../counters/key-hash.ts';
import { createRuleSet } from '../engine/rule-set.ts';
import { createCounterBank } from '../engine/counter-bank.ts';
import type { Rule, Rules } from '../rules.ts';
import type { ReplayKind, ReplaySums } from './protocol.ts';
import { ReplayFault, type ReplayProcess, startReplay } from './replay-process.ts';
import { selectRows, type StoredField, storedFields } from './stored-columns.ts';

export type BacktestState = (typeof BACKTEST_STATES)[number];

/** Of one value of what events are told apart by; `events` null: nobody counted them. */
export interface Cohort {
  readonly value: string;
  readonly events: number | null;
  readonly hits: number;
  readonly accounts: number;
}

export interface BacktestResult extends Omit<ReplaySums, 'accounts' | 'products' | 'clients'> {
  readonly accounts: number;
  readonly accountsTotal: number;
  readonly accountsUnconfirmed: number;
  readonly cohorts: {
    readonly product: readonly Cohort[];
    readonly plan: readonly Cohort[];
    readonly client: readonly Cohort[];
  };
  readonly tookMs: number;
}

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

export interface BacktestsDeps {
  readonly columns: Pick<Columns, 'read' | 'write' | 'days'>;
  readonly rules: Pick<Rules, 'find'>;
  readonly clock: Clock;
  readonly mintId: MintId;
  readonly seeds: HashSeeds;
  readonly counterBytesMax: number;
  /** Absolute, on a disk with room for some hundred megabytes; made if it does not exist, emptied of what was left there. */
  readonly folder: string;
  /** Those of these accounts of whom an incident was confirmed. */
  readonly confirmedOf: (accountIds: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Null where it is not known. */
  readonly planOf: (accountId: string) => string | null;
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
/** Events of one file, about; one row takes some 150 bytes. */
const FILE_EVENTS = 500_000;
const WRITE_MS_MAX = 120_000;
const COUNT_MS_MAX = 60_000;
const COHORTS_MAX = 200;

export function createBacktests(deps: BacktestsDeps): Backtests {
  const { clock, mintId } = deps;
  const all: Backtest[] = [];
  const inLine = createLine();
  let running: { readonly id: string; readonly replay: ReplayProcess } | null = null;
  let closed = false;

  async function run(test: Backtest, candidate: CompiledRule, against: Rule | null): Promise<void> {
    if (closed || test.state !== 'waiting') return;
    test.state = 'running';
    const startedMs = clock.monoMs();
    const { document } = test;
    const replay = startReplay(
      {
        type: 'begin',
        candidate: { document, version: candidate.version },
        against: against === null ? null : { document: against.document, version: against.version },
        seeds: deps.seeds,
        counterBytesMax: deps.counterBytesMax,
        fromMs: test.fromMs,
      },
      (events) => void (test.events = events),
    );
    running = { id: test.id, replay };
    try {
      const sums = await replayAll(deps, test, againstOf(candidate, against), replay);
      test.result = await resultOf(deps, test, sums, clock.monoMs() - startedMs);
      finish(test, 'done', null);
    } catch (error) {
      const known = error instanceof ReplayFault || error instanceof ColumnsFault;
      if (!known) deps.onFault(error);
      finish(test, 'failed', known ? error.message : 'the replay broke down');
    } finally {
      running = null;
      replay.stop();
      await rm(deps.folder, { recursive: true, force: true }).catch(deps.onFault);
    }
  }

  function finish(test: Backtest, state: BacktestState, problem: string | null): void {
    if (test.state === 'cancelled') return;
    test.state = state;
    test.problem = problem;
    test.finishedAtMs = clock.wallMs();
  }

  return {
    start(document, fromMs, toMs, by) {
      const compiled = compileRule(document, 0);
      const problem = whyNot(document, fromMs, toMs) ?? (compiled.ok ? null : invalid(compiled.refusal[0]));
      if (problem !== null || !compiled.ok) return refuse(problem ?? invalid(undefined));
      if (all.filter(({ state }) => state === 'waiting').length >= WAITING_MAX) {
        return refuse({ reason: 'too_many_backtests', message: `${WAITING_MAX} replays wait already; cancel one` });
      }
      const found = deps.rules.find(document.name);
      const against =
        found !== null && found.document.on === document.on && compileRule(found.document, found.version).ok
          ? found
          : null;
      const test: Backtest = {
        id: mintId('bt'),
        document,
        against: against?.version ?? null,
        fromMs,
        toMs,
        by,
        startedAtMs: clock.wallMs(),
        state: 'waiting',
        problem: null,
        finishedAtMs: null,
        events: 0,
        eventsTotal: 0,
        notStored: fieldsOf(compiled.value, null).missing,
        result: null,
      };
      all.unshift(test);
      all.splice(KEPT);
      void inLine(() => run(test, { ...compiled.value, version: (found?.version ?? 0) + 1 }, against)).catch(
        deps.onFault,
      );
      return ok(test);
    },
    list: () => all,
    find: (id) => all.find((test) => test.id === id) ?? null,
    cancel(id) {
      const test = all.find((one) => one.id === id);
      if (test === undefined) return refuse({ reason: 'backtest_not_found', message: 'there is no such replay' });
      if (test.state === 'waiting' || test.state === 'running') finish(test, 'cancelled', null);
      if (running?.id === id) running.replay.stop();
      return ok(test);
    },
    close() {
      closed = true;
      running?.replay.stop();
    },
  };
}

function againstOf(candidate: CompiledRule, against: Rule | null): readonly CompiledRule[] {
  if (against === null) return [candidate];
  const compiled = compileRule(against.document, against.version);
  return compiled.ok ? [candidate, compiled.value] : [candidate];
}

function fieldsOf(candidate: CompiledRule, against: CompiledRule | null) {
  const set = createRuleSet(against === null ? [candidate] : [candidate, against], createCounterBank(0), [0, 0]);
  return storedFields(candidate.kind, set.slotsRead(candidate.kind));
}

/** Gives the process the events of the span, and those before it that its counters look back on, file by file. */
async function replayAll(
  { columns, folder }: BacktestsDeps,
  test: Backtest,
  [candidate, against]: readonly CompiledRule[],
  replay: ReplayProcess,
): Promise<ReplaySums> {
  if (candidate === undefined) throw new ReplayFault('there is no rule to replay');
  const { stored } = fieldsOf(candidate, against ?? null);
  const kind = candidate.kind as ReplayKind;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const startMs = test.fromMs - Math.max(...[candidate, against].map((rule) => lookBackMs(rule?.document)));
  const spans = await spansOf(columns, startMs, test.toMs);
  test.eventsTotal = spans.reduce((sum, { events }) => sum + events, 0);
  for (const [at, { fromMs, toMs }] of spans.entries()) {
    if (test.state !== 'running') throw new ReplayFault('it was cancelled');
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
async function spansOf(columns: BacktestsDeps['columns'], fromMs: number, toMs: number) {
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

async function resultOf(
  deps: BacktestsDeps,
  test: Backtest,
  sums: ReplaySums,
  tookMs: number,
): Promise<BacktestResult> {
  const { accounts, products, clients, ...rest } = sums;
  const ids = accounts.map(({ accountId }) => accountId);
  const confirmed = await deps.confirmedOf(ids);
  const [total] = await deps.columns.read({
    ...spanOf(test),
    sql: (source) => `select count(distinct account_id) as n from ${source} where at_ms >= ? and at_ms < ?`,
  });
  const plans = new Map<string, { hits: number; accounts: number }>();
  for (const { accountId, hits } of accounts) {
    const plan = deps.planOf(accountId) ?? 'none';
    const sum = plans.get(plan) ?? { hits: 0, accounts: 0 };
    plans.set(plan, { hits: sum.hits + hits, accounts: sum.accounts + 1 });
  }
  return {
    ...rest,
    accounts: accounts.length,
    accountsTotal: Number(total?.['n'] ?? 0),
    accountsUnconfirmed: ids.filter((id) => !confirmed.has(id)).length,
    cohorts: {
      product: await withEvents(deps, test, 'product', products),
      plan: [...plans].map(([value, sum]) => ({ value, events: null, ...sum })),
      client: await withEvents(deps, test, 'client_class', clients),
    },
    tookMs,
  };
}

async function withEvents(
  { columns }: BacktestsDeps,
  test: Backtest,
  column: 'product' | 'client_class',
  sums: ReplaySums['products'],
): Promise<Cohort[]> {
  const rows = await columns.read({
    ...spanOf(test),
    sql: (source) =>
      `select ${column} as value, count(*) as n from ${source} where at_ms >= ? and at_ms < ? group by 1 order by 2 desc limit ${COHORTS_MAX}`,
  });
  const events = new Map(rows.map((row) => [String(row['value']), Number(row['n'])]));
  return sums.map((sum) => ({ ...sum, events: events.get(sum.value) ?? null }));
}

function spanOf({ fromMs, toMs }: Backtest) {
  return { fromMs, toMs, parameters: [fromMs, toMs], timeoutMs: COUNT_MS_MAX };
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
