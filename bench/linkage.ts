/** What linking a sign-up takes beside many accounts, and reading them at the start: `CANDOR_RUN=bun bin/candor bench/linkage.ts [accounts]` */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/base/clock.ts';
import { systemRandom } from '../src/base/random.ts';
import { createNetworkLookup, fraudLinkage, fraudLinkageWaiting, openLinkage } from '../src/fraud/index.ts';
import { openStorage } from '../src/storage/sql/storage.ts';
import { createNewcomers } from './newcomers.ts';

const ACCOUNTS = Number(process.argv[2] ?? 1_000_000);
const TIMED = 5_000;
const SETTLE_EVERY = 5_000;
const signUpOf = createNewcomers(ACCOUNTS);

const dataDir = mkdtempSync(join(tmpdir(), 'candor-linkage-bench-'));
const parts = { clock: systemClock, random: systemRandom };
const onFault = (_: string, error: unknown) => console.error(error);

async function open() {
  const migrations = [fraudLinkage, fraudLinkageWaiting];
  const storage = await openStorage({ dataDir, migrations, ...parts, onFatal: () => undefined });
  const startMs = performance.now();
  const opened = openLinkage({ storage, ...parts, lookUp: createNetworkLookup([]), onFault });
  await opened.read();
  return { storage, opened, linkage: await opened.ready, ms: performance.now() - startMs };
}

const first = await open();
const micros: number[] = [];
for (let nth = 0; nth < ACCOUNTS; nth++) {
  const facts = signUpOf(nth);
  const startMs = performance.now();
  first.linkage.signedUp(facts);
  if (nth >= ACCOUNTS - TIMED) micros.push((performance.now() - startMs) * 1_000);
  if (nth % SETTLE_EVERY === 0) await first.opened.settled();
}
await first.opened.settled();
micros.sort((a, b) => a - b);
const at = (share: number) => (micros[Math.floor(share * micros.length)] ?? 0).toFixed(0);
console.log(`${ACCOUNTS} accounts: a sign-up takes ${at(0.5)} microseconds in the median, ${at(0.99)} at p99`);
await first.storage.close();
const second = await open();
const { rss } = process.memoryUsage();
console.log(
  `read at the start in ${(second.ms / 1_000).toFixed(2)} s; ${(rss / 2 ** 20).toFixed(0)} MiB in all, both copies`,
);
await second.storage.close();
rmSync(dataDir, { recursive: true });
