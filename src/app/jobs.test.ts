import { expect, test } from 'bun:test';
import { startJobs } from './jobs.ts';

test('a job never overlaps with itself, survives a fault, and its last run is waited for', async () => {
  const faults: string[] = [];
  let running = 0;
  let most = 0;
  let runs = 0;
  const job = {
    name: 'count',
    everyMs: 1,
    async run() {
      running++;
      runs++;
      most = Math.max(most, running);
      await Bun.sleep(5);
      running--;
      if (runs === 1) throw new Error('once');
    },
  };
  const jobs = startJobs([job], (name, error) => faults.push(`${name}: ${String(error)}`));
  while (runs < 3) await Bun.sleep(1);
  await jobs.stop();
  expect([running, most, faults]).toEqual([0, 1, ['count: Error: once']]);
  const before = runs;
  await Bun.sleep(10);
  expect(runs).toBe(before);
});
