import { afterEach, expect, test } from 'bun:test';
import { type CaseWorld, openCaseWorld } from '../proving/case-world.ts';
import type { Case, CaseOpening } from './case.ts';
import {
  type AgreementView,
  agreementView,
  type BudgetView,
  type CaseListView,
  type CaseView,
  reviewerListView,
} from './contract.ts';
import type { ReviewPolicy } from './policy.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

let world: CaseWorld;
afterEach(() => world.close());

async function begin(policy: Partial<ReviewPolicy> = {}): Promise<void> {
  world = await openCaseWorld(policy);
}

async function opened(more: Partial<CaseOpening> = {}): Promise<Case> {
  const one = await world.cases.open(world.opening(more));
  if (!one.ok) throw new Error(one.refusal);
  return one.value;
}

interface Revealed {
  readonly content: { readonly prompt: string } | null;
  readonly reveal_id: string;
  readonly state: string;
  readonly budget: BudgetView;
  readonly error: { readonly reason: string };
}
const reveal = (who: string, one: Case) =>
  world.ask<Revealed>(who, 'POST', `cases/${one.id}/reveal`, {
    request_id: one.requestIds[0],
    reason: 'the figures do not tell',
  });
const next = async (who: string) =>
  (await world.ask<{ case: CaseView | null; why: string | null }>(who, 'POST', 'cases/next', {})).body;
const decide = (who: string, id: string, outcome: string) =>
  world.ask<CaseView>(who, 'POST', `cases/${id}/decide`, { outcome, reason: 'looked at it closely' });

async function readable(more: Partial<CaseOpening> = {}): Promise<Case> {
  const one = await opened(more);
  await world.capture(one.requestIds[0] ?? '', one.owner.accountId);
  return one;
}

test('no list and no case tells a word of what people wrote', async () => {
  await begin();
  const one = await readable();
  const shown = await world.ask('staff_a', 'GET', `cases/${one.id}`);
  const listed = await world.ask('staff_a', 'GET', 'cases');
  expect(JSON.stringify([shown.body, listed.body])).not.toContain('what req_');
  expect(await world.accesses()).toBe(0);
});

test('a reading needs a reason, is on record, and counts for as long as it was looked at', async () => {
  await begin();
  const one = await readable();
  expect(
    (await world.ask('staff_a', 'POST', `cases/${one.id}/reveal`, { request_id: one.requestIds[0], reason: 'why' }))
      .status,
  ).toBe(400);
  const opened = await reveal('staff_a', one);
  expect(opened.body.content?.prompt).toContain('what req_of');
  expect(await world.accesses()).toBe(1);
  expect(opened.body.budget.minutes_used).toBe(0.3);
  const tell = (ms: number) =>
    world.ask<{ budget: BudgetView }>('staff_a', 'POST', `cases/${one.id}/reveals/${opened.body.reveal_id}/time`, {
      active_ms: ms,
    });
  world.pass(4 * MINUTE_MS);
  expect((await tell(2 * MINUTE_MS)).body.budget.minutes_used).toBe(2);
  expect((await tell(60 * MINUTE_MS)).body.budget.minutes_used).toBe(4);
  world.pass(50 * MINUTE_MS);
  expect((await tell(54 * MINUTE_MS)).body.budget.minutes_used).toBe(10);
  await world.restart();
  expect((await world.ask<{ budget: BudgetView }>('staff_a', 'GET', 'reviewers/me')).body.budget.minutes_used).toBe(10);
  expect(
    (await world.ask('staff_b', 'POST', `cases/${one.id}/reveals/${opened.body.reveal_id}/time`, { active_ms: 1 }))
      .status,
  ).toBe(404);
});

test('only requests of the case can be read through it', async () => {
  await begin();
  const one = await readable();
  const other = await readable();
  const body = { request_id: other.requestIds[0], reason: 'the figures do not tell' };
  expect((await world.ask('staff_a', 'POST', `cases/${one.id}/reveal`, body)).status).toBe(404);
  expect(await world.accesses()).toBe(0);
});

test('whoever has read enough for today reads no more, and gets nothing severe until tomorrow', async () => {
  await begin({ exposureMinutesPerDay: 1, severePerDay: 20 });
  const one = await readable({ severity: 1 });
  const severe = await opened({ severity: 3, conduct: 'threats' });
  const { body } = await reveal('staff_a', one);
  world.pass(2 * MINUTE_MS);
  await world.ask('staff_a', 'POST', `cases/${one.id}/reveals/${body.reveal_id}/time`, { active_ms: 2 * MINUTE_MS });
  expect((await reveal('staff_a', one)).body.error.reason).toBe('exposure_used_up');
  await decide('staff_a', one.id, 'harmless');
  expect(await next('staff_a')).toMatchObject({ case: null, why: 'severe_budget_used' });
  expect((await next('staff_b')).case?.id).toBe(severe.id);
  await world.ask('staff_b', 'POST', `cases/${severe.id}/release`);
  world.pass(DAY_MS);
  expect((await next('staff_a')).case?.id).toBe(severe.id);
});

test('so many severe cases in a day and no more, whatever the way, also after a start', async () => {
  await begin({ severePerDay: 2 });
  const severe = [];
  for (let at = 0; at < 3; at++) severe.push(await opened({ severity: 3, conduct: 'threats' }));
  const given = [await next('staff_a'), await next('staff_a')].map((one) => one.case?.id);
  await world.restart();
  const last = severe.find(({ id }) => !given.includes(id));
  expect(await next('staff_a')).toMatchObject({ case: null, why: 'severe_budget_used' });
  expect((await world.ask('staff_a', 'POST', `cases/${last?.id}/take`)).body).toMatchObject({
    error: { reason: 'case_severe_budget' },
  });
  expect((await decide('staff_a', last?.id ?? '', 'confirm')).status).toBe(409);
  const plain = await opened();
  expect((await next('staff_a')).case?.id).toBe(plain.id);
});

test('after a row of one conduct another one comes first, and nothing severe of it at all', async () => {
  await begin({ rotateAfter: 2 });
  for (let at = 0; at < 2; at++) {
    const one = await opened({ severity: 3, conduct: 'threats' });
    await decide('staff_a', one.id, 'confirm');
  }
  const same = await opened({ severity: 3, conduct: 'threats' });
  expect(await next('staff_a')).toMatchObject({ case: null, why: 'rotation' });
  const other = await opened({ severity: 1, conduct: 'resale' });
  expect((await next('staff_a')).case?.id).toBe(other.id);
  world.pass(61 * MINUTE_MS);
  expect((await next('staff_a')).case?.id).toBe(same.id);
});

test('where the policy says so, reading takes a second person, and never whoever asked', async () => {
  await begin({ revealTakesTwo: [3] });
  const one = await readable({ severity: 3, conduct: 'threats' });
  const asked = await reveal('staff_a', one);
  expect(asked.body).toMatchObject({ content: null, state: 'awaits_second' });
  expect(await world.accesses()).toBe(0);
  const allow = (who: string) => world.ask(who, 'POST', `cases/${one.id}/reveals/${asked.body.reveal_id}/allow`);
  expect((await allow('staff_a')).status).toBe(403);
  const waiting = await world.ask<{ data: { id: string }[] }>('staff_b', 'GET', 'reveals');
  expect(waiting.body.data.map(({ id }) => id)).toEqual([asked.body.reveal_id]);
  expect((await allow('staff_b')).status).toBe(200);
  expect((await reveal('staff_a', one)).body.content?.prompt).toContain('what req_of');
  expect((await reveal('staff_a', one)).body.content).toBeNull();
});

test('a second reader does not know that it is one, and where the two disagree a third one decides', async () => {
  await begin({ doubleReviewPercent: 10 });
  const one = await opened();
  world.chance = 0.05;
  await decide('staff_a', one.id, 'confirm');
  world.chance = 0.999;
  expect(await next('staff_a')).toMatchObject({ case: null, why: 'nothing_waits' });
  const twin = (await next('staff_b')).case;
  expect(twin).toMatchObject({ kind: 'incident', account_id: one.owner.accountId, ruling: null, awaited: null });
  expect(JSON.stringify(twin)).not.toContain('staff_a');
  expect(JSON.stringify(twin)).not.toContain(one.id);
  expect((await world.ask('staff_b', 'GET', `cases/${one.id}`)).status).toBe(404);
  expect((await world.ask<CaseListView>('staff_b', 'GET', 'cases?state=all')).body.data.map(({ id }) => id)).toEqual([
    twin?.id ?? '',
  ]);
  const second = await decide('staff_b', twin?.id ?? '', 'harmless');
  expect(second.body.ruling).toMatchObject({ undo_until: expect.any(String), sanction_ids: [] });
  expect(world.followed.readings).toHaveLength(1);
  expect((await world.ask('staff_a', 'GET', `cases/${one.id}`)).status).toBe(404);
  expect((await world.ask('staff_b', 'GET', `cases/${one.id}`)).status).toBe(404);
  expect((await next('staff_c')).case?.id).toBe(one.id);
  await decide('staff_c', one.id, 'harmless');
  expect(world.followed.readings.map(({ outcome }) => outcome)).toEqual(['abuse', 'unsure', 'harmless']);
});

test('agreement is told for all, by queue and by pair, with how little it rests on', async () => {
  await begin({ doubleReviewPercent: 100 });
  const readTwice = async (first: string, second: string) => {
    world.chance = 0;
    const one = await opened();
    await decide('staff_a', one.id, first);
    const twin = (await next('staff_b')).case;
    await decide('staff_b', twin?.id ?? '', second);
  };
  for (let at = 0; at < 4; at++) await readTwice('confirm', 'confirm');
  for (let at = 0; at < 4; at++) await readTwice('harmless', 'harmless');
  await readTwice('confirm', 'harmless');
  const { body } = await world.ask<AgreementView>('staff_lead', 'GET', 'agreement');
  const view = agreementView.parse(body);
  expect(view.all).toMatchObject({ n: 9 });
  // 8 of 9 agree; by chance (5/9)(4/9) + (4/9)(5/9).
  const byChance = 40 / 81;
  expect(view.all.kappa).toBeCloseTo((8 / 9 - byChance) / (1 - byChance), 9);
  expect(view.all.low).toBeLessThan(view.all.kappa ?? 0);
  expect(view.queues).toMatchObject([{ queue: 'doubts', n: 9 }]);
  expect(view.pairs[0]?.people.map(({ id }) => id)).toEqual(['staff_a', 'staff_b']);
});

test('the lead sees load and what to care for', async () => {
  await begin({ severePerDay: 1 });
  const severe = await opened({ severity: 3, conduct: 'threats' });
  await decide('staff_a', severe.id, 'confirm');
  const held = await opened();
  await world.ask('staff_a', 'POST', `cases/${held.id}/take`);
  const { body } = await world.ask('staff_lead', 'GET', 'reviewers');
  const view = reviewerListView.parse(body).data.find(({ id }) => id === 'staff_a');
  expect(view).toMatchObject({ holds: 1, care: ['severe_used_up'], severe_days: 1, late_decided: 0 });
  expect(view?.days.at(-1)).toMatchObject({ decided: 1, severe: 1 });
});
