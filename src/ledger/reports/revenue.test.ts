import { afterEach, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MIGRATIONS } from '../../app/migrations.ts';
import { parseMonth } from '../../base/calendar.ts';
import { createUsageRecords } from '../../metering/index.ts';
import type { Entry } from '../books/statements.ts';
import type { Grant } from '../ledger.ts';
import { FIGURES, perCent } from './figures.ts';
import { openJournalWorld } from './proving/journal-world.ts';
import { recurringRevenue } from './recurring.ts';

const NOW_MS = Date.UTC(2026, 11, 24);
const OCTOBER = Date.UTC(2026, 9, 15);
const NOVEMBER = Date.UTC(2026, 10, 15);
const DECEMBER = Date.UTC(2026, 11, 1);
const worlds: ReturnType<typeof openJournalWorld>[] = [];

afterEach(() => {
  for (const world of worlds.splice(0)) world.close();
});

function open() {
  const world = openJournalWorld({ wallMs: () => NOW_MS, monoMs: () => NOW_MS }, MIGRATIONS, createUsageRecords);
  worlds.push(world);
  let count = 0;
  const post = (
    atMs: number,
    kind: Entry['kind'],
    debit: Entry['debit'],
    credit: Entry['credit'],
    amount: bigint,
    more: Partial<Entry> = {},
  ) => {
    const id = `t${String(++count).padStart(3, '0')}`;
    const bare = { accountId: 'acct_a', subject: null, grantId: null, note: null };
    world.book([{ id, atMs, kind, debit, credit, amount, ...bare, ...more }]);
  };
  const grant = (id: string, kind: Grant['kind']) =>
    world.grant(
      {
        id,
        accountId: 'acct_a',
        kind,
        source: 'manual',
        priority: 50,
        startsAtMs: OCTOBER,
        expiresAtMs: null,
        models: null,
        products: null,
        reason: 'a test',
        paymentId: null,
        createdAtMs: OCTOBER,
      },
      1n,
    );
  async function figures(month: string): Promise<Record<string, unknown>> {
    const parsed = parseMonth(month);
    if (!parsed.ok) throw new Error(parsed.refusal);
    const report = await world.reports.revenue(parsed.value);
    return Object.fromEntries(
      report.figures.map((one) => [one.name, one.amount_nano ?? one.count ?? one.per_cent ?? null]),
    );
  }
  return { world, post, grant, figures };
}

describe('revenue', () => {
  test('each figure is what its formula says of a small journal', async () => {
    const { world, post, grant, figures } = open();
    grant('p', 'paid');
    grant('f', 'promo');
    post(OCTOBER, 'payment', 'wash', 'grant:p', 1_000n);
    post(OCTOBER, 'payment', 'wash', 'tax_payable', 190n);
    post(OCTOBER, 'grant', 'promo_expense', 'grant:f', 500n);
    post(OCTOBER, 'subscription', 'wash', 'deferred_subscription', 300n);
    post(NOVEMBER, 'hold', 'grant:p', 'holds', 400n, { subject: 'req_1', grantId: 'p' });
    post(NOVEMBER, 'post', 'holds', 'earnings', 250n, { subject: 'req_1', grantId: 'p' });
    post(NOVEMBER, 'rounding', 'earnings', 'rounding', 1n, { subject: 'req_1' });
    post(NOVEMBER, 'cost', 'provider_cost', 'provider_payable', 100n, { subject: 'req_1' });
    post(NOVEMBER, 'hold', 'grant:f', 'holds', 80n, { subject: 'req_2', grantId: 'f' });
    post(NOVEMBER, 'post', 'holds', 'earnings_promo', 60n, { subject: 'req_2', grantId: 'f' });
    post(NOVEMBER, 'write_off', 'write_off', 'earnings', 7n, { subject: 'req_2' });
    post(NOVEMBER, 'recognition', 'deferred_subscription', 'earnings_subscription', 120n);
    post(NOVEMBER, 'expiry', 'grant:p', 'breakage', 30n);
    post(NOVEMBER, 'expiry', 'grant:f', 'promo_expense', 20n);
    post(NOVEMBER, 'refund', 'grant:p', 'wash', 50n);
    post(NOVEMBER, 'refund', 'tax_payable', 'wash', 9n);
    post(NOVEMBER, 'dispute', 'dispute_loss', 'wash', 40n);
    post(NOVEMBER, 'clawback', 'grant:p', 'dispute_loss', 15n);
    post(DECEMBER, 'correction', 'earnings', 'grant:p', 11n);
    const one = { accountId: 'acct_a', model: 'small', app: null, inputTokens: 10, outputTokens: 5, writtenOff: 0n };
    world.event({ ...one, id: 'req_1', atMs: NOVEMBER, price: 250n, cost: 100n });
    world.event({ ...one, id: 'req_2', atMs: NOVEMBER, price: 67n, cost: null });
    const november = await figures('2026-11');
    expect(november).toMatchObject({
      usage_revenue: '256',
      usage_promotional: '60',
      subscription_revenue: '120',
      breakage: '30',
      write_offs: '7',
      revenue: '399',
      deferred_credit: '655',
      deferred_subscriptions: '180',
      deferred_revenue: '835',
      promo_expense: '-20',
      promo_outstanding: '420',
      received: '0',
      refunds: '59',
      disputes: '40',
      dispute_losses: '25',
      rounding: '1',
      tax_collected: '-9',
      provider_cost: '100',
      unknown_cost_requests: 1,
      unknown_cost_tokens: 15,
      gross_margin: '299',
      gross_margin_per_cent: '74.94',
    });
    expect(await figures('2026-10')).toMatchObject({
      received: '1490',
      tax_collected: '190',
      promo_expense: '500',
      gross_margin_per_cent: null,
    });
    // A correction changes the month it is booked in, and no month that was reported.
    expect(await figures('2026-12')).toMatchObject({ usage_revenue: '-11', deferred_credit: '666' });
    expect(await figures('2026-11')).toEqual(november);
  });

  test('an account of a grant nobody knows is no silent nothing', async () => {
    const { world, post, figures } = open();
    world.write([
      {
        sql: "insert into ledger_account (id, kind, owner, floor) values ('grant:x', 'grant', 'acct_a', 0)",
        parameters: [],
      },
    ]);
    post(NOVEMBER, 'grant', 'wash', 'grant:x', 1n);
    const failed = await figures('2026-11').catch((error) => error);
    expect(String(failed)).toContain('names a grant that exists');
  });

  test('the documentation tells every formula', () => {
    const text = readFileSync(join(import.meta.dir, '../../../docs/reports.md'), 'utf8').replaceAll(/\s+/g, ' ');
    for (const { name, formula } of FIGURES) expect(text).toContain(`| \`${name}\` | ${formula} |`);
  });
});

test('recurring revenue is told by how each account came to it', async () => {
  const span = { fromMs: 100, toMs: 200 };
  const facts = [
    ['new', 150, 10n],
    ['grown', 50, 10n],
    ['grown', 199, 25n],
    ['shrunk', 50, 10n],
    ['shrunk', 120, 4n],
    ['gone', 50, 8n],
    ['gone', 110, 0n],
    ['later', 200, 99n],
    ['back in time', 50, 5n],
    ['back in time', 110, 0n],
    ['back in time', 120, 5n],
  ] as const;
  const told = facts.map(([accountId, atMs, monthly]) => ({ accountId, atMs, monthly }));
  expect(await recurringRevenue(told, span)).toEqual({
    atOpen: 33n,
    fresh: 10n,
    expansion: 15n,
    contraction: 6n,
    churned: 8n,
    atClose: 44n,
  });
});

test('shares of revenue are rounded to the nearest hundredth, and of nothing there is none', () => {
  expect([perCent(1n, 3n), perCent(2n, 3n), perCent(-1n, 3n), perCent(1n, 20_000n)]).toEqual([
    '33.33',
    '66.67',
    '-33.33',
    '0.01',
  ]);
  expect([perCent(0n, 5n), perCent(-1n, 1_000_000n), perCent(5n, 0n), perCent(5n, -1n)]).toEqual([
    '0.00',
    '0.00',
    null,
    null,
  ]);
});
