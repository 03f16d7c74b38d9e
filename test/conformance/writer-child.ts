/** A process that owns a data folder and writes without pause, printing the number of each unit once it is durable. */
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { openStorage } from '../../src/storage/sql/storage.ts';

const [, , dataDir = '', first = '0'] = process.argv;
const storage = await openStorage({
  dataDir,
  migrations: [{ id: '2026-01-01-test', up: ['create table t (k integer primary key, v text not null) strict'] }],
  clock: systemClock,
  random: systemRandom,
  onFatal: (fault) => {
    process.stdout.write(`fatal ${fault.kind}\n`);
    process.exit(70);
  },
  walFramesMax: 100,
});
process.stdout.write('open\n');

let next = Number(first);
const v = 'x'.repeat(200);
async function writeOn(): Promise<void> {
  for (;;) {
    const k = next++;
    // Two statements, so that half a unit would show.
    await storage.writer.write([
      { sql: 'insert into t (k, v) values (?, ?)', parameters: [k, v], expectRows: 1 },
      { sql: 'insert into t (k, v) values (?, ?)', parameters: [-k - 1, v], expectRows: 1 },
    ]);
    process.stdout.write(`${k}\n`);
  }
}
// Rejections are told by `onFatal`.
await Promise.allSettled(Array.from({ length: 20 }, writeOn));
