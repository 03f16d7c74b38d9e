/** Case 38: what people write into rules, and what callers put into the fields rules look at, stays data. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '../../src/base/random.ts';
import { systemClock } from '../../src/base/clock.ts';
import { createRules, enforcementRules, ruleRoutes, type Rules, type RuleSignal } from '../../src/enforcement/index.ts';
import { parseRuleFile } from '../../src/enforcement/rules/rule-file.ts';
import { PLAIN_EVENT } from '../../src/enforcement/rules/proving/events.ts';
import { openStorage, type Storage } from '../../src/storage/sql/storage.ts';

const BASE = {
  name: 'tried',
  title: { en: 'Tried', zh: '试用' },
  owner: 'nobody',
  on: 'ended',
  when: "verdict == 'refused'",
  action: { do: 'signal', conduct: 'resale', confidence: 0.6 },
  reason: { en: 'A reason.', zh: '一个原因。' },
  mode: 'live',
};

let folder: string;
let storage: Storage;
let rules: Rules;
const signals: RuleSignal[] = [];
const trouble: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'candor-rule-attacks-'));
  const parts = { clock: systemClock, random: systemRandom, onFatal: () => undefined };
  storage = await openStorage({ dataDir: folder, migrations: [enforcementRules], ...parts });
  rules = await createRules({
    storage,
    clock: systemClock,
    seeds: [7, 8],
    counterBytesMax: 16 * 1_048_576,
    onSignal: (signal) => void signals.push(signal),
    onCase: () => undefined,
    onTrouble: (rule, what) => void trouble.push(`${rule} ${what}`),
  });
});
afterAll(async () => {
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

async function put(name: string, document: string): Promise<{ status: number; text: string }> {
  const path = `/control/v1/enforcement/rules/${encodeURIComponent(name)}`;
  const body = `{"document":${document},"base_version":0,"note":""}`;
  const answer = await ruleRoutes({ rules, fileProblems: () => [] }).request(path, { method: 'PUT', body });
  return { status: answer.status, text: await answer.text() };
}
const refuses = async (parts: Record<string, unknown>) => {
  const { status, text } = await put('tried', JSON.stringify({ ...BASE, ...parts }));
  expect([status, rules.find('tried')]).toEqual([400, null]);
  return text;
};

describe('code where a rule is expected', () => {
  const CODE = [
    'constructor.constructor("return process")()',
    'process.env',
    'globalThis',
    "this['constructor']",
    '(() => 1)()',
    '`${1 + 1}` == "2"',
    '{{7*7}} == 49',
    "verdict.constructor == ''",
    "verdict['__proto__'] == ''",
    'verdict.toString() == verdict',
    '__proto__ == null',
    'hasOwnProperty("verdict")',
    'verdict = "refused"',
    'verdict == "a"; true',
    'import("node:fs")',
    'count.constructor > 0',
    'lists.__proto__ == null',
    "eval('1')",
    'while (true) {}',
  ];

  test.each(CODE)('%s is refused, and where it is wrong is said', async (when) => {
    const answer = await refuses({ when });
    expect(answer).toContain('invalid_rule');
    expect(answer).toContain('line 1');
  });

  test('what stands in a text of a rule is given back as it was written, and never worked out', async () => {
    const text = '{{constructor.constructor("return 1")()}} ${process.env.HOME} <script>alert(1)</script>';
    const reason = { en: text, zh: text };
    const { status } = await put(
      'quoted',
      JSON.stringify({ ...BASE, name: 'quoted', title: reason, reason, mode: 'draft' }),
    );
    expect([status, rules.find('quoted')?.document.reason.en]).toEqual([200, text]);
  });
});

describe('names every object has', () => {
  test.each(['constructor', '__proto__', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'])('%s', async (name) => {
    const raw = JSON.stringify(BASE).slice(0, -1);
    const declared = `{"${name}":{"kind":"count","of":"ended","by":["account"],"window":"1h"}}`;
    const counters = await put('tried', `${raw},"counters":${declared},"when":"count.${name} > 0"}`);
    const lists = await put(
      'tried',
      `${raw},"lists":{"${name}":{"type":"text","entries":[]}},"when":"account in lists.${name}"}`,
    );
    const patterns = await put('tried', `${raw},"patterns":{"${name}":"a"},"when":"re2('${name}', account)"}`);
    const tests = await put('tried', `${raw},"tests":[{"name":"one","event":{"${name}":"x"},"expect":"hit"}]}`);
    expect([counters, lists, patterns, tests].map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    expect(rules.find('tried')).toBeNull();
    await refuses({ counters: { seen: { kind: 'count', of: 'ended', by: [name], window: '1h' } } });
    await refuses({
      counters: { seen: { kind: 'distinct', of: 'ended', by: ['account'], field: name, window: '1h' } },
    });
    await refuses({ when: `re2('${name}', account)` });
    expect(({} as Record<string, unknown>)['en']).toBeUndefined();
  });

  test('in a file they are refused as well, and nothing is changed by them', () => {
    const text = `${JSON.stringify(BASE).slice(0, -1)},"__proto__":{"mode":"live"},"counters":{"__proto__":{"polluted":true}}}`;
    expect(parseRuleFile(new TextEncoder().encode(text), 'x.json').ok).toBe(false);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('size', () => {
  test.each([
    ['deep', { when: `${'('.repeat(5_000)}true${')'.repeat(5_000)}`.slice(0, 3_999) }],
    ['deep and short', { when: `${'!'.repeat(100)}true` }],
    ['wide', { when: Array.from({ length: 300 }, () => 'true').join(' || ') }],
    ['long', { when: `verdict == '${'a'.repeat(5_000)}'` }],
    [
      'a list too long',
      { lists: { bad: { type: 'text', entries: Array.from({ length: 5_001 }, (_, nth) => `a${nth}`) } } },
    ],
    ['a literal too long', { when: `status in [${Array.from({ length: 300 }, (_, nth) => nth).join(',')}]` }],
    ['loops in loops', { when: 'labels.exists(a, labels.exists(b, labels.exists(c, a == c)))' }],
    [
      'too many counters',
      {
        counters: Object.fromEntries(
          Array.from({ length: 9 }, (_, nth) => [
            `c${nth}`,
            { kind: 'count', of: 'ended', by: ['account'], window: '1h' },
          ]),
        ),
      },
    ],
    ['a window for ever', { counters: { seen: { kind: 'count', of: 'ended', by: ['account'], window: '9999d' } } }],
    ['a window of nothing', { counters: { seen: { kind: 'count', of: 'ended', by: ['account'], window: '0s' } } }],
    ['a pattern that is none', { patterns: { bad: '(a' }, when: "re2('bad', account)" }],
    ['a pattern that looks back', { patterns: { bad: '(a)\\1' }, when: "re2('bad', account)" }],
    ['a pattern that unfolds', { patterns: { bad: '((a{1,100}){1,100}){1,100}' }, when: "re2('bad', account)" }],
    ['a number beyond its bounds', { action: { do: 'signal', conduct: 'resale', confidence: 1.5 } }],
  ] as const)('%s', async (_name, parts) => {
    const startedMs = performance.now();
    await refuses(parts);
    // Far above what it takes on a busy machine, and far below what unfolding would.
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });

  test('an evil pattern on an evil text is quick', async () => {
    const document = { ...BASE, name: 'evil', patterns: { evil: '(a+)+b' }, when: "re2('evil', end_user)" };
    expect((await put('evil', JSON.stringify(document))).status).toBe(200);
    const startedMs = performance.now();
    for (let nth = 0; nth < 200; nth++)
      rules.ended({ ...PLAIN_EVENT, id: `req_evil_${nth}`, endUser: 'a'.repeat(128) });
    await rules.flush();
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    expect(rules.find('evil')?.mode.mode).toBe('live');
  });
});

describe('whose it is', () => {
  test('nobody counts for the people of another account, whatever names they use', async () => {
    const seen = { kind: 'count', of: 'ended', by: ['end_user'], window: '1h' };
    expect(await refuses({ counters: { seen }, when: 'count.seen > 3' })).toContain('together with account');
    const counters = { seen: { ...seen, by: ['account', 'end_user'] } };
    const document = { ...BASE, name: 'own', counters, when: "count.seen > 3 && client == 'own'" };
    expect((await put('own', JSON.stringify(document))).status).toBe(200);
    const before = signals.length;
    const ended = (accountId: string, endUser: string, nth: number) =>
      rules.ended({ ...PLAIN_EVENT, id: `req_${accountId}_${nth}`, accountId, endUser, clientClass: 'own' });
    for (let nth = 0; nth < 10; nth++) ended('acc_mallory', 'alice', nth);
    ended('acc_shop', 'alice', 0);
    // Neither does one that writes its account and its end user so that they read like the other's together.
    ended('acc_shopa', 'lice', 0);
    await rules.flush();
    expect(new Set(signals.slice(before).map(({ owner }) => owner.accountId))).toEqual(new Set(['acc_mallory']));
  });

  test('a caller cannot choose names that make a rule fault', async () => {
    const document = {
      ...BASE,
      name: 'named',
      when: "end_user.startsWith('x') && end_user.size() > 2 && !(end_user in lists.few)",
      lists: { few: { type: 'text', entries: ['a'] } },
    };
    expect((await put('named', JSON.stringify(document))).status).toBe(200);
    const names = [
      '',
      '__proto__',
      'constructor',
      '\0',
      '\ud800',
      '\u202e',
      'x'.repeat(128),
      '"; drop table enforcement_rule; --',
    ];
    for (const [nth, endUser] of names.entries()) rules.ended({ ...PLAIN_EVENT, id: `req_named_${nth}`, endUser });
    await rules.flush();
    expect(trouble.filter((what) => what.startsWith('named'))).toEqual([]);
    expect((await rules.hits({ rule: 'named', accountId: null, after: null, limit: 10 })).hits.length).toBe(1);
  });
});
