import { expect, test } from 'bun:test';
import { spawn } from 'node:child_process';
import { readTree } from './cpu.ts';

test.skipIf(process.platform !== 'linux')('a busy child counts for its parent', async () => {
  const parent = spawn('sh', ['-c', '"$0" -e "for (;;);" & wait', process.execPath], { stdio: 'ignore', detached: true });
  const { pid } = parent;
  if (pid === undefined) throw new Error('sh did not start');
  try {
    await Bun.sleep(600);
    const tree = readTree(pid);
    expect(tree.processes).toBe(2);
    expect(tree.cpuMs).toBeGreaterThan(50);
    expect(tree.residentBytes).toBeGreaterThan(10 * 1024 * 1024);
  } finally {
    process.kill(-pid, 'SIGKILL');
  }
});
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
