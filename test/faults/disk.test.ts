/** A data folder whose disk is full, fails or is slow: what cannot be recorded is not taken, and nothing recorded is lost. */
import { afterAll, expect, test } from 'bun:test';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CandorProcess, endProcesses, startProcess } from '../world/process.ts';
import { startLoad } from './load.ts';
import { whyNoMount, whyNot } from './permitted.ts';
import { type Figures, noFigures, proveRound, tellFigures } from './proof.ts';
import { openSite, type Site } from './site.ts';

const CONNECTIONS = 16;
const EXIT_INTERNAL = 70;
const STORAGE_UNAVAILABLE = 503;

afterAll(endProcesses);

const noMount = whyNoMount();
test.skipIf(noMount !== null)(
  `a full disk: 503 storage_unavailable, nothing acknowledged is lost, and room brings it back (${noMount ?? 'tmpfs'})`,
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'candor-full-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', dataDir]);
    const site = await openSite({ dataDir });
    const figures = noFigures();
    try {
      const candor = await startProcess(site.place);
      const full = startLoad(candor.url, site.account.key, CONNECTIONS);
      await until(() => full.unrecorded.length >= 100);
      await full.stop();
      for (const { body } of full.unrecorded) expect(body).toContain('"reason":"storage_unavailable"');
      expect(full.brokenOff()).toBe(0);
      execFileSync('mount', ['-o', 'remount,size=64m', dataDir]);
      await serveWell(site, candor, figures);
      await stopWell(candor);
      const again = await startProcess(site.place);
      await proveRound(site, full, figures);
      await stopWell(again);
      tell('full disk', figures, `${full.unrecorded.length} refused with ${STORAGE_UNAVAILABLE}`);
    } finally {
      endProcesses();
      execFileSync('umount', ['-l', dataDir]);
      rmSync(dataDir, { recursive: true, force: true });
      await site.close();
    }
  },
  120_000,
);

const noTrace = whyNot('strace', ['-qq', '-e', 'trace=none', 'true']);
test.skipIf(noTrace !== null)(
  `a failed sync: the process ends with 70 and says why, and nothing acknowledged is lost (${noTrace ?? 'strace'})`,
  async () => {
    const site = await openSite();
    const figures = noFigures();
    try {
      const candor = await startProcess(site.place, traced('error=EIO:when=60+'));
      const load = startLoad(candor.url, site.account.key, CONNECTIONS);
      let ended = false;
      void candor.ended.then(() => {
        ended = true;
      });
      await until(() => ended || load.unrecorded.length >= 1_000);
      expect({ ended }).toEqual({ ended: true });
      expect(await candor.ended).toBe(EXIT_INTERNAL);
      expect(candor.log()).toContain('the disk failed');
      await load.stop();
      const again = await startProcess(site.place);
      await proveRound(site, load, figures);
      await serveWell(site, again, figures);
      await stopWell(again);
      tell('EIO on sync', figures, `the process ended with ${EXIT_INTERNAL}`);
    } finally {
      endProcesses();
      await site.close();
    }
  },
  120_000,
);

const SYNC_MS = 60;
test.skipIf(noTrace !== null)(
  `a slow sync: more share each one, nothing is refused, and a kill loses nothing (${noTrace ?? 'strace'})`,
  async () => {
    const site = await openSite();
    const figures = noFigures();
    try {
      const trace = join(site.place.folder, 'syncs');
      const candor = await startProcess(site.place, traced(`delay_enter=${SYNC_MS * 1_000}`, trace));
      const load = startLoad(candor.url, site.account.key, CONNECTIONS);
      await until(() => load.acknowledged.length >= 200);
      candor.signal('SIGKILL');
      await candor.ended;
      await load.stop();
      expect(load.unrecorded).toEqual([]);
      const syncs = readFileSync(trace, 'utf8').split('\n').length - 1;
      expect(load.acknowledged.length).toBeGreaterThan(syncs);
      const again = await startProcess(site.place);
      await proveRound(site, load, figures);
      await stopWell(again);
      tell('slow sync', figures, `${syncs} syncs of ${SYNC_MS} ms or more`);
    } finally {
      endProcesses();
      await site.close();
    }
  },
  120_000,
);

/** The tracer is the child, so that signals reach Candor itself. */
function traced(injection: string, output = '/dev/null'): string[] {
  const syncs = 'fsync,fdatasync';
  return ['strace', '-D', '-f', '-qq', '-o', output, '-e', `trace=${syncs}`, '-e', `inject=${syncs}:${injection}`];
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await Bun.sleep(5);
}

/** Serves every caller for a while, and proves it. */
async function serveWell(site: Site, candor: CandorProcess, figures: Figures): Promise<void> {
  const load = startLoad(candor.url, site.account.key, CONNECTIONS);
  await until(() => load.acknowledged.length >= 100);
  await load.stop();
  expect(load.unrecorded).toEqual([]);
  expect(load.brokenOff()).toBe(0);
  await proveRound(site, load, figures, { living: true });
}

async function stopWell(candor: CandorProcess): Promise<void> {
  candor.signal('SIGTERM');
  expect(await candor.ended).toBe(0);
}

function tell(fault: string, figures: Figures, more: string): void {
  console.log(`${fault}: ${tellFigures(figures)}; ${more}`);
}
