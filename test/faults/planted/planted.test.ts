import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PLANTED_BUGS } from './bugs.ts';

const ROOT = join(import.meta.dirname, '../../..');

test('every bug can still be planted: the text it replaces stands exactly once', () => {
  const lost = PLANTED_BUGS.flatMap(({ name, changes }) =>
    changes
      .filter(({ file, find }) => readFileSync(join(ROOT, file), 'utf8').split(find).length !== 2)
      .map(({ file }) => `${name}: ${file}`),
  );
  expect(lost).toEqual([]);
  expect(new Set(PLANTED_BUGS.map(({ name }) => name)).size).toBe(PLANTED_BUGS.length);
});
