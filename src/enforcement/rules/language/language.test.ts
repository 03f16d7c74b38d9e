import { expect, test } from 'bun:test';
import { toldOf } from './explain.ts';
import { type Condition, compileCondition, compileExpression } from './language.ts';
import { patternTest } from './patterns.ts';
import { RULE_LIMITS } from './limits.ts';
import type { Env, Field, Schema } from './schema.ts';
import { Fault, type Value } from './value.ts';

const FIELDS: readonly (readonly [name: string, type: Field['type'], value: Value, told?: boolean])[] = [
  ['request.tokens', 'int', 1_200, true],
  ['request.model', 'string', 'large', true],
  ['request.at', 'timestamp', Date.parse('2026-11-22T20:30:00Z')],
  ['prompt.score', 'double', 0.93],
  ['prompt.labels', { list: 'string' }, ['hate', 'illicit']],
  ['owner.app', 'string', null],
  ['account.age', 'duration', 90 * 60_000, true],
  ['count.burst', 'int', undefined],
  ['lists.blocked', { map: ['string', 'int'] }, new Map([['10.1.0.0/16', 3]])],
];

const SCHEMA: Schema = {
  fields: FIELDS.map(([name, type, , told]) => ({ name, type, nullable: name === 'owner.app', told: told === true })),
  patterns: { coin: '(?i)bitcoin|ethereum' },
};

const event = (): Env => FIELDS.map(([, , value]) => value);

function condition(text: string): Condition {
  const compiled = compileCondition(text, SCHEMA);
  if (!compiled.ok) throw new Error(`${text}: ${compiled.refusal.map((problem) => problem.message).join(' ')}`);
  return compiled.value;
}

function outcome(text: string): unknown {
  const value = condition(text).evaluate(event());
  return value instanceof Fault ? value.code : value;
}

test.each([
  ['request.tokens > 1000 && prompt.score >= 0.9', true],
  ['prompt.score > 0 && request.tokens < 1200.5', true],
  ['request.model in ["large", "huge"]', true],
  ['"10.1.0.0/16" in lists.blocked && lists.blocked["10.1.0.0/16"] == 3', true],
  ['has(lists.blocked.there) ? true : lists.blocked == {"10.1.0.0/16": 3}', true],
  ['prompt.labels.exists(label, label.startsWith("ill"))', true],
  ['prompt.labels.filter(l, l != "hate") == ["illicit"] && prompt.labels.map(l, size(l)) == [4, 7]', true],
  ['prompt.labels.all(l, l == "hate") || prompt.labels.exists_one(l, l == "spam")', false],
  ['account.age < duration("2h") && request.at - account.age >= timestamp("2026-11-22T19:00:00Z")', true],
  ['request.at.getHours("Asia/Shanghai") == 4 && request.at.getDayOfWeek("Asia/Shanghai") == 1', true],
  ['request.at.getHours("America/New_York") == 15 && request.at.getMinutes("+05:45") == 15', true],
  ['re2("coin", "Send BITCOIN") && request.model.matches("^la.*e$")', true],
  ['request.tokens / 7 * 7 + request.tokens % 7 == request.tokens', true],
  ['string(request.tokens) + "!" == "1200!" && int("12") == 12', true],
  ['"ab".size() == 2 && size("\\U0001f600") == 1 && "\\uffff" < "\\U0001f600"', true],
])('%s comes to %p', (text, expected) => {
  expect(outcome(text)).toBe(expected);
});

test.each([
  ['count.burst > 5', 'unknown'],
  ['!(count.burst > 5)', 'unknown'],
  ['count.burst > 5 || request.tokens > 5', true],
  ['count.burst > 5 && request.tokens < 5', false],
  ['count.burst == 5 ? true : true', 'unknown'],
  ['count.burst in [1, 2]', 'unknown'],
  ['5 in [count.burst, 5]', 'unknown'],
  ['has(count.burst)', false],
  ['has(count.burst) && count.burst > 5', false],
  ['owner.app == null && !has(owner.app)', true],
  ['owner.app == "x" || owner.app in ["x"]', false],
  ['owner.app != "x"', true],
  ['owner.app.startsWith("x")', 'unknown'],
  ['prompt.labels.exists(l, count.burst > 1)', 'unknown'],
  ['prompt.labels.exists(l, count.burst > 1 || l == "illicit")', true],
  ['count.burst / 0 == 1', 'unknown'],
])('what is unknown is not false: %s comes to %p', (text, expected) => {
  expect(outcome(text)).toBe(expected);
});

test.each([
  ['request.tokens / 0 == 1', 'division_by_zero'],
  ['request.tokens * 9223372036854775807 > 1', 'overflow'],
  ['lists.blocked["there"] == 1', 'no_such_key'],
  ['prompt.labels[2] == "x"', 'bad_index'],
  ['int(request.model) == 1', 'bad_conversion'],
  ['request.tokens / 0 == 1 || request.tokens > 1', true],
  ['request.tokens / 0 == 1 || count.burst > 1', 'unknown'],
])('a fault is a value: %s comes to %p', (text, expected) => {
  expect(outcome(text)).toBe(expected);
});

test('a list or a text longer than what is looked at is unknown, not false', () => {
  const env = event();
  env[1] = 'x'.repeat(RULE_LIMITS.textCharacters + 1);
  env[4] = Array.from({ length: RULE_LIMITS.listItems + 1 }, () => 'x');
  const tests = [
    'request.model.contains("y")',
    'request.model.matches("y")',
    '"y" in prompt.labels',
    'prompt.labels.exists(l, l == "y")',
  ];
  for (const text of tests) expect(condition(text).evaluate(env)).toBe('unknown');
});

test('what is searched for one answer together is limited, and the next answer begins anew', () => {
  const env = event();
  env[4] = Array.from({ length: 20 }, () => 'x'.repeat(9_000));
  const rule = condition('prompt.labels.exists(l, l.matches("y"))');
  expect(rule.evaluate(env)).toBe('unknown');
  env[4] = ['x'.repeat(9_000), 'y'];
  expect(rule.evaluate(env)).toBe(true);
  expect(rule.explain(env).clauses[0]?.outcome).toBe(true);
});

test('long lists and maps are not compared with one another', () => {
  const env = event();
  env[8] = new Map(Array.from({ length: 257 }, (_, at) => [String(at), at]));
  expect(condition('lists.blocked == lists.blocked').evaluate(env)).toBe('unknown');
  expect(condition('"7" in lists.blocked && lists.blocked["7"] == 7 && size(lists.blocked) == 257').evaluate(env)).toBe(
    true,
  );
});

test('what an event holds against its schema is a fault', () => {
  const env = event();
  env[0] = 'many';
  expect(condition('request.tokens > 5').evaluate(env)).toBeInstanceOf(Fault);
  expect(condition('request.tokens + 1 == 6').evaluate(env)).toBeInstanceOf(Fault);
});

test.each([
  ['request.tokns > 5', 'unknown_name', 'Did you mean request.tokens?'],
  ['request > 5', 'unknown_name', 'It has request.tokens'],
  ['prompt.labels.exist(l, true)', 'unknown_function', 'Did you mean exists?'],
  ['prompt.score + 1 > 2.0', 'wrong_type', 'Write double(...)'],
  ['request.tokens > "5"', 'wrong_type', 'between int and string'],
  ['request.model == 5', 'wrong_type', 'never equal'],
  ['request.tokens', 'not_a_condition', 'this is int'],
  ['request.tokens == null', 'wrong_type', 'has(request.tokens)'],
  ['request.model.startsWith(5)', 'wrong_type', 'string.startsWith(string)'],
  ['re2("coins", request.model)', 'bad_pattern', 'Did you mean coin?'],
  ['request.model.matches("(?=a)")', 'bad_pattern', 'RE2'],
  ['request.model.matches(request.model)', 'bad_pattern', 'in quotes'],
  ['request.at.getHours("Mars/Olympus") > 1', 'bad_literal', 'Asia/Shanghai'],
  ['[1, "a"] == []', 'wrong_type', 'of one type'],
  ['prompt.labels.all(l, prompt.labels.all(m, m == l))', 'too_deep', 'two rules'],
  ['request.tokens = 5', 'syntax', 'Write =='],
  ['request.tokens > 5 & true', 'syntax', 'Write &&'],
  ['(request.tokens > 5', 'unterminated', ') is missing'],
  ['request.model == "large', 'unterminated', 'close it'],
  ['request.model == "\\q"', 'bad_escape', '\\\\'],
  ['request.tokens > 5u', 'unsupported', 'write 5'],
  ['request.tokens > 9223372036854775808', 'bad_number', '9223372036854775807'],
  ['{1: 2, "a": 3} == {}', 'wrong_type', 'of one type'],
])('%s is refused, with %s', (text, code, advice) => {
  const compiled = compileCondition(text, SCHEMA);
  const [problem] = compiled.ok ? [] : compiled.refusal;
  expect<string | undefined>(problem?.code).toBe(code);
  expect(problem?.message).toContain(advice);
});

test('problems are all told at once, each with its place', () => {
  const compiled = compileCondition('request.tokens > "5"\n  && modle == "x"', SCHEMA);
  const problems = compiled.ok ? [] : compiled.refusal;
  expect(problems.map(({ code, line, column }) => [code, line, column])).toEqual([
    ['wrong_type', 1, 1],
    ['unknown_name', 2, 6],
  ]);
});

test.each([
  ['sourceCharacters', `request.tokens > 5 ${' '.repeat(4_000)}`],
  ['nodes', `request.tokens in [${'1, '.repeat(200)}1]`],
  ['listItems', `request.tokens in [${'1, '.repeat(256)}1]`],
  ['stringCharacters', `request.model == "${'x'.repeat(1_001)}"`],
  ['patternCharacters', `request.model.matches("${'x'.repeat(501)}")`],
])('the limit on %s holds', (_, text) => {
  expect(compileCondition(text, SCHEMA).ok).toBe(false);
});

test('an explanation holds the fewest clauses that suffice, with their values', () => {
  const rule = condition(
    'request.tokens > 5 && prompt.score > 0.5 && account.age < duration("1d") || request.model == "large"',
  );
  const explained = rule.explain(event());
  expect(explained).toEqual({
    outcome: true,
    clauses: [
      {
        text: 'request.model == "large"',
        outcome: true,
        values: [{ name: 'request.model', value: 'large', told: true }],
      },
    ],
  });
});

test('what kept a condition from holding is one clause, what left it open is all that is', () => {
  const clauses = (text: string): readonly string[] =>
    condition(text)
      .explain(event())
      .clauses.map((clause) => clause.text);
  expect(clauses('request.tokens > 5 && prompt.score > 0.99 && count.burst > 1')).toEqual(['prompt.score > 0.99']);
  expect(clauses('request.tokens > 5 && count.burst > 1 && owner.app < "x"')).toEqual([
    'count.burst > 1',
    'owner.app < "x"',
  ]);
  expect(clauses('!(request.tokens < 5 || prompt.score < 0.1)')).toEqual(['request.tokens < 5', 'prompt.score < 0.1']);
  expect(clauses('request.tokens > 5 ? prompt.score > 0.9 : count.burst > 1')).toEqual([
    'request.tokens > 5',
    'prompt.score > 0.9',
  ]);
});

test('an explanation names the element that settled a list', () => {
  const [clause] = condition('prompt.labels.exists(l, l.startsWith("i"))').explain(event()).clauses;
  expect(clause?.values).toContainEqual({ name: 'l', value: 'illicit', told: false });
});

test('a person is told names alone, and those alone that may be told', () => {
  const explained = condition('request.tokens > 1000 && prompt.score > 0.9 && account.age < duration("2h")').explain(
    event(),
  );
  expect(toldOf(explained)).toEqual(['request.tokens', 'account.age']);
});

test('an expression tells what it reads and what of it could be shared', () => {
  const rule = condition(
    'size(prompt.labels) > 1 && (request.tokens > 5 || size(prompt.labels) > 1) && prompt.labels.all(l, l != "x")',
  );
  expect(rule.fields).toEqual(['request.tokens', 'prompt.labels']);
  expect(rule.parts.map((part) => part.key)).toContain('prompt.labels.all(l, l != "x")');
  expect(rule.parts.map((part) => part.key)).not.toContain('l != "x"');
  expect(rule.parts.filter((part) => part.key === 'size(prompt.labels) > 1')).toHaveLength(1);
});

test('an expression may be of any type where no condition is asked for', () => {
  const compiled = compileExpression('double(request.tokens) * prompt.score', SCHEMA);
  if (!compiled.ok) throw new Error('not admitted');
  expect([compiled.value.type, compiled.value.value(event())]).toEqual(['double', 1_116]);
});

test('patterns that bring others to a stand take no longer than their text', () => {
  const evil = ['(a+)+$', '^(a|a)*$', '(a|aa)+$', '^(([a-z])+.)+[A-Z]([a-z])+$', '(.*){20}b'];
  const text = `${'a'.repeat(9_999)}!`;
  for (const pattern of evil) {
    const matches = patternTest(pattern, RULE_LIMITS, { characters: 10_000 });
    if (typeof matches === 'string') throw new Error(matches);
    expect(matches(text)).toBe(false);
  }
  expect(patternTest('((a{100}){100}){100}', RULE_LIMITS, { characters: 0 })).toBeString();
  expect(patternTest('(?:xx){400}', RULE_LIMITS, { characters: 0 })).toBeString();
  expect(patternTest('(a)\\1', RULE_LIMITS, { characters: 0 })).toBeString();
});
