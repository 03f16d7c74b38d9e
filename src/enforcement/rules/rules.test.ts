import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '../../base/random.ts';
import { openStorage, type Storage } from '../../storage/sql/storage.ts';
import { enforcementRules } from '../migrations/2026-11-22-enforcement-rules.ts';
import type { RuleDocument } from './contract.ts';
import { createRules } from './create-rules.ts';
import type { RuleCase, RuleSignal } from './engine/engine-deps.ts';
import { PLAIN_EVENT, START_MS } from './proving/events.ts';
import { ruleOf } from './proving/rule.ts';
import { ruleRoutes } from './rule-routes.ts';
import type { Rules } from './rules.ts';
import { createRulesFolder } from './rules-folder.ts';
import { shippedRules } from './shipped/shipped.ts';

const CHANGE = { by: 'Mia', note: 'because' };

let folder: string;
let storage: Storage;
let rules: Rules;
let nowMs: number;
let signals: RuleSignal[];
let cases: RuleCase[];
let trouble: string[];

async function open(): Promise<void> {
  const clock = { wallMs: () => nowMs, monoMs: () => nowMs };
  const migrations = [enforcementRules];
  storage = await openStorage({ dataDir: folder, migrations, clock, random: systemRandom, onFatal: () => undefined });
  rules = await createRules({
    storage,
    clock,
    seeds: [1, 2],
    counterBytesMax: 16 * 1_048_576,
    onSignal: (signal) => void signals.push(signal),
    onCase: (asked) => void cases.push(asked),
    onTrouble: (rule, what) => void trouble.push(`${rule} ${what}`),
  });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'candor-rules-'));
  nowMs = START_MS + 10_000;
  [signals, cases, trouble] = [[], [], []];
  await open();
});
afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

async function saved(parts: Partial<Record<keyof RuleDocument, unknown>>, base = 0) {
  const result = await rules.save(ruleOf(parts), base, CHANGE);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}
const refused = (nth: number) => ({ ...PLAIN_EVENT, id: `req_${nth}`, verdict: 'refused' as const, status: 403 });

describe('what is saved', () => {
  test('is in force at once, and after a start', async () => {
    await saved({});
    rules.ended(refused(1));
    await rules.flush();
    expect(signals.map(({ sourceVersion, requestId }) => [sourceVersion, requestId])).toEqual([['tried@1', 'req_1']]);
    await storage.close();
    await open();
    expect(rules.find('tried')).toMatchObject({
      version: 1,
      changedBy: 'Mia',
      note: 'because',
      mode: { mode: 'live' },
    });
    rules.ended({ ...refused(2), keyId: 'key_2' });
    await rules.flush();
    expect(signals.length).toBe(2);
  });

  test('is refused where somebody else was faster, where it is not admitted, and where its tests fail', async () => {
    await saved({});
    const reasonOf = async (parts: Partial<Record<keyof RuleDocument, unknown>>, base: number) => {
      const result = await rules.save(ruleOf(parts), base, CHANGE);
      return result.ok ? 'saved' : result.refusal.reason;
    };
    expect(await reasonOf({}, 0)).toBe('changed_meanwhile');
    expect(await reasonOf({ when: 'nothing > 1' }, 1)).toBe('invalid_rule');
    expect(await reasonOf({ counters: { n: { kind: 'count', of: 'sign_up', by: ['key'], window: '1h' } } }, 1)).toBe(
      'invalid_rule',
    );
    expect(await reasonOf({ tests: [{ name: 'one', event: { verdict: 'refused' }, expect: 'miss' }] }, 1)).toBe(
      'tests_fail',
    );
    expect(await reasonOf({ title: { en: 'Other', zh: 'Other' } }, 1)).toBe('saved');
    expect((await rules.versions('tried')).map(({ version }) => version)).toEqual([2, 1]);
  });

  test('keeps the mode it has, but for a version that says another', async () => {
    await saved({ mode: 'shadow' });
    await rules.setMode('tried', 'live', null, CHANGE);
    expect((await saved({ mode: 'shadow', title: { en: 'Other', zh: 'Other' } }, 1)).mode.mode).toBe('live');
    expect((await saved({ mode: 'canary', title: { en: 'Other', zh: 'Other' } }, 2)).mode).toMatchObject({
      mode: 'canary',
      canaryPercent: 5,
    });
    expect((await rules.modes('tried')).map(({ mode }) => mode)).toEqual(['canary', 'live', 'shadow']);
  });
});

describe('a pause', () => {
  test('is written down with why, told, and holds after a start until somebody ends it', async () => {
    await saved({ when: '100 / images > 0' });
    rules.ended(PLAIN_EVENT);
    await rules.flush();
    expect(trouble).toEqual(['tried fault']);
    await storage.close();
    await open();
    const { mode } = rules.find('tried') ?? {};
    expect(mode).toMatchObject({ mode: 'paused', reason: 'fault', by: 'service' });
    expect(mode?.detail).not.toBe('');
    rules.ended({ ...PLAIN_EVENT, id: 'req_2', images: 1 });
    await rules.flush();
    expect(signals).toEqual([]);
    await rules.setMode('tried', 'live', null, CHANGE);
    rules.ended({ ...PLAIN_EVENT, id: 'req_3', images: 1 });
    await rules.flush();
    expect(signals.length).toBe(1);
  });

  test('that another part asks for holds from the next event on', async () => {
    await saved({});
    rules.pause('tried', 'harm', 'too many appeals were granted');
    rules.ended(refused(1));
    await rules.flush();
    expect([signals.length, trouble]).toEqual([0, ['tried harm']]);
    const change = await rules.setMode('tried', 'live', null, CHANGE);
    expect(change.ok && change.value.mode.mode).toBe('live');
    expect((await rules.modes('tried')).map(({ mode }) => mode)).toEqual(['live', 'paused', 'live']);
  });
});

describe('hits', () => {
  test('are kept once each, page by page, newest first, and forgotten after thirty days', async () => {
    await saved({ mode: 'shadow' });
    for (let nth = 0; nth < 5; nth++) rules.ended(refused(nth));
    rules.ended(refused(4));
    await rules.flush();
    const first = await rules.hits({ rule: 'tried', accountId: null, after: null, limit: 3 });
    const second = await rules.hits({ rule: 'tried', accountId: null, after: first.next, limit: 3 });
    expect([...first.hits, ...second.hits].map(({ eventId }) => eventId)).toEqual([
      'req_4',
      'req_3',
      'req_2',
      'req_1',
      'req_0',
    ]);
    expect([first.next === null, second.next]).toEqual([false, null]);
    expect(first.hits[0]).toMatchObject({ mode: 'shadow', acted: null, accountId: 'acc_1' });
    expect(first.hits[0]?.clauses[0]).toMatchObject({
      outcome: 'true',
      values: [{ name: 'verdict', value: 'refused' }],
    });
    expect((await rules.hits({ rule: 'tried', accountId: 'acc_2', after: null, limit: 3 })).hits).toEqual([]);
    nowMs += 31 * 86_400_000;
    await rules.prune();
    expect((await rules.hits({ rule: 'tried', accountId: null, after: null, limit: 3 })).hits).toEqual([]);
  });

  test('come in the order requests ended, half a second later', async () => {
    await saved({ mode: 'shadow' });
    const at = (nth: number, endMs: number) => ({ ...refused(nth), atMs: START_MS, totalMs: endMs });
    rules.ended(at(1, 9_900));
    rules.ended(at(2, 9_400));
    rules.ended(at(3, 9_300));
    await rules.flush();
    const idsOf = async () => {
      const { hits } = await rules.hits({ rule: 'tried', accountId: null, after: null, limit: 9 });
      return hits.map(({ eventId }) => eventId);
    };
    expect(await idsOf()).toEqual(['req_2', 'req_3']);
    nowMs += 400;
    await rules.flush();
    expect(await idsOf()).toEqual(['req_1', 'req_2', 'req_3']);
  });
});

describe('files', () => {
  const file = (name: string, text: string) => writeFileSync(join(folder, 'rules', name), text);

  test('are taken in when they change, and what is wrong with one is told beside the others', async () => {
    mkdirSync(join(folder, 'rules'));
    const watched = createRulesFolder(join(folder, 'rules'), rules);
    file('good.json', JSON.stringify(ruleOf({ name: 'good' })));
    file('bad.yaml', 'name: [');
    file('worse.yaml', JSON.stringify(ruleOf({ name: 'worse', when: '1 +' })));
    await watched.look();
    expect(rules.list().map(({ name, origin }) => [name, origin])).toEqual([['good', 'file']]);
    expect(
      watched
        .problems()
        .map(({ file: name }) => name)
        .sort(),
    ).toEqual(['bad.yaml', 'worse']);
    const before = rules.setHash();
    await watched.look();
    expect(rules.setHash()).toBe(before);
    file('good.json', JSON.stringify(ruleOf({ name: 'good', title: { en: 'Another', zh: 'Another' } })));
    await watched.look();
    expect(rules.find('good')).toMatchObject({ version: 2, document: { title: { en: 'Another', zh: 'Another' } } });
    expect(rules.setHash()).not.toBe(before);
  });

  test('do not undo what somebody wrote in the console since', async () => {
    const shipped = shippedRules();
    expect(await rules.take(shipped, 'shipped')).toEqual([]);
    const [first] = shipped;
    const changed = await rules.save({ ...(first as RuleDocument), title: { en: 'Mine', zh: 'Mine' } }, 1, CHANGE);
    expect(changed.ok).toBe(true);
    await rules.take(shipped, 'shipped');
    expect(rules.find(first?.name ?? '')).toMatchObject({
      version: 2,
      document: { title: { en: 'Mine', zh: 'Mine' } },
    });
  });
});

describe('the control API', () => {
  const routes = () => ruleRoutes({ rules, fileProblems: () => [] });
  const ask = async (method: string, path: string, body?: unknown) => {
    const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await routes().request(`/control/v1/enforcement/rules${path}`, init);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };

  test('makes, shows, changes and lists rules', async () => {
    const document = ruleOf({});
    expect(await ask('PUT', '/tried', { document, base_version: 0 })).toMatchObject({
      status: 200,
      body: { version: 1 },
    });
    expect(await ask('PUT', '/tried', { document, base_version: 0 })).toMatchObject({ status: 409 });
    expect(await ask('PUT', '/other', { document, base_version: 0 })).toMatchObject({ status: 400 });
    const paused = await ask('POST', '/tried/mode', { mode: 'paused', note: 'too many' });
    expect(paused.body).toMatchObject({ mode: 'paused', paused: { reason: 'by_hand', detail: 'too many' } });
    expect((await ask('GET', '/tried/versions')).body).toMatchObject({
      data: [{ version: 1 }],
      modes: [{ mode: 'paused' }, {}],
    });
    expect((await ask('GET', '')).body).toMatchObject({ data: [{ name: 'tried' }], files: [] });
    expect((await ask('GET', '/tried/hits?limit=0')).status).toBe(400);
    expect((await ask('GET', '/nothing')).status).toBe(404);
  });

  test('says where a rule is wrong, and what its tests come to', async () => {
    const wrong = await ask('POST', '/check', {
      document: { ...ruleOf({}), when: "verdict ==\n  'refused' &&& true" },
    });
    expect(wrong.body['problems']).toMatchObject([{ path: 'when', line: 2 }]);
    const tests = [{ name: 'a refused one', event: { verdict: 'refused' }, expect: 'hit' }];
    const right = await ask('POST', '/check', { document: { ...ruleOf({}), tests } });
    expect(right.body).toMatchObject({ problems: [], fixtures: [{ found: 'hit' }] });
    expect((await ask('POST', '/check', { document: 5 })).body['problems']).toMatchObject([{ path: 'the rule' }]);
  });
});
