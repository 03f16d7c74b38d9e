import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { configReference, REFERENCE_PATH } from '../scripts/config-reference.ts';

test('docs/configuration.md says what the schema says; `npm run docs` writes it anew', () => {
  expect(readFileSync(REFERENCE_PATH, 'utf8')).toBe(configReference());
});

test('every key of the file is documented', () => {
  const rows = configReference();
  for (const key of ['server.port', 'providers.NAME.headers_env.NAME', 'models.NAME.targets[].timeouts.stall_ms']) {
    expect(rows).toContain(`| \`${key}\` |`);
  }
  expect(rows).not.toContain('undefined');
});
