import { expect, test } from 'bun:test';
import { auditDatabase } from './audit.ts';

test('an audit of a folder without a database says so', async () => {
  expect(String(await auditDatabase('/nonexistent').catch((error: unknown) => error))).toContain('no database');
});
