import { afterEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BugError } from '../base/assert.ts';
import { createMintId } from '../base/ids.ts';
import { systemClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import { openStorage, type Storage } from '../storage/sql/storage.ts';
import {
  auditDatabase,
  createMetering,
  meteringMigrations,
  type OpenRequest,
  readUsageEvent,
  type UsageEvent,
} from './index.ts';

const mintId = createMintId(systemClock, systemRandom);
const folders: string[] = [];
const running: Storage[] = [];

async function start(dataDir?: string) {
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'candor-metering-'));
  if (dataDir === undefined) folders.push(folder);
  const storage = await openStorage({
    dataDir: folder,
    migrations: meteringMigrations,
    clock: systemClock,
    random: systemRandom,
    onFatal: (fault) => {
      throw fault;
    },
  });
  running.push(storage);
  const metering = createMetering({ storage, clock: systemClock });
  const recovered = await metering.recover();
  return { storage, metering, recovered };
}

async function stop(): Promise<void> {
  for (const storage of running.splice(0)) await storage.close();
}

afterEach(async () => {
  await stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function openRequest(epoch: string, more: Partial<OpenRequest> = {}): OpenRequest {
  return {
    id: mintId('req'),
    epoch,
    atMs: Date.now(),
    endpoint: 'chat.completions',
    streamed: true,
    product: 'api',
    app: null,
    appSource: 'none',
    keyId: 'abcdefgh',
    accountId: 'acct_operator',
    endUser: "o'hara\0\ud83d\ude00",
    modelRequested: 'demo',
    networkPrefix: '192.0.2.0/24',
    clientClass: 'curl',
    estimatedInputTokens: 12,
    ...more,
  };
}

function eventOf(opened: OpenRequest, more: Partial<UsageEvent> = {}): UsageEvent {
  const { estimatedInputTokens, ...common } = opened;
  return {
    ...common,
    modelServed: 'demo-1',
    provider: 'demo',
    target: 'demo/0',
    attempts: 1,
    usageSource: 'reported',
    inputTokens: estimatedInputTokens,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 34,
    reasoningTokens: 0,
    queueMs: 0.25,
    firstTokenMs: 10.5,
    totalMs: 20,
    outcome: 'completed',
    reason: null,
    status: 200,
    ...more,
  };
}

const NO_USAGE = {
  usageSource: 'none',
  inputTokens: null,
  cachedInputTokens: null,
  cacheWriteTokens: null,
  outputTokens: null,
  reasoningTokens: null,
} as const;

test('what was opened and closed reads back as it was given, and the audit is clean beside the running service', async () => {
  const { storage, metering } = await start();
  const opened = openRequest(storage.epoch);
  const event = eventOf(opened);
  await metering.open(opened);
  expect(await readUsageEvent(storage.reader, opened.id)).toBe(null);
  await metering.close(event);
  expect(await readUsageEvent(storage.reader, opened.id)).toEqual(event);
  const refused = eventOf(openRequest(storage.epoch, { modelRequested: 'x' }), {
    ...NO_USAGE,
    outcome: 'refused',
    reason: 'invalid_key',
    status: 401,
    keyId: null,
    accountId: null,
    product: null,
  });
  await metering.close(refused);
  await metering.open(openRequest(storage.epoch));
  expect(await auditDatabase(storage.dataDir)).toEqual({
    clean: true,
    findings: [],
    checked: { events: 2, openRequests: 1, epochs: 1 },
  });
});

test('a second event with the same id is a bug and is never stored', async () => {
  const { storage, metering } = await start();
  const opened = openRequest(storage.epoch);
  await metering.open(opened);
  const both = await Promise.allSettled([
    metering.close(eventOf(opened)),
    metering.close(eventOf(opened, { status: 500 })),
  ]);
  expect(both.map((one) => one.status)).toEqual(['fulfilled', 'rejected']);
  const third = await metering.close(eventOf(opened)).catch((error: unknown) => error);
  expect(third).toBeInstanceOf(BugError);
  expect(await readUsageEvent(storage.reader, opened.id)).toMatchObject({ status: 200 });
});

test('what a dead process left open becomes one recovered event each, and nothing unknown is zero', async () => {
  const { storage, metering } = await start();
  const silent = openRequest(storage.epoch);
  const talking = openRequest(storage.epoch);
  const embedding = openRequest(storage.epoch, { endpoint: 'embeddings' });
  await Promise.all([silent, talking, embedding].map((one) => metering.open(one)));
  metering.progress(talking.id, 256);
  metering.progress(talking.id, 512);
  const epoch = storage.epoch;
  await stop();
  expect(await auditDatabase(storage.dataDir)).toMatchObject({ clean: true, checked: { openRequests: 3 } });

  const next = await start(storage.dataDir);
  expect(next.recovered).toBe(3);
  const read = (id: string) => readUsageEvent(next.storage.reader, id);
  const common = {
    epoch,
    outcome: 'recovered',
    reason: 'process_died',
    usageSource: 'estimated',
    inputTokens: 12,
  } as const;
  expect(await read(silent.id)).toMatchObject({
    ...common,
    outputTokens: 128,
    endUser: silent.endUser,
    streamed: true,
  });
  expect(await read(talking.id)).toMatchObject({ ...common, outputTokens: 640 });
  expect(await read(embedding.id)).toMatchObject({ ...common, outputTokens: 0 });
  expect(await auditDatabase(storage.dataDir)).toMatchObject({
    clean: true,
    checked: { events: 3, openRequests: 0, epochs: 2 },
  });
  await stop();
  expect((await start(storage.dataDir)).recovered).toBe(0);
});

test('an estimate with a fraction is rounded up rather than losing its record', async () => {
  const { storage, metering } = await start();
  const opened = openRequest(storage.epoch, { estimatedInputTokens: 12.2 });
  await metering.open(opened);
  await metering.close(eventOf(opened, { outputTokens: 3.1 }));
  expect(await readUsageEvent(storage.reader, opened.id)).toMatchObject({
    inputTokens: 13,
    outputTokens: 4,
    queueMs: 0.25,
  });
});

const BREAKS: [sql: string, rule: string][] = [
  ['delete from usage_event where id = $closed', 'every request taken has exactly one event'],
  ['delete from usage_open where id = $open', 'opened = closed + still open'],
  ['update usage_open set id = $closed where id = $open', 'a request is open or has its event, never both'],
  ["update usage_open set epoch = 'boot_0'", 'nothing stays open after its process ended'],
  ["update usage_event set epoch = 'boot_0'", 'every record belongs to a known process'],
  ['update usage_event set output_tokens = null', 'token counts are unknown only when no upstream was asked'],
  ["update usage_event set usage_source = 'none'", 'a completed inference has its usage'],
  ["update usage_event set usage_source = 'none'", 'without an upstream there are no token counts'],
  ['update usage_event set input_tokens = -1', 'no count is negative'],
  ['update usage_event set first_token_ms = total_ms + 1', 'times follow each other'],
  ["update usage_event set outcome = 'fine'", 'outcomes are known'],
  ["update usage_event set usage_source = 'guessed'", 'usage sources are known'],
  ["update usage_event set outcome = 'failed'", 'whatever did not complete says why'],
  ['update usage_event set key_id = null', 'what was served is attributed'],
];

test.each(BREAKS)('the audit sees: %s', async (sql, rule) => {
  const { storage, metering } = await start();
  const [closed, open] = [openRequest(storage.epoch), openRequest(storage.epoch)];
  await metering.open(closed);
  await metering.open(open);
  await metering.close(eventOf(closed));
  expect(await auditDatabase(storage.dataDir)).toMatchObject({ clean: true });
  const broken = sql.replace('$closed', `'${closed.id}'`).replace('$open', `'${open.id}'`);
  expect(await storage.writer.write([{ sql: broken, parameters: [], expectRows: 1 }])).toMatchObject({ ok: true });
  const report = await auditDatabase(storage.dataDir);
  expect(report.clean).toBe(false);
  expect(report.findings.map((finding) => finding.rule)).toContain(rule);
  expect(report.findings.every((finding) => finding.count >= 1 && finding.examples.length >= 1)).toBe(true);
});

test('an audit of a folder without a database says so', async () => {
  expect(String(await auditDatabase('/nonexistent').catch((error: unknown) => error))).toContain('no database');
});
