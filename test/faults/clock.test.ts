/** The wall clock jumps by an hour and back, under load and between two starts; the monotonic one goes on. */
import { afterAll, expect, test } from 'bun:test';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditDatabase } from '../../src/metering/index.ts';
import { endProcesses, startProcess } from '../world/process.ts';
import { startLoad } from './load.ts';
import { noFigures, proveRound } from './proof.ts';
import { wallMsOf } from './records.ts';
import { openSite } from './site.ts';

const LIBRARY = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketimeMT.so.1`;
const HOUR_SEC = 3_600;
const CONNECTIONS = 16;
const AFTER_JUMP_MS = 400;
/** Into the future, beyond the past, and home again. */
const JUMPS_SEC = [HOUR_SEC, -HOUR_SEC, 0, -HOUR_SEC, HOUR_SEC];

afterAll(endProcesses);

const noFake = existsSync(LIBRARY) ? null : 'no libfaketime here';
test.skipIf(noFake !== null)(
  `clock jumps of an hour: nothing is lost, nothing expires, and no time runs backwards (${noFake ?? 'libfaketime'})`,
  async () => {
    const site = await openSite();
    const file = join(site.place.folder, 'clock');
    const setClock = (sec: number) => writeFileSync(file, `${sec < 0 ? '' : '+'}${sec}s\n`);
    const fake = { LD_PRELOAD: LIBRARY, FAKETIME_TIMESTAMP_FILE: file };
    const settings = { ...fake, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' };
    const prefix = ['env', ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)];
    const figures = noFigures();
    try {
      setClock(0);
      for (const sec of JUMPS_SEC) {
        // The process starts in another hour than the one before it, and is killed in a third.
        const candor = await startProcess(site.place, prefix);
        const load = startLoad(candor.url, site.key, CONNECTIONS);
        await Bun.sleep(AFTER_JUMP_MS);
        setClock(sec);
        await Bun.sleep(AFTER_JUMP_MS);
        expect((await auditDatabase(site.place.dataDir)).findings).toEqual([]);
        candor.signal('SIGKILL');
        await candor.ended;
        await load.stop();
        const again = await startProcess(site.place, prefix);
        await proveRound(site, load, figures);
        again.signal('SIGTERM');
        expect(await again.ended).toBe(0);
      }
      const wall = await wallMsOf(site.place.dataDir);
      const spreadSec = (wall.lastMs - wall.firstMs) / 1_000;
      console.log(
        `clock: ${JUMPS_SEC.length} jumps, requests recorded over ${Math.round(spreadSec / 60)} minutes of wall clock, ` +
          `${figures.acknowledged} acknowledged, 0 lost`,
      );
      // Else nothing was tried.
      expect(spreadSec).toBeGreaterThan(2 * HOUR_SEC - 1);
    } finally {
      endProcesses();
      await site.close();
    }
  },
  60_000,
);
