import { expect, test } from 'bun:test';
import { orderOf } from '../../../../test/world/sanctions.ts';
import { CONDUCTS, SEVERITIES } from '../../conduct.ts';
import { STEPS } from '../../step.ts';
import type { Unit } from '../../unit.ts';
import { noticeWords } from './notice.ts';

const UNITS: readonly Unit[] = [
  { kind: 'end_user', accountId: 'acct_1', endUser: 'ann' },
  { kind: 'key', accountId: 'acct_1', keyId: 'key_1' },
  { kind: 'app', accountId: 'acct_1', app: 'chat' },
  { kind: 'account', accountId: 'acct_1' },
];

const CASES = CONDUCTS.flatMap((conduct) =>
  STEPS.flatMap((step) =>
    UNITS.flatMap((unit) =>
      [null, Date.UTC(2027, 0, 1)].map((untilMs) => {
        const facts = { ...orderOf('').facts, conduct, severity: SEVERITIES[conduct] };
        return { step, unit, scope: null, facts, untilMs, note: '' };
      }),
    ),
  ),
);

test('every notice says what happens, why and what stays, in whole sentences of both languages', () => {
  for (const of of CASES) {
    const { en, zh } = noticeWords(of);
    expect([en.split('\n\n').length, zh.split('\n\n').length]).toEqual([3, 3]);
    for (const part of en.split('\n\n')) expect(part).toMatch(/^[A-Z“].*[.]$/s);
    for (const part of zh.split('\n\n')) expect(part).toMatch(/[。]$/);
    expect(`${en}${zh}`).not.toMatch(/undefined|null|NaN|acct_|inc_| {2}/);
    expect(zh).not.toMatch(/[,;?!]/);
  }
});

test('a note of the staff stands in both, and a linked account reads nothing of the others', () => {
  const [, , , account] = UNITS;
  if (account === undefined) throw new Error('no unit');
  const facts = { ...orderOf('').facts, requests: 0 };
  const { en, zh } = noticeWords({
    step: 'suspend',
    unit: account,
    scope: null,
    facts,
    untilMs: null,
    note: 'We wrote twice.',
  });
  expect([en, zh].every((text) => text.includes('We wrote twice.'))).toBe(true);
  expect(en).toContain('belongs together with other accounts');
});
