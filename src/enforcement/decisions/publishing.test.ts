import { afterEach, beforeEach, expect, test } from 'bun:test';
import fc from 'fast-check';
import { canonicalJson } from '../../audit/canonical.ts';
import { isSignedBy } from '../../audit/signing.ts';
import {
  AUTOMATIC,
  CERTIFICATE,
  DAY_MS,
  openSanctionWorld,
  orderOf,
  type SanctionWorld,
  START_MS,
} from '../../../test/world/sanctions.ts';
import { CONDUCTS, SEVERITIES } from '../conduct.ts';
import type { SanctionOrder } from '../sanction.ts';
import { STEPS } from '../step.ts';
import { dsaStatementView, transparencyView } from './contract.ts';
import { dsaStatement } from './dsa.ts';
import { publishedTally } from './suppress.ts';
import { makeReport } from './transparency.ts';
import { statementOf } from './words/statement.ts';

let world: SanctionWorld;

beforeEach(async () => {
  world = await openSanctionWorld();
});

afterEach(() => world.close());

async function impose(more: Partial<SanctionOrder> = {}): Promise<string> {
  const imposed = await world.sanctions.impose(orderOf(await world.account(), more));
  if (!imposed.ok) throw new Error(imposed.refusal.message);
  return imposed.value.id;
}

const report = (more: { countAppeals?: () => Promise<Map<string, number>> } = {}) =>
  makeReport(
    {
      reader: world.storage.reader,
      clock: world.clock,
      audit: world.audit,
      countAppeals: null,
      countSignals: async () =>
        new Map([
          ['moderation', 40],
          ['report', 3],
          ['fraud', 2],
        ]),
      ...more,
    },
    START_MS - DAY_MS,
    START_MS + DAY_MS,
  );

test('published rows add up, none of them is below five, and none is found by subtraction', () => {
  const counts = fc.dictionary(fc.string({ minLength: 1, maxLength: 4 }), fc.nat({ max: 12 }), { maxKeys: 8 });
  fc.assert(
    fc.property(counts, (found) => {
      const sum = Object.values(found).reduce((all, count) => all + count, 0);
      const { total, rows } = publishedTally(new Map(Object.entries(found)));
      expect(total).toBe(sum > 0 && sum < 5 ? null : sum);
      for (const { count } of rows) expect(count).toBeGreaterThanOrEqual(5);
      expect(rows.reduce((all, { count }) => all + count, 0)).toBe(total ?? 0);
      for (const [name, count] of Object.entries(found)) {
        if (count > 0 && count < 5 && name !== 'other') expect(rows.map((row) => row.name)).not.toContain(name);
      }
    }),
  );
});

test('the report adds up over everything it breaks down by, is signed, and counts what was taken back', async () => {
  const facts = (conduct: 'hate' | 'resale') => ({ ...orderOf('').facts, conduct, severity: SEVERITIES[conduct] });
  const made: string[] = [];
  for (let at = 0; at < 7; at++) made.push(await impose());
  for (let at = 0; at < 6; at++) await impose({ step: 'throttle', facts: facts('hate'), author: AUTOMATIC });
  for (let at = 0; at < 2; at++)
    await impose({ step: 'friction', facts: facts('resale'), author: AUTOMATIC, certificate: CERTIFICATE });
  for (const id of made.slice(0, 5)) await world.sanctions.end(id, 'reversed', 'staff_2', 'it was wrong');
  await world.sanctions.end(made[5] ?? '', 'lifted', 'staff_2', 'enough');
  const view = transparencyView.parse(await report());
  const { decisions } = view.report;
  expect(decisions.total).toBe(15);
  for (const rows of [decisions.by_conduct, decisions.by_step, decisions.by_automation, decisions.by_unit]) {
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(15);
  }
  expect(decisions.by_conduct).toEqual([
    { name: 'threats', count: 7 },
    { name: 'other', count: 8 },
  ]);
  expect(decisions.by_automation).toEqual([
    { name: 'full', count: 8 },
    { name: 'partial', count: 7 },
  ]);
  expect([view.report.reversed, view.report.lifted, decisions.certified]).toEqual([5, null, null]);
  expect(decisions.median_ms_to_decision).toBe(DAY_MS);
  expect(view.report.appeals).toBeNull();
  expect(view.report.signals).toEqual({
    total: 45,
    by_source: [
      { name: 'moderation', count: 40 },
      { name: 'other', count: 5 },
    ],
  });
  expect(view.report.record).toEqual({ seq: 21, hash: (await world.audit.head()).hash });
  expect(isSignedBy(view.key, canonicalJson(view.report), view.signature)).toBe(true);
  expect(isSignedBy(view.key, canonicalJson({ ...view.report, reversed: 0 }), view.signature)).toBe(false);
});

test('appeals are counted by how they ended', async () => {
  const countAppeals = async () =>
    new Map([
      ['overturned', 6],
      ['upheld', 20],
      ['withdrawn', 1],
    ]);
  expect((await report({ countAppeals })).report.appeals).toEqual({
    total: 27,
    by_outcome: [
      { name: 'upheld', count: 20 },
      { name: 'other', count: 7 },
    ],
  });
});

test('a span without decisions is reported as one', async () => {
  expect((await report()).report.decisions).toMatchObject({ total: 0, by_step: [], median_ms_to_decision: null });
});

test('every decision that restricts somebody is a statement in the fields of the DSA database, without names', async () => {
  for (const conduct of CONDUCTS) {
    for (const step of STEPS) {
      if (step === 'operator') continue;
      const unit = { kind: 'account', accountId: await world.account() } as const;
      const facts = { ...orderOf('').facts, conduct, severity: SEVERITIES[conduct] };
      await impose({ unit, step, facts, author: { kind: 'staff', ids: ['staff_1', 'staff_2'] } });
    }
  }
  const decisions = await world.decisions.from({ kind: 'sanction' }, '', 1_000);
  expect(decisions.length).toBe(CONDUCTS.length * 8);
  for (const decision of decisions) {
    const statement = dsaStatement(decision);
    if (decision.step === 'notice' || decision.step === 'warning') {
      expect(statement).toBeNull();
      continue;
    }
    const { puid, decision_provision, decision_account, ...rest } = dsaStatementView.parse(statement);
    expect(puid).toMatch(/^[A-Za-z0-9_-]{1,500}$/);
    expect(decision_provision ?? decision_account).toMatch(/^DECISION_(PROVISION|ACCOUNT)_/);
    expect(rest.category).toMatch(/^STATEMENT_CATEGORY_/);
    expect(JSON.stringify(rest)).not.toMatch(/acct_|staff_|inc_/);
  }
});

test('a statement of reasons has every part the law asks for, in both languages', async () => {
  const id = await impose({ step: 'suspend', author: AUTOMATIC, certificate: CERTIFICATE });
  const decision = await world.decisions.get((await world.sanctions.get(id))?.decisionId ?? '');
  if (decision === null) throw new Error('no decision');
  const parts = statementOf(decision);
  expect(parts.map(({ heading }) => heading.en)).toEqual([
    'What was decided',
    'Where it holds',
    'From when until when',
    'Facts it rests on',
    'Automatic means',
    'Ground',
    'Milder steps that were considered',
    'What you can do',
  ]);
  for (const { heading, text } of parts) {
    for (const words of [heading, text]) expect([words.en, words.zh].every((one) => one.length > 2)).toBe(true);
    expect(heading.zh).toMatch(/\p{Script=Han}/u);
    // What the ladder goes by would tell how to stay below it.
    expect(text.en).not.toMatch(/score|threshold|CUSUM/i);
  }
  expect(parts.at(-1)?.text.en).toContain('24 May 2027');
});
