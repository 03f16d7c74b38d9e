import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditDatabase } from '../../src/app/audit.ts';
import { compose } from '../../src/app/compose.ts';
import { DEMO_APPS } from '../../src/app/demo/apps.ts';
import { demo, demoConfig, type FilledDays, fillDays } from '../../src/app/demo/demo.ts';
import { incidentListView } from '../../src/alerts/contract.ts';
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { clusterListView } from '../../src/fraud/linkage/contract.ts';
import { decisionListView } from '../../src/enforcement/decisions/contract.ts';
import { caseListView } from '../../src/enforcement/cases/contract.ts';
import { appealListView } from '../../src/enforcement/appeals/contract.ts';
import { sanctionListView } from '../../src/enforcement/sanctions/contract.ts';
import { staffListView } from '../../src/staff/contract.ts';
import { doorView } from '../../src/people/door/contract.ts';
import { monitorStatus, usageAnswer, type UsageQueryInput } from '../../src/metering/explore/contract.ts';

const SEED = 20_261_122;
const TIMES = 0.25;
const DAY_MS = 86_400_000;
const FILL_MS = 300_000;

const folder = mkdtempSync(join(tmpdir(), 'candor-demo-day-'));
const dataDir = join(folder, 'data');
const config = demoConfig(dataDir, { CANDOR_PORT: '0', CANDOR_CONSOLE_PORT: '0' });
const shares: number[] = [];
let day: FilledDays;
let app: Awaited<ReturnType<typeof compose>>;

beforeAll(async () => {
  const onShare = (share: number) => void shares.push(share);
  day = await fillDays({ config, seed: SEED, days: 1, times: TIMES, nowMs: Date.now(), version: 'test', onShare });
  app = await compose({
    config,
    clock: systemClock,
    random: systemRandom,
    version: 'test',
    writeLog: () => undefined,
    readableLogs: false,
    onFatal(fault) {
      throw fault;
    },
  });
  await caughtUp();
}, FILL_MS);
afterAll(async () => {
  await app?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const answer = await app.control.fetch(new Request(`http://control${path}`, init));
  expect(answer.status, path).toBe(200);
  return answer.json();
}

async function caughtUp(): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const status = monitorStatus.parse(await ask('GET', '/control/v1/usage/status'));
    if (status.state === 'fresh' && status.events >= day.requests) return;
    await Bun.sleep(200);
  }
  throw new Error('the monitor did not catch up with the day');
}

async function groups(by: UsageQueryInput['by']) {
  const span = { from: new Date(Date.now() - 2 * DAY_MS).toISOString(), to: new Date().toISOString() };
  const query: UsageQueryInput = { ...span, by: by ?? [], measures: ['requests'], limit: 1_000 };
  return usageAnswer.parse(await ask('POST', '/control/v1/usage/query', query));
}

test('a second demo leaves the folder of the first alone', async () => {
  const before = readdirSync(dataDir);
  const output = { stdout: () => undefined, writeLog: () => undefined, version: 'test' };
  const refused: unknown = await demo({ dataDir, env: {}, seed: 1, times: 0.01, json: true }, output).catch((e) => e);
  expect(String(refused)).toContain('in use by another Candor process');
  expect(readdirSync(dataDir)).toEqual(before);
});

describe('a demo day', () => {
  test('has forty apps, of which fifteen are not declared, and its books are clean', async () => {
    expect(DEMO_APPS.filter((demo) => demo.declared)).toHaveLength(25);
    expect(DEMO_APPS.filter((demo) => !demo.declared)).toHaveLength(15);
    expect(new Set(day.truth.values()).size).toBeGreaterThan(30);
    expect((await auditDatabase(dataDir)).findings).toEqual([]);
  });

  test('says how far it is while it is made up, and leaves no alarm of that', async () => {
    expect(shares.at(-1)).toBeGreaterThan(0.9);
    expect(shares.filter((share) => share < 0 || share > 1)).toEqual([]);
    const { data } = incidentListView.parse(await ask('GET', '/control/v1/incidents'));
    expect(data.filter(({ builtin }) => builtin === 'monitor_stale')).toEqual([]);
  });

  test('people came through the door of the portal, and its farm is seen to be one', async () => {
    const { data } = clusterListView.parse(await ask('GET', '/control/v1/fraud/clusters'));
    expect(data.map(({ accounts, sanctioned }) => [accounts, sanctioned])).toEqual([[25, 25]]);
    const { waiting } = doorView.parse(await ask('GET', '/control/v1/sign-up'));
    expect(waiting).toEqual([{ plan: 'preview', count: 6 }]);
    expect(day.callers.length).toBeGreaterThan(130);
  });

  test('shows enforcement: warnings, a cool-off, the farm stopped as one, an appeal that was right, and open cases', async () => {
    const sanctions = sanctionListView.parse(await ask('GET', '/control/v1/enforcement/sanctions?limit=500')).data;
    const steps = new Set(sanctions.map(({ step }) => step));
    expect(steps).toContain('warning');
    expect(steps).toContain('cool_off');
    const coolOffs = sanctions.filter(({ step, state }) => step === 'cool_off' && state === 'in_force');
    expect(coolOffs.length).toBeGreaterThan(0);
    const farm = sanctions.filter(({ conduct }) => conduct === 'resale');
    expect(new Set(farm.map(({ unit }) => unit.account_id)).size).toBeGreaterThanOrEqual(20);
    const appeals = appealListView.parse(await ask('GET', '/control/v1/enforcement/appeals')).data;
    expect(appeals.map(({ state }) => state).sort()).toEqual(['overturned', 'received', 'upheld']);
    const overturned = appeals.find(({ state }) => state === 'overturned');
    const reversed = sanctions.find(({ id }) => id === overturned?.sanction_id);
    expect(reversed?.state).toBe('reversed');
    const open = caseListView.parse(await ask('GET', '/control/v1/enforcement/cases?state=undecided')).data;
    expect(open.length).toBeGreaterThan(0);
    const all = caseListView.parse(await ask('GET', '/control/v1/enforcement/cases?state=all')).data;
    expect(new Set(all.map(({ outcome }) => outcome))).toContain('confirm');
    const endUsers = sanctions.filter(({ unit }) => unit.kind === 'end_user');
    expect(endUsers.map(({ unit }) => unit.name)).toContain('visitor-31');
    const decisions = decisionListView.parse(await ask('GET', '/control/v1/enforcement/decisions?limit=500')).data;
    expect(new Set(decisions.map(({ id }) => id)).size).toBeGreaterThanOrEqual(sanctions.length - farm.length + 1);
  });

  test('leaves the first owner to whoever tries it', async () => {
    const { data } = staffListView.parse(await ask('GET', '/control/v1/staff'));
    expect(data.map(({ role }) => role)).toEqual(['trust_safety', 'trust_safety', 'trust_safety']);
    expect(await app.setupToken()).not.toBeNull();
  });

  test('every event carries all levels', async () => {
    const { rows, totals, other } = await groups(['product', 'app', 'model', 'end_user']);
    expect(totals.requests).toBe(day.requests);
    expect(other === null || other.groups > 0).toBe(true);
    const unknown = rows.filter(({ group }) => !group.product || !group.app || !group.end_user);
    expect(unknown).toEqual([]);
    const whose = await groups(['product', 'account', 'key', 'model']);
    const nobodys = whose.rows.filter(({ group }) => !group.account || !group.key || !group.model);
    // Only strangers without a good key have no account and key, told apart as the product `none`. Whoever is stopped is
    // refused before anybody reads which model they ask for.
    const { data } = sanctionListView.parse(await ask('GET', '/control/v1/enforcement/sanctions?limit=500'));
    const sanctioned = new Set(data.map(({ unit }) => unit.account_id));
    const others = nobodys.filter(({ group }) => group.product !== 'none');
    expect(others.every(({ group }) => group.key && sanctioned.has(group.account ?? ''))).toBe(true);
  });

  test('apps that nobody declared are grouped as they really are', async () => {
    const pairs = await readUndeclared();
    const { precision, recall, f1 } = pairwise(pairs);
    const figures = [precision, recall, f1].map((figure) => figure.toFixed(4)).join(', ');
    console.log(`undeclared apps: ${pairs.length} events; pairwise precision, recall, F1: ${figures}`);
    expect(pairs.length).toBeGreaterThan(500);
    expect(f1).toBeGreaterThanOrEqual(0.95);
  });
});

interface Judged {
  readonly found: string;
  readonly truth: string;
}

type Tables = { usage_event: { id: string; app: string | null; app_source: string } };

async function readUndeclared(): Promise<Judged[]> {
  const events = app.storage.reader.withTables<Tables>().selectFrom('usage_event').select(['id', 'app', 'app_source']);
  const rows = await events.where('app_source', '!=', 'declared').execute();
  return rows.flatMap((row) => {
    const truth = day.truth.get(row.id);
    return row.app === null || truth === undefined || truth === null ? [] : [{ found: row.app, truth }];
  });
}

/** Over all pairs of events: together in what was found, and in truth. */
function pairwise(judged: readonly Judged[]): { precision: number; recall: number; f1: number } {
  const together = (name: (one: Judged) => string) => {
    const sizes = new Map<string, number>();
    for (const one of judged) sizes.set(name(one), (sizes.get(name(one)) ?? 0) + 1);
    return [...sizes.values()].reduce((pairs, size) => pairs + (size * (size - 1)) / 2, 0);
  };
  const both = together(({ found, truth }) => `${found} ${truth}`);
  const precision = both / together(({ found }) => found);
  const recall = both / together(({ truth }) => truth);
  return { precision, recall, f1: (2 * precision * recall) / (precision + recall) };
}
