/** What linking a sign-up takes beside many accounts, and reading them at the start: `CANDOR_RUN=bun bin/candor bench/linkage.ts [accounts]` */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSeeded } from '../src/app/demo/seeded.ts';
import { systemClock } from '../src/base/clock.ts';
import { systemRandom } from '../src/base/random.ts';
import { createNetworkLookup, fraudLinkage, fraudLinkageWaiting, openLinkage } from '../src/fraud/index.ts';
import { openStorage } from '../src/storage/sql/storage.ts';

const ACCOUNTS = Number(process.argv[2] ?? 1_000_000);
const TIMED = 5_000;
const SETTLE_EVERY = 5_000;
const DAY_MS = 86_400_000;
/** Behind one address of a mobile carrier, for three in ten. */
const CARRIER_ADDRESSES = Math.ceil(ACCOUNTS / 2_000);

const seeded = createSeeded(1);
const below = (most: number) => Math.floor(seeded.unit() * most);
const letters = (count: number) => Array.from({ length: count }, () => String.fromCharCode(97 + below(26))).join('');

function signUpOf(nth: number) {
  const ip =
    seeded.unit() < 0.3
      ? `100.64.${below(CARRIER_ADDRESSES) >> 8}.${below(256)}`
      : `${20 + below(180)}.${below(256)}.${below(256)}.${below(256)}`;
  return {
    accountId: `acct_${String(nth).padStart(26, '0')}`,
    atMs: Date.UTC(2026, 0, 1) + Math.floor((nth / ACCOUNTS) * 365 * DAY_MS),
    email: `${letters(8)}${below(100)}@${seeded.unit() < 0.8 ? 'gmail.com' : `${letters(9)}.example`}`,
    ip,
    headers: [
      ['host', 'candor.example'],
      ['user-agent', `Browser/${below(60)}.0 (${below(8)})`],
      ['accept-language', `${letters(1)}-${below(4)}`],
    ] as const,
    tlsClass: `t${below(12)}`,
    device: letters(16),
    formMs: 20_000,
  };
}

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
