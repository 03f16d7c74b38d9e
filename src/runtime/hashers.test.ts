import { afterAll, expect, test } from 'bun:test';
import { execFileSync } from 'node:child_process';
import { createHashers } from './hashers.ts';

const CHEAP = { memoryKib: 64, passes: 1 };
const hashers = createHashers();
afterAll(() => hashers.close());

test('what one process hashed is right for that password alone', async () => {
  const [hash, again] = await Promise.all([hashers.hash('密码 "x"\n', CHEAP), hashers.hash('密码 "x"\n', CHEAP)]);
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$/);
  expect(again).not.toBe(hash);
  expect(await Promise.all([hashers.verify('密码 "x"\n', hash), hashers.verify('x', hash)])).toEqual([true, false]);
});

test('what is no hash is a fault, and the next password is worked out', async () => {
  const fault = await hashers.verify('x', 'no hash').catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(Error);
  expect(await hashers.hash('x', CHEAP)).toStartWith('$argon2id$');
});

test('a process that dies rejects what it had, and another takes its place', async () => {
  await hashers.hash('x', CHEAP);
  const slow = { memoryKib: 262_144, passes: 8 };
  const lost = Array.from({ length: hashers.atOnce }, () => hashers.hash('x', slow).catch((error: unknown) => error));
  await Bun.sleep(50);
  for (const pid of childrenOf(process.pid)) process.kill(pid, 'SIGKILL');
  expect((await Promise.all(lost)).every((one) => one instanceof Error)).toBe(true);
  expect(await hashers.hash('x', CHEAP)).toStartWith('$argon2id$');
});

function childrenOf(pid: number): number[] {
  const listed = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(pid)]).toString();
  return listed.split('\n').flatMap((line) => (line.includes('hasher.ts') ? [Number.parseInt(line, 10)] : []));
}
