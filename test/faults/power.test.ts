/** The power is cut under load: what the disk would hold then is mounted, and everything acknowledged is on it. */
import { afterAll, expect, test } from 'bun:test';
import { join } from 'node:path';
import { endProcesses, startProcess } from '../world/process.ts';
import { startLoad } from './load.ts';
import { freeze, makeLoopDisk } from './loop-disk.ts';
import { whyNoLoopDisk } from './permitted.ts';
import { type Figures, noFigures, proveRound, tellFigures } from './proof.ts';
import { type Rounds, roundsOf } from './rounds.ts';
import { openSite } from './site.ts';

const CONNECTIONS = 32;
const CUT_MS_MAX = 400;
/** Books grow with every round, and so does the time to audit them. */
const ROUNDS_PER_SITE = 20;

afterAll(endProcesses);

const cuts = roundsOf('powerCuts');
const noLoop = whyNoLoopDisk();
test.skipIf(noLoop !== null)(
  `power cuts: nothing acknowledged is lost, and every audit is clean (${noLoop ?? 'image of a frozen disk'})`,
  async () => {
    const figures = noFigures();
    const startedMs = performance.now();
    while (cuts.next()) await cutOnOneDisk(cuts, figures);
    const { completed, greeted } = figures;
    const tookSec = ((performance.now() - startedMs) / 1_000).toFixed(1);
    console.log(
      `power cut: ${cuts.taken()} cuts, ${tellFigures(figures)}; ${greeted} closed after a cut, ${tookSec} s`,
    );
    expect(completed).toBeGreaterThan(cuts.taken());
  },
  cuts.timeoutMs,
);

async function cutOnOneDisk(rounds: Rounds, figures: Figures): Promise<void> {
  const disk = makeLoopDisk();
  const site = await openSite({ dataDir: join(disk.mountPoint, 'data') });
  try {
    let candor = await startProcess(site.place);
    for (let done = 1; ; done++) {
      const load = startLoad(candor.url, site.account.key, CONNECTIONS);
      await Bun.sleep(1 + Math.random() * CUT_MS_MAX);
      await freeze(candor.pid);
      disk.copyAsCut();
      candor.signal('SIGKILL');
      await candor.ended;
      await load.stop();
      disk.mountAgain();
      candor = await startProcess(site.place);
      figures.greeted += candor.recovered;
      await proveRound(site, load, figures);
      if (done === ROUNDS_PER_SITE || !rounds.next()) break;
    }
    candor.signal('SIGTERM');
    expect(await candor.ended).toBe(0);
  } finally {
    endProcesses();
    disk.close();
    await site.close();
  }
}
