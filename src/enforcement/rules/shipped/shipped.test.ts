import { expect, test } from 'bun:test';
import { checkRule } from '../compile/compile-rule.ts';
import { shippedRules } from './shipped.ts';

const RULES = shippedRules();

test('there are some, each in shadow, with tests of what it hits and of what it lets be', () => {
  expect(RULES.length).toBeGreaterThanOrEqual(6);
  expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length);
  for (const { name, mode, tests, reason } of RULES) {
    const expected = new Set(tests.map((one) => one.expect));
    expect([name, mode, expected.has('hit'), expected.has('miss')]).toEqual([name, 'shadow', true, true]);
    // What people read says neither how often nor within what time: that would tell how to stay below.
    expect(reason.en).not.toMatch(/\d/);
    expect(reason.zh).not.toMatch(/\d/);
  }
});

test.each(RULES.map((rule) => [rule.name, rule] as const))('%s is admitted and passes its tests', (_name, rule) => {
  expect(checkRule(rule).problems).toEqual([]);
});
