/** The wall clock jumps by an hour and back, under load and between two starts; the monotonic one goes on. */
import { afterAll, expect, test } from 'bun:test';
import { auditDatabase } from '../../src/app/audit.ts';
import { endProcesses, startProcess } from '../world/process.ts';
import { bendClock, whyNoBentClock } from './bent-clock.ts';
import { startLoad } from './load.ts';
import { noFigures, proveRound, tellFigures } from './proof.ts';
import { wallMsOf } from './records.ts';
import { openSite } from './site.ts';

const HOUR_SEC = 3_600;
const CONNECTIONS = 16;
const AFTER_JUMP_MS = 400;
/** Later than when the account got its credit and the models their prices, which do not hold before that. */
const HOME_SEC = 2 * HOUR_SEC;
/** Into the future, beyond the past, and home again. */
const JUMPS_SEC = [HOUR_SEC, -HOUR_SEC, 0, -HOUR_SEC, HOUR_SEC].map((sec) => HOME_SEC + sec);

afterAll(endProcesses);

const noFake = whyNoBentClock();
test.skipIf(noFake !== null)(
  `clock jumps of an hour: nothing is lost, nothing expires, and no time runs backwards (${noFake ?? 'libfaketime'})`,
  async () => {
    const site = await openSite();
    const wall = bendClock(site.place.folder);
    wall.set(HOME_SEC);
    const figures = noFigures();
    try {
      for (const sec of JUMPS_SEC) {
        // The process starts in another hour than the one before it, and is killed in a third.
        const candor = await startProcess(site.place, wall.prefix);
        const load = startLoad(candor.url, site.account.key, CONNECTIONS);
        await Bun.sleep(AFTER_JUMP_MS);
        wall.set(sec);
        await Bun.sleep(AFTER_JUMP_MS);
        expect((await auditDatabase(site.place.dataDir)).findings).toEqual([]);
        candor.signal('SIGKILL');
        await candor.ended;
        await load.stop();
        const again = await startProcess(site.place, wall.prefix);
        await proveRound(site, load, figures);
        again.signal('SIGTERM');
        expect(await again.ended).toBe(0);
      }
      const { firstMs, lastMs } = await wallMsOf(site.place.dataDir);
      const spreadSec = (lastMs - firstMs) / 1_000;
      console.log(
        `clock: ${JUMPS_SEC.length} jumps, requests recorded over ${Math.round(spreadSec / 60)} minutes of wall clock, ` +
          tellFigures(figures),
      );
      // Else nothing was tried.
      expect(spreadSec).toBeGreaterThan(2 * HOUR_SEC - 1);
    } finally {
      endProcesses();
      await site.close();
    }
  },
  120_000,
);
