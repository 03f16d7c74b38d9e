import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '../base/random.ts';
import { createFingerprint } from './fingerprint.ts';

const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'candor-fingerprint-')));
const [here = '', elsewhere = ''] = folders;
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

test('dates, white space and the order of tools do not split an app; words and tools do', () => {
  const fingerprint = createFingerprint(here, systemRandom);
  const monday = fingerprint('You help with tax.\nToday is 2026-11-23.', ['search', 'sum']);
  expect(monday).toMatch(/^[0-9a-f]{16}$/);
  expect(fingerprint('You help with tax. Today is  2026-11-9.', ['sum', 'search'])).toBe(monday);
  expect(fingerprint('You help with tax. Today is ٢٠٢٦-١١-٠٩.', ['sum', 'search'])).toBe(monday);
  expect(fingerprint('You help with law. Today is 2026-11-23.', ['search', 'sum'])).not.toBe(monday);
  expect(fingerprint('You help with tax. Today is 2026-11-23.', ['search'])).not.toBe(monday);
});

test('it stays the same over restarts and differs between installations', () => {
  const first = createFingerprint(here, systemRandom)('You are a cook.', []);
  expect(createFingerprint(here, systemRandom)('You are a cook.', [])).toBe(first);
  expect(createFingerprint(elsewhere, systemRandom)('You are a cook.', [])).not.toBe(first);
});

test('nothing to go by gives no fingerprint, and many apps give many', () => {
  const fingerprint = createFingerprint(here, systemRandom);
  expect(fingerprint(' \n', [])).toBe(null);
  const name = (at: number) => String(at).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? '');
  const prints = Array.from({ length: 5_000 }, (_, at) => fingerprint(`app ${name(at)}`, []));
  expect(new Set(prints).size).toBe(5_000);
  expect(fingerprint('app a', [])).toBe(prints[0] ?? '');
});
