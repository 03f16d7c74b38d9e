import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { systemClock } from '../../base/clock.ts';
import { createMintId } from '../../base/ids.ts';
import { systemRandom } from '../../base/random.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import { openStorage, type Storage } from '../../storage/sql/storage.ts';
import { createFollow, type Follow } from '../follow/follow.ts';
import { createSecondReader } from '../follow/second-reader.ts';
import { JUDGEMENT_PARAMETERS } from '../judgement/parameters.ts';
import { enforcementSignals } from '../migrations/2026-11-22-enforcement-signals.ts';
import { figuresView, incidentListView, incidentPictureView, raisedSignalView, whatIfView } from './contract.ts';
import { createDigests } from './digests.ts';
import { signalRoutes } from './routes.ts';

let folder: string;
let storage: Storage;
let follow: Follow;
let api: Hono<{ Variables: ControlVariables }>;
const BASE = '/control/v1/enforcement';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'candor-signals-'));
  const deps = { clock: systemClock, random: systemRandom };
  const migrations = [enforcementSignals];
  storage = await openStorage({ dataDir: folder, migrations, onFatal: () => undefined, ...deps });
  follow = createFollow({
    storage,
    clock: systemClock,
    mintId: createMintId(systemClock, systemRandom),
    digests: createDigests(new Uint8Array(32)),
    surroundings: {
      operatorOf: (accountId) => [accountId],
      firmlyLinked: () => 1,
      declaredUsesOf: () => [],
      isShared: () => false,
    },
    parameters: JUDGEMENT_PARAMETERS,
    reader: createSecondReader({ guard: null, clock: systemClock }),
    propose: () => Promise.resolve([]),
    unsure: () => Promise.resolve(),
    onFault: (_, error) => {
      throw error;
    },
  });
  await follow.start();
  api = new Hono<{ Variables: ControlVariables }>();
  api.use(async (context, next) => {
    context.set('actor', { kind: 'staff', id: 'stf_1', name: 'Ada', role: 'owner', networkPrefix: null });
    await next();
  });
  const accountExists = (accountId: string) => accountId.startsWith('acc_');
  const parts = { follow, reader: storage.reader, clock: systemClock, parameters: JUDGEMENT_PARAMETERS, accountExists };
  api.route('/', signalRoutes(parts));
});

afterEach(async () => {
  await follow.settled();
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

const NOTE = 'seen in the logs of an upstream';

async function post(path: string, body: object): Promise<Response> {
  return await api.request(BASE + path, { method: 'POST', body: JSON.stringify(body) });
}

async function get(path: string): Promise<Response> {
  return await api.request(BASE + path);
}

test('a person raises a signal, and sees what it came to', async () => {
  const raised = await post('/signals', { account_id: 'acc_1', conduct: 'resale', confidence: 0.97, note: NOTE });
  expect(raised.status).toBe(201);
  const { incident, signal } = raisedSignalView.parse(await raised.json());
  expect(incident).toMatchObject({ state: 'confirmed', conduct: 'resale', signals: 1 });
  expect(signal.source_version).toBe('staff:stf_1');
  await follow.settled();

  const picture = incidentPictureView.parse(await (await get(`/incidents/${incident.id}`)).json());
  expect(picture.signal_list).toEqual([signal]);
  expect(picture.proposals.map(({ step }) => step)).toEqual(['warning']);

  const listed = incidentListView.parse(await (await get('/incidents?account=acc_1&limit=1')).json());
  expect(listed).toEqual({ data: [incident], next: null });
  expect(incidentListView.parse(await (await get('/incidents?account=acc_2')).json()).data).toEqual([]);

  const figures = figuresView.parse(await (await get('/units/figures?account=acc_1')).json());
  expect(figures.incidents).toEqual([incident]);
  expect(figures.cusum).toBeGreaterThan(3);
});

test('pages through incidents', async () => {
  for (const account_id of ['acc_1', 'acc_2', 'acc_3']) {
    await post('/signals', { account_id, conduct: 'resale', confidence: 0.97, note: NOTE });
  }
  const first = incidentListView.parse(await (await get('/incidents?limit=2')).json());
  expect([...(await follow.store.confirmedOf(['acc_1', 'acc_9']))]).toEqual(['acc_1']);
  expect(await follow.store.countBySource(0, Date.now() + 1)).toEqual(new Map([['staff', 3]]));
  const second = incidentListView.parse(await (await get(`/incidents?limit=2&before=${first.next}`)).json());
  expect([...first.data, ...second.data].map(({ owner }) => owner.account_id)).toEqual(['acc_3', 'acc_2', 'acc_1']);
});

test('tries other figures on what is on record', async () => {
  await post('/signals', { account_id: 'acc_1', conduct: 'resale', confidence: 0.97, note: NOTE });
  const answer = await post('/incidents/what-if', { sure_from: 0.99 });
  const view = whatIfView.parse(await answer.json());
  expect(view).toMatchObject({ signals: 1, incidents: { now: 1, otherwise: 1 }, worse: 0, better: 1 });
});

test('says what is wrong with what is asked', async () => {
  const signal = { account_id: 'acc_1', conduct: 'resale', confidence: 0.97, note: NOTE };
  expect((await post('/signals', { ...signal, account_id: 'nobody' })).status).toBe(404);
  expect((await post('/signals', { ...signal, confidence: 1 })).status).toBe(400);
  expect((await post('/signals', { ...signal, at: '2990-01-01T00:00:00Z' })).status).toBe(400);
  expect((await get('/incidents/inc_none')).status).toBe(404);
  expect((await get('/incidents?state=odd')).status).toBe(400);
  expect((await get('/units/figures?account=acc_1&kind=key')).status).toBe(400);
  expect((await get('/units/figures?account=nobody')).status).toBe(404);
  expect((await post('/incidents/what-if', { p0: 0.3, p1: 0.2 })).status).toBe(400);
  const ladder = [{ step: 'friction', score: 100, cusum: 0 }];
  expect((await post('/incidents/what-if', { ladder })).status).toBe(400);
});
