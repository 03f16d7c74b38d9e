import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../base/clock.ts';
import { systemRandom } from '../../base/random.ts';
import { openStorage, type Storage } from '../../storage/sql/storage.ts';
import { moderationCorrections } from './correction-migration.ts';
import { createSayHarmless } from './harmless.ts';
import { moderationRecords } from './migration.ts';
import { readRecords } from './queries.ts';

let folder: string;
let storage: Storage;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'candor-harmless-'));
  const migrations = [moderationRecords, moderationCorrections];
  storage = await openStorage({
    dataDir: folder,
    migrations,
    clock: systemClock,
    random: systemRandom,
    onFatal: () => undefined,
  });
});
afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

async function record(requestId: string, subject: 'prompt' | 'reply', result: 'passed' | 'flagged'): Promise<void> {
  const sql = `insert into moderation_record (request_id, subject, at_ms, product, account_id, key_id, policy, action, result,
    stages, flags, dry_run) values (?, ?, 1, 'api', 'acct_1', 'key_1', 'default@1', 'log', ?, '[]', '[]', 0)`;
  const written = await storage.writer.write([{ sql, parameters: [requestId, subject, result] }]);
  expect(written.ok).toBe(true);
}

test('what was found is corrected to harmless, in the unit of whoever says so, and nothing else is', async () => {
  await record('req_1', 'prompt', 'flagged');
  await record('req_1', 'reply', 'passed');
  const say = createSayHarmless({ reader: storage.reader, clock: systemClock });
  const statements = await say(['req_1', 'req_unknown'], 'appeal apl_1', 'staff_bea');
  expect(statements).toHaveLength(1);
  expect((await readRecords(storage.reader, 'req_1')).map((row) => row.corrected_labels)).toEqual([null, null]);
  await storage.writer.write(statements);
  const [prompt, reply] = await readRecords(storage.reader, 'req_1');
  expect([prompt?.corrected_labels, prompt?.corrected_by, prompt?.corrected_note]).toEqual([
    '[]',
    'staff_bea',
    'appeal apl_1',
  ]);
  expect(reply?.corrected_labels).toBeNull();
});
