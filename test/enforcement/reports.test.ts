import { afterEach, beforeEach, expect, test } from 'bun:test';
import type { ReportOrder } from '../../src/enforcement/index.ts';
import { type AppealWorld, openAppealWorld, ownerOf } from './appeal-world.ts';

let world: AppealWorld;
beforeEach(async () => {
  world = await openAppealWorld();
});
afterEach(() => world.close());

/** Signals of one account that come soon after one another are one incident. */
const HOUR_MS = 3_600_000;

const order = (reporterId: string, more: Partial<ReportOrder> = {}): ReportOrder => ({
  reporterId,
  accountId: reporterId,
  personId: reporterId,
  requestId: 'req_theirs',
  app: null,
  category: 'hate_or_harassment',
  text: 'it insults me',
  ...more,
});

async function file(report: ReportOrder) {
  const filed = await world.reports.file(report);
  if (!filed.ok) throw new Error(filed.refusal.message);
  return filed.value;
}

const strikesOf = (accountId: string) => world.judgement.figuresOf({ kind: 'account', accountId }, world.nowMs());

test('any number of people who report somebody, together or alone, sanction nobody by themselves', async () => {
  const reported = await world.vested.account();
  for (let nth = 0; nth < 60; nth++) world.requests.set(`req_${nth}`, ownerOf(reported));
  const ring = Array.from({ length: 40 }, (_, nth) => `acct_ring_${nth}`);
  const reports = ring.flatMap((reporter, at) =>
    [at, at + 10, at + 20].map((nth) =>
      order(reporter, { requestId: `req_${nth % 60}`, category: 'violence_or_threats' }),
    ),
  );
  await Promise.all(reports.map(file));
  const { score, cusum, incidents } = strikesOf(reported);
  expect([score, cusum]).toEqual([0, 0]);
  expect(incidents.every(({ state }) => state === 'doubtful')).toBe(true);
  expect(incidents.length).toBeLessThanOrEqual(20);
  expect(await world.sanctions.ofAccount(reported)).toEqual([]);
});

test('of many who report one request in one way the first speaks, and the others with it', async () => {
  const reported = await world.vested.account();
  world.requests.set('req_theirs', ownerOf(reported));
  const filed: string[] = [];
  world.reports.onFiled(({ incidentId }) => void filed.push(incidentId ?? ''));
  await Promise.all(['acct_a', 'acct_b', 'acct_c'].map((reporter) => file(order(reporter))));
  expect(filed).toHaveLength(3);
  expect(new Set(filed).size).toBe(1);
  expect(strikesOf(reported).incidents).toMatchObject([{ signalCount: 1 }]);
  const again = await file(order('acct_a'));
  expect(again.repeated).toBe(true);
  expect(filed).toHaveLength(3);
});

test('who was right is believed more, who was wrong less', async () => {
  const reported = await world.vested.account();
  const prior = await world.reports.accuracyOf('acct_a');
  for (let nth = 0; nth < 4; nth++) {
    world.requests.set(`req_a${nth}`, ownerOf(reported));
    world.requests.set(`req_b${nth}`, ownerOf(reported));
    await file(order('acct_a', { requestId: `req_a${nth}` }));
    world.pass(HOUR_MS);
    await file(order('acct_b', { requestId: `req_b${nth}` }));
    world.pass(HOUR_MS);
  }
  const all = strikesOf(reported).incidents;
  const of = (prefix: string) => all.filter(({ requestIds }) => requestIds[0]?.startsWith(prefix));
  for (const { id } of of('req_a')) await world.reports.settled(id, true);
  for (const { id } of of('req_b')) await world.reports.settled(id, false);
  expect(await world.reports.accuracyOf('acct_a')).toBeGreaterThan(prior);
  expect(await world.reports.accuracyOf('acct_b')).toBeLessThan(prior);
  for (const { id } of of('req_a')) await world.reports.settled(id, false);
  expect(await world.reports.accuracyOf('acct_a')).toBeLessThan(prior);
});

test('the answer does not tell whether a request is known, and ones own speak against nobody', async () => {
  const [reporter, other] = [await world.vested.account(), await world.vested.account()];
  world.requests.set('req_own', ownerOf(reporter));
  world.requests.set('req_of_a_customer', { ...ownerOf(reporter), endUser: 'customer 7' });
  world.requests.set('req_other', ownerOf(other));
  const shown = await Promise.all(
    ['req_own', 'req_unknown', 'req_other'].map((requestId) => file(order(reporter, { requestId }))),
  );
  expect(new Set(shown.map((view) => Object.keys(view).join())).size).toBe(1);
  expect(strikesOf(reporter).incidents).toEqual([]);
  expect(strikesOf(other).incidents).toHaveLength(1);
  await file(order(reporter, { requestId: 'req_of_a_customer' }));
  expect(strikesOf(reporter).incidents).toMatchObject([{ owner: { endUser: 'customer 7' }, state: 'doubtful' }]);
});

test('reports are counted before they are made', async () => {
  const all = await Promise.all(
    Array.from({ length: 100 }, (_, nth) => world.reports.file(order('acct_a', { requestId: `req_x${nth}` }))),
  );
  expect(all.filter(({ ok }) => ok)).toHaveLength(20);
  expect(all.find(({ ok }) => !ok)).toMatchObject({ refusal: { reason: 'too_often' } });
  expect(await world.reports.file(order('acct_b', { requestId: null }))).toMatchObject({
    refusal: { reason: 'invalid_field' },
  });
  expect(await world.reports.file(order('acct_b', { text: 'x'.repeat(1_001) }))).toMatchObject({ ok: false });
});
