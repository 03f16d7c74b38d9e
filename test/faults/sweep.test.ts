/** The wall clock jumps past the time of holds whose requests go on: they are renewed, also after a death in that moment. */
import { afterAll, expect, test } from 'bun:test';
import { auditDatabase } from '../../src/app/audit.ts';
import { endProcesses, startProcess } from '../world/process.ts';
import { bendClock, whyNoBentClock } from './bent-clock.ts';
import { drawLongAnswer, startLoad } from './load.ts';
import { noFigures, proveRound, tellFigures } from './proof.ts';
import { soonestHoldEndMs } from './records.ts';
import { isLongRun } from './rounds.ts';
import { openSite } from './site.ts';

const HOUR_SEC = 3_600;
const CALLERS = 8;
const BEGUN_MS = 1_000;
/** The sweeper comes twice a minute. */
const SWEPT_MS = 36_000;

afterAll(endProcesses);

const reason = whyNoBentClock() ?? (isLongRun() ? null : 'in long runs only');
test.skipIf(reason !== null)(
  `holds whose time is past while their requests go on: none is swept (${reason ?? 'libfaketime'})`,
  async () => {
    const site = await openSite();
    const wall = bendClock(site.place.folder);
    const figures = noFigures();
    try {
      const candor = await startProcess(site.place, wall.prefix);
      const load = startLoad(candor.url, site.account.key, CALLERS, { draw: drawLongAnswer });
      await Bun.sleep(BEGUN_MS);
      wall.set(HOUR_SEC);
      await Bun.sleep(SWEPT_MS);
      const { checked, findings } = await auditDatabase(site.place.dataDir);
      expect({ checked, findings }).toMatchObject({
        checked: { openRequests: CALLERS, openHolds: CALLERS },
        findings: [],
      });
      // Else the sweeper did not see them.
      expect(await soonestHoldEndMs(site.place.dataDir)).toBeGreaterThan(Date.now() + HOUR_SEC * 1_000);
      candor.signal('SIGKILL');
      await candor.ended;
      await load.stop();
      const again = await startProcess(site.place);
      // None was closed by the sweeper: the start found all of them.
      expect(again.recovered).toBe(CALLERS);
      await proveRound(site, load, figures);
      again.signal('SIGTERM');
      expect(await again.ended).toBe(0);
      console.log(
        `sweeper: ${CALLERS} requests an hour past their holds' time, ${tellFigures(figures)}; all renewed, none swept`,
      );
    } finally {
      endProcesses();
      await site.close();
    }
  },
  120_000,
);

test.skipIf(reason !== null)(
  `kill -9 while the sweeper looks at holds whose time is past (${reason ?? 'libfaketime'})`,
  async () => {
    const site = await openSite();
    const wall = bendClock(site.place.folder);
    const figures = noFigures();
    try {
      const candor = await startProcess(site.place, [...wall.prefix, 'CANDOR_FAIL_POINT=sweep']);
      const load = startLoad(candor.url, site.account.key, CALLERS, { draw: drawLongAnswer });
      await Bun.sleep(BEGUN_MS);
      wall.set(HOUR_SEC);
      expect(await candor.ended).toBe('SIGKILL');
      await load.stop();
      const again = await startProcess(site.place, wall.prefix);
      await proveRound(site, load, figures);
      again.signal('SIGTERM');
      expect(await again.ended).toBe(0);
      console.log(`kill -9 in the sweeper: ${tellFigures(figures)}`);
    } finally {
      endProcesses();
      await site.close();
    }
  },
  120_000,
);
