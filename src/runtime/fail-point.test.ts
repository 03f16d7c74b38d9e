import { expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { FAIL_POINTS, parseFailPoint } from './fail-point.ts';

test('a fail point is named, with the passing that kills', () => {
  for (const point of FAIL_POINTS) {
    expect(parseFailPoint(point)).toEqual({ point, nth: 1 });
    expect(parseFailPoint(`${point}:12`)).toEqual({ point, nth: 12 });
  }
  for (const wrong of ['', 'nothing', 'settle', 'after_admit:0', 'after_admit:x', 'after_admit:', 'after_admit:1:2']) {
    expect(parseFailPoint(wrong)).toBeNull();
  }
});

test('the armed passing kills the process at once, and no other passing does', () => {
  const program = `
    import { armFailPoint, failPoint, parseFailPoint } from '${join(import.meta.dir, 'fail-point.ts')}';
    armFailPoint(parseFailPoint(process.argv[1]));
    for (let at = 1; at <= 3; at++) {
      failPoint('after_admit');
      require('node:fs').writeSync(1, String(at));
    }
  `;
  const run = (armed: string) => spawnSync(process.execPath, ['-e', program, armed]);
  expect(run('after_admit:2')).toMatchObject({ signal: 'SIGKILL', stdout: Buffer.from('1') });
  expect(run('sweep:1')).toMatchObject({ status: 0, stdout: Buffer.from('123') });
  expect(run('none')).toMatchObject({ status: 0, stdout: Buffer.from('123') });
});
