/** Begins, proves, merges, splits, sanctions and restores without pause, until it is killed: `vesting-child.ts DATA_DIR`. */
import { systemRandom } from '../../src/base/random.ts';
import { openVestingWorld } from '../world/vesting.ts';

const [dataDir = ''] = process.argv.slice(2);
const ACCOUNTS = 6;

const world = await openVestingWorld((rules) => rules, dataDir);
const { vesting } = world;
const accounts = await Promise.all(Array.from({ length: ACCOUNTS }, () => world.account()));
const any = (): string => accounts[Math.floor(systemRandom.unit() * ACCOUNTS)] ?? '';

/** Everybody in one of three groups, by chance. */
function shuffle(): string[][] {
  const groups: string[][] = [[], [], []];
  for (const id of accounts) groups[Math.floor(systemRandom.unit() * groups.length)]?.push(id);
  return groups.filter((group) => group.length > 0);
}

const STEPS: readonly (() => Promise<unknown>)[] = [
  () => vesting.began(any()),
  () => vesting.began(any()),
  () => vesting.proved(any(), 'card', { token: `card ${systemRandom.unit() < 0.5 ? 'a' : 'b'}` }),
  () => vesting.proved(any(), 'phone', { token: 'number' }),
  () => world.group(shuffle()),
  () => vesting.clawBack(any(), 'a test'),
  () => vesting.restore(any()),
  () => vesting.tick(),
];

process.stdout.write('ready\n');
for (;;) {
  // Steps of several callers at once, as a service has them.
  const some = Array.from({ length: 3 }, () => STEPS[Math.floor(systemRandom.unit() * STEPS.length)]);
  await Promise.all(some.map((step) => step?.()));
}
