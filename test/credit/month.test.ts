import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { type Month, parseMonth } from '../../src/base/calendar.ts';
import { openHouse, seeded } from './month/house.ts';
import { recount } from './month/recount.ts';
import { CLOSE_MS, playStory, START_MS, type Told } from './month/story.ts';

const SEED = 20_261_122;
const NOVEMBER = monthOf('2026-11');
let house: Awaited<ReturnType<typeof openHouse>>;
let told: Told;

function monthOf(name: string): Month {
  const month = parseMonth(name);
  if (!month.ok) throw new Error(month.refusal);
  return month.value;
}

beforeAll(async () => {
  house = await openHouse(START_MS, seeded(SEED));
  told = await playStory(house, SEED);
}, 120_000);

afterAll(async () => {
  await house.close();
});

describe('a month of business', () => {
  test('had something of everything', () => {
    const wanted = ['sign-up credit', 'release', 'top-up', 'paid gift', 'promo gift', 'code', 'refund', 'dispute'];
    wanted.push('dispute_won', 'dispute_lost', 'given back', 'charged more', 'request', 'request refused', 'plan');
    wanted.push('paid ahead', 'cancelled', 'paid late', 'grown', 'shrunk', 'trial', 'ended with money back');
    expect(wanted.filter((what) => (told.happened[what] ?? 0) === 0)).toEqual([]);
    expect(told.happened['request'] ?? 0).toBeGreaterThan(800);
  });

  test('every figure of the revenue report is what a recount of the raw events comes to', async () => {
    const { figures } = recount(told.notes, NOVEMBER.fromMs, NOVEMBER.toMs);
    const report = await house.reports.revenue(NOVEMBER);
    expect(report.complete).toBe(true);
    const reported = report.figures.map((one) => [one.name, one.amount_nano ?? one.count ?? one.per_cent ?? null]);
    expect(Object.fromEntries(reported)).toEqual(figures);
    const moved = reported.filter(([, value]) => value !== '0').map(([name]) => name);
    expect(moved.length).toBe(reported.length - 1);
  });

  test('every statement is what a recount of the raw events comes to', async () => {
    const { statements } = recount(told.notes, NOVEMBER.fromMs, NOVEMBER.toMs);
    let held = 0n;
    for (const account of told.accounts) {
      const counted = statements.get(account) ?? null;
      const made = await house.reports.statement(account, NOVEMBER);
      if (!made.ok) {
        expect(counted, account).toBe(null);
        continue;
      }
      const statement = made.value;
      const usage = statement.lines.filter(({ kind }) => kind === 'usage');
      expect({
        opening: BigInt(statement.opening_nano),
        closing: BigInt(statement.closing_nano),
        held: BigInt(statement.held_nano),
        usage: new Map(
          usage.map((line) => [
            `${line.at} ${line.model}`,
            {
              amount: BigInt(line.amount_nano),
              requests: line.requests ?? -1,
              input: line.input_tokens ?? -1,
              output: line.output_tokens ?? -1,
            },
          ]),
        ),
        others: inOrder(
          statement.lines
            .filter(({ kind }) => kind !== 'usage')
            .map((line) => ({ at: line.at, amount: BigInt(line.amount_nano) })),
        ),
      }).toEqual({ ...(counted ?? EMPTY), others: inOrder(counted?.others ?? []) });
      held += BigInt(statement.held_nano);
    }
    expect(held).toBeGreaterThan(0n);
  });

  test('a closed month stays as it was reported, whatever is booked later', async () => {
    const before = [await house.reports.revenue(NOVEMBER), await house.reports.trialBalance(CLOSE_MS, true)];
    const request = told.notes.findLast((one) => one.what === 'answered' && one.at < CLOSE_MS);
    if (request?.what !== 'answered') throw new Error('nothing was answered');
    house.time.ms += 86_400_000;
    await house.ledger.expire();
    await house.plans.tick();
    const corrected = await house.corrections.correct({ requestId: request.request, amount: 1n, reason: 'late' });
    expect(corrected.ok).toBe(true);
    expect([await house.reports.revenue(NOVEMBER), await house.reports.trialBalance(CLOSE_MS, true)]).toEqual(before);
  });

  test('the usage report adds up to what was noted, however it is grouped', async () => {
    const answered = told.notes.filter((one) => one.what === 'answered');
    const mine = answered.filter(({ at }) => at >= NOVEMBER.fromMs && at < NOVEMBER.toMs);
    for (const by of ['account', 'model', 'app', 'key', 'product'] as const) {
      const made = await house.reports.usage(NOVEMBER, by);
      if (!made.ok) throw new Error(made.refusal);
      const { rows, total } = made.value;
      expect(total.requests).toBe(mine.length);
      expect(rows.reduce((sum, row) => sum + row.requests, 0)).toBe(mine.length);
      expect(total.output_tokens).toBe(mine.reduce((sum, { output }) => sum + output, 0));
      expect(rows.reduce((sum, row) => sum + BigInt(row.price_nano), 0n)).toBe(BigInt(total.price_nano));
    }
  });

  test('the books are clean', async () => {
    expect(await house.audit()).toMatchObject({ clean: true, findings: [] });
  });
});

const EMPTY = { opening: 0n, closing: 0n, held: 0n, usage: new Map(), others: [] };

/** Of one moment, the smallest amount first. */
function inOrder(lines: readonly { readonly at: string; readonly amount: bigint }[]) {
  return lines.toSorted((a, b) => (a.at === b.at ? Number(a.amount - b.amount) : a.at < b.at ? -1 : 1));
}
