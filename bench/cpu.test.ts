import { expect, test } from 'bun:test';
import { spawn } from 'node:child_process';
import { readTree } from './cpu.ts';

const onLinux = test.skipIf(process.platform !== 'linux');

onLinux('a busy child counts for its parent', async () => {
  const script = '"$0" -e "for (;;);" & wait';
  const { pid } = spawn('sh', ['-c', script, process.execPath], { stdio: 'ignore', detached: true });
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

onLinux('a process that is not there uses nothing', () => {
  expect(readTree(2 ** 30)).toEqual({ cpuMs: 0, residentBytes: 0, processes: 0 });
});
