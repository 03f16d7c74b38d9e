import { describe, expect, test } from 'bun:test';
import { Fields, present, quoted, readModel, unknownFields } from './fields.ts';
import { refusalMessage } from './refusal.ts';

describe('Fields', () => {
  test('keeps the first problem, with the whole path and both languages', () => {
    const fields = new Fields('/v1/x');
    expect(fields.integer({ n: 1.5 }, 'n', 'a[0].', 1, 8)).toBeUndefined();
    fields.missing('later');
    fields.unsupported('latest');
    const { problem } = fields;
    if (problem === undefined) throw new Error('there is a problem');
    expect(problem.param).toBe('a[0].n');
    expect(refusalMessage(problem, 'en')).toBe('"a[0].n" must be a whole number from 1 to 8.');
    expect(refusalMessage(problem, 'zh')).toBe('字段 “a[0].n” 无效：必须是 1 到 8 之间的整数。');
  });

  test('takes null for absent, everywhere', () => {
    const fields = new Fields('/v1/x');
    const from = { k: null };
    const read = [
      fields.string(from, 'k', ''),
      fields.boolean(from, 'k', ''),
      fields.number(from, 'k', '', 0, 1),
      fields.integer(from, 'k', '', 0, 1),
      fields.oneOf(from, 'k', '', ['a']),
      fields.object(from, 'k', ''),
      fields.list(from, 'k', '', 1),
      fields.strings(from, 'k', '', 1, 1),
    ];
    expect(read.every((value) => value === undefined)).toBe(true);
    expect(fields.problem).toBeUndefined();
    expect(fields.requiredString(from, 'k', '')).toBe('');
    expect(fields.problem).toMatchObject({ reason: 'missing_field', param: 'k' });
  });

  test('refuses control characters and great length in a model name', () => {
    for (const model of ['a\r\nb', 'a\u0000', 'a'.repeat(257), '']) {
      const fields = new Fields('/v1/x');
      readModel(fields, { model });
      expect(fields.problem?.param).toBe('model');
    }
  });
});

test('present drops undefined and keeps null and false', () => {
  expect(Object.keys(present({ a: undefined, b: null, c: false, d: 0 }))).toEqual(['b', 'c', 'd']);
});

test('unknownFields keeps what is not known, as it came', () => {
  expect(unknownFields({ a: 1, b: { c: [2] } }, new Set(['a']))).toEqual({ b: { c: [2] } });
});

test('quoted keeps a word short and on one line', () => {
  expect(quoted('web\nsearch')).toBe('"web\\nsearch"');
  expect(quoted('x'.repeat(100))).toBe(`"${'x'.repeat(40)}…"`);
  expect(quoted(undefined)).toBe('"nothing"');
});
