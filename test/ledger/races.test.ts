import { expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Hold, Step } from '../../src/ledger/index.ts';
import { dropFolder, type LedgerWorld, makeFolder, startLedger } from './ledger-world.ts';

const NOW_MS = 1_800_000_000_000;
const RUNS = 30;
const TIMEOUT_MS = 120_000;

/** What one caller does, from its hold to its end, while others do the same. */
const caller = fc.record({
  accountId: fc.constantFrom('acct_1', 'acct_2', 'acct_3'),
  afterTurns: fc.nat(20),
  need: fc.bigInt({ min: 1n, max: 50n }),
  waitMs: fc.constantFrom(0, 5, 1_000),
  abortAfterTurns: fc.option(fc.nat(10), { freq: 5 }),
  extendBy: fc.bigInt({ min: 0n, max: 30n }),
  extendApart: fc.boolean(),
  price: fc.bigInt({ min: 0n, max: 80n }),
  /** Which of its units the disk does not take. */
  lost: fc.option(fc.nat(2), { freq: 4 }),
});
/** What others do to the same accounts meanwhile. */
const posting = fc.record({
  accountId: fc.constantFrom('acct_1', 'acct_2', 'acct_3'),
  afterTurns: fc.nat(20),
  does: fc.constantFrom('give', 'refund', 'drain', 'same refund'),
  amount: fc.bigInt({ min: 1n, max: 60n }),
});

type Caller = typeof caller extends fc.Arbitrary<infer Value> ? Value : never;
type Meanwhile = typeof posting extends fc.Arbitrary<infer Value> ? Value : never;

async function turns(count: number): Promise<void> {
  for (let at = 0; at < count; at++) await new Promise((resolve) => setImmediate(resolve));
}

function give({ ledger }: LedgerWorld, id: string, accountId: string, amount: bigint) {
  const grant = {
    id,
    accountId,
    kind: 'paid',
    source: 'manual',
    priority: 50,
    startsAtMs: 0,
    expiresAtMs: null,
  } as const;
  return ledger.post({
    id: `${id}:given`,
    kind: 'grant',
    accountId,
    transfers: [{ debit: 'wash', credit: `grant:${id}`, amount }],
    grants: [{ ...grant, models: null, products: null, reason: 'race', paymentId: null, createdAtMs: 0 }],
    note: null,
  });
}

/** Plays callers and postings at once; counts what the disk refused though memory allowed it. */
function createRace(world: LedgerWorld) {
  let refused = 0;
  async function keep(lost: boolean, ...steps: readonly Step[]): Promise<boolean> {
    const unit = steps.flatMap((step) => step.statements);
    const outcome = lost ? null : await world.write(unit);
    if (lost) await turns(2);
    if (outcome?.ok === false) refused++;
    for (const step of steps) step.kept(outcome?.ok === true);
    return outcome?.ok === true;
  }

  async function call(one: Caller, id: string): Promise<void> {
    const abort = new AbortController();
    await turns(one.afterTurns);
    const { accountId, need, waitMs } = one;
    const order = { id, accountId, model: 'm', product: 'p', need, least: (need + 1n) / 2n, waitMs };
    const asked = world.ledger.hold({ ...order, signal: abort.signal });
    if (one.abortAfterTurns !== null) void turns(one.abortAfterTurns).then(() => abort.abort());
    const answer = await asked;
    if (!answer.ok || !(await keep(one.lost === 0, answer.value.open))) return;
    await useUp(answer.value, one);
  }

  async function useUp(hold: Hold, one: Caller): Promise<void> {
    const more = hold.extend(one.extendBy);
    const steps = one.extendApart ? [] : [more];
    if (one.extendApart) await keep(one.lost === 1, more);
    await turns(one.afterTurns);
    const charge = { price: one.price, rounding: 0n, cost: null } as const;
    // What was lost is settled again, as late settlements are.
    if (!(await keep(one.lost === 2, ...steps, hold.settle(charge))))
      expect(await keep(false, hold.settle(charge))).toBe(true);
  }

  async function meanwhile({ accountId, afterTurns, does, amount }: Meanwhile, id: string): Promise<void> {
    const { ledger } = world;
    await turns(afterTurns);
    const from = `grant:first_${accountId}` as const;
    if (does === 'give') expect(await give(world, id, accountId, amount)).toMatchObject({ ok: true });
    else if (does === 'drain') {
      await ledger.drain({ id, from, into: 'dispute_loss', kind: 'clawback', accountId, most: amount, note: null });
    } else {
      const name = does === 'refund' ? id : `same_${accountId}`;
      const transfers = [{ debit: from, credit: 'wash', amount: 7n }] as const;
      await ledger.post({ id: name, kind: 'refund', accountId, transfers, note: null });
    }
  }

  return { call, meanwhile, refused: () => refused };
}

test(
  'whatever runs at once: nothing the disk refuses, nothing lost, memory as the table',
  async () => {
    const input = fc.tuple(fc.array(caller, { minLength: 1, maxLength: 60 }), fc.array(posting, { maxLength: 20 }));
    const property = fc.asyncProperty(input, async ([callers, postings]) => {
      const dataDir = makeFolder();
      const world = await startLedger(dataDir, () => NOW_MS, { pursesMax: 1 });
      const accounts = ['acct_1', 'acct_2', 'acct_3'];
      try {
        for (const accountId of accounts) await give(world, `first_${accountId}`, accountId, 100n);
        const race = createRace(world);
        await Promise.all([
          ...callers.map((one, at) => race.call(one, `req_${at}`)),
          ...postings.map((one, at) => race.meanwhile(one, `post_${at}`)),
        ]);
        expect([race.refused(), world.ledger.drifts(), await world.audit()]).toEqual([0, 0, []]);
        for (const accountId of accounts) {
          const found = await world.ledger.balance(accountId);
          expect(found.held).toBe(0n);
          const mirror = world.ledger.mirror(accountId);
          for (const { id, available } of mirror ? found.grants : []) {
            expect(mirror?.get(id) ?? { available: 0n, held: 0n }).toEqual({ available, held: 0n });
          }
        }
      } finally {
        await world.close();
        dropFolder(dataDir);
      }
    });
    await fc.assert(property, { numRuns: Number(process.env['CANDOR_RACE_RUNS'] ?? RUNS) });
  },
  TIMEOUT_MS,
);
