import { expect, test } from 'bun:test';
import { runCli } from './run.ts';

async function check(...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const told = { out: '', err: '' };
  const deps = {
    stdout: (text: string) => void (told.out += text),
    stderr: (text: string) => void (told.err += text),
    env: {},
    cwd: '/srv',
    version: '1.2.3',
    nowMs: () => 0,
    disk: {
      read: (path: string) => (path === '/srv/other.yaml' ? Buffer.from('server: { port: 1 }') : null),
      isFile: (path: string) => path === '/srv/other.yaml',
    },
    isFolder: () => true,
    connect: () => () => Promise.reject(new Error('config check asks no service')),
    audit: () => Promise.reject(new Error('config check audits nothing')),
    reports: () => Promise.reject(new Error('config check reports nothing')),
    serve: () => Promise.reject(new Error('config check starts nothing')),
  };
  const code = await runCli(['config', 'check', ...argv], deps);
  return { code, ...told };
}

test('config check takes the file with --config as well as without', async () => {
  const named = await check('--config', 'other.yaml');
  expect(named).toEqual(await check('other.yaml'));
  expect([named.code, named.out]).toEqual([0, '/srv/other.yaml: good. Models: demo, demo-embedding.\n']);
});

test('a file named twice is wrong usage', async () => {
  const twice = await check('other.yaml', '--config', 'other.yaml');
  expect(twice.code).toBe(2);
  expect(twice.err).toContain('once');
});
