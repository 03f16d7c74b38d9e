import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../base/clock.ts';
import { createMintId } from '../../../base/ids.ts';
import { systemRandom } from '../../../base/random.ts';
import { type RecordRow, toColumnRow } from '../../../metering/columns/schema.ts';
import { EVENT_COLUMN_TYPES, HASHED_COLUMNS, type UsageEvent } from '../../../metering/index.ts';
import type { ColumnRow } from '../../../storage/columns/columns.ts';
import { createDuckColumns, type DuckColumns } from '../../../storage/columns/duck-columns.ts';
import type { RuleDocument } from '../contract.ts';
import { createEngine } from '../engine/engine.ts';
import type { Hit } from '../engine/engine-deps.ts';
import { createInOrder } from '../engine/in-order.ts';
import { manyEvents, START_MS } from '../proving/events.ts';
import { compiledOf, ruleOf } from '../proving/rule.ts';
import type { Rule } from '../rules.ts';
import { type Backtest, createBacktests } from './backtests.ts';
import { createInSpans } from './in-spans.ts';
import { createReplay } from './replay.ts';
import { readRows } from './rows.ts';
import { HEAD_CELLS, selectRows } from './stored-columns.ts';

const SEEDS = [99, 12_345] as const;
const DAY_MS = 86_400_000;
const DAYS = 3;
const COUNTER_BYTES = 64 * 1_048_576;
const EVENTS = manyEvents(7, 6_000, DAYS * DAY_MS);

let folder: string;
let columns: DuckColumns;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'candor-backtest-'));
  columns = createDuckColumns({
    folder: join(folder, 'columns'),
    columns: EVENT_COLUMN_TYPES,
    hashed: HASHED_COLUMNS,
    memoryMb: 256,
    threads: 2,
    clock: systemClock,
    onSetAside: () => undefined,
  });
  await columns.append(EVENTS.map(columnRowOf), EVENTS.length);
});
afterAll(async () => {
  await columns.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As the monitor keeps it. */
function columnRowOf(event: UsageEvent): ColumnRow {
  const plain = Object.fromEntries(
    Object.keys(EVENT_COLUMN_TYPES).map((name) => {
      const value = event[toCamel(name) as keyof UsageEvent];
      if (typeof value === 'bigint') return [name, value.toString()];
      return [name, typeof value === 'boolean' ? Number(value) : value];
    }),
  );
  return toColumnRow(plain as unknown as RecordRow);
}

function toCamel(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

const COUNTERS = {
  refused: { kind: 'count', of: 'ended', by: ['account'], where: "verdict == 'refused'", window: '3h' },
  heat: { kind: 'decayed', of: 'ended', by: ['key'], half_life: '30m' },
  users: { kind: 'distinct', of: 'ended', by: ['account'], field: 'end_user', window: '1d' },
  networks: { kind: 'distinct', of: 'ended', by: ['account', 'key'], field: 'network', window: '12h' },
  spent: { kind: 'sum', of: 'ended', by: ['account'], field: 'price_usd', window: '6h' },
};
const RULES: readonly Partial<Record<keyof RuleDocument, unknown>>[] = [
  { counters: COUNTERS, when: 'count.refused >= 4 || count.users > 20 && count.heat > 3.5' },
  { counters: COUNTERS, when: "count.networks > 6 && end_user != 'plain' && count.spent > 0.6" },
  { when: "end_user.contains('李') || end_user == 'a,b' || model.startsWith('large, ')" },
  { when: "labels.exists(label, label == 'hate') && took < duration('2s')" },
  { when: "end_user == 'account:acc_9' || end_user == 'none' || end_user == 'named:x' || end_user.endsWith('25')" },
  { when: 'input_tokens > 4000', on_unknown: 'act' },
  {
    when: 'lists.bad.size() > 0 && account in lists.bad',
    lists: { bad: { type: 'account', entries: ['acc_1', { value: 'acc_2', expires_at: '2026-11-21T12:00:00Z' }] } },
  },
];

/** Events as they become durable: by their end, with neighbours out of order. */
function live(rule: ReturnType<typeof compiledOf>): string[] {
  const hits: Hit[] = [];
  const engine = createEngine({
    clock: systemClock,
    seeds: SEEDS,
    counterBytesMax: COUNTER_BYTES,
    onHit: (hit) => void hits.push(hit),
    onSignal: () => undefined,
    onCase: () => undefined,
    onPause: (_rule, _version, _reason, detail) => expect(detail).toBe(''),
    onCapped: () => undefined,
  });
  engine.put([{ rule, mode: 'shadow', canaryPercent: 5 }]);
  const inOrder = createInOrder();
  const durable = EVENTS.map((event, at) => ({ event, ms: event.atMs + event.totalMs + ((at * 37) % 400) }));
  durable.sort((a, b) => a.ms - b.ms);
  for (const { event, ms } of durable) {
    inOrder.add(event);
    for (const one of inOrder.take(ms)) engine.ended(one);
  }
  for (const one of inOrder.take(Number.POSITIVE_INFINITY)) engine.ended(one);
  return hits.map(({ id }) => id);
}

/** The same, read back from the columns in spans of seven hours. */
async function replayed(rule: ReturnType<typeof compiledOf>): Promise<string[]> {
  const hits: string[] = [];
  const options = { candidate: rule, against: null, seeds: SEEDS, counterBytesMax: COUNTER_BYTES, fromMs: 0 };
  const replay = createReplay(options, ({ eventId }) => void hits.push(`${rule.name}@${rule.version}:${eventId}`));
  const spans = createInSpans('ended', replay.show);
  for (let fromMs = START_MS; fromMs < START_MS + DAYS * DAY_MS; fromMs += 7 * 3_600_000) {
    const toMs = fromMs + 7 * 3_600_000;
    const path = join(folder, 'span.csv');
    const sql = (source: string) => selectRows(source, 'ended', replay.stored);
    await columns.write({ fromMs, toMs, sql, parameters: [fromMs, toMs], timeoutMs: 10_000 }, { path, format: 'csv' });
    spans.span(readRows(path, HEAD_CELLS + replay.stored.length), toMs);
  }
  spans.end();
  expect(replay.counts.events).toBe(EVENTS.filter(({ accountId }) => accountId !== null).length);
  return hits;
}

test.each(RULES.map((rule) => [String(rule.when), rule] as const))(
  'a replay hits exactly what was hit live: %s',
  async (_when, parts) => {
    const hits = live(compiledOf(parts));
    expect(hits.length).toBeGreaterThan(5);
    expect(hits.length).toBeLessThan(2_500);
    expect(await replayed(compiledOf(parts))).toEqual(hits);
  },
);

function storedRule(document: RuleDocument): Rule {
  const { name } = document;
  const mode = { name, mode: 'live' as const, canaryPercent: 5, reason: null, detail: '', by: '', atMs: 0 };
  const version = { name, version: 3, document, origin: 'console' as const, note: '', changedBy: 'somebody', atMs: 0 };
  return { ...version, mode, figures: null };
}

function createTests(existing: RuleDocument | null) {
  return createBacktests({
    columns,
    rules: { find: () => (existing === null ? null : storedRule(existing)) },
    clock: systemClock,
    mintId: createMintId(systemClock, systemRandom),
    seeds: SEEDS,
    counterBytesMax: COUNTER_BYTES,
    folder: join(folder, 'replay'),
    confirmedOf: async () => new Set(['acc_0', 'acc_7']),
    planOf: (accountId) => (accountId === 'acc_0' ? 'pro' : null),
    onFault: (error) => console.error(error),
  });
}

async function ended(test: Backtest): Promise<Backtest> {
  while (test.state === 'waiting' || test.state === 'running') await Bun.sleep(20);
  return test;
}

test('a replay says what is new, what is lost, whom it touches and what they paid', async () => {
  const now = ruleOf({ counters: COUNTERS, when: 'count.refused >= 4' });
  const tried = ruleOf({ counters: COUNTERS, when: "count.refused >= 3 && product == 'api'" });
  const tests = createTests(now);
  const fromMs = START_MS + DAY_MS;
  const started = tests.start(tried, fromMs, START_MS + 2 * DAY_MS, 'somebody');
  expect(started.ok).toBe(true);
  if (!started.ok) return;
  const { state, problem, result, against } = await ended(started.value);
  expect([state, problem, against]).toEqual(['done', null, 3]);
  const within = (ids: readonly string[]) =>
    ids
      .map((id) => id.split(':')[1] ?? '')
      .filter((id) => {
        const event = EVENTS.find((one) => one.id === id);
        const endMs = (event?.atMs ?? 0) + (event?.totalMs ?? 0);
        return endMs >= fromMs && (event?.atMs ?? 0) < START_MS + 2 * DAY_MS;
      });
  const before = new Set(within(live(compiledOf(now))));
  const after = within(live(compiledOf(tried)));
  expect(result?.hits).toBe(after.length);
  expect(result?.newHits).toBe(after.filter((id) => !before.has(id)).length);
  expect(result?.lostHits).toBe([...before].filter((id) => !after.includes(id)).length);
  const hit = EVENTS.filter(({ id }) => after.includes(id));
  expect(result?.priceNano).toBe(hit.reduce((sum, { priceNano }) => sum + priceNano, 0n));
  const accounts = new Set(hit.map(({ accountId }) => accountId));
  expect(result?.accounts).toBe(accounts.size);
  expect(result?.accountsUnconfirmed).toBe([...accounts].filter((id) => id !== 'acc_0' && id !== 'acc_7').length);
  expect(result?.cohorts.product.map(({ value }) => value)).toEqual(['api']);
  expect(result?.cohorts.plan.find(({ value }) => value === 'pro')?.accounts).toBe(1);
  tests.close();
});

test('what is not stored is told, and a replay that cannot be is refused', async () => {
  const tests = createTests(null);
  const request = ruleOf({
    on: 'request',
    when: "prompt.harm > 0.5 && endpoint == 'chat.completions'",
    action: { do: 'refuse' },
  });
  const started = tests.start(request, START_MS, START_MS + DAY_MS, 'somebody');
  if (!started.ok) throw new Error(started.refusal.message);
  const done = await ended(started.value);
  expect(done.notStored).toEqual(['prompt.harm']);
  expect(done.result).toMatchObject({ hits: 0, unknown: done.events });
  expect(done.events).toBeGreaterThan(100);
  const reasonOf = (document: RuleDocument) => {
    const answer = tests.start(document, START_MS, START_MS + DAY_MS, 'somebody');
    return answer.ok ? null : answer.refusal.reason;
  };
  expect(reasonOf(ruleOf({ on: 'sign_up', when: "way == 'mail'" }))).toBe('not_stored');
  expect(reasonOf(ruleOf({ when: 'nothing_there' }))).toBe('invalid_rule');
  tests.close();
});

test('a replay that is cancelled stops', async () => {
  const tests = createTests(null);
  const first = tests.start(
    ruleOf({ counters: COUNTERS, when: 'count.refused > 1' }),
    START_MS,
    START_MS + DAY_MS,
    'x',
  );
  const second = tests.start(ruleOf({}), START_MS, START_MS + DAY_MS, 'x');
  if (!first.ok || !second.ok) throw new Error('both start');
  expect(tests.cancel(second.value.id).ok).toBe(true);
  expect(second.value.state).toBe('cancelled');
  expect(tests.cancel(first.value.id).ok).toBe(true);
  expect(first.value.state).toBe('cancelled');
  expect((await ended(first.value)).result).toBeNull();
  tests.close();
});
