import { expect, test } from 'bun:test';
import { type RanVerb, runVerb } from '../../test/world/cli.ts';

function check(...argv: readonly string[]): Promise<RanVerb> {
  const disk = {
    read: (path: string) => (path === '/srv/other.yaml' ? Buffer.from('server: { port: 1 }') : null),
    isFile: (path: string) => path === '/srv/other.yaml',
  };
  return runVerb(['config', 'check', ...argv], { disk });
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
