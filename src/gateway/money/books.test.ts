import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditDatabase } from '../../app/audit.ts';
import { MIGRATIONS } from '../../app/migrations.ts';
import { createMintId } from '../../base/ids.ts';
import { systemRandom } from '../../base/random.ts';
import { createBudgets, createLedger, createPriceBook, grantAccount, type Ledger } from '../../ledger/index.ts';
import { createMetering, type OpenRequest, readUsageEvent, type UsageEvent } from '../../metering/index.ts';
import { openStorage, type Storage } from '../../storage/sql/storage.ts';
import { StorageFault, type Writer } from '../../storage/sql/writer.ts';
import type { Bill, Owed } from './bill.ts';
import { type Books, createBooks } from './books.ts';
import { createRecovery, type Recovery } from './recovery.ts';

const TTL_MS = 60_000;
const GRANTED = 10_000n;

let folder: string;
let storage: Storage;
let ledger: Ledger;
let books: Books;
let recovery: Recovery;
let nowMs: number;
/** Writes refused from now on, as by a full disk. */
let full: number;
let faults: string[];
let told: UsageEvent[];
const clock = { wallMs: () => nowMs, monoMs: () => nowMs };
const mintId = createMintId(clock, systemRandom);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'candor-books-'));
  nowMs = Date.now();
  full = 0;
  faults = [];
  told = [];
  const options = { dataDir: folder, migrations: MIGRATIONS, clock, random: systemRandom };
  storage = await openStorage({ ...options, onFatal: (fault) => void faults.push(fault.message) });
  const writer: Writer = {
    ...storage.writer,
    write: (unit) => {
      if (full <= 0) return storage.writer.write(unit);
      full--;
      return Promise.reject(new StorageFault('disk_full', 'the disk is full'));
    },
  };
  const parts = { storage: { ...storage, writer }, clock, mintId };
  ledger = createLedger({ ...parts, holdTtlMs: TTL_MS });
  const onFault = (what: string) => void faults.push(what);
  books = createBooks({ ...parts, ledger, onFault, onEvent: (event) => void told.push(event) });
  const metering = createMetering(parts);
  await metering.begin();
  const prices = await createPriceBook({ ...parts, config: null, onUnpriced: () => undefined });
  const budgets = await createBudgets({ ...parts, onAlert: () => undefined });
  recovery = createRecovery({ metering, ledger, prices, budgets, books, onFault });
  await give();
});
afterEach(async () => {
  // Whatever happened: who listens hears of each record once, and of nothing that is none.
  const kept = storage.reader.withTables<{ usage_event: { id: string } }>().selectFrom('usage_event').select('id');
  expect(told.map(({ id }) => id).toSorted()).toEqual((await kept.orderBy('id').execute()).map(({ id }) => id));
  books.close();
  ledger.close();
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

async function give(): Promise<void> {
  const grant = {
    id: 'grant_1',
    accountId: 'acct_1',
    kind: 'paid',
    source: 'manual',
    priority: 50,
    startsAtMs: nowMs,
    expiresAtMs: null,
    models: null,
    products: null,
    reason: 'a test',
    paymentId: null,
    createdAtMs: nowMs,
  } as const;
  const transfer = { debit: 'wash', credit: grantAccount(grant.id), amount: GRANTED } as const;
  const posting = { id: 'given', kind: 'grant', accountId: 'acct_1', transfers: [transfer], note: null } as const;
  expect(await ledger.post({ ...posting, grants: [grant] })).toMatchObject({ ok: true });
}

function request(id: string): OpenRequest {
  return {
    id,
    epoch: storage.epoch,
    atMs: nowMs,
    endpoint: 'chat.completions',
    streamed: true,
    product: 'api',
    app: null,
    appSource: 'none',
    keyId: 'k',
    accountId: 'acct_1',
    member: null,
    endUser: null,
    modelRequested: 'm',
    networkPrefix: null,
    clientClass: 'curl',
    estimatedInputTokens: 10,
    // A token a nano-dollar, in and out.
    priceId: 'estimate:1000000:1000000',
    priceEstimated: true,
    marginBp: 0,
    images: 0,
    verdict: 'none',
  };
}

/** Opens a request with so much set aside. */
async function open(need: bigint): Promise<{ id: string; bill: Bill }> {
  const id = mintId('req');
  const signal = new AbortController().signal;
  const held = await ledger.hold({
    id,
    accountId: 'acct_1',
    model: 'm',
    product: 'api',
    need,
    least: need,
    waitMs: 0,
    signal,
  });
  if (!held.ok) throw new Error(held.refusal.reason);
  const bill = { quote: null, hold: held.value, take: null, marginBp: 0, images: 0 };
  const opened = { id, bill: { ...bill, coveredOutput: Infinity, outputLimit: Infinity, short: false } };
  await books.open(request(id), opened.bill);
  return opened;
}

/** So many tokens were used, at a nano-dollar each. */
function ended(id: string, tokens: number): { event: UsageEvent; owed: Owed } {
  const { estimatedInputTokens: _, ...common } = request(id);
  const used = { inputTokens: 0, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: tokens, reasoningTokens: 0 };
  const event: UsageEvent = {
    ...common,
    ...used,
    audioInputTokens: null,
    audioOutputTokens: null,
    categories: null,
    modelServed: 'm',
    provider: 'p',
    target: 'm/0',
    attempts: 1,
    usageSource: 'reported',
    queueMs: null,
    firstTokenMs: null,
    totalMs: 1,
    outcome: 'completed',
    reason: null,
    status: 200,
    priceNano: BigInt(tokens),
    writtenOffNano: 0n,
    costNano: null,
  };
  return { event, owed: { charge: { price: BigInt(tokens), rounding: 0n, cost: null }, priceId: common.priceId } };
}

async function expectSpent(spent: bigint, held = 0n): Promise<void> {
  const available = GRANTED - spent - held;
  expect(await ledger.balance('acct_1')).toMatchObject({ available, held, balance: available + held });
  expect((await auditDatabase(folder, clock)).findings).toEqual([]);
}

test('a request that could not be opened holds nothing', async () => {
  full = 1;
  expect(await open(500n).catch((error: unknown) => error)).toBeInstanceOf(StorageFault);
  await expectSpent(0n);
  expect(books.held()).toBe(0n);
  await open(GRANTED);
  expect(books.held()).toBe(GRANTED);
});

test('a settlement the disk does not take is tried until it does, and is owed once', async () => {
  const { id, bill } = await open(500n);
  const { event, owed } = ended(id, 120);
  full = 3;
  const closing = books.settle(id, bill, owed);
  expect(await books.keep(event, closing).catch((error: unknown) => error)).toBeInstanceOf(StorageFault);
  await expectSpent(0n, 500n);
  let kept = 0;
  const late = { ...event, outcome: 'failed', reason: 'storage_unavailable' } as const;
  books.keepLater({ event: late, bill, owed, also: [], onKept: () => void kept++ });
  expect(books.isLate(id)).toBe(true);
  for (let polls = 0; polls < 500 && books.isLate(id); polls++) await Bun.sleep(10);
  expect(await readUsageEvent(storage.reader, id)).toMatchObject({ reason: 'storage_unavailable', priceNano: 120n });
  await expectSpent(120n);
  expect(kept).toBe(1);
  expect(faults).toEqual([]);
});

test('an extension that was lost is given back, and the price still posted', async () => {
  const { id, bill } = await open(100n);
  const lost = bill.hold?.extend(300n);
  full = 1;
  if (!lost) throw new Error('there is a hold');
  expect(await books.extend(id, [lost], 50).catch((error: unknown) => error)).toBeInstanceOf(StorageFault);
  // After a loss memory reads the account anew, and has nothing to give until it has.
  for (;;) {
    const more = bill.hold?.extend(200n);
    if (!more || more.added > 0n) {
      await books.extend(id, more ? [more] : [], 60);
      break;
    }
    await Bun.sleep(5);
  }
  await expectSpent(0n, 300n);
  const { event, owed } = ended(id, 250);
  const closing = books.settle(id, bill, owed);
  await books.keep({ ...event, ...closing.settled }, closing);
  await expectSpent(250n);
});

test('a price beyond what was held takes from the account, and the rest is written off', async () => {
  const { id, bill } = await open(100n);
  const { event, owed } = ended(id, Number(GRANTED) + 77);
  const closing = books.settle(id, bill, owed);
  expect(closing.settled).toMatchObject({ priceNano: GRANTED + 77n, writtenOffNano: 77n });
  await books.keep({ ...event, ...closing.settled }, closing);
  await expectSpent(GRANTED);
});

test('a hold past its time is renewed while its request lives, and settled once it does not', async () => {
  const { id } = await open(500n);
  books.progress(id, 30);
  nowMs += TTL_MS + 1;
  await recovery.sweep(() => true);
  await expectSpent(0n, 500n);
  await recovery.sweep(() => false);
  await expectSpent(0n, 500n);
  nowMs += TTL_MS + 1;
  await recovery.sweep(() => false);
  // The prompt, what was noted, and half of what is noted at a time.
  expect(await readUsageEvent(storage.reader, id)).toMatchObject({ outcome: 'recovered', priceNano: 168n });
  await expectSpent(168n);
  expect(faults).toEqual([]);
});

test('what is swept is never charged more than was held', async () => {
  await open(50n);
  nowMs += TTL_MS + 1;
  await recovery.sweep(() => false);
  await expectSpent(50n);
});
