import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import { openStorage, type Storage } from '../storage/sql/storage.ts';
import { storedResponse } from './migrations/2026-11-22-stored-response.ts';
import { createStoredResponses } from './stored-responses.ts';

const DAY_MS = 86_400_000;

let nowMs = 1_700_000_000_000;
const clock: Clock = { wallMs: () => nowMs, monoMs: () => performance.now() };
const folder = mkdtempSync(join(tmpdir(), 'candor-responses-'));
let storage: Storage;

beforeAll(async () => {
  storage = await openStorage({
    dataDir: folder,
    migrations: [storedResponse],
    clock,
    random: systemRandom,
    onFatal: (fault) => {
      throw fault;
    },
  });
});
afterAll(async () => {
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a sweep removes all that is past its time, however much that is, and nothing else', async () => {
  const responses = createStoredResponses({ ...storage, clock, retentionDays: 1, bytesMax: 1_000 });
  const old = Array.from({ length: 1_200 }, (_, at) => `old_${at}`);
  await Promise.all(old.map((id) => responses.keep(id, 'a', { response: {}, inputItems: [] })));
  nowMs += DAY_MS;
  await responses.keep('new', 'a', { response: {}, inputItems: [] });
  expect(await responses.sweep()).toBe(1_200);
  expect(await responses.sweep()).toBe(0);
  expect(await responses.find('new', 'a')).not.toBeNull();
});

test('what may be kept is bounded in bytes, not in characters', async () => {
  const responses = createStoredResponses({ ...storage, clock, retentionDays: 1, bytesMax: 1_000 });
  const keep = (id: string, text: string) => responses.keep(id, 'a', { response: { text }, inputItems: [] });
  expect(await keep('latin', 'x'.repeat(900))).toBe('kept');
  expect(await keep('chinese', '中'.repeat(400))).toBe('too_large');
});
