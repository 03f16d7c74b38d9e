import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { MIGRATIONS } from '../../app/migrations.ts';
import { type Month, parseMonth } from '../../base/calendar.ts';
import { smaller } from '../../base/money.ts';
import { createUsageRecords } from '../../metering/index.ts';
import type { Entry, EntryKind } from '../books/statements.ts';
import { grantAccount, type LedgerAccountId } from '../chart.ts';
import type { GrantKind } from '../ledger.ts';
import { openJournalWorld } from './proving/journal-world.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 9, 1);
const END_MS = Date.UTC(2027, 0, 1);
const NOW_MS = END_MS + DAY_MS;
const MONTHS = ['2026-10', '2026-11', '2026-12'].map(monthOf);
const ACCOUNTS = ['acct_a', 'acct_b'] as const;
const MODELS = ['small', 'large'] as const;

function monthOf(name: string): Month {
  const month = parseMonth(name);
  if (!month.ok) throw new Error(month.refusal);
  return month.value;
}

/** One thing that happens, a while after the one before. */
const happening = fc.record({
  what: fc.constantFrom('give', 'use', 'use', 'use', 'leave open', 'expire', 'refund', 'restore'),
  afterMs: fc.integer({ min: 0, max: 4 * DAY_MS }),
  account: fc.constantFrom(...ACCOUNTS),
  kind: fc.constantFrom<GrantKind>('paid', 'promo'),
  model: fc.constantFrom(...MODELS),
  amount: fc.bigInt({ min: 1n, max: 40_000_000_000_000_000n }),
  share: fc.integer({ min: 0, max: 100 }),
  lastsMs: fc.constantFrom(0, 1, 90_000, 3 * DAY_MS),
});
type Happening = typeof happening extends fc.Arbitrary<infer One> ? One : never;

interface OpenGrant {
  readonly id: string;
  readonly account: string;
  readonly kind: GrantKind;
  balance: bigint;
}

/** Plays happenings into a world and keeps a plain list of what was booked. */
function play(world: ReturnType<typeof openJournalWorld>, happenings: readonly Happening[]) {
  const booked: Entry[] = [];
  const grants: OpenGrant[] = [];
  let now = START_MS;
  let count = 0;

  function post(part: Pick<Entry, 'id' | 'kind' | 'debit' | 'credit' | 'amount' | 'accountId'> & Partial<Entry>): void {
    const entry: Entry = { atMs: now, subject: null, grantId: null, note: null, ...part };
    world.book([entry]);
    booked.push(entry);
  }

  function give(account: string, kind: GrantKind, amount: bigint, from: LedgerAccountId, why: EntryKind): void {
    const id = `grant_${++count}`;
    world.grant(
      {
        id,
        accountId: account,
        kind,
        source: 'manual',
        priority: 50,
        startsAtMs: now,
        expiresAtMs: null,
        models: null,
        products: null,
        reason: 'a test',
        paymentId: null,
        createdAtMs: now,
      },
      amount,
    );
    grants.push({ id, account, kind, balance: amount });
    post({ id: `${id}:given`, kind: why, debit: from, credit: grantAccount(id), amount, accountId: account });
  }

  function use(one: Happening, ends: boolean): void {
    const grant = grants.find(({ account, balance }) => account === one.account && balance > 0n);
    if (grant === undefined) return;
    const request = `req_${String(++count).padStart(6, '0')}`;
    const held = smaller(grant.balance, one.amount);
    const price = (held * BigInt(one.share)) / 100n;
    const common = { accountId: one.account, subject: request, grantId: grant.id };
    const account = grantAccount(grant.id);
    post({ ...common, id: `${request}:hold:0`, kind: 'hold', debit: account, credit: 'holds', amount: held });
    grant.balance -= held;
    const arrivedMs = now;
    if (!ends) {
      const hold = { id: request, accountId: one.account, model: one.model, product: 'api', held, epoch: 'boot_1' };
      world.hold({ ...hold, expiresAtMs: NOW_MS });
      return;
    }
    now += one.lastsMs;
    const earned = grant.kind === 'paid' ? 'earnings' : 'earnings_promo';
    if (price > 0n) {
      post({ ...common, id: `${request}:post:0`, kind: 'post', debit: 'holds', credit: earned, amount: price });
    }
    if (held > price) {
      const rest = held - price;
      post({ ...common, id: `${request}:release:0`, kind: 'release', debit: 'holds', credit: account, amount: rest });
      grant.balance += rest;
    }
    const tokens = { inputTokens: 10, outputTokens: 5 };
    const money = { price, writtenOff: 0n, cost: null };
    world.event({
      id: request,
      atMs: arrivedMs,
      accountId: one.account,
      model: one.model,
      app: null,
      ...tokens,
      ...money,
    });
  }

  function takeOut(one: Happening, into: LedgerAccountId, kind: EntryKind): void {
    const grant = grants.find(({ account, balance }) => account === one.account && balance > 0n);
    if (grant === undefined) return;
    const amount = smaller(grant.balance, one.amount);
    grant.balance -= amount;
    const id = `out_${++count}`;
    post({ id, kind, debit: grantAccount(grant.id), credit: into, amount, accountId: one.account });
  }

  for (const one of happenings) {
    now = Math.min(now + one.afterMs, END_MS - 1);
    if (one.what === 'give') {
      give(one.account, one.kind, one.amount, one.kind === 'paid' ? 'wash' : 'promo_expense', 'grant');
    } else if (one.what === 'restore') give(one.account, one.kind, 1_000n, 'earnings', 'correction');
    else if (one.what === 'use') use(one, true);
    else if (one.what === 'leave open') use(one, false);
    else if (one.what === 'expire') takeOut(one, 'breakage', 'expiry');
    else takeOut(one, 'wash', 'refund');
  }
  return booked;
}

/** What is available and held, counted in the plainest way. */
function creditOf(booked: readonly Entry[], account: string, beforeMs: number): bigint {
  const isCredit = (side: string) => side === 'holds' || side.startsWith('grant:');
  let credit = 0n;
  for (const { accountId, atMs, debit, credit: to, amount } of booked) {
    if (accountId !== account || atMs >= beforeMs) continue;
    if (isCredit(to)) credit += amount;
    if (isCredit(debit)) credit -= amount;
  }
  return credit;
}

test('opening balance and lines are the closing balance, for any journal, and months follow one another', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 60 }), async (happenings) => {
      const world = openJournalWorld({ wallMs: () => NOW_MS, monoMs: () => NOW_MS }, MIGRATIONS, createUsageRecords);
      try {
        const booked = play(world, happenings);
        for (const account of ACCOUNTS) {
          let carried = '0';
          for (const month of MONTHS) {
            const made = await world.reports.statement(account, month);
            if (!made.ok) {
              expect(booked.some((entry) => entry.accountId === account)).toBe(false);
              continue;
            }
            const statement = made.value;
            expect(statement.opening_nano).toBe(carried);
            const sum = statement.lines.reduce((total, line) => total + BigInt(line.amount_nano), BigInt(carried));
            expect(statement.closing_nano).toBe(String(sum));
            expect(sum).toBe(creditOf(booked, account, month.toMs));
            carried = statement.closing_nano;
          }
        }
      } finally {
        world.close();
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('at any moment all balances sum to zero, and each is what its transfers make it', async () => {
  const moment = fc.integer({ min: START_MS - DAY_MS, max: NOW_MS });
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 60 }), moment, async (happenings, atMs) => {
      const world = openJournalWorld({ wallMs: () => NOW_MS, monoMs: () => NOW_MS }, MIGRATIONS, createUsageRecords);
      try {
        const booked = play(world, happenings).filter((entry) => entry.atMs < atMs);
        const { lines, sum_nano: sum } = await world.reports.trialBalance(atMs, true);
        expect(sum).toBe('0');
        expect(lines.reduce((total, line) => total + BigInt(line.balance_nano), 0n)).toBe(0n);
        for (const { account, balance_nano: balance } of lines) {
          const credits = booked.filter(({ credit }) => credit === account).map(({ amount }) => amount);
          const debits = booked.filter(({ debit }) => debit === account).map(({ amount }) => -amount);
          expect(BigInt(balance)).toBe([...credits, ...debits].reduce((total, amount) => total + amount, 0n));
        }
        expect(lines.reduce((total, line) => total + line.transfers, 0)).toBe(2 * booked.length);
      } finally {
        world.close();
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);
