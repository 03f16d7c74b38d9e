import { afterEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '../../base/random.ts';
import { openStorage } from '../../storage/sql/storage.ts';
import { createLedger } from '../books/books.ts';
import { ledgerBooks } from '../books/migrations/2026-11-22-ledger-books.ts';
import { grantAccount } from '../chart.ts';
import type { Grant, GrantKind } from '../ledger.ts';
import { type ChargedRequest, createCorrections } from './correct.ts';

const START_MS = Date.UTC(2026, 10, 22);
const DAY_MS = 86_400_000;
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A ledger with one account, and requests it was charged for. */
async function start() {
  const dataDir = mkdtempSync(join(tmpdir(), 'candor-corrections-'));
  const time = { ms: START_MS };
  const clock = { wallMs: () => time.ms, monoMs: () => performance.now() };
  const onFatal = (fault: Error) => {
    throw fault;
  };
  const storage = await openStorage({ dataDir, migrations: [ledgerBooks], clock, random: systemRandom, onFatal });
  const ledger = createLedger({ storage, clock });
  closing.push(async () => {
    ledger.close();
    await storage.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const requests = new Map<string, ChargedRequest>();
  const corrections = createCorrections({
    reader: storage.reader,
    ledger,
    findRequest: async (id) => requests.get(id) ?? null,
    clock,
  });

  async function give(id: string, kind: GrantKind, amount: bigint, more: Partial<Grant> = {}): Promise<void> {
    const grant: Grant = {
      id,
      accountId: 'acct_1',
      kind,
      source: 'manual',
      priority: 50,
      startsAtMs: time.ms,
      expiresAtMs: null,
      models: null,
      products: null,
      reason: 'a test',
      paymentId: null,
      createdAtMs: time.ms,
      ...more,
    };
    const transfers = [{ debit: 'wash' as const, credit: grantAccount(id), amount }];
    const posted = await ledger.post({
      id: `${id}:given`,
      kind: 'grant',
      accountId: 'acct_1',
      transfers,
      grants: [grant],
      note: null,
    });
    expect(posted).toEqual({ ok: true, value: { repeated: false } });
  }

  async function charge(id: string, price: bigint): Promise<void> {
    const scope = { model: 'small', product: 'api' };
    requests.set(id, { id, accountId: 'acct_1', product: scope.product, modelRequested: scope.model });
    const order = { ...scope, id, accountId: 'acct_1', need: price, least: price, waitMs: 0 };
    const held = await ledger.hold({ ...order, signal: new AbortController().signal });
    if (!held.ok) throw new Error(held.refusal.reason);
    for (const step of [() => held.value.open, () => held.value.settle({ price, rounding: 0n, cost: null })]) {
      const { statements, kept } = step();
      kept((await storage.writer.write(statements)).ok);
    }
  }

  const correct = (requestId: string, amount: bigint) =>
    corrections.correct({ requestId, amount, reason: 'counted twice' });
  return { ledger, corrections, give, charge, correct, time };
}

test('giving back goes to the kind of credit that had paid, the last that paid first, and never beyond it', async () => {
  const { ledger, corrections, give, charge, correct } = await start();
  await give('promo', 'promo', 60n, { expiresAtMs: START_MS + DAY_MS, models: ['small'] });
  await give('paid', 'paid', 100n);
  await charge('req_1', 100n);
  const first = await correct('req_1', 50n);
  expect(first).toMatchObject({ ok: true, value: { id: 'correction:req_1:1', amount: 50n, reason: 'counted twice' } });
  expect(first.ok && first.value.grants.map(({ kind, amount }) => [kind, amount])).toEqual([
    ['paid', 40n],
    ['promo', 10n],
  ]);
  const { grants } = await ledger.balance('acct_1');
  const restored = grants.filter(({ source }) => source === 'restored');
  expect(restored.map((one) => [one.kind, one.amount, one.models, one.expiresAtMs])).toEqual([
    ['promo', 10n, ['small'], START_MS + 30 * DAY_MS],
    ['paid', 40n, null, null],
  ]);
  const refusal = {
    reason: 'correction_too_large',
    message: 'at most 0.00000005 US dollars of what credit paid for it are left to give back',
  };
  expect(await correct('req_1', 51n)).toMatchObject({ ok: false, refusal });
  expect(await correct('req_1', 50n)).toMatchObject({ ok: true, value: { id: 'correction:req_1:2', amount: 50n } });
  expect(await correct('req_1', 1n)).toMatchObject({ ok: false, refusal: { reason: 'correction_too_large' } });
  expect((await ledger.balance('acct_1')).available).toBe(160n);
  expect((await corrections.list('req_1')).map(({ amount }) => amount)).toEqual([50n, 50n]);
});

test('all that was given back can be spent at once, whichever grants it went to', async () => {
  const { give, charge, correct, ledger } = await start();
  await give('promo', 'promo', 60n);
  await give('paid', 'paid', 40n);
  await charge('req_1', 100n);
  expect((await correct('req_1', 100n)).ok).toBe(true);
  await charge('req_2', 100n);
  expect((await ledger.balance('acct_1')).available).toBe(0n);
});

test('charging more takes what the request could be paid with, or nothing', async () => {
  const { ledger, give, charge, correct } = await start();
  await give('paid', 'paid', 100n);
  await give('elsewhere', 'promo', 100n, { models: ['large'] });
  await charge('req_1', 40n);
  expect(await correct('req_1', -61n)).toMatchObject({ ok: false, refusal: { reason: 'credit_insufficient' } });
  expect((await ledger.balance('acct_1')).available).toBe(160n);
  const more = await correct('req_1', -60n);
  expect(more).toMatchObject({ ok: true, value: { amount: -60n, grants: [{ grantId: 'paid', amount: 60n }] } });
  expect((await ledger.balance('acct_1')).available).toBe(100n);
});

test('what is asked twice at one moment is done once, and a stranger is told so', async () => {
  const { ledger, give, charge, correct } = await start();
  await give('paid', 'paid', 100n);
  await charge('req_1', 100n);
  const made = await Promise.all([correct('req_1', 10n), correct('req_1', 10n), correct('req_1', 20n)]);
  const given = made.flatMap((one) => (one.ok ? [one.value] : []));
  expect(new Set(given.map(({ id }) => id)).size).toBe(1);
  expect((await ledger.balance('acct_1')).available).toBe(given[0]?.amount ?? -1n);
  expect(await correct('req_9', 1n)).toMatchObject({ ok: false, refusal: { reason: 'request_not_found' } });
});

test('two corrections of one moment for different reasons are never taken for one', async () => {
  const { ledger, corrections, give, charge } = await start();
  await give('paid', 'paid', 100n);
  await charge('req_1', 100n);
  const reasons = ['counted twice', 'a present'];
  const made = await Promise.all(
    reasons.map((reason) => corrections.correct({ requestId: 'req_1', amount: 10n, reason })),
  );
  const kept = made.filter(({ ok }) => ok).length;
  expect(kept).toBeGreaterThan(0);
  expect((await ledger.balance('acct_1')).available).toBe(BigInt(kept) * 10n);
});

test('a correction that is sent again under its number is made once', async () => {
  const { corrections, ledger, give, charge } = await start();
  await give('paid', 'paid', 100n);
  await charge('req_1', 50n);
  const order = { requestId: 'req_1', amount: -10n, reason: 'counted too little', number: 1 };
  const first = await corrections.correct(order);
  expect(await corrections.correct(order)).toEqual(first);
  expect((await ledger.balance('acct_1')).available).toBe(40n);
  for (const other of [{ amount: -11n }, { reason: 'else' }, { number: 3 }]) {
    expect(await corrections.correct({ ...order, ...other })).toMatchObject({
      refusal: { reason: 'correction_conflict' },
    });
  }
});
