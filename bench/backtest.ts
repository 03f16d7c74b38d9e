/** `npm run bench -- backtest`: how long a rule takes to be tried on very many stored events. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../src/base/clock.ts';
import { createMintId } from '../src/base/ids.ts';
import { systemRandom } from '../src/base/random.ts';
import { type Backtest, createBacktests, type RuleDocument, ruleDocument } from '../src/enforcement/index.ts';
import { EVENT_COLUMN_TYPES, HASHED_COLUMNS } from '../src/metering/index.ts';
import { createDuckColumns, type DuckColumns } from '../src/storage/columns/duck-columns.ts';
import { describeMachine } from './machine.ts';
import { generate } from './monitor/generate.ts';
import { ROOT } from './processes.ts';

export interface BacktestBench {
  readonly events: number;
  /** A file made before, which stays; else one is made and deleted. */
  readonly folder: string | null;
}

const DAY_MS = 86_400_000;
const DAYS = 10;
const GOAL_EVENTS = 10_000_000;
const GOAL_MS = 60_000;
const COUNTER_BYTES = 512 * 1_048_576;
const LATE_EVERY_MS = 5;

/** Three counters of three kinds, two of them of values that are told apart. */
const RULE: RuleDocument = ruleDocument.parse({
  name: 'tried',
  title: { en: 'Keys that are handed around', zh: '被转手的密钥' },
  owner: 'the bench',
  on: 'ended',
  counters: {
    refused: { kind: 'count', of: 'ended', by: ['key'], where: "verdict == 'refused'", window: '1h' },
    users: { kind: 'distinct', of: 'ended', by: ['account'], field: 'end_user', window: '1d' },
    networks: { kind: 'distinct', of: 'ended', by: ['key'], field: 'network', window: '1h' },
  },
  when: "count.refused >= 4 || count.users > 200 && count.networks > 3 && endpoint == 'chat.completions'",
  action: { do: 'signal', conduct: 'resale', confidence: 0.5 },
  reason: { en: 'Tried by the bench.', zh: '由基准测试使用。' },
});

/** Prints the figures; false when the goal is missed. */
export async function benchBacktest({ events, folder: given }: BacktestBench): Promise<boolean> {
  const machine = describeMachine(ROOT);
  console.log(`${machine.processor}, ${machine.cores} cores, commit ${machine.commit}, load ${machine.loadBefore}`);
  mkdirSync(join(ROOT, 'bench/.work'), { recursive: true });
  const folder = given ?? mkdtempSync(join(ROOT, 'bench/.work/backtest-'));
  const columns = openColumns(folder);
  try {
    await columns.cursor();
    if (given === null) {
      await columns.close();
      const endMs = Math.floor(Date.now() / DAY_MS) * DAY_MS;
      await generate(folder, { events, days: DAYS, endMs }, (day) => console.log(`made ${day} of ${DAYS} days`));
    }
    return await measure(given === null ? openColumns(folder) : columns, join(folder, 'replay'));
  } finally {
    await columns.close();
    if (given === null) rmSync(folder, { recursive: true, force: true });
  }
}

function openColumns(folder: string): DuckColumns {
  return createDuckColumns({
    folder,
    columns: EVENT_COLUMN_TYPES,
    hashed: HASHED_COLUMNS,
    memoryMb: 1_024,
    threads: 2,
    clock: systemClock,
    onSetAside: (path, why) => console.error(`bench: ${path} was put aside: ${why}`),
  });
}

async function measure(columns: DuckColumns, folder: string): Promise<boolean> {
  try {
    const days = await columns.days();
    const fromMs = Date.parse(days[0]?.day ?? '');
    const toMs = Date.parse(days.at(-1)?.day ?? '') + DAY_MS;
    const events = days.reduce((sum, day) => sum + day.events, 0);
    const readMs = await readAll(columns, fromMs, toMs);
    const tests = createBacktests({
      columns,
      rules: { find: () => null },
      clock: systemClock,
      mintId: createMintId(systemClock, systemRandom),
      seeds: [1, 2],
      counterBytesMax: COUNTER_BYTES,
      folder,
      confirmedOf: async () => new Set(),
      planOf: () => null,
      onFault: (error) => console.error(error),
    });
    const started = tests.start(RULE, fromMs, toMs, 'bench');
    if (!started.ok) throw new Error(started.refusal.message);
    const late = await waitFor(started.value);
    return report(started.value, { events, readMs, late });
  } finally {
    await columns.close();
  }
}

/** What only reading and ordering the events would take, without any rule. */
async function readAll(columns: DuckColumns, fromMs: number, toMs: number): Promise<number> {
  const startedMs = performance.now();
  for (let at = fromMs; at < toMs; at += DAY_MS) {
    const sql = (source: string) =>
      `select max(id), sum(total_ms), max(hash(account_id, key_id, end_user, network_prefix, verdict, endpoint)) from
       (select * from ${source} order by at_ms + total_ms, id)`;
    await columns.read({ fromMs: at, toMs: at + DAY_MS, sql, parameters: [], timeoutMs: 120_000 });
  }
  return performance.now() - startedMs;
}

/** By how many milliseconds this thread, which is the one that would serve, was late meanwhile: the 99th of a hundred. */
async function waitFor(test: Backtest): Promise<number> {
  const late: number[] = [];
  while (test.state === 'waiting' || test.state === 'running') {
    const beforeMs = performance.now();
    await new Promise((resolve) => void setTimeout(resolve, LATE_EVERY_MS));
    late.push(performance.now() - beforeMs - LATE_EVERY_MS);
  }
  late.sort((a, b) => a - b);
  return late[Math.floor(late.length * 0.99)] ?? 0;
}

function report(test: Backtest, run: { events: number; readMs: number; late: number }): boolean {
  const { result, problem } = test;
  if (result === null) throw new Error(problem ?? 'the replay has no result');
  const { tookMs, hits, accounts, accountsTotal } = result;
  const seconds = (ms: number) => (ms / 1_000).toFixed(1);
  console.log(`${test.events} of ${run.events} events replayed in ${seconds(tookMs)} s`);
  console.log(`${Math.round((test.events / tookMs) * 1_000)} events a second`);
  console.log(
    `reading them in order alone: ${seconds(run.readMs)} s, so ${(tookMs / run.readMs).toFixed(2)} times that`,
  );
  console.log(`${hits} hits on ${accounts} of ${accountsTotal} accounts`);
  console.log(`the thread that serves was late by ${run.late.toFixed(1)} ms at the 99th percentile`);
  const goalMs = GOAL_MS * Math.max(test.events / GOAL_EVENTS, 0.1);
  console.log(`goal: 10 million in 60 s: ${tookMs <= goalMs ? 'met' : 'missed'}`);
  return tookMs <= goalMs;
}
