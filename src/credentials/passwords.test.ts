import { expect, test } from 'bun:test';
import { createPasswords } from './passwords.ts';

const CHEAP = { memoryKib: 8, passes: 1 };

test('a password is kept as argon2id over 64 MiB in two passes, each with a salt of its own', async () => {
  const passwords = createPasswords();
  const [one, two] = await Promise.all([passwords.hash('a password'), passwords.hash('a password')]);
  expect(one.ok && one.value).toMatch(/^\$argon2id\$v=19\$m=65536,t=2,p=1\$/);
  expect(one).not.toEqual(two);
  expect(one.ok && (await passwords.verify('a password', one.value))).toEqual({ ok: true, value: true });
  expect(one.ok && (await passwords.verify('a passwore', one.value))).toEqual({ ok: true, value: false });
});

test("nobody's password is never right, not even the one it is compared with", async () => {
  const passwords = createPasswords({ cost: CHEAP });
  expect(await passwords.verify('nobody', null)).toEqual({ ok: true, value: false });
});

test('two at once, so many waiting, and whoever comes after that is told to come back', async () => {
  const passwords = createPasswords({ cost: { memoryKib: 4_096, passes: 1 }, waitingMax: 3 });
  const answers = await Promise.all(Array.from({ length: 10 }, () => passwords.hash('a password')));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(5);
  expect(answers.filter((answer) => !answer.ok && answer.refusal === 'busy')).toHaveLength(5);
  expect((await passwords.hash('later')).ok).toBe(true);
});

test('a hash that cannot be read is a fault, and its place is free again', async () => {
  const passwords = createPasswords({ cost: CHEAP, waitingMax: 0 });
  for (let at = 0; at < 5; at++) {
    expect(await passwords.verify('a password', 'no hash at all').catch((error: unknown) => error)).toBeInstanceOf(
      Error,
    );
  }
  expect((await passwords.hash('a password')).ok).toBe(true);
});
