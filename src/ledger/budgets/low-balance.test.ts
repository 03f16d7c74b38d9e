import { afterEach, expect, test } from 'bun:test';
import type { AccountBalance } from '../ledger.ts';
import type { Alert } from './alert.ts';
import { createLowBalance, type LowBalance } from './low-balance.ts';
import { openBooks, type ProvenBooks } from './proving/books.ts';

let books: ProvenBooks;
let low: LowBalance;

afterEach(async () => {
  low.close();
  await books.close();
});

/** The credit of accounts as the ledger would tell it: what is available, and what requests hold besides. */
function createCredit() {
  const balances = new Map<string, { available: bigint; held: bigint }>();
  const listeners = new Set<(change: { accountId: string; available: bigint }) => void>();
  return {
    asked: 0,
    set(accountId: string, available: bigint, held = 0n) {
      balances.set(accountId, { available, held });
      for (const listener of listeners) listener({ accountId, available });
    },
    async balance(accountId: string): Promise<AccountBalance> {
      this.asked++;
      const { available, held } = balances.get(accountId) ?? { available: 0n, held: 0n };
      return { balance: available + held, available, held, envelope: 0n, grants: [] };
    },
    onChange(listener: (change: { accountId: string; available: bigint }) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

async function start() {
  books = await openBooks();
  const credit = createCredit();
  const told: Alert[] = [];
  const restart = async () => {
    low?.close();
    low = await createLowBalance({ ...books.parts, ledger: credit, onAlert: (alert) => told.push(alert) });
  };
  await restart();
  return { credit, told, restart };
}

/** Until what was set off by a change is on the disk. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await books.write([]);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('credit that falls below the threshold is told once, and again only after it was above', async () => {
  const { credit, told, restart } = await start();
  credit.set('acct_a', 100n);
  expect(await low.set('acct_a', 50n)).toBe(true);
  for (const available of [60n, 50n]) credit.set('acct_a', available);
  await settle();
  expect(told).toEqual([]);
  for (const available of [49n, 20n, 10n]) credit.set('acct_a', available);
  await settle();
  credit.set('acct_a', 5n);
  await settle();
  expect(told).toMatchObject([{ kind: 'low_balance', accountId: 'acct_a', threshold: 50n }]);
  await restart();
  credit.set('acct_a', 4n);
  await low.look();
  await settle();
  expect(told.length).toBe(1);
  credit.set('acct_a', 80n);
  await settle();
  credit.set('acct_a', 40n);
  await settle();
  expect(told.length).toBe(2);
  expect(await books.alerts()).toEqual(told);
});

test('credit that requests hold is still there', async () => {
  const { credit, told } = await start();
  credit.set('acct_a', 100n);
  await low.set('acct_a', 50n);
  credit.set('acct_a', 10n, 90n);
  await settle();
  expect(told).toEqual([]);
  credit.set('acct_a', 10n, 39n);
  await settle();
  expect(told).toMatchObject([{ balance: 49n }]);
});

test('a threshold set over the credit is told at once, and what fell unseen when somebody looks', async () => {
  const { credit, told, restart } = await start();
  credit.set('acct_a', 10n);
  await low.set('acct_a', 11n);
  expect(low.list('acct_a')).toEqual([{ accountId: 'acct_a', threshold: 11n, told: true }]);
  credit.set('acct_b', 100n);
  await low.set('acct_b', 50n);
  low.close();
  credit.set('acct_b', 0n);
  await restart();
  expect(told.length).toBe(1);
  await low.look();
  expect(told.map((one) => one.accountId)).toEqual(['acct_a', 'acct_b']);
});

test('a threshold that was taken away tells nothing, and nobody who is not there gets one', async () => {
  const { credit, told } = await start();
  credit.set('acct_a', 100n);
  await low.set('acct_a', 50n);
  expect([await low.off('acct_a'), await low.off('acct_a')]).toEqual([true, false]);
  credit.set('acct_a', 0n);
  await settle();
  expect(told).toEqual([]);
  expect(await low.set('acct_none', 5n)).toBe(false);
  expect(low.list(null)).toEqual([]);
});
