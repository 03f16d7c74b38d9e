import { afterEach, beforeEach, expect, test } from 'bun:test';
import { type CaseWorld, openCaseWorld } from '../proving/case-world.ts';
import type { Case, CaseOpening } from './case.ts';
import {
  type BulkPreviewView,
  type CaseListView,
  caseListView,
  type CaseView,
  caseView,
  queueListView,
} from './contract.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let world: CaseWorld;
beforeEach(async () => {
  world = await openCaseWorld();
});
afterEach(() => world.close());

async function opened(more: Partial<CaseOpening> = {}): Promise<Case> {
  const one = await world.cases.open(world.opening(more));
  if (!one.ok) throw new Error(one.refusal);
  return one.value;
}

interface Refused {
  readonly error: { readonly reason: string; readonly message: string };
}
const decide = (who: string, id: string, body: Record<string, unknown>) =>
  world.ask<CaseView & Refused>(who, 'POST', `cases/${id}/decide`, { reason: 'looked at it closely', ...body });
const list = async (who: string, query = '') => (await world.ask<CaseListView>(who, 'GET', `cases${query}`)).body;
const next = async (who: string) =>
  (await world.ask<{ case: CaseView | null; why: string | null; others: number }>(who, 'POST', 'cases/next', {})).body;

test('doubts of one account and conduct fold into one case, and none is opened twice', async () => {
  const opening = world.opening();
  const first = await world.cases.open(opening);
  const same = await world.cases.open(opening);
  const more = await world.cases.open({ ...opening, incidents: ['inc_x'], subjects: ['incident inc_x'] });
  if (!first.ok || !same.ok || !more.ok) throw new Error('refused');
  expect(same.value.facts.requests).toBe(3);
  expect(more.value).toMatchObject({ id: first.value.id, facts: { requests: 6 } });
  expect(more.value.incidents).toHaveLength(2);
  await decide('staff_a', first.value.id, { outcome: 'harmless' });
  await world.restart();
  const again = await world.cases.open(opening);
  expect(again.ok && again.value.id).toBe(first.value.id);
  expect((await list('staff_b')).data).toEqual([]);
});

test('the most pressing comes first, and says why', async () => {
  const mild = await opened({ severity: 1, probability: 0.9 });
  const grave = await opened({ severity: 3, conduct: 'threats', probability: 0.4 });
  world.pass(47 * HOUR_MS);
  const fresh = await opened({ severity: 2, probability: 0.5 });
  const { data } = caseListView.parse(await list('staff_a'));
  expect(data.map(({ id }) => id)).toEqual([grave.id, mild.id, fresh.id]);
  for (const { priority } of data) {
    const { value, probability, harm, reach, age } = priority;
    expect(value).toBeCloseTo(probability * harm * reach * age, 6);
  }
  expect(data[1]?.priority.age).toBeGreaterThan(1.9);
  expect((await next('staff_a')).case?.id).toBe(grave.id);
});

test('nobody works on what somebody else works on, and a lock that is over frees it', async () => {
  const one = await opened();
  const given = await next('staff_a');
  expect(caseView.parse(given.case)).toMatchObject({ id: one.id, state: 'assigned', barred: null });
  expect(await world.ask('staff_b', 'POST', `cases/${one.id}/take`)).toMatchObject({
    status: 409,
    body: { error: { reason: 'case_locked' } },
  });
  expect(await next('staff_b')).toMatchObject({ case: null, why: 'nothing_waits' });
  world.pass(20 * MINUTE_MS);
  await world.ask('staff_a', 'POST', `cases/${one.id}/take`);
  world.pass(20 * MINUTE_MS);
  expect((await decide('staff_b', one.id, { outcome: 'harmless' })).status).toBe(409);
  world.pass(11 * MINUTE_MS);
  expect((await list('staff_b')).data[0]).toMatchObject({ state: 'open', assignee: null, locked_until: null });
  expect((await next('staff_b')).case?.id).toBe(one.id);
  expect((await decide('staff_a', one.id, { outcome: 'harmless' })).body.error.reason).toBe('case_locked');
});

test('two who take the same case at once: one gets it', async () => {
  const one = await opened();
  const answers = await Promise.all(
    ['staff_a', 'staff_b', 'staff_c'].map((who) => world.ask(who, 'POST', `cases/${one.id}/take`)),
  );
  expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409, 409]);
});

test('what is not decided in time is overdue, also after a start', async () => {
  const one = await opened({ kind: 'suspension', sanctionId: 'san_auto' });
  expect(one).toMatchObject({ queue: 'suspensions', dueMs: one.openedAtMs + 24 * HOUR_MS });
  world.pass(24 * HOUR_MS);
  await world.restart();
  expect((await list('staff_a')).data[0]).toMatchObject({ id: one.id, overdue: true });
  const queues = queueListView.parse((await world.ask('staff_a', 'GET', 'queues')).body);
  expect(queues.data.find(({ name }) => name === 'suspensions')).toMatchObject({
    waiting: 1,
    overdue: 1,
    reviewers: 4,
  });
});

test('abuse and harmless are the word of a person on each incident', async () => {
  const abuse = await opened();
  const harmless = await opened();
  expect((await decide('staff_a', abuse.id, { outcome: 'confirm' })).body).toMatchObject({ state: 'decided' });
  await decide('staff_a', harmless.id, { outcome: 'harmless' });
  expect(world.followed.readings.map(({ outcome, by }) => [outcome, by])).toEqual([
    ['abuse', 'person:staff_a'],
    ['harmless', 'person:staff_a'],
  ]);
  world.pass(24 * HOUR_MS);
  expect((await list('staff_a', '?state=closed')).data).toHaveLength(2);
});

test('of another conduct: not of this one, and a signal of the staff for that one', async () => {
  const one = await opened();
  expect((await decide('staff_a', one.id, { outcome: 'other' })).status).toBe(400);
  await decide('staff_a', one.id, { outcome: 'other', conduct: 'harassment' });
  expect(world.followed.said).toEqual(['harassment']);
  expect(world.followed.readings.map(({ outcome }) => outcome)).toEqual(['harmless']);
});

test('a step is imposed in the name of whoever decided it', async () => {
  const one = await opened({ kind: 'proposal' });
  const decided = await decide('staff_a', one.id, {
    outcome: 'confirm',
    step: 'suspend',
    alternatives: 'was throttled',
  });
  expect(decided.body.ruling).toMatchObject({ sanction_ids: ['san_1'], by: [{ id: 'staff_a' }] });
  expect(world.followed.imposed[0]).toMatchObject({
    step: 'suspend',
    author: { kind: 'staff', ids: ['staff_a'] },
    alternatives: 'was throttled',
    facts: { conduct: 'hate', categories: ['hate'], requests: 3 },
  });
  expect(world.followed.readings).toEqual([]);
});

test('an end of an account takes two people, of whom the first does not see it again', async () => {
  const one = await opened({ kind: 'proposal' });
  const first = await decide('staff_a', one.id, { outcome: 'confirm', step: 'terminate' });
  expect(first.body).toMatchObject({ state: 'open', awaited: { by: { id: 'staff_a' }, step: 'terminate' } });
  expect(world.followed.imposed).toEqual([]);
  expect((await world.ask('staff_a', 'GET', `cases/${one.id}`)).status).toBe(404);
  expect((await decide('staff_a', one.id, { outcome: 'confirm', step: 'terminate' })).status).toBe(404);
  await world.restart();
  await decide('staff_b', one.id, { outcome: 'confirm', step: 'terminate' });
  expect(world.followed.imposed[0]?.author).toEqual({ kind: 'staff', ids: ['staff_a', 'staff_b'] });
});

test('a second person who wants less decides alone', async () => {
  const one = await opened({ kind: 'proposal' });
  await decide('staff_a', one.id, { outcome: 'confirm', step: 'terminate' });
  await decide('staff_b', one.id, { outcome: 'confirm', step: 'suspend' });
  expect(world.followed.imposed[0]?.author).toEqual({ kind: 'staff', ids: ['staff_b'] });
});

test('nobody sees or judges what they authored, by no way', async () => {
  const one = await opened({ kind: 'suspension', sanctionId: 'san_auto', authors: ['staff_a'] });
  expect((await list('staff_a')).data).toEqual([]);
  expect((await list('staff_a', `?state=all&query=${encodeURIComponent('true')}`)).data).toEqual([]);
  expect(await next('staff_a')).toMatchObject({ case: null, why: 'nothing_waits', others: 0 });
  for (const [path, body] of [
    ['take', undefined],
    ['notes', { text: 'a note' }],
    ['hand-over', { to: 'staff_b', note: 'for you' }],
    ['decide', { outcome: 'harmless', reason: 'let me off here' }],
    ['undo', { reason: 'let me off here' }],
    ['reveal', { request_id: one.requestIds[0], reason: 'let me read it' }],
  ] as const) {
    expect((await world.ask('staff_a', 'POST', `cases/${one.id}/${path}`, body)).status).toBe(404);
  }
  const bulk = { ids: [one.id], outcome: 'harmless', reason: 'let me off here' };
  expect((await world.ask('staff_a', 'POST', 'cases/bulk', bulk)).body).toMatchObject({ done: 0, failed: [{}] });
  expect((await world.ask('staff_b', 'POST', `cases/${one.id}/hand-over`, { to: 'staff_a', note: 'x' })).status).toBe(
    409,
  );
  await world.ask('staff_b', 'POST', `cases/${one.id}/take`);
  expect(
    (await world.ask('staff_b', 'POST', `cases/${one.id}/hand-over`, { to: 'staff_a', note: 'x' })).body,
  ).toMatchObject({
    error: { reason: 'reviewer_barred' },
  });
});

test('an undone decision comes back to somebody else, and what it did is taken back', async () => {
  const one = await opened();
  await decide('staff_a', one.id, { outcome: 'confirm', step: 'throttle' });
  expect((await world.ask('staff_b', 'POST', `cases/${one.id}/undo`, { reason: 'not mine to undo' })).status).toBe(403);
  const undone = await world.ask<CaseView>('staff_a', 'POST', `cases/${one.id}/undo`, {
    reason: 'mistook the account',
  });
  expect(undone.body).toMatchObject({ state: 'reopened' });
  expect(world.followed.ended).toEqual([{ id: 'san_1', how: 'reversed' }]);
  expect(world.followed.readings.at(-1)).toMatchObject({ outcome: 'unsure' });
  expect((await world.ask('staff_a', 'GET', `cases/${one.id}`)).status).toBe(404);
  expect((await next('staff_b')).case).toMatchObject({ id: one.id, ruling: { undone_at: expect.any(String) } });
});

test('what is for good, or decided long ago, is not undone', async () => {
  const cleared = await opened({ kind: 'suspension', sanctionId: 'san_auto' });
  await decide('staff_a', cleared.id, { outcome: 'harmless' });
  expect(world.followed.ended).toEqual([{ id: 'san_auto', how: 'reversed' }]);
  expect(world.followed.undone).toEqual([...cleared.incidents]);
  const old = await opened();
  await decide('staff_a', old.id, { outcome: 'harmless' });
  expect((await world.ask('staff_a', 'POST', `cases/${cleared.id}/undo`, { reason: 'second thoughts' })).status).toBe(
    409,
  );
  world.pass(24 * HOUR_MS);
  expect((await world.ask('staff_a', 'POST', `cases/${old.id}/undo`, { reason: 'second thoughts' })).status).toBe(409);
});

test("nobody's work vanishes with them", async () => {
  const one = await opened();
  await world.ask('staff_a', 'POST', `cases/${one.id}/take`);
  await world.ask('staff_a', 'POST', `cases/${one.id}/notes`, { text: 'the third request is the one' });
  const waiting = await opened();
  await decide('staff_a', waiting.id, { outcome: 'need_info' });
  expect((await list('staff_a', '?mine=1')).data).toHaveLength(2);
  world.staff.splice(0, 1, { id: 'staff_a', name: 'staff_a', active: false, mayReview: true, leads: false });
  await world.cases.staffChanged();
  const { data } = await list('staff_b');
  expect(data.map(({ state, assignee }) => [state, assignee])).toEqual([
    ['open', null],
    ['open', null],
  ]);
  const view = await world.ask<CaseView>('staff_b', 'GET', `cases/${one.id}`);
  expect(view.body.notes).toMatchObject([{ by: { id: 'staff_a' }, text: 'the third request is the one' }]);
  expect(view.body.events.map(({ what }) => what)).toEqual(['opened', 'taken', 'noted', 'returned']);
});

test('somebody who is away gives everything back', async () => {
  const one = await opened();
  await world.ask('staff_a', 'POST', `cases/${one.id}/take`);
  await world.ask('staff_a', 'POST', 'reviewers/me/away', { away: true });
  expect((await list('staff_b')).data[0]).toMatchObject({ state: 'open', assignee: null });
  const handed = await world.ask('staff_lead', 'POST', `cases/${one.id}/hand-over`, { to: 'staff_a', note: 'please' });
  expect(handed).toMatchObject({ status: 409, body: { error: { reason: 'reviewer_away' } } });
});

test('cases go by skill, and the restricted queue is for whoever was given it', async () => {
  const put = (id: string, body: unknown) => world.ask('staff_lead', 'PUT', `reviewers/${id}`, body);
  await put('staff_a', { languages: ['en'], groups: ['fraud'] });
  const chinese = await opened({ language: 'zh', conduct: 'fraud' });
  const speech = await opened({ conduct: 'hate' });
  const terminal = await opened({ conduct: 'minors', severity: 'terminal', kind: 'upstream' });
  expect(terminal.queue).toBe('restricted');
  expect(await next('staff_a')).toMatchObject({ case: null, why: 'no_skill', others: 3 });
  for (const { id } of [chinese, speech, terminal]) {
    expect((await world.ask('staff_a', 'POST', `cases/${id}/take`)).status).toBe(403);
  }
  await put('staff_b', { restricted: true });
  expect((await next('staff_b')).case?.id).toBe(terminal.id);
});

test('a search is an expression of the language of rules, and says what is wrong with it', async () => {
  const grave = await opened({ severity: 3, conduct: 'threats' });
  const plain = await opened();
  const search = (query: string) =>
    world.ask<CaseListView & Refused>('staff_a', 'GET', `cases?query=${encodeURIComponent(query)}`);
  expect((await search('severity >= 3 && conduct == "threats"')).body.data.map(({ id }) => id)).toEqual([grave.id]);
  expect((await search(`account == "${plain.owner.accountId}" && age_hours < 1.0`)).body.count).toBe(1);
  expect((await search('wanted == "suspend"')).body.count).toBe(0);
  const bare = world.opening();
  await world.cases.open({ ...bare, facts: { ...bare.facts, posterior: null } });
  expect((await search('posterior > 0.1')).body).toMatchObject({ count: 2, unknown: 1 });
  const wrong = await search('severty == 3');
  expect(wrong).toMatchObject({ status: 400, body: { error: { reason: 'invalid_query' } } });
  expect(wrong.body.error.message).toContain('severity');
});

test('in bulk: exactly what was shown is decided, and all of it is undone', async () => {
  const mine = await opened({ authors: ['staff_a'] });
  const grave = await opened({ severity: 3, conduct: 'threats' });
  const forGood = await opened({ kind: 'suspension', sanctionId: 'san_auto' });
  const plain = [await opened(), await opened(), await opened()];
  const query = 'conduct == "hate" || severity == 3';
  const preview = await world.ask<BulkPreviewView>('staff_a', 'POST', 'cases/bulk/preview', {
    query,
    outcome: 'harmless',
  });
  expect(preview.body).toMatchObject({ accounts: 3, by_severity: { 2: 3 }, left_out: { one_by_one: 1, for_good: 1 } });
  expect([...preview.body.ids].sort()).toEqual(plain.map(({ id }) => id).sort());
  expect(world.followed.readings).toEqual([]);
  const later = await opened();
  const order = { ids: preview.body.ids, outcome: 'harmless', reason: 'a homework of one school' };
  const done = await world.ask<{ bulk_id: string; done: number }>('staff_a', 'POST', 'cases/bulk', order);
  expect(done.body).toMatchObject({ done: 3, failed: [] });
  const left = (await list('staff_b')).data.map(({ id }) => id).sort();
  expect(left).toEqual([mine.id, grave.id, forGood.id, later.id].sort());
  const undone = await world.ask('staff_a', 'POST', `cases/bulk/${done.body.bulk_id}/undo`, {
    reason: 'the wrong school',
  });
  expect(undone.body).toEqual({ undone: 3, failed: [] });
  expect((await list('staff_b')).data).toHaveLength(7);
  const severe = { ids: [grave.id], outcome: 'harmless', reason: 'all together now' };
  expect((await world.ask('staff_b', 'POST', 'cases/bulk', severe)).body).toMatchObject({ done: 0 });
});

test('what somebody looks at does not grow under their eyes', async () => {
  const opening = world.opening();
  const first = await opened({ ...opening });
  await world.ask('staff_a', 'POST', `cases/${first.id}/take`);
  const [, more] = await Promise.all([
    decide('staff_a', first.id, { outcome: 'confirm' }),
    world.cases.open({ ...opening, incidents: ['inc_more'], subjects: ['incident inc_more'] }),
  ]);
  expect(more.ok && more.value.id).not.toBe(first.id);
  expect(world.followed.readings.map(({ incidentId }) => incidentId)).toEqual([...first.incidents]);
});

test('a note written while somebody takes the case is not lost', async () => {
  const one = await opened();
  await Promise.all([
    world.ask('staff_a', 'POST', `cases/${one.id}/take`),
    world.ask('staff_b', 'POST', `cases/${one.id}/notes`, { text: 'seen this account before' }),
  ]);
  expect((await world.ask('staff_a', 'GET', `cases/${one.id}`)).body).toMatchObject({ state: 'assigned', notes: [{}] });
});

test('nothing of a deleted account stays but that it was reviewed', async () => {
  const one = await opened();
  await decide('staff_a', one.id, { outcome: 'harmless' });
  const open = await opened({ unit: one.unit, owner: one.owner });
  await world.cases.erase(one.owner.accountId);
  await world.restart();
  expect(await world.cases.get(one.id)).toBeNull();
  expect(await world.cases.get(open.id)).toBeNull();
  expect((await list('staff_b', '?state=all')).data).toEqual([]);
});
