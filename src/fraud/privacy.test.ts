import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EVIDENCE } from './evidence/fields.ts';

const TEXT = readFileSync(join(import.meta.dirname, '../../docs/privacy.md'), 'utf8');

test('docs/privacy.md names every field of evidence with its version and its time', () => {
  const rows = [...TEXT.matchAll(/^\| `(\w+)` *\|.*\| +(\d+) \| +(\d+) days \|$/gm)].map(([, name, version, days]) => ({
    name,
    version: Number(version),
    retentionDays: Number(days),
  }));
  expect(rows).toEqual(EVIDENCE.map(({ name, version, retentionDays }) => ({ name, version, retentionDays })));
});
