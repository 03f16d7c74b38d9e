import { afterEach, beforeEach, expect, test } from 'bun:test';
import type { AppealAnswer, Sanction } from '../../src/enforcement/index.ts';
import { type AppealWorld, factsOf, openAppealWorld } from './appeal-world.ts';

let world: AppealWorld;
let account: string;
let suspended: Sanction;
let incidents: string[];
beforeEach(async () => {
  world = await openAppealWorld();
  account = await world.vested.account();
  incidents = world.offend(account, 2);
  const unit = { kind: 'account', accountId: account } as const;
  suspended = await world.impose({ unit, step: 'suspend', facts: factsOf(incidents, world.nowMs()) });
});
afterEach(() => world.close());

const DAY_MS = 86_400_000;
const UPHELD: AppealAnswer = {
  outcome: 'upheld',
  reason: 'as_found',
  words: 'It is there.',
  language: 'en',
  harmless: [],
  step: null,
};
const OVERTURNED: AppealAnswer = { ...UPHELD, outcome: 'overturned', reason: 'not_found' };

const file = (text = 'It was a novel.', accountId = account) =>
  world.appeals.file({
    decisionId: suspended.decisionId,
    accountId,
    source: 'portal',
    filedBy: accountId,
    language: 'zh',
    text,
  });

async function filed() {
  const answer = await file();
  if (!answer.ok) throw new Error(answer.refusal.message);
  return answer.value;
}

const reasonOf = (answer: { ok: boolean; refusal?: { reason: string } }) => answer.refusal?.reason ?? 'none';

test('an appeal is acknowledged at once with the day it is answered by, and one is open at a time', async () => {
  const appeal = await filed();
  expect(appeal).toMatchObject({ state: 'received', accountId: account, reviewer: null });
  expect(appeal.dueAtMs - appeal.filedAtMs).toBe(7 * DAY_MS);
  const more = await Promise.all([file(), file(), file()]);
  expect(more.map(reasonOf)).toEqual(['already_open', 'already_open', 'already_open']);
  expect(await world.appeals.ofAccount(account)).toHaveLength(1);
  expect(reasonOf(await world.appeals.withdraw(appeal.id, 'acct_other'))).toBe('appeal_not_found');
  expect(await world.appeals.withdraw(appeal.id, account)).toMatchObject({ ok: true, value: { state: 'withdrawn' } });
  expect((await file()).ok).toBe(true);
});

test('of many at once that contest the same one is kept', async () => {
  const all = await Promise.all(Array.from({ length: 15 }, () => file()));
  expect(all.filter(({ ok }) => ok)).toHaveLength(1);
});

test('what is not theirs, is too old, says too much or was answered is not contested', async () => {
  expect(reasonOf(await file('mine', await world.vested.account()))).toBe('decision_not_found');
  expect(reasonOf(await file('x'.repeat(4_001)))).toBe('invalid_field');
  expect(reasonOf(await file('   '))).toBe('invalid_field');
  const appeal = await filed();
  await world.appeals.decide(appeal.id, UPHELD, 'staff_bea');
  expect(reasonOf(await file())).toBe('already_answered');
  const warned = await world.impose({
    unit: { kind: 'key', accountId: account, keyId: (await world.key(account)).key.id },
    step: 'warning',
  });
  world.pass(184 * DAY_MS);
  const order = { accountId: account, source: 'portal', filedBy: null, language: 'en', text: 'late' } as const;
  expect(reasonOf(await world.appeals.file({ ...order, decisionId: warned.decisionId }))).toBe('too_late');
});

test('what a stranger files by the address of a refusal takes no appeal from whoever is signed in', async () => {
  const { decisionId } = suspended;
  const by = { accountId: account, source: 'contest', filedBy: null, language: 'en', text: 'junk' } as const;
  const strange = await world.appeals.file({ ...by, decisionId });
  await world.appeals.decide(strange.ok ? strange.value.id : '', UPHELD, 'staff_bea');
  const own = await filed();
  await world.appeals.decide(own.id, UPHELD, 'staff_bea');
  expect(reasonOf(await file())).toBe('already_answered');
});

test('whoever decided, and whoever read an incident it rests on, reviews nothing of it', async () => {
  const appeal = await filed();
  world.judgement.read({
    incidentId: incidents[0] ?? '',
    outcome: 'harmless',
    confidence: 0.9,
    by: 'person:staff_cal',
    atMs: world.nowMs(),
  });
  world.judgement.read({
    incidentId: incidents[0] ?? '',
    outcome: 'abuse',
    confidence: 0.9,
    by: 'person:staff_cal',
    atMs: world.nowMs(),
  });
  world.readers.push('staff_cal');
  for (const barred of ['staff_ann', 'staff_cal']) {
    expect(reasonOf(await world.appeals.assign(appeal.id, barred, 'staff_bea'))).toBe('own_decision');
    expect(reasonOf(await world.appeals.decide(appeal.id, OVERTURNED, barred))).toBe('own_decision');
  }
  expect(reasonOf(await world.appeals.assign(appeal.id, 'staff_nobody', 'staff_bea'))).toBe('not_a_reviewer');
  expect([...(await world.appeals.barredFrom(suspended.decisionId))].sort()).toEqual(['staff_ann', 'staff_cal']);
  expect(await world.appeals.assign(appeal.id, 'staff_bea', 'staff_ann')).toMatchObject({
    value: { state: 'in_review', reviewer: 'staff_bea' },
  });
  expect(reasonOf(await world.appeals.decide(appeal.id, UPHELD, 'local'))).toBe('not_yours');
  expect((await world.appeals.decide(appeal.id, UPHELD, 'staff_bea')).ok).toBe(true);
});

test('an answer is a decision on record, in both languages, and only one of two answers counts', async () => {
  const appeal = await filed();
  const both = await Promise.all([
    world.appeals.decide(appeal.id, UPHELD, 'staff_bea'),
    world.appeals.decide(appeal.id, OVERTURNED, 'staff_cal'),
  ]);
  expect(both.filter(({ ok }) => ok)).toHaveLength(1);
  const answered = await world.appeals.get(appeal.id);
  const answer = await world.decisions.show(answered?.answerId ?? '');
  expect(answer?.recorded?.intact).toBe(true);
  expect(answer?.decision).toMatchObject({ kind: 'appeal', about: suspended.decisionId, automatedDecision: 'none' });
  const { notice } = answer?.decision ?? { notice: { en: '', zh: '' } };
  expect(notice.en).toContain('It is there.');
  expect(notice.zh).not.toContain('It is there.');
  expect(notice.zh).toMatch(/[一-鿿]/);
});

test('overturned, it says sorry, ends the sanction as reversed and tells the provider', async () => {
  const appeal = await filed();
  const preview = await world.appeals.preview(appeal.id, OVERTURNED);
  expect(preview).toMatchObject({ stops: 1, incidents, sanctions: [{ id: suspended.id, step: 'suspend' }] });
  expect(world.standing.stopOfAccount(account)).not.toBeNull();
  await world.appeals.decide(appeal.id, OVERTURNED, 'staff_bea');
  expect(world.standing.stopOfAccount(account)).toBeNull();
  expect((await world.sanctions.get(suspended.id))?.ended?.how).toBe('reversed');
  const { notice } = (await world.decisions.get((await world.appeals.get(appeal.id))?.answerId ?? ''))!;
  expect(notice.en).toContain('We are sorry');
  expect(notice.zh).toContain('道歉');
});

test('in part, only what was harmless is taken back, and a milder step takes the place of the other', async () => {
  const appeal = await filed();
  const [harmless = '', kept = ''] = incidents;
  const partly: AppealAnswer = {
    ...UPHELD,
    outcome: 'partly',
    reason: 'some_harmless',
    harmless: [harmless],
    step: 'warning',
  };
  const wrong: [Partial<AppealAnswer>, string][] = [
    [{ reason: 'as_found' }, 'reason'],
    [{ harmless: ['inc_nobody'] }, 'harmless'],
    [{ harmless: incidents }, 'harmless'],
    [{ harmless: [], step: null }, 'harmless'],
    [{ step: 'suspend' }, 'step'],
    [{ step: 'terminate' }, 'step'],
  ];
  for (const [change, field] of wrong) {
    const refused = await world.appeals.decide(appeal.id, { ...partly, ...change }, 'staff_bea');
    expect([reasonOf(refused), refused.ok ? '' : refused.refusal.message.split(/[:,]/)[0]]).toEqual([
      'invalid_field',
      field,
    ]);
  }
  expect((await world.appeals.decide(appeal.id, partly, 'staff_bea')).ok).toBe(true);
  expect(world.judgement.incident(harmless)?.state ?? 'undone').toBe('undone');
  expect(world.judgement.incident(kept)?.state).toBe('confirmed');
  const unit = { kind: 'account', accountId: account } as const;
  expect(world.sanctions.inForce(unit).map(({ step }) => step)).toEqual(['warning']);
  expect(world.standing.stopOfAccount(account)).toBeNull();
});

test('the queue is in the order of what is due, the urgent before, the answered last', async () => {
  const first = await filed();
  world.pass(1_000);
  const others = [];
  for (let nth = 0; nth < 3; nth++) {
    const accountId = await world.vested.account();
    const { decisionId } = await world.impose({ unit: { kind: 'account', accountId }, step: 'cool_off' });
    const made = await world.appeals.file({
      decisionId,
      accountId,
      source: 'contest',
      filedBy: null,
      language: 'en',
      text: 'why',
    });
    if (made.ok) others.push(made.value.id);
    world.pass(1_000);
  }
  const [second = '', third = '', fourth = ''] = others;
  await world.appeals.triage(third, true, 'staff_bea');
  await world.appeals.decide(second, UPHELD, 'staff_bea');
  const seen: string[] = [];
  for (let after: string | null = null; ; ) {
    const page = await world.appeals.list({ states: null, reviewer: null, accountId: null }, { after, limit: 2 });
    seen.push(...page.map(({ appeal }) => appeal.id));
    after = page.at(-1)?.cursor ?? null;
    if (after === null) break;
  }
  expect(seen).toEqual([third, first.id, fourth, second]);
});
