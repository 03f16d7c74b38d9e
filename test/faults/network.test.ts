/** The network between Candor and an upstream breaks in every way it can, under load. */
import { afterAll, expect, test } from 'bun:test';
import { auditDatabase } from '../../src/app/audit.ts';
import { endProcesses, startProcess } from '../world/process.ts';
import { startLoad } from './load.ts';
import { noFigures, proveRound, tellFigures } from './proof.ts';
import { openSite } from './site.ts';
import { type NetworkFault, startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** Shorter than the head of an answer, within it, and within the frames of a stream. */
const BYTES = [0, 40, 400] as const;
const FAULTS: readonly NetworkFault[] = [
  { kind: 'delay', ms: 120 },
  ...BYTES.map((afterBytes) => ({ kind: 'reset', afterBytes }) as const),
  ...BYTES.map((afterBytes) => ({ kind: 'truncate', afterBytes }) as const),
  ...BYTES.map((afterBytes) => ({ kind: 'half-open', afterBytes }) as const),
  { kind: 'drip', bytesPerSec: 1 },
  { kind: 'blackhole' },
];
const CONNECTIONS = 16;
const FAULT_MS = 400;

afterAll(endProcesses);

test('every network fault: each caller gets an answer, each request its record, and the upstream comes back', async () => {
  const proxies: TcpProxy[] = [];
  const site = await openSite({
    impatient: true,
    async via(port) {
      const made = await startTcpProxy(port);
      proxies.push(made);
      return made.port;
    },
  });
  const figures = noFigures();
  try {
    const candor = await startProcess(site.place);
    for (const fault of FAULTS) {
      for (const proxy of proxies) proxy.set(fault);
      const broken = startLoad(candor.url, site.account.key, CONNECTIONS);
      await Bun.sleep(FAULT_MS);
      await broken.stop();
      const struck = proxies.reduce((sum, proxy) => sum + proxy.struck(), 0);
      for (const proxy of proxies) proxy.set({ kind: 'none' });
      expect({ fault, struck: struck > 0 }).toEqual({ fault, struck: true });
      expect(broken.brokenOff()).toBe(0);
      await proveRound(site, broken, figures, { failures: [502, 504], living: true });
    }
    candor.signal('SIGTERM');
    expect(await candor.ended).toBe(0);
    expect((await auditDatabase(site.place.dataDir)).findings).toEqual([]);
    console.log(`network: ${FAULTS.length} faults, ${tellFigures(figures)}; ${figures.failed} failed`);
  } finally {
    endProcesses();
    for (const proxy of proxies) await proxy.close();
    await site.close();
  }
}, 120_000);
