import { expect, test } from 'bun:test';
import { ONE_LINE } from './one-line.ts';

test.each(['a', 'Ana Müller', '二零二六', '=1+1', '👩‍👩‍👧', 'a\u200cb', "x'); drop table t; --"])(
  '%j is a line',
  (text) => {
    expect(ONE_LINE.test(text)).toBe(true);
  },
);

test.each([
  '',
  ' ',
  '\u2003',
  'a\nb',
  'a\0',
  '\u001b[31m',
  '\u009b31m',
  'a\u2028b',
  'a\u2029b',
  'a\ud800b',
  '\udc00',
  'a\u202eb',
  '\u2066a',
])('%j is none', (text) => {
  expect(ONE_LINE.test(text)).toBe(false);
});
