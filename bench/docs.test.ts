import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { withTables } from './docs.ts';
import { ROOT } from './processes.ts';

test('the page of the house has its markers, and writing twice is writing once', () => {
  const page = readFileSync(`${ROOT}docs/benchmarks.md`, 'utf8');
  const once = withTables(page, '| new |');
  expect(once).toContain('\n\n| new |\n\n');
  expect(withTables(once, '| new |')).toBe(once);
  expect(once.split('\n## ').length).toBe(page.split('\n## ').length);
});

test('a page without markers is refused', () => {
  expect(() => withTables('# Nothing here', '| new |')).toThrow('needs a line');
});
