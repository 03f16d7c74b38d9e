import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FIRST_MS, SCRIPT, signUp } from '../../../test/world/sign-ups.ts';
import { systemClock } from '../../base/clock.ts';
import { systemRandom } from '../../base/random.ts';
import { openStorage, type Storage } from '../../storage/sql/storage.ts';
import { noNetworkLookup } from '../evidence/network-lookup.ts';
import { fraudLinkage } from '../migrations/2026-11-22-fraud-linkage.ts';
import { fraudLinkageWaiting } from '../migrations/2026-11-22-fraud-linkage-waiting.ts';
import { clusterListView, clusterPictureView, networkListView, networkView, riskView } from './contract.ts';
import { openLinkage, type OpenedLinkage } from './open-linkage.ts';
import { linkageRoutes } from './routes.ts';

let folder: string;
let storage: Storage;
let opened: OpenedLinkage;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'candor-linkage-routes-'));
  const deps = { clock: systemClock, random: systemRandom };
  const migrations = [fraudLinkage, fraudLinkageWaiting];
  storage = await openStorage({ dataDir: folder, migrations, onFatal: () => undefined, ...deps });
  const onFault = (_: string, error: unknown) => {
    throw error;
  };
  opened = openLinkage({ storage, lookUp: noNetworkLookup, onFault, ...deps });
});

afterEach(async () => {
  await opened.settled();
  await opened.close();
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; json: unknown }> {
  const routes = linkageRoutes({ opened, writer: storage.writer, clock: systemClock });
  const request = new Request(`http://control${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const response = await routes.fetch(request);
  return { status: response.status, json: await response.json() };
}

/** Two spellings of one mailbox. */
async function linkedPair(): Promise<[string, string]> {
  await opened.read();
  const pair = [1, 2].map((nth) =>
    signUp({ email: `j.doe+${nth}@gmail.com`, ip: '203.0.113.80', headers: SCRIPT, atMs: FIRST_MS + nth * 60_000 }),
  );
  for (const facts of pair) await opened.signedUp(facts);
  return [pair[0]?.accountId ?? '', pair[1]?.accountId ?? ''];
}

test('the risk of an account says what it is linked by, and nobody else is shown', async () => {
  const [a, b] = await linkedPair();
  const { json } = await ask('GET', `/control/v1/fraud/accounts/${b}`);
  const risk = riskView.parse(json);
  expect(risk).toMatchObject({ operator: { id: a, accounts: 2 }, links: [{ accounts: [a, b], strength: 'hard' }] });
  expect(risk.evidence.find(({ field }) => field === 'mail_address')).toMatchObject({ accounts: 2, operators: 1 });
  expect(JSON.stringify(json)).not.toContain('doe');
  expect((await ask('GET', '/control/v1/fraud/accounts/acct_none')).status).toBe(404);
});

test('before everything is read nothing is shown of it, and nothing changed by it', async () => {
  for (const path of ['accounts/acct_none', 'clusters', 'clusters/acct_none', 'networks']) {
    expect(await ask('GET', `/control/v1/fraud/${path}`)).toMatchObject({
      status: 503,
      json: { error: { reason: 'still_reading' } },
    });
  }
  const cut = await ask('POST', '/control/v1/fraud/links/lnk_0000000000/cut', { reason: 'two people' });
  const said = await ask('PUT', '/control/v1/fraud/networks', {
    prefix: '203.0.113.0/24',
    shared: true,
    reason: 'a library',
  });
  expect([cut.status, said.status]).toEqual([503, 503]);
});

test('clusters are listed and drawn; a link that is cut takes one apart', async () => {
  const [a, b] = await linkedPair();
  expect(clusterListView.parse((await ask('GET', '/control/v1/fraud/clusters')).json).data).toMatchObject([
    { operator_id: a, accounts: 2, sanctioned: 0 },
  ]);
  const picture = clusterPictureView.parse((await ask('GET', `/control/v1/fraud/clusters/${b}`)).json);
  expect(picture.accounts.map(({ id }) => id)).toEqual([a, b]);
  const path = `/control/v1/fraud/links/${picture.links[0]?.id}/cut`;
  expect((await ask('POST', path, {})).status).toBe(400);
  expect((await ask('POST', path, { reason: 'two people' })).status).toBe(200);
  expect((await ask('POST', path, { reason: 'two people' })).status).toBe(404);
  expect((await ask('GET', `/control/v1/fraud/clusters/${b}`)).status).toBe(404);
});

test('what is said of a network is kept, and shows how often the inference was wrong', async () => {
  await linkedPair();
  const said = { prefix: '203.0.113.0/24', shared: true, reason: 'a library' };
  const { json } = await ask('PUT', '/control/v1/fraud/networks', said);
  expect(networkView.parse(json)).toMatchObject({ shared: true, error: { marked: { networks: 1, wrong: 1 } } });
  const list = networkListView.parse((await ask('GET', '/control/v1/fraud/networks')).json);
  expect(list.data).toMatchObject([{ prefix: '203.0.113.0/24', shared: true, seemed: false, by: 'local' }]);
  await ask('PUT', '/control/v1/fraud/networks', { ...said, shared: null });
  expect(networkListView.parse((await ask('GET', '/control/v1/fraud/networks')).json).data).toEqual([]);
  expect((await ask('PUT', '/control/v1/fraud/networks', { ...said, prefix: '203.0.113.80' })).status).toBe(400);
  expect((await ask('PUT', '/control/v1/fraud/networks', { ...said, prefix: '198.18.0.0/24' })).status).toBe(404);
});
