/** What linking a sign-up takes beside many accounts, and a farm's: `CANDOR_RUN=bun bin/candor bench/linkage.ts [accounts]` */
import { createLinkage } from '../src/fraud/linkage/create-linkage.ts';
import type { SignupFacts } from '../src/fraud/index.ts';
import { createNewcomers } from './newcomers.ts';

const ACCOUNTS = Number(process.argv[2] ?? 1_000_000);
/** The last of them are timed. */
const TIMED = Math.min(ACCOUNTS, 100_000);
const FARM = 5_000;
const GOAL_MICROS = 1_000;

const linkage = createLinkage({ secret: new Uint8Array(32).fill(5), nowMs: () => 0 });

/** Microseconds. */
function time(facts: SignupFacts): number {
  const begun = performance.now();
  linkage.signedUp(facts);
  return (performance.now() - begun) * 1_000;
}

/** The median. */
function tell(what: string, micros: number[]): number {
  micros.sort((a, b) => a - b);
  const at = (share: number) => micros[Math.min(micros.length - 1, Math.floor(share * micros.length))] ?? Number.NaN;
  const shown = [0.5, 0.9, 0.99, 0.999, 1].map((share) => at(share).toFixed(0));
  console.log(`${what}, microseconds at p50, p90, p99, p99.9 and most: ${shown.join(', ')}`);
  return at(0.5);
}

const newcomer = createNewcomers(ACCOUNTS);
const micros: number[] = [];
for (let nth = 0; nth < ACCOUNTS; nth++) {
  const facts = newcomer(nth);
  if (nth < ACCOUNTS - TIMED) linkage.signedUp(facts);
  else micros.push(time(facts));
}
const { rss } = process.memoryUsage();
const median = tell(`the last ${TIMED} of ${ACCOUNTS} sign-ups`, micros);
console.log(`${(rss / 2 ** 20).toFixed(0)} MiB in all`);

/** Names that are counted up at one domain, from many networks, half a minute apart. */
const first = newcomer(ACCOUNTS);
const farm = Array.from({ length: FARM }, (_, nth) => ({
  ...first,
  accountId: `acct_farm_${nth}`,
  atMs: first.atMs + nth * 30_000,
  email: `otter${1_000 + nth}@bright-otter.example`,
  ip: `198.${nth >> 8}.${nth & 255}.9`,
  device: `farm ${nth}`,
}));
const farmMedian = tell(`a farm of ${FARM} that comes after them`, farm.map(time));
const { accounts } = linkage.operatorOf('acct_farm_0');
console.log(`${accounts.length} of its accounts are one operator`);
process.exitCode = Math.max(median, farmMedian) <= GOAL_MICROS ? 0 : 1;
