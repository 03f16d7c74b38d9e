import { expect, test } from 'bun:test';
import { spawn } from 'node:child_process';
import { readTree } from './cpu.ts';

test.skipIf(process.platform !== 'linux')('a busy child counts for its parent', async () => {
  const before = readTree(process.pid);
  const child = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  await Bun.sleep(300);
  const during = readTree(process.pid);
  child.kill('SIGKILL');
  expect(during.processes).toBe(before.processes + 1);
  expect(during.cpuMs - before.cpuMs).toBeGreaterThan(50);
  expect(during.residentBytes).toBeGreaterThan(before.residentBytes);
});

test.skipIf(process.platform !== 'linux')('a process that is not there uses nothing', () => {
  expect(readTree(2 ** 30)).toEqual({ cpuMs: 0, residentBytes: 0, processes: 0 });
});
