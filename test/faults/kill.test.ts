/**
 * kill -9 under load, at random moments and at every named point: what a caller saw the end of is on record, once, and
 * every restart finds books that balance.
 */
import { afterAll, expect, test } from 'bun:test';
import { FAIL_POINTS, type FailPoint } from '../../src/runtime/fail-point.ts';
import { endProcesses } from '../world/process.ts';
import { type Ending, type KillFigures, runLane } from './kill-site.ts';
import { noFigures, tellFigures } from './proof.ts';
import { roundsOf, type Rounds } from './rounds.ts';

/** Sites worked on at the same time: one waits for its process while the other is loaded. */
const LANES = 2;
const KILL_MS_MAX = 400;
/** Passings of the points a request comes by once or oftener, and of those that few come by. */
const PASSINGS_MAX = 100;
const RARE_PASSINGS_MAX = 5;
const RARE: ReadonlySet<FailPoint> = new Set([
  'recovery:each',
  'progress:after',
  'extend:before_write',
  'extend:after_write',
]);

afterAll(endProcesses);

const moments = roundsOf('kills');
test(
  'kill -9 at random moments: nothing acknowledged is lost, and every audit is clean',
  async () => {
    const figures = await runKills('at random', moments, () => ({
      kind: 'moment',
      afterMs: 1 + Math.random() * KILL_MS_MAX,
    }));
    expect(figures.aborted).toBeGreaterThan(0);
    expect(figures.greeted).toBeGreaterThan(0);
  },
  moments.timeoutMs,
);

/** The sweeper has a test of its own: it comes twice a minute, to holds of the past. */
const POINTS = FAIL_POINTS.filter((point) => point !== 'sweep');
const points = roundsOf('points');
test(
  'kill -9 at every named point: nothing acknowledged is lost, and every audit is clean',
  async () => {
    const drawn = new Map<FailPoint, number>();
    const figures = await runKills('at named points', points, () => {
      const times = (point: FailPoint) => drawn.get(point) ?? 0;
      const point = POINTS.reduce((least, one) => (times(one) < times(least) ? one : least));
      drawn.set(point, times(point) + 1);
      const most = RARE.has(point) ? RARE_PASSINGS_MAX : PASSINGS_MAX;
      // The first passing first: whatever was left open, and however slow the machine, it comes.
      return { kind: 'point', point, nth: times(point) === 1 ? 1 : 1 + Math.floor(Math.random() * most) };
    });
    console.log(`    ${POINTS.map((point) => `${point} ${figures.atPoint.get(point) ?? 0}`).join(', ')}`);
    expect(POINTS.filter((point) => !figures.atPoint.has(point))).toEqual([]);
  },
  points.timeoutMs,
);

async function runKills(where: string, rounds: Rounds, draw: () => Ending): Promise<KillFigures> {
  const figures = {
    ...noFigures(),
    kills: 0,
    killedStarts: 0,
    startMs: 0,
    startMsMax: 0,
    atPoint: new Map<FailPoint, number>(),
  };
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: LANES }, () => runLane(rounds, draw, figures)));
  const { kills, killedStarts, completed, refused, greeted, startMs, startMsMax } = figures;
  console.log(
    `kill -9 ${where}: ${kills} kills, ${killedStarts} of starts, ${tellFigures(figures)}; ${greeted} closed after a ` +
      `kill, start ${Math.round(startMs / kills)} ms on average, ${Math.round(startMsMax)} ms at most, ` +
      `${((performance.now() - startedMs) / 1_000).toFixed(1)} s`,
  );
  expect(completed).toBeGreaterThan(kills);
  expect(refused).toBeGreaterThan(0);
  return figures;
}
