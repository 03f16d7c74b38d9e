import { expect, test } from 'bun:test';
import { systemRandom } from '../../base/random.ts';
import { digestCode, mintCode } from './code-text.ts';

test('a code is the same however a person types it, and nothing else is', () => {
  const code = mintCode(systemRandom);
  expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
  const digest = digestCode(code);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  const typed = [
    code.toLowerCase(),
    code.replaceAll('-', ''),
    ` ${code} `,
    code.replaceAll('0', 'o').replaceAll('1', 'L'),
  ];
  for (const one of typed) expect(digestCode(one)).toBe(digest);
  for (const one of ['', code.slice(1), `${code}0`, code.replace(/^./, 'U'), 'x'.repeat(65)]) {
    expect(digestCode(one)).toBeNull();
  }
  expect(digestCode(mintCode(systemRandom))).not.toBe(digest);
});
