/** A data folder whose process is killed over and over: how one round ends, and how the next begins. */
import type { FailPoint } from '../../src/runtime/fail-point.ts';
import { type CandorProcess, spawnProcess } from '../world/process.ts';
import { type Named, startLoad } from './load.ts';
import { type Figures, proveRound } from './proof.ts';
import type { Rounds } from './rounds.ts';
import { openSite, type Site } from './site.ts';

/** How a process is to end: at some moment, or at the nth passing of a named point. */
export type Ending =
  | { readonly kind: 'moment'; readonly afterMs: number }
  | { readonly kind: 'point'; readonly point: FailPoint; readonly nth: number };

export interface KillFigures extends Figures {
  kills: number;
  /** Of processes that did not serve yet. */
  killedStarts: number;
  /** How often each point was where a process ended. */
  readonly atPoint: Map<FailPoint, number>;
  startMs: number;
  startMsMax: number;
}

const CONNECTIONS = 32;
/** Books grow with every round, and so does the time to audit them. */
const ROUNDS_PER_SITE = 25;
/** Answers of one round that are asked for again in the next. */
const AGAIN_MAX = 10;
/** A point that is not passed often enough by then was drawn too late; the round ends at a moment instead. */
const POINT_MS_MAX = 1_500;
/** One start in so many is itself killed, perhaps while it closes what was left open. */
const KILLED_START_EVERY = 5;
const START_MS = 250;

/** Works on sites, one after the other, until the rounds are used up. */
export async function runLane(rounds: Rounds, draw: () => Ending, figures: KillFigures): Promise<void> {
  while (rounds.next()) await runOnSite(rounds, draw, figures);
}

async function runOnSite(rounds: Rounds, draw: () => Ending, figures: KillFigures): Promise<void> {
  const site = await openSite();
  try {
    let running = await start(site, draw(), figures);
    let again: readonly Named[] = [];
    for (let done = 1; ; done++) {
      const load = startLoad(running.candor.url, site.account.key, CONNECTIONS, { again });
      await end(running, figures);
      await load.stop();
      running = await start(site, draw(), figures);
      await proveRound(site, load, figures);
      again = load.named.slice(0, AGAIN_MAX);
      if (done === ROUNDS_PER_SITE || !rounds.next()) break;
    }
    running.candor.signal('SIGTERM');
    const code = await running.candor.ended;
    if (code !== 0) throw new Error(`it stopped with ${code}: ${running.candor.log()}`);
  } finally {
    await site.close();
  }
}

interface Running {
  readonly candor: CandorProcess;
  readonly ending: Ending;
}

async function end({ candor, ending }: Running, figures: KillFigures): Promise<void> {
  const afterMs = ending.kind === 'moment' ? ending.afterMs : POINT_MS_MAX;
  const first = await Promise.race([candor.ended, Bun.sleep(afterMs)]);
  if (first !== undefined) noteDeath(first, ending, candor.log(), figures);
  candor.signal('SIGKILL');
  await candor.ended;
  figures.kills++;
}

/** Starts until it serves; a start that dies on its way is one more kill. */
async function start(site: Site, ending: Ending, figures: KillFigures): Promise<Running> {
  const killed = ending.kind === 'moment' && Math.random() < 1 / KILLED_START_EVERY;
  if (killed) {
    const starting = spawnProcess(site.place);
    await Bun.sleep(Math.random() * START_MS);
    starting.signal('SIGKILL');
    await starting.ended;
    figures.killedStarts++;
  }
  const spawnedMs = performance.now();
  const arm = ending.kind === 'point' ? [`env`, `CANDOR_FAIL_POINT=${ending.point}:${ending.nth}`] : [];
  const { serving, ...rest } = spawnProcess(site.place, arm);
  const first = await Promise.race([serving, rest.ended]);
  if (typeof first !== 'object' || first === null) {
    noteDeath(first, ending, rest.log(), figures);
    figures.killedStarts++;
    return start(site, { kind: 'moment', afterMs: Math.random() * POINT_MS_MAX }, figures);
  }
  const startMs = performance.now() - spawnedMs;
  figures.startMs += startMs;
  figures.startMsMax = Math.max(figures.startMsMax, startMs);
  figures.greeted += first.recovered;
  return { candor: { ...rest, ...first }, ending };
}

/** It ended by itself: at the armed point, or it has a defect. */
function noteDeath(code: number | string | null, ending: Ending, log: string, { atPoint }: KillFigures): void {
  if (ending.kind === 'moment' || code !== 'SIGKILL') throw new Error(`it ended with ${code}: ${log}`);
  atPoint.set(ending.point, (atPoint.get(ending.point) ?? 0) + 1);
}
