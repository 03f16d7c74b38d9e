import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMintId } from '../../base/ids.ts';
import { systemRandom } from '../../base/random.ts';
import { ok, refuse } from '../../base/result.ts';
import type { SlowStage, Verdict } from '../../moderation/index.ts';
import { openStorage, type Storage } from '../../storage/sql/storage.ts';
import type { JudgementSurroundings, Proposal } from '../judgement.ts';
import { JUDGEMENT_PARAMETERS } from '../judgement/parameters.ts';
import { enforcementSignals } from '../migrations/2026-11-22-enforcement-signals.ts';
import type { EndedReview } from '../path.ts';
import { createDigests } from '../signals/digests.ts';
import type { Owner } from '../unit.ts';
import { createFollow, type Follow } from './follow.ts';
import { verifyReplay, whatIf } from './replay.ts';
import { createSecondReader } from './second-reader.ts';

let folder: string;
let storage: Storage;
let follow: Follow;
let nowMs = Date.UTC(2026, 0, 1);
let proposed: Proposal[] = [];
let unsure: string[] = [];
let guard: SlowStage['look'];
let operators: Record<string, readonly string[]> = {};
const faults: unknown[] = [];

const clock = { wallMs: () => nowMs, monoMs: () => nowMs };
const surroundings: JudgementSurroundings = {
  operatorOf: (accountId) => operators[accountId] ?? [accountId],
  firmlyLinked: (accountId) => operators[accountId]?.length ?? 1,
  declaredUsesOf: () => [],
  isShared: (accountId) => accountId === 'acc_shared',
};
const mintId = createMintId({ wallMs: () => nowMs, monoMs: () => nowMs }, systemRandom);

async function open(): Promise<void> {
  const migrations = [enforcementSignals];
  storage = await openStorage({ dataDir: folder, migrations, onFatal: () => undefined, clock, random: systemRandom });
  follow = createFollow({
    storage,
    clock,
    mintId,
    digests: createDigests(new Uint8Array(32).fill(7)),
    surroundings,
    parameters: JUDGEMENT_PARAMETERS,
    reader: createSecondReader({ guard: { name: 'g', stage: { look: (...asked) => guard(...asked) } }, clock }),
    propose: (proposal) => {
      proposed.push(proposal);
      return Promise.resolve([`san_${proposed.length}`]);
    },
    unsure: (incident, why) => {
      unsure.push(`${incident.id} ${why}`);
      return Promise.resolve();
    },
    onFault: (_, error) => faults.push(error),
  });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'candor-follow-'));
  [proposed, unsure, operators] = [[], [], {}];
  guard = () => Promise.resolve(ok(finding(0.9)));
  await open();
});

afterEach(async () => {
  await follow.settled();
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
  expect(faults.splice(0)).toEqual([]);
});

function finding(harm: number) {
  return { harm, scores: {}, spans: {} } as unknown as Extract<
    Awaited<ReturnType<SlowStage['look']>>,
    { ok: true }
  >['value'];
}

function owner(accountId: string, endUser: string | null = null): Owner {
  return { accountId, keyId: 'key_1', app: null, member: null, endUser, product: 'api' };
}

function review(
  of: Owner,
  score: number,
  changes: Partial<{ both: boolean; dryRun: boolean; label: string; opening: string }> = {},
): EndedReview {
  const { both = false, dryRun = false, label = 'hate', opening = `begins ${nowMs}` } = changes;
  const scores = { [label]: score };
  const stages = [
    { stage: 'ngram', model: 'ngram-1', result: 'flagged', scores, tookUs: 1 },
    ...(both ? [{ stage: 'encoder', model: 'encoder-1', result: 'flagged', scores, tookUs: 1 }] : []),
  ];
  const flagged = [{ label, score, at: 0.4, action: 'refuse', span: null }];
  const verdict = {
    subject: 'prompt',
    policy: 'default@1',
    stages,
    scores,
    harm: score,
    flagged,
    action: 'refuse',
    dryRun,
  };
  const asked = mintId('').replaceAll(/[^A-Z]/g, ' ');
  return {
    requestId: mintId('req'),
    atMs: nowMs,
    owner: of,
    verdicts: [verdict as unknown as Verdict],
    asked,
    opening,
  };
}

async function end(one: EndedReview, dies = false): Promise<void> {
  const { statements, durable } = follow.ended(one);
  if (statements.length > 0) await storage.writer.write(statements);
  if (!dies) durable();
}

/** What is on the disk stays; nothing in memory does. */
async function restart(): Promise<void> {
  await follow.settled();
  await storage.close();
  await open();
  await follow.start();
  await follow.settled();
}

function figures(accountId: string) {
  const { score, cusum, incidents } = follow.figuresOf({ kind: 'account', accountId });
  return { score, cusum, incidents };
}

test('goes from flags to proposals, and a restart changes no figure', async () => {
  await follow.start();
  for (let nth = 0; nth < 6; nth++) {
    nowMs += 60_000;
    await end(review(owner('acc_1'), 0.8, { both: true }));
    follow.clean(owner('acc_1'), nowMs);
    await follow.settled();
  }
  expect(proposed.map(({ step }) => step)).toContain('cool_off');
  await follow.tick();
  const before = figures('acc_1');
  expect(before.incidents.every(({ readBy }) => readBy === 'stage2')).toBeTrue();
  await restart();
  expect(figures('acc_1')).toEqual(before);
  const report = await verifyReplay(storage.reader);
  expect(report).toMatchObject({ signals: 6, differences: [], isWhole: true });
});

test('a process that dies between the settlement and the judgement loses no signal and counts none twice', async () => {
  await follow.start();
  await end(review(owner('acc_1'), 0.8, { both: true }));
  nowMs += 3_600_000;
  await end(review(owner('acc_1'), 0.8, { both: true }), true);
  nowMs += 3_600_000;
  await end(review(owner('acc_1'), 0.8, { both: true }), true);
  await restart();
  expect(figures('acc_1').incidents).toHaveLength(3);
  await restart();
  expect(figures('acc_1').incidents).toHaveLength(3);
  expect((await verifyReplay(storage.reader)).differences).toEqual([]);
});

test('what was proposed and not carried out is proposed again', async () => {
  await follow.start();
  await end(review(owner('acc_1'), 0.8, { both: true }));
  await follow.settled();
  expect(proposed.map(({ step }) => step)).toEqual(['warning']);
  await storage.writer.write([
    { sql: 'update enforcement_heard set proposed = 0 where kind = ?', parameters: ['reading'] },
  ]);
  await restart();
  expect(proposed.map(({ step }) => step)).toEqual(['warning', 'warning']);
  await restart();
  expect(proposed).toHaveLength(2);
});

test('nothing counts before an answer, and a reader that fails says neither', async () => {
  await follow.start();
  guard = () => Promise.resolve(refuse('timeout'));
  await end(review(owner('acc_1'), 0.7));
  await follow.settled();
  expect([proposed, unsure.length, figures('acc_1').cusum]).toEqual([[], 1, 0]);
  guard = () => Promise.reject(new Error('broken'));
  nowMs += 3_600_000;
  await end(review(owner('acc_1'), 0.7));
  await follow.settled();
  expect([proposed, unsure.length]).toEqual([[], 2]);
  guard = () => Promise.resolve(ok(finding(0.05)));
  nowMs += 3_600_000;
  await end(review(owner('acc_2'), 0.7));
  await follow.settled();
  expect([proposed, unsure.length, figures('acc_2').incidents]).toEqual([[], 2, []]);
});

test('two models that disagree are settled by a person', async () => {
  await follow.start();
  guard = () => Promise.resolve(ok(finding(0.05)));
  await end(review(owner('acc_1'), 0.9));
  await follow.settled();
  expect(unsure).toEqual([expect.stringContaining('disagree')]);
  const id = unsure[0]?.split(' ')[0] ?? '';
  const reading = { incidentId: id, outcome: 'abuse', confidence: 0.9, by: 'person:stf_1', atMs: nowMs } as const;
  expect(await follow.read(reading)).toEqual({ known: true, sanctions: ['san_1'] });
  expect(await follow.undo([id], 'person:stf_2', 'an appeal', nowMs)).toMatchObject([{ state: 'undone' }]);
  expect(figures('acc_1')).toEqual({ score: 0, cusum: 0, incidents: [] });
  await restart();
  expect(figures('acc_1')).toEqual({ score: 0, cusum: 0, incidents: [] });
  expect(await follow.get(id)).toMatchObject({ state: 'undone' });
  expect((await verifyReplay(storage.reader)).differences).toEqual([]);
});

test('what both models see in a prompt counts beside a graver doubt, and both are one chance', async () => {
  await follow.start();
  guard = () => Promise.resolve(ok(finding(0.9)));
  const one = review(owner('acc_1'), 0.97, { both: true, label: 'harassment' });
  const [verdict] = one.verdicts;
  const graver = review(owner('acc_1'), 0.6, { label: 'harassment/threatening' }).verdicts[0];
  if (verdict === undefined || graver === undefined) throw new Error('there are verdicts');
  await end({ ...one, verdicts: [verdict, { ...graver, subject: 'reply' }] });
  await follow.settled();
  const { incidents, cusum } = figures('acc_1');
  expect(incidents.map(({ conduct, state }) => `${conduct} ${state}`)).toEqual([
    'harassment confirmed',
    'threats confirmed',
  ]);
  await end(review(owner('acc_2'), 0.97, { both: true, label: 'harassment' }));
  await follow.settled();
  expect(cusum).toBe(figures('acc_2').cusum);
  expect(proposed.every(({ step }) => step === 'notice' || step === 'warning')).toBe(true);
});

test('a reply in which as grave a thing is seen does not stand for a prompt that both models are sure of', async () => {
  await follow.start();
  const one = review(owner('acc_1'), 0.96, { both: true });
  const [reply] = review(owner('acc_1'), 0.98).verdicts;
  if (reply === undefined) throw new Error('there is a verdict');
  await end({ ...one, verdicts: [...one.verdicts, { ...reply, subject: 'reply' }] });
  await follow.settled();
  expect(figures('acc_1').incidents).toMatchObject([{ conduct: 'hate', state: 'confirmed', readBy: null }]);
});

test('a dry run, personal data and a person in need say nothing of anybody', async () => {
  await follow.start();
  expect(follow.ended(review(owner('acc_1'), 0.99, { dryRun: true })).statements).toEqual([]);
  for (const label of ['personal', 'self-harm', 'self-harm/intent']) {
    expect(follow.ended(review(owner('acc_1'), 0.99, { label })).statements).toEqual([]);
  }
});

test('what is raised elsewhere is judged too, and its facts are counted', async () => {
  await follow.start();
  const input = {
    atMs: nowMs,
    source: 'fraud',
    sourceVersion: 'linkage@1',
    conduct: 'evasion',
    confidence: 0.97,
  } as const;
  const { incidentId } = await follow.raise({ ...input, owner: owner('acc_1') });
  await end(review(owner('acc_2'), 0.8, { both: true }));
  await follow.settled();
  expect(proposed).toMatchObject([{ conduct: 'evasion' }, { conduct: 'hate' }]);
  const hate = proposed[1]?.incidents[0] ?? '';
  expect(await follow.factsOf([incidentId, hate])).toMatchObject({
    requests: 1,
    accounts: 2,
    signals: 2,
    sources: ['fraud', 'moderation'],
    categories: [{ name: 'hate', count: 1 }],
  });
});

test('whoever of the staff says by hand that something happened is known by it, whatever source they name', async () => {
  await follow.start();
  const input = { atMs: nowMs, conduct: 'hate', confidence: 0.97, owner: owner('acc_1') } as const;
  const said = await follow.raise({ ...input, source: 'staff', sourceVersion: 'staff_a' });
  await follow.raise({ ...input, source: 'upstream', sourceVersion: 'staff:staff_b' });
  await follow.raise({ ...input, source: 'upstream', sourceVersion: 'openai' });
  await follow.settled();
  const all = (await follow.store.incidents({ limit: 10 })).map(({ id }) => id);
  expect([...(await follow.raisersOf([...all, said.incidentId]))].sort()).toEqual(['staff_a', 'staff_b']);
});

test('linked accounts replay to themselves, and other figures can be tried on what is on record', async () => {
  await follow.start();
  const members = Array.from({ length: 12 }, (_, nth) => `acc_${nth + 10}`);
  for (const [nth, account] of members.entries()) {
    for (const member of members.slice(0, nth + 1)) operators[member] = members.slice(0, nth + 1);
    follow.operatorsChanged([account]);
    nowMs += 60_000;
    await end(review(owner(account), 0.8, { both: true }));
    await follow.settled();
    follow.clean(owner(account), nowMs);
  }
  expect(proposed.map(({ step }) => step)).toContain('operator');
  await end(review(owner('acc_shared', 'anna'), 0.8, { both: true }));
  await restart();
  nowMs += 60_000;
  await end(review(owner('acc_10'), 0.8, { both: true }));
  await follow.settled();
  const report = await verifyReplay(storage.reader);
  expect(report.differences).toEqual([]);
  const same = await whatIf(storage.reader, 0, JUDGEMENT_PARAMETERS, JUDGEMENT_PARAMETERS);
  expect([same.worse, same.better]).toEqual([0, 0]);
  const strict = { ...JUDGEMENT_PARAMETERS, operatorAlarmAt: 1_000 };
  expect((await whatIf(storage.reader, 0, JUDGEMENT_PARAMETERS, strict)).better).toBeGreaterThan(0);
});

test('an account that is erased leaves nothing', async () => {
  await follow.start();
  await end(review(owner('acc_1'), 0.8, { both: true }));
  await follow.settled();
  await follow.eraser.erase('acc_1');
  expect(figures('acc_1').incidents).toEqual([]);
  expect(await follow.store.incidents({ limit: 10 })).toEqual([]);
  await restart();
  expect(figures('acc_1').incidents).toEqual([]);
});
