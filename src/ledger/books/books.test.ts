import { afterEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '../../base/random.ts';
import { openStorage, type Storage } from '../../storage/sql/storage.ts';
import { StorageFault, type WriteStatement } from '../../storage/sql/writer.ts';
import { HOUSE_ACCOUNTS } from '../chart.ts';
import type { Grant, Hold, HoldOrder, Step } from '../ledger.ts';
import { createLedger, type LedgerDeps } from './books.ts';
import { ledgerBooks } from './migrations/2026-11-22-ledger-books.ts';

const folders: string[] = [];
const running: Storage[] = [];
const START_MS = 1_800_000_000_000;
const DAY_MS = 86_400_000;

/** A ledger over a folder, with a clock the test moves and a disk the test can make refuse. */
async function start(more: Partial<LedgerDeps> & { readonly dataDir?: string } = {}) {
  const dataDir = more.dataDir ?? mkdtempSync(join(tmpdir(), 'candor-books-'));
  if (more.dataDir === undefined) folders.push(dataDir);
  const time = { ms: START_MS };
  const clock = { wallMs: () => time.ms, monoMs: () => performance.now() };
  const onFatal = (fault: StorageFault) => {
    throw fault;
  };
  const storage = await openStorage({ dataDir, migrations: [ledgerBooks], clock, random: systemRandom, onFatal });
  running.push(storage);
  const disk = { fails: false };
  const writer = {
    ...storage.writer,
    write: (unit: readonly WriteStatement[]) =>
      disk.fails ? Promise.reject(new StorageFault('queue_full', 'planted')) : storage.writer.write(unit),
  };
  const ledger = createLedger({ ...more, storage: { ...storage, writer }, clock });
  const keep = async (...steps: Step[]) => {
    const outcome = await writer.write(steps.flatMap((step) => step.statements)).catch(() => null);
    for (const step of steps) step.kept(outcome?.ok === true);
    return outcome?.ok === true;
  };
  return { ledger, storage, dataDir, time, disk, keep };
}

type World = Awaited<ReturnType<typeof start>>;

async function stop(): Promise<void> {
  for (const storage of running.splice(0)) await storage.close();
}

afterEach(async () => {
  await stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function grantOf(id: string, more: Partial<Grant> = {}): Grant {
  return {
    id,
    accountId: 'acct_1',
    kind: 'paid',
    source: 'manual',
    priority: 50,
    startsAtMs: START_MS,
    expiresAtMs: null,
    models: null,
    products: null,
    reason: 'test',
    paymentId: null,
    createdAtMs: START_MS,
    ...more,
  };
}

function give({ ledger }: World, id: string, amount: bigint, more: Partial<Grant> = {}) {
  const grant = grantOf(id, more);
  return ledger.post({
    id: `${id}:given`,
    kind: 'grant',
    accountId: grant.accountId,
    transfers: [{ debit: grant.kind === 'paid' ? 'wash' : 'promo_expense', credit: `grant:${id}`, amount }],
    grants: [grant],
    note: null,
  });
}

function order(id: string, need: bigint, more: Partial<HoldOrder> = {}): HoldOrder {
  const { signal } = new AbortController();
  return { id, accountId: 'acct_1', model: 'm', product: 'api', need, least: need, waitMs: 0, signal, ...more };
}

async function held(world: World, id: string, need: bigint, more: Partial<HoldOrder> = {}): Promise<Hold> {
  const result = await world.ledger.hold(order(id, need, more));
  if (!result.ok) throw new Error(`refused: ${result.refusal.reason}`);
  expect(await world.keep(result.value.open)).toBe(true);
  return result.value;
}

const charge = (price: bigint, cost: bigint | null = null) => ({ price, rounding: 0n as const, cost });

test('the accounts of the house are those of the chart', async () => {
  const { storage } = await start();
  const tables = storage.reader.withTables<{ ledger_account: { id: string } }>();
  const rows = await tables.selectFrom('ledger_account').select('id').execute();
  expect(rows.map(({ id }) => id).sort()).toEqual(Object.keys(HOUSE_ACCOUNTS).sort());
});

test('a request holds, posts what it cost and gives the rest back', async () => {
  const world = await start();
  await give(world, 'g1', 100n);
  const hold = await held(world, 'req_1', 60n);
  expect(await world.ledger.balance('acct_1')).toMatchObject({ balance: 100n, available: 40n, held: 60n });
  const settled = hold.settle({ price: 25n, rounding: 1n, cost: 9n });
  expect([settled.paid, settled.writtenOff]).toEqual([[{ grantId: 'g1', kind: 'paid', amount: 25n }], 0n]);
  expect(await world.keep(settled)).toBe(true);
  expect(await world.ledger.balance('acct_1')).toMatchObject({ balance: 75n, available: 75n, held: 0n });
});

test('grants are used in their order, and a price above the hold takes more, then is written off', async () => {
  const world = await start();
  await give(world, 'late', 10n);
  await give(world, 'promo', 10n, { kind: 'promo' });
  await give(world, 'soon', 10n, { expiresAtMs: START_MS + DAY_MS });
  await give(world, 'elsewhere', 10n, { models: ['other'], priority: 1 });
  const hold = await held(world, 'req_1', 15n);
  const settled = hold.settle(charge(33n));
  expect(settled.paid.map(({ grantId, amount }) => [grantId, amount])).toEqual([
    ['soon', 10n],
    ['promo', 10n],
    ['late', 10n],
  ]);
  expect(settled.writtenOff).toBe(3n);
  expect(await world.keep(settled)).toBe(true);
  expect(await world.ledger.balance('acct_1')).toMatchObject({ balance: 10n });
});

test('one cent and a thousand requests at once: as many are served as the price allows', async () => {
  const world = await start();
  await give(world, 'cent', 10_000_000n);
  const price = 30_000n;
  let most = 0n;
  let open = 0n;
  const served = await Promise.all(
    Array.from({ length: 1_000 }, async (_, at) => {
      const taken = await world.ledger.hold(order(`req_${at}`, price * 2n, { least: price, waitMs: 20_000 }));
      if (!taken.ok) return taken.refusal.reason;
      const hold = taken.value;
      open += hold.held();
      most = open > most ? open : most;
      expect(await world.keep(hold.open)).toBe(true);
      open -= hold.held();
      expect(await world.keep(hold.settle(charge(price)))).toBe(true);
      return 'served';
    }),
  );
  expect(served.filter((one) => one === 'served').length).toBe(333);
  expect(served.filter((one) => one === 'credit_exhausted').length).toBe(667);
  expect(most <= 10_000_000n).toBe(true);
  expect(await world.ledger.balance('acct_1')).toMatchObject({ balance: 10_000n, held: 0n });
  expect(world.ledger.drifts()).toBe(0);
});

test('a posting is one forever: again it changes nothing, and other content is refused', async () => {
  const world = await start();
  const [first, second] = await Promise.all([give(world, 'g1', 5n), give(world, 'g1', 5n)]);
  expect([first, second]).toEqual([
    { ok: true, value: { repeated: false } },
    { ok: true, value: { repeated: true } },
  ]);
  expect(await give(world, 'g1', 6n)).toEqual({ ok: false, refusal: { reason: 'id_conflict' } });
  expect(await world.ledger.balance('acct_1')).toMatchObject({ available: 5n });
});

test('parallel drains and refunds never take more than there is', async () => {
  const world = await start();
  await give(world, 'g1', 10n);
  const funded = await world.ledger.post({
    id: 'promise',
    kind: 'grant',
    accountId: 'acct_1',
    transfers: [{ debit: 'promo_expense', credit: 'envelope:acct_1', amount: 10n }],
    note: null,
  });
  expect(funded.ok).toBe(true);
  for (const from of ['grant:g1', 'envelope:acct_1'] as const) {
    const posts = Array.from({ length: 5 }, (_, at) =>
      world.ledger.post({
        id: `${from}:refund_${at}`,
        kind: 'refund',
        accountId: 'acct_1',
        transfers: [{ debit: from, credit: 'wash', amount: 3n }],
        note: null,
      }),
    );
    const drains = Array.from({ length: 5 }, (_, at) =>
      world.ledger.drain({
        id: `${from}:drain_${at}`,
        from,
        into: 'breakage',
        kind: 'clawback',
        accountId: 'acct_1',
        most: 2n,
        note: null,
      }),
    );
    const refunded = (await Promise.all(posts)).filter(({ ok }) => ok).length * 3;
    const moved = (await Promise.all(drains)).reduce((sum, one) => sum + one, 0n);
    expect(BigInt(refunded) + moved).toBe(10n);
  }
  expect(await world.ledger.balance('acct_1')).toMatchObject({ balance: 0n, envelope: 0n });
  expect(world.ledger.drifts()).toBe(0);
});

test('what else a posting must keep is kept with it or not at all', async () => {
  const world = await start();
  const also = [{ sql: 'delete from ledger_grant where id = ?', parameters: ['nobody'], expectRows: 1 }];
  const posted = await world.ledger.post({
    id: 'p1',
    kind: 'grant',
    accountId: 'acct_1',
    transfers: [{ debit: 'wash', credit: 'grant:g1', amount: 5n }],
    grants: [grantOf('g1')],
    also,
    note: null,
  });
  expect(posted).toEqual({ ok: false, refusal: { reason: 'also_refused', statement: 0 } });
  expect(await world.ledger.balance('acct_1')).toMatchObject({ balance: 0n, grants: [] });
});

test('a unit the disk did not take is undone in memory, and can be tried again', async () => {
  const world = await start();
  await give(world, 'g1', 10n);
  world.disk.fails = true;
  const refused = await world.ledger.hold(order('req_0', 4n));
  expect(refused.ok && (await world.keep(refused.value.open))).toBe(false);
  world.disk.fails = false;
  const hold = await held(world, 'req_1', 4n);
  world.disk.fails = true;
  expect(await world.keep(hold.settle(charge(12n)))).toBe(false);
  expect(hold.extend(1n).added).toBe(0n);
  world.disk.fails = false;
  await world.ledger.drain({
    id: 'sync',
    from: 'grant:g1',
    into: 'wash',
    kind: 'refund',
    accountId: 'acct_1',
    most: 1n,
    note: null,
  });
  const more = hold.extend(1n);
  expect(await world.keep(more, hold.settle(charge(5n)))).toBe(true);
  expect(await world.ledger.balance('acct_1')).toMatchObject({ balance: 4n, held: 0n });
  expect(world.ledger.mirror('acct_1')).toEqual(new Map([['g1', { available: 4n, held: 0n }]]));
  expect(world.ledger.drifts()).toBe(0);
});

test('a settlement that counts on a lost extension is refused whole, and the next one is right', async () => {
  const world = await start();
  await give(world, 'g1', 10n);
  const hold = await held(world, 'req_1', 4n);
  const lost = hold.extend(3n);
  const wrong = hold.settle(charge(7n));
  lost.kept(false);
  expect(await world.keep(wrong)).toBe(false);
  expect(await world.ledger.balance('acct_1')).toMatchObject({ available: 6n, held: 4n });
  await world.ledger.drain({
    id: 'nothing',
    from: 'grant:g1',
    into: 'wash',
    kind: 'refund',
    accountId: 'acct_1',
    most: 0n,
    note: null,
  });
  expect(await world.keep(hold.settle(charge(7n)))).toBe(true);
  expect(await world.ledger.balance('acct_1')).toMatchObject({ balance: 3n, held: 0n });
});

test('memory that differs from the disk is read again and goes on', async () => {
  const world = await start();
  await give(world, 'g1', 10n);
  // A foreign hand takes credit past the ledger.
  await world.storage.writer.write([
    { sql: "update ledger_account set balance = balance - 8 where id = 'grant:g1'", parameters: [], expectRows: 1 },
  ]);
  const wrong = await world.ledger.hold(order('req_1', 5n));
  expect(wrong.ok && (await world.keep(wrong.value.open))).toBe(false);
  expect(await world.ledger.hold(order('req_2', 5n))).toEqual({
    ok: false,
    refusal: { reason: 'credit_exhausted', available: 2n },
  });
  await held(world, 'req_3', 2n);
  expect(world.ledger.drifts()).toBe(1);
});

test('an order waits for other holds, in turn, and hears when nothing can come', async () => {
  const world = await start({ waitersMax: 2 });
  await give(world, 'g1', 10n);
  const hold = await held(world, 'req_1', 10n);
  const abort = new AbortController();
  const waiting = world.ledger.hold(order('req_2', 10n, { waitMs: 5_000 }));
  const leaving = world.ledger.hold(order('req_3', 1n, { waitMs: 5_000, signal: abort.signal }));
  expect(await world.ledger.hold(order('req_4', 1n, { waitMs: 5_000 }))).toMatchObject({
    refusal: { reason: 'credit_queue_full' },
  });
  expect(await world.ledger.hold(order('req_5', 1n))).toMatchObject({ refusal: { reason: 'credit_held' } });
  abort.abort();
  expect(await leaving).toMatchObject({ refusal: { reason: 'aborted' } });
  expect(await world.keep(hold.settle(charge(1n)))).toBe(true);
  expect(await waiting).toEqual({ ok: false, refusal: { reason: 'credit_exhausted', available: 9n } });
});

test('later small orders pass a large one a few times only', async () => {
  const world = await start();
  await give(world, 'g1', 100n);
  const holds = [await held(world, 'req_a', 50n), await held(world, 'req_b', 40n)];
  const large = world.ledger.hold(order('req_large', 60n, { waitMs: 5_000 }));
  const passed = [];
  for (let at = 0; at < 20; at++) {
    const small = await world.ledger.hold(order(`req_small_${at}`, 1n));
    if (small.ok) {
      passed.push(small.value);
      await world.keep(small.value.open);
      await world.keep(small.value.settle(null));
    }
  }
  expect(passed.length).toBe(8);
  for (const hold of holds) await world.keep(hold.settle(null));
  expect(await large).toMatchObject({ ok: true });
});

test('expired credit is not used, and what comes back to it later is swept too', async () => {
  const world = await start();
  await give(world, 'plan', 10n, { expiresAtMs: START_MS + DAY_MS });
  await give(world, 'gift', 7n, { expiresAtMs: START_MS + DAY_MS, kind: 'promo', accountId: 'acct_2' });
  const hold = await held(world, 'req_1', 6n);
  world.time.ms += DAY_MS;
  expect(await world.ledger.hold(order('req_2', 1n))).toMatchObject({ refusal: { available: 0n } });
  expect(await world.ledger.expire()).toBe(2);
  expect(await world.keep(hold.settle(charge(2n)))).toBe(true);
  expect(await world.ledger.expire()).toBe(1);
  expect(await world.ledger.expire()).toBe(0);
  const account = await world.ledger.balance('acct_1');
  expect([account.balance, account.grants.map(({ state, available }) => [state, available])]).toEqual([
    0n,
    [['expired', 0n]],
  ]);
});

test('holds of an earlier process are found and settled by the next', async () => {
  const first = await start();
  await give(first, 'g1', 10n);
  const hold = await held(first, 'req_1', 6n);
  await first.keep(hold.extend(2n));
  await stop();
  const second = await start({ dataDir: first.dataDir });
  const left = await second.ledger.leftHolds(10);
  expect(left.map(({ id, hold: found }) => [id, found.held()])).toEqual([['req_1', 8n]]);
  expect((await second.ledger.leftHolds(10))[0]?.hold).toBe(left[0]?.hold as Hold);
  for (const one of left) expect(await second.keep(one.hold.settle(charge(7n)))).toBe(true);
  expect(await second.ledger.leftHolds(10)).toEqual([]);
  expect(await second.ledger.balance('acct_1')).toMatchObject({ balance: 3n, held: 0n });
});

test('a hold past its time is found unless it is renewed', async () => {
  const world = await start({ holdTtlMs: 1_000 });
  await give(world, 'g1', 10n);
  await held(world, 'req_1', 6n);
  world.time.ms += 1_000;
  expect((await world.ledger.leftHolds(10)).length).toBe(1);
  await world.ledger.renew(['req_1']);
  expect((await world.ledger.leftHolds(10)).length).toBe(0);
});

test('listeners hear what is available; memory keeps few accounts and none in use is dropped', async () => {
  const world = await start({ pursesMax: 1 });
  const heard: string[] = [];
  const deaf = world.ledger.onChange(({ accountId, available }) => heard.push(`${accountId} ${available}`));
  await give(world, 'g1', 10n);
  const hold = await held(world, 'req_1', 4n);
  await give(world, 'g2', 5n, { accountId: 'acct_2' });
  await give(world, 'g3', 5n, { accountId: 'acct_3' });
  expect([world.ledger.mirror('acct_1') === null, world.ledger.mirror('acct_2')]).toEqual([false, null]);
  deaf();
  await world.keep(hold.settle(charge(1n)));
  expect(heard).toEqual(['acct_1 10', 'acct_1 6', 'acct_2 5', 'acct_3 5']);
});
