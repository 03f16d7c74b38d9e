/**
 * kill -9 under load at random moments: what a caller saw the end of is on record, once, and every restart finds books
 * that balance. `CANDOR_KILLS` says how many times.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { auditDatabase } from '../../src/metering/index.ts';
import { type CandorProcess, endProcesses, makeKey, makePlace, spawnProcess, startProcess } from '../world/process.ts';
import { type FakeUpstream, startUpstream } from '../world/upstream.ts';
import { openAiDialect } from '../world/upstream-openai.ts';
import { play, textScript } from '../world/upstream-script.ts';
import { type Load, startLoad } from './load.ts';
import { countEvents, eventsWith } from './records.ts';

const KILLS = Number(process.env['CANDOR_KILLS'] ?? 20);
const CONNECTIONS = 32;
const KILL_MS_MAX = 500;
/** One start in so many is itself killed before it serves, while it may be closing what was left open. */
const KILLED_START_EVERY = 5;
const ROUND_MS_MAX = 10_000;
const EXPECTED_STATUSES = new Set([200, 400, 401, 404]);

let upstream: FakeUpstream;
let place: ReturnType<typeof makePlace>;
beforeAll(async () => {
  upstream = await startUpstream({ behaviour: play(openAiDialect, textScript(['one ', 'two ', 'three ', 'four '])) });
  place = makePlace(`
providers:
  up: { kind: openai, base_url: '${upstream.url}/v1' }
  demo: { kind: demo, tokens_per_second: 1000000 }
  slow: { kind: demo, tokens_per_second: 100 }
models:
  up: { targets: [{ provider: up, upstream_model: up }] }
  demo: { targets: [{ provider: demo, upstream_model: demo }] }
  slow: { targets: [{ provider: slow, upstream_model: slow }] }
limits: { key: { requests_per_minute: null, tokens_per_minute: null, concurrency: null } }
telemetry: { log_level: error }
`);
});
afterAll(async () => {
  endProcesses();
  await upstream.close();
  rmSync(place.folder, { recursive: true, force: true });
});

/** What all rounds together came to. */
const sums = { acknowledged: 0, completed: 0, refused: 0, begun: 0, aborted: 0, greeted: 0, startMs: 0, startMsMax: 0 };

test(
  `${KILLS} times kill -9: nothing acknowledged is lost, and every audit is clean`,
  async () => {
    const startedMs = performance.now();
    const key = makeKey(place, '--app', 'kill');
    let candor = await startProcess(place);
    for (let round = 0; round < KILLS; round++) {
      const load = startLoad(candor.url, key, CONNECTIONS);
      await Bun.sleep(1 + Math.random() * (KILL_MS_MAX - 1));
      candor.signal('SIGKILL');
      await candor.ended;
      await load.stop();
      candor = await restart(round);
      await prove(load);
    }
    candor.signal('SIGTERM');
    expect(await candor.ended).toBe(0);
    await proveAll(performance.now() - startedMs);
  },
  KILLS * ROUND_MS_MAX,
);

async function restart(round: number): Promise<CandorProcess> {
  if (round % KILLED_START_EVERY === KILLED_START_EVERY - 1) {
    const start = spawnProcess(place);
    await Bun.sleep(Math.random() * KILL_MS_MAX);
    start.signal('SIGKILL');
    await start.ended;
  }
  const spawnedMs = performance.now();
  const candor = await startProcess(place);
  const startMs = performance.now() - spawnedMs;
  sums.greeted += candor.recovered;
  sums.startMs += startMs;
  sums.startMsMax = Math.max(sums.startMsMax, startMs);
  return candor;
}

/** Compares what the callers of one round saw with what the folder holds after the restart. */
async function prove(load: Load): Promise<void> {
  const events = await eventsWith(place.dataDir, [...load.seen]);
  for (const { id, status } of load.acknowledged) {
    expect(EXPECTED_STATUSES).toContain(status);
    const outcome = status === 200 ? 'completed' : 'refused';
    expect({ id, event: events.get(id) ?? 'lost' }).toEqual({ id, event: { id, status, outcome } });
    sums[outcome]++;
  }
  // Whoever saw a head, of whatever came after it, has a record too.
  expect([...load.seen].filter((id) => !events.has(id))).toEqual([]);
  expect(new Set(load.acknowledged.map(({ id }) => id)).size).toBe(load.acknowledged.length);
  expect(await auditDatabase(place.dataDir)).toMatchObject({ clean: true, findings: [], checked: { openRequests: 0 } });
  sums.acknowledged += load.acknowledged.length;
  sums.begun += load.seen.size;
  sums.aborted += load.aborted();
}

async function proveAll(tookMs: number): Promise<void> {
  const counted = await countEvents(place.dataDir);
  expect(counted.ids).toBe(counted.total);
  expect(sums.completed).toBeGreaterThan(KILLS);
  expect(sums.refused).toBeGreaterThan(0);
  expect(sums.aborted).toBeGreaterThan(0);
  const recovered = counted.of('recovered');
  expect(recovered).toBeGreaterThan(0);
  // A start that was killed closed some of them and greeted nobody.
  expect(recovered).toBeGreaterThanOrEqual(sums.greeted);
  const acknowledged = `${sums.acknowledged} acknowledged (${sums.completed} completed, ${sums.refused} refused)`;
  const start = `start ${Math.round(sums.startMs / KILLS)} ms on average, ${Math.round(sums.startMsMax)} ms at most`;
  console.log(
    `kill -9: ${KILLS} kills, ${acknowledged}, ${recovered} recovered, 0 lost, ` +
      `${counted.total} events, ${start}, ${(tookMs / 1_000).toFixed(1)} s`,
  );
}
