import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMintId } from '../../base/ids.ts';
import { systemRandom } from '../../base/random.ts';
import { ok } from '../../base/result.ts';
import { openStorage, type Storage } from '../../storage/sql/storage.ts';
import type { Case, CaseOpening } from '../cases/case.ts';
import { enforcementHarm } from '../migrations/2026-11-22-enforcement-harm.ts';
import type { Step } from '../step.ts';
import { type HarmView, harmView } from './contract.ts';
import { createHarm, type HarmAlert, type HarmBudget } from './create-harm.ts';
import { estimateHarm } from './estimate.ts';
import { type ActiveCount, type AuditOpening, type Cause, type Cohorts, HARM_DEFAULTS, type HarmItem } from './harm.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const RULE: Cause = { what: 'rule', name: 'burst' };
const PLAIN: Cohorts = { language: 'en', campus: false, carrierNat: false, plan: 'free' };
const CAMPUS: Cohorts = { ...PLAIN, language: 'zh', campus: true };

/** The same numbers each time; xorshift. */
function seeded(seed: number) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

let folder: string;
let storage: Storage;
let harm: HarmBudget;
let nowMs: number;
/** Of accounts that did nothing. */
let legitimate: Set<string>;
let cohorts: Map<string, Cohorts>;
let cases: Map<string, CaseOpening>;
let decided: Map<string, 'confirm' | 'harmless'>;
let active: ActiveCount[];
let paused: string[];
let alerts: HarmAlert[];
let draw: () => number;

async function start(): Promise<void> {
  const clock = { wallMs: () => nowMs, monoMs: () => nowMs };
  harm = await createHarm({
    storage,
    clock,
    random: { ...systemRandom, unit: () => draw() },
    mintId: createMintId(clock, systemRandom),
    policy: HARM_DEFAULTS,
    cases: {
      open(what) {
        const id = `case_${cases.size}`;
        cases.set(id, what);
        return Promise.resolve(ok({ id } as Case));
      },
      get(id) {
        const outcome = decided.get(id);
        const one =
          outcome === undefined
            ? { state: 'open', ruling: null }
            : { state: 'decided', ruling: { outcome, atMs: nowMs } };
        return Promise.resolve(one as Case);
      },
    },
    cohortsOf: (accountId) => cohorts.get(accountId) ?? PLAIN,
    activeBy: () => Promise.resolve(active),
    describe: (accountId, sanctionId) => Promise.resolve({ owner: { accountId }, sanctionId } as AuditOpening),
    pauseRule: (name, why) => Promise.resolve(void paused.push(`rule ${name}: ${why}`)),
    pauseAutomatic: (conduct) => Promise.resolve(void paused.push(`conduct ${conduct}`)),
    resumeAutomatic: (conduct) => Promise.resolve(void paused.push(`resumed ${conduct}`)),
    alert: (alert) => void alerts.push(alert),
  });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'candor-harm-'));
  nowMs = Date.UTC(2027, 4, 1);
  const clock = { wallMs: () => nowMs, monoMs: () => nowMs };
  storage = await openStorage({
    dataDir: folder,
    migrations: [enforcementHarm],
    clock,
    random: systemRandom,
    onFatal: () => undefined,
  });
  legitimate = new Set();
  cohorts = new Map();
  cases = new Map();
  decided = new Map();
  paused = [];
  alerts = [];
  draw = seeded(7);
  active = [
    { kind: 'all', value: '', accounts: 100_000 },
    { kind: 'language', value: 'en', accounts: 95_000 },
    { kind: 'language', value: 'zh', accounts: 5_000 },
    { kind: 'campus', value: 'yes', accounts: 5_000 },
  ];
  await start();
});

afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

let sanctions = 0;
async function sanction(who: Cohorts, isWrong: boolean, step: Step = 'suspend', cause: Cause = RULE): Promise<string> {
  sanctions += 1;
  const accountId = `acct_${sanctions}`;
  cohorts.set(accountId, who);
  if (isWrong) legitimate.add(accountId);
  await harm.sanctioned({ sanctionId: `san_${sanctions}`, accountId, step, atMs: nowMs, cause });
  return `san_${sanctions}`;
}

/** People settle every audit rightly. */
function settle(): void {
  for (const [id, what] of cases) {
    if (!decided.has(id)) decided.set(id, legitimate.has(what.owner.accountId) ? 'harmless' : 'confirm');
  }
}

async function pass(ms: number): Promise<void> {
  nowMs += ms;
  await harm.tick();
  settle();
  await harm.tick();
}

const view = async () => {
  const answer = await harm.routes.request('/control/v1/enforcement/harm');
  return harmView.parse(await answer.json());
};
const of = (shown: HarmView, kind: string, value: string) =>
  shown.estimates.find(({ cohort }) => cohort.kind === kind && cohort.value === value);

test('a rule that hurts one cohort is paused by itself, with a record and an alert, and others are not blamed', async () => {
  for (let day = 0; day < 6; day++) {
    for (let at = 0; at < 10; at++) await sanction(PLAIN, false, 'suspend', { what: 'rule', name: 'good' });
    for (let at = 0; at < 6; at++) await sanction(CAMPUS, at < 4);
    await pass(DAY_MS + HOUR_MS);
  }
  expect(paused).toHaveLength(1);
  expect(paused[0]).toStartWith('rule burst: random audits and appeals found');
  expect(alerts[0]?.paused).toEqual(['rule burst']);
  const shown = await view();
  expect(of(shown, 'campus', 'yes')).toMatchObject({ state: 'above', limit_per_10k: 2 });
  expect(of(shown, 'language', 'en')?.state).not.toBe('above');
  expect(shown.pauses).toMatchObject([{ what: 'rule', name: 'burst', lifted: null }]);
});

test('after a pause was lifted, what was known then does not pause again, and what is found later does', async () => {
  for (let at = 0; at < 8; at++) await sanction(CAMPUS, true, 'suspend', { what: 'conduct', name: 'hate' });
  await pass(2 * DAY_MS);
  expect(paused).toEqual(['conduct hate']);
  await start();
  expect(paused).toEqual(['conduct hate', 'conduct hate']);
  const { id = '' } = (await view()).pauses[0] ?? {};
  expect((await harm.lift(id, 'staff_lead', 'thresholds were raised'))?.lifted?.by).toBe('staff_lead');
  expect(await harm.lift(id, 'staff_lead', 'twice')).toBeNull();
  await pass(HOUR_MS);
  expect(paused.at(-1)).toBe('resumed hate');
  for (let at = 0; at < 4; at++) await sanction(CAMPUS, true, 'suspend', { what: 'conduct', name: 'hate' });
  await pass(2 * DAY_MS);
  expect(paused.at(-1)).toBe('conduct hate');
});

test('one finding pauses nothing, and what nobody audited is unknown, not well', async () => {
  for (let at = 0; at < 3; at++) await sanction(CAMPUS, at === 0);
  const before = await view();
  expect(of(before, 'campus', 'yes')).toMatchObject({ audited: 0, state: 'unknown' });
  expect(of(before, 'language', 'zh')?.upper_per_10k).toBeGreaterThan(1);
  await pass(2 * DAY_MS);
  expect(of(await view(), 'campus', 'yes')).toMatchObject({ audited: 3, wrong: 1, state: 'unknown' });
  expect(paused).toEqual([]);
});

test('warnings harm nobody, a throttle a tenth, a termination three times as much', async () => {
  await sanction(PLAIN, true, 'warning');
  expect((await view()).estimates[0]?.sanctions).toBe(0);
  const estimates = [];
  for (const step of ['throttle', 'suspend', 'terminate'] as const) {
    const id = await sanction({ ...PLAIN, plan: step }, true, step);
    active.push({ kind: 'plan', value: step, accounts: 10_000 });
    await harm.appealed(id, 'overturned');
    estimates.push(of(await view(), 'plan', step)?.per_10k);
  }
  expect(estimates).toEqual([0.1, 1, 3]);
});

test('what people decided counts and pauses nothing', async () => {
  for (let at = 0; at < 20; at++) await sanction(CAMPUS, true, 'suspend', null);
  await pass(2 * DAY_MS);
  expect(of(await view(), 'campus', 'yes')?.state).toBe('above');
  expect(paused).toEqual([]);
});

test('small cohorts are audited in full and large ones by their share', async () => {
  for (let at = 0; at < 600; at++) await sanction(PLAIN, false);
  for (let at = 0; at < 4; at++) await sanction(CAMPUS, false);
  nowMs += 2 * DAY_MS;
  await harm.tick();
  const drawn = [...cases.values()].map(({ owner }) => cohorts.get(owner.accountId)?.campus);
  expect(drawn.filter((campus) => campus === true)).toHaveLength(4);
  const plain = drawn.filter((campus) => campus !== true).length;
  expect(plain).toBeGreaterThan(35);
  expect(plain).toBeLessThan(90);
});

test('what is drawn is drawn once, waits for an appeal, and an appeal goes before the audit', async () => {
  const appealed = await sanction(CAMPUS, false);
  await harm.appealed(appealed, 'open');
  const other = await sanction(CAMPUS, false);
  await pass(HOUR_MS);
  expect(cases.size).toBe(0);
  await pass(DAY_MS);
  await pass(DAY_MS);
  expect([...cases.values()].map(({ sanctionId }) => sanctionId)).toEqual([other]);
  await harm.appealed(other, 'overturned');
  await pass(HOUR_MS);
  expect(of(await view(), 'campus', 'yes')).toMatchObject({ wrong: 1 });
});

test('an undone finding counts no more, also after a start', async () => {
  await sanction(CAMPUS, true);
  await pass(2 * DAY_MS);
  expect(of(await view(), 'campus', 'yes')?.wrong).toBe(1);
  decided.clear();
  await start();
  await harm.tick();
  expect(of(await view(), 'campus', 'yes')).toMatchObject({ audited: 0, wrong: 0 });
});

test('accounts with incidents and no sanction are audited too, so many a day', async () => {
  for (let at = 0; at < 200; at++) {
    cohorts.set(`quiet_${at}`, PLAIN);
    await harm.unsanctioned(`quiet_${at}`);
    await harm.unsanctioned(`quiet_${at}`);
  }
  await pass(DAY_MS + HOUR_MS);
  expect(cases.size).toBeGreaterThan(0);
  expect(cases.size).toBeLessThan(15);
  const { missed } = of(await view(), 'all', '') ?? {};
  expect(missed).toEqual({ audited: cases.size, found: cases.size });
});

test('the bound covers the truth, and the estimate is not off on the whole', () => {
  const random = seeded(11);
  let covered = 0;
  let sum = 0;
  const runs = 400;
  for (let run = 0; run < runs; run++) {
    const items = Array.from({ length: 300 }, (_, at) => itemOf(at, random() < 0.1, random() < 0.3));
    const truth = items.filter(({ isWrong }) => isWrong).length;
    const all: ActiveCount[] = [{ kind: 'all', value: '', accounts: 10_000 }];
    const [estimate] = estimateHarm(items, all, HARM_DEFAULTS);
    if ((estimate?.upperPer10k ?? 0) >= truth) covered += 1;
    sum += (estimate?.per10k ?? 0) - truth;
  }
  expect(covered / runs).toBeGreaterThan(0.93);
  expect(Math.abs(sum / runs)).toBeLessThan(3);
});

function itemOf(at: number, isWrong: boolean, isDrawn: boolean): HarmItem & { isWrong: boolean } {
  return {
    id: `hrm_${at}`,
    accountId: `acct_${at}`,
    atMs: 0,
    cohorts: PLAIN,
    sanction: { id: `san_${at}`, harm: 'suspend', cause: RULE, appeal: 'none' },
    draw: isDrawn ? { chance: 0.3, atMs: 0, caseId: 'case' } : null,
    passed: !isDrawn,
    finding: isDrawn ? { outcome: isWrong ? 'harmless' : 'abuse', atMs: 0 } : null,
    isWrong,
  };
}
