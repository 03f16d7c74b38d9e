import { afterEach, expect, test } from 'bun:test';
import type { Budget, BudgetOrder, BudgetTake } from '../budget.ts';
import type { Step } from '../ledger.ts';
import { DAY_MS, openBooks, type ProvenBooks } from './proving/books.ts';

let books: ProvenBooks;

afterEach(() => books.close());

const BASE = { accountId: 'acct_a', subject: 'account', subjectId: 'acct_a', period: 'day', limit: 100n } as const;
const stop = (changed: Partial<Budget> = {}) => ({
  ...BASE,
  action: 'stop' as const,
  alertAt: [50, 80, 100],
  ...changed,
});

let count = 0;
const order = (amount: bigint, changed: Partial<BudgetOrder> = {}): BudgetOrder => ({
  requestId: `req_${++count}`,
  accountId: 'acct_a',
  keyId: 'key00001',
  app: null,
  member: null,
  amount,
  ...changed,
});

async function keep(step: Step, poisoned = false): Promise<boolean> {
  const poison = { sql: 'delete from account where id = ?', parameters: ['nobody'], expectRows: 1 };
  const outcome = await books.write([...step.statements, ...(poisoned ? [poison] : [])]);
  step.kept(outcome.ok);
  return outcome.ok;
}

/** Opens a request that must be let in. */
async function open(amount: bigint, changed: Partial<BudgetOrder> = {}): Promise<BudgetTake> {
  const taken = books.budgets.take(order(amount, changed));
  if (!taken.ok) throw new Error('refused');
  expect(await keep(taken.value.open)).toBe(true);
  return taken.value;
}

async function set(budget: Omit<Budget, 'id' | 'createdAtMs'>) {
  const made = await books.budgets.set(budget);
  if (!made.ok) throw new Error(made.refusal.message);
  return made.value;
}

const [used, spent] = [() => books.budgets.list('acct_a')[0]?.used, () => books.budgets.list('acct_a')[0]?.spent];

test('a request that no budget counts costs no statement', async () => {
  books = await openBooks();
  await set(stop({ accountId: 'acct_b', subjectId: 'acct_b' }));
  await set(stop({ subject: 'key', subjectId: 'key00002' }));
  const taken = books.budgets.take(order(1_000_000n));
  if (!taken.ok) throw new Error('refused');
  const more = taken.value.extend(5n);
  expect([taken.value.open.statements, more.ok && more.value.statements]).toEqual([[], []]);
  expect(taken.value.settle(7n).statements).toEqual([]);
});

test('a budget stops at the last nano-dollar and says when it resets', async () => {
  books = await openBooks();
  await set(stop());
  const first = await open(60n);
  expect(books.budgets.take(order(41n))).toMatchObject({
    ok: false,
    refusal: { reason: 'budget_exhausted', budget: { limit: 100n, subject: 'account' }, resetsInMs: DAY_MS / 2 },
  });
  await open(40n);
  expect(books.budgets.take(order(1n)).ok).toBe(false);
  await keep(first.settle(20n));
  expect([used(), spent()]).toEqual([60n, 20n]);
  await open(40n);
  expect(books.budgets.take(order(1n, { accountId: 'acct_b' })).ok).toBe(true);
  await set(stop({ period: 'total', limit: 100n, subject: 'key', subjectId: 'key00009' }));
  const total = books.budgets.take(order(101n, { keyId: 'key00009', accountId: 'acct_a' }));
  expect(total).toMatchObject({ ok: false, refusal: { budget: { period: 'total' }, resetsInMs: null } });
});

test('where there is no room for all of it, as much is taken as fits, down to the least', async () => {
  books = await openBooks();
  await set(stop());
  await set(stop({ subject: 'key', subjectId: 'key00001', limit: 80n }));
  await set(stop({ subject: 'key', subjectId: 'key00001', limit: 5n, period: 'total', action: 'alert' }));
  await open(50n);
  const some = books.budgets.take(order(60n, { least: 30n }));
  if (!some.ok) throw new Error('refused');
  expect([some.value.cutTo, used()]).toEqual([30n, 80n]);
  some.value.open.kept(false);
  expect(books.budgets.take(order(60n, { least: 31n })).ok).toBe(false);
  const all = books.budgets.take(order(20n, { least: 10n }));
  expect(all.ok && all.value.cutTo).toBe(null);
  expect(used()).toBe(70n);
});

test('several budgets take all or nothing', async () => {
  books = await openBooks();
  await set(stop({ limit: 100n }));
  await set(stop({ subject: 'member', subjectId: 'ana', limit: 30n }));
  await set(stop({ subject: 'app', subjectId: 'web', limit: 50n, action: 'alert' }));
  const whose = { member: 'ana', app: 'web' };
  const taken = await open(25n, whose);
  expect(books.budgets.take(order(6n, whose))).toMatchObject({ refusal: { budget: { subjectId: 'ana' } } });
  expect(books.budgets.list('acct_a').map((one) => one.used)).toEqual([25n, 25n, 25n]);
  await open(60n, { app: 'web' });
  expect(books.budgets.list('acct_a').map((one) => one.used)).toEqual([85n, 25n, 85n]);
  const extended = taken.extend(6n);
  expect(extended.ok).toBe(false);
  await keep(taken.settle(0n));
  expect(books.budgets.list('acct_a').map((one) => one.used)).toEqual([60n, 0n, 60n]);
  expect(await books.afresh()).toEqual(books.budgets.list(null));
});

test('of 1,000 takes at once exactly as many come through as there is room for', async () => {
  books = await openBooks();
  await set(stop({ limit: 1_000n }));
  await set(stop({ subject: 'key', subjectId: 'key00001', limit: 700n, period: 'month' }));
  const takes = Array.from({ length: 1_000 }, () => books.budgets.take(order(7n)));
  const taken = takes.flatMap((one) => (one.ok ? [one.value] : []));
  expect(taken.length).toBe(100);
  // What is lost makes room, and the database refuses none of those that memory lets in.
  const kept = await Promise.all(taken.map((one, at) => keep(one.open, at % 4 === 0)));
  expect(kept.filter(Boolean).length).toBe(75);
  expect(used()).toBe(525n);
  const settled = taken.flatMap((one, at) => (kept[at] ? [keep(one.settle(3n))] : []));
  const more = Array.from({ length: 100 }, () => books.budgets.take(order(7n)));
  const opened = more.flatMap((one) => (one.ok ? [keep(one.value.open)] : []));
  expect(opened.length).toBe(25);
  expect(await Promise.all([...settled, ...opened])).toEqual(Array.from({ length: 100 }, () => true));
  expect(used()).toBe(75n * 3n + 25n * 7n);
  expect(await books.afresh()).toEqual(books.budgets.list(null));
});

test('the database refuses by itself what would go over a budget that stops', async () => {
  books = await openBooks();
  await set(stop());
  const behind = await open(90n);
  await books.write([{ sql: 'update ledger_budget_window set used = 95', parameters: [], expectRows: 1 }]);
  const taken = books.budgets.take(order(10n));
  if (!taken.ok) throw new Error('refused');
  expect(await keep(taken.value.open)).toBe(false);
  expect(used()).toBe(90n);
  await books.write([{ sql: 'update ledger_budget_window set used = 90', parameters: [], expectRows: 1 }]);
  await keep(behind.settle(90n));
  expect(await keep((await open(10n)).settle(10n))).toBe(true);
});

test('a settlement may go over by its own excess, once, and then nothing is let in', async () => {
  books = await openBooks();
  await set(stop());
  const taken = await open(100n);
  const settled = taken.settle(130n);
  expect(used()).toBe(130n);
  expect(await keep(settled)).toBe(true);
  expect([used(), spent()]).toEqual([130n, 130n]);
  expect(() => taken.settle(1n)).toThrow('once');
  expect(books.budgets.take(order(1n)).ok).toBe(false);
});

test('what could not be written is as if it had never been', async () => {
  books = await openBooks();
  await set(stop());
  const taken = await open(10n);
  const extended = taken.extend(30n);
  if (!extended.ok) throw new Error('refused');
  expect(used()).toBe(40n);
  await keep(extended.value, true);
  expect(used()).toBe(10n);
  await keep(taken.settle(60n), true);
  expect([used(), spent(), books.told.length]).toEqual([10n, 0n, 0]);
  await keep(taken.settle(60n));
  expect([used(), spent()]).toEqual([60n, 60n]);
  expect(books.told).toMatchObject([{ kind: 'budget', percent: 50, spent: 60n, limit: 100n }]);
});

test('an extension that is lost while its request is settled, or after, takes nothing back twice', async () => {
  books = await openBooks();
  await set(stop());
  for (const lostFirst of [true, false]) {
    const taken = await open(10n);
    const extended = taken.extend(20n);
    if (!extended.ok) throw new Error('refused');
    const settled = taken.settle(15n);
    const kept = (await books.write(settled.statements)).ok;
    if (lostFirst) extended.value.kept(false);
    settled.kept(kept);
    if (!lostFirst) extended.value.kept(false);
  }
  expect([used(), spent()]).toEqual([30n, 30n]);
  expect(await books.afresh()).toEqual(books.budgets.list(null));
});

test('each share is told once a period, at what was settled and not at what is held', async () => {
  books = await openBooks();
  await set(stop());
  const first = await open(100n);
  expect(books.told).toEqual([]);
  await keep(first.settle(79n));
  expect(books.told.map((one) => one.kind === 'budget' && one.percent)).toEqual([50]);
  await books.restart();
  const [one, other] = [await open(5n), await open(5n)];
  await Promise.all([keep(one.settle(5n)), keep(other.settle(5n))]);
  expect(books.told.map((told) => told.kind === 'budget' && told.percent)).toEqual([50, 80]);
  books.now += DAY_MS;
  await keep((await open(100n)).settle(100n));
  expect(books.told.map((told) => told.kind === 'budget' && told.percent)).toEqual([50, 80, 50, 80, 100]);
  const rows = await books.alerts();
  expect(rows.map((row) => row.id)).toEqual(books.told.map((told) => told.id));
  expect(rows[0]).toEqual(books.told[0] as NonNullable<(typeof rows)[0]>);
});

test('the first request that a budget refuses is told, once a period', async () => {
  books = await openBooks();
  await set(stop());
  for (let i = 0; i < 5; i++) expect(books.budgets.take(order(101n)).ok).toBe(false);
  await books.write([]);
  await Bun.sleep(5);
  await books.restart();
  expect(books.budgets.take(order(101n)).ok).toBe(false);
  await books.write([]);
  expect(books.told.map((told) => told.kind)).toEqual(['budget_stopped']);
  expect((await books.alerts()).length).toBe(1);
});

test('a limit that was changed keeps its use, has crossings of its own, and its history stays', async () => {
  books = await openBooks();
  const made = await set(stop());
  await keep((await open(60n)).settle(60n));
  const changed = await set(stop({ limit: 50n, alertAt: [90] }));
  expect(changed).toMatchObject({ id: made.id, used: 60n, limit: 50n, createdAtMs: made.createdAtMs });
  expect(books.budgets.take(order(1n)).ok).toBe(false);
  await set(stop({ limit: 1_000n }));
  const running = await open(900n);
  await set(stop({ limit: 10n }));
  // It was let in by the limit before, and its price still counts.
  await keep(running.settle(440n));
  expect(spent()).toBe(500n);
  const percents = books.told.flatMap((told) => (told.kind === 'budget' ? [[told.limit, told.percent]] : []));
  expect(percents).toEqual([
    [100n, 50],
    [10n, 50],
    [10n, 80],
    [10n, 100],
  ]);
  expect(await books.budgets.remove('acct_b', made.id)).toBe(false);
  expect(await books.budgets.remove('acct_a', made.id)).toBe(true);
  expect(await books.budgets.remove('acct_a', made.id)).toBe(false);
  expect(await books.history()).toEqual(['1 100 0', '2 50 0', '3 1000 0', '4 10 0', '5 10 1']);
  expect((await set(stop())).id).not.toBe(made.id);
});

test('a limit raised or lowered between a decision and its writing refuses nobody', async () => {
  books = await openBooks();
  await set(stop());
  const early = books.budgets.take(order(10n));
  await set(stop({ limit: 1_000n }));
  await open(900n);
  if (!early.ok) throw new Error('refused');
  expect(await keep(early.value.open)).toBe(true);
  const late = books.budgets.take(order(90n));
  await set(stop({ limit: 20n }));
  if (!late.ok) throw new Error('refused');
  expect(await keep(late.value.open)).toBe(true);
});

test('a request counts to its end in the period it began in', async () => {
  books = await openBooks();
  await set(stop());
  const early = await open(90n);
  books.now += DAY_MS;
  expect(used()).toBe(0n);
  const late = await open(100n);
  expect(early.extend(11n).ok).toBe(false);
  const extended = early.extend(10n);
  if (!extended.ok) throw new Error('refused');
  await keep(extended.value);
  await keep(early.settle(95n));
  await keep(late.settle(1n));
  expect([used(), spent()]).toEqual([1n, 1n]);
  books.now -= DAY_MS;
  expect([used(), spent()]).toEqual([95n, 95n]);
  expect(await books.afresh()).toEqual(books.budgets.list(null));
});

test('a clock that jumps finds the use of the period it comes to, or counts in the oldest that is known', async () => {
  books = await openBooks();
  await set(stop());
  const start = books.now;
  await keep((await open(40n)).settle(40n));
  books.now = start + 4_000 * DAY_MS;
  await keep((await open(70n)).settle(70n));
  books.now = start;
  expect(used()).toBe(40n);
  for (let day = 1; day <= 4; day++) {
    books.now = start + day * DAY_MS;
    await keep((await open(100n)).settle(BigInt(day)));
  }
  await books.restart();
  books.now = start;
  // The first day is forgotten; what comes from it now counts in the second, which is still known.
  expect(used()).toBe(2n);
  expect(books.budgets.take(order(99n)).ok).toBe(false);
  const days = (await books.windows()).map((row) => [(row.startMs - (start - DAY_MS / 2)) / DAY_MS, row.used]);
  expect(days).toEqual([
    [2, 2n],
    [3, 3n],
    [4, 4n],
    [4_000, 70n],
  ]);
});

test('what a process left is settled where it was taken, whatever became of the budget', async () => {
  books = await openBooks();
  await set(stop());
  const removed = await set(stop({ subject: 'key', subjectId: 'key00001', period: 'total' }));
  await open(30n, { requestId: 'req_left' });
  await open(20n, { requestId: 'req_other' });
  books.now += DAY_MS;
  await books.restart();
  await books.budgets.remove('acct_a', removed.id);
  const left = await books.budgets.left(['req_left', 'req_other', 'req_never']);
  expect([...left.keys()].sort()).toEqual(['req_left', 'req_other']);
  for (const [id, take] of left) {
    expect(take.open.statements).toEqual([]);
    await keep(take.settle(id === 'req_left' ? 50n : 0n));
  }
  expect(used()).toBe(0n);
  books.now -= DAY_MS;
  expect([used(), spent()]).toEqual([50n, 50n]);
  expect(await books.takes()).toBe(0);
  expect(books.told.map((told) => told.kind === 'budget' && told.subject)).toEqual(['account']);
  expect((await books.budgets.left(['req_left'])).size).toBe(0);
});

test('an account has at most 32 budgets, and must be there', async () => {
  books = await openBooks();
  for (let at = 0; at < 32; at++) await set(stop({ subject: 'app', subjectId: `app-${at}` }));
  expect(await books.budgets.set(stop())).toMatchObject({ ok: false, refusal: { reason: 'too_many_budgets' } });
  expect(await books.budgets.set(stop({ accountId: 'acct_none' }))).toMatchObject({
    ok: false,
    refusal: { reason: 'account_not_found' },
  });
  expect(books.budgets.list(null).length).toBe(32);
  const twice = await Promise.all([set(stop({ accountId: 'acct_b' })), set(stop({ accountId: 'acct_b', limit: 7n }))]);
  expect(twice[0].id).toBe(twice[1].id);
});
