import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crowd, FIRST_MS, SCRIPT, signUp } from '../../../test/world/sign-ups.ts';
import { systemClock } from '../../base/clock.ts';
import { systemRandom } from '../../base/random.ts';
import { openStorage, type Storage } from '../../storage/sql/storage.ts';
import { noNetworkLookup } from '../evidence/network-lookup.ts';
import { fraudLinkage } from '../migrations/2026-11-22-fraud-linkage.ts';
import { openLinkage, type OpenedLinkage } from './open-linkage.ts';

let folder: string;
let storage: Storage;
let opened: OpenedLinkage;
const faults: unknown[] = [];

async function open(): Promise<void> {
  const deps = { clock: systemClock, random: systemRandom };
  storage = await openStorage({ dataDir: folder, migrations: [fraudLinkage], onFatal: () => undefined, ...deps });
  opened = await openLinkage({ storage, lookUp: noNetworkLookup, onFault: (_, error) => faults.push(error), ...deps });
}

async function reopen(): Promise<void> {
  await opened.settled();
  await storage.close();
  await open();
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'candor-linkage-'));
  await open();
});

afterEach(async () => {
  await opened.settled();
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
  expect(faults).toEqual([]);
});

const spelled = (nth: number) =>
  signUp({
    email: `secretive.name+${nth}@gmail.com`,
    ip: '203.0.113.80',
    headers: SCRIPT,
    atMs: FIRST_MS + nth * 60_000,
  });

test('operators, links and what fell are the same after a restart', async () => {
  crowd(opened.linkage, 50);
  const made = [1, 2, 3, 4].map(spelled);
  for (const facts of made) opened.linkage.signedUp(facts);
  const ids = made.map(({ accountId }) => accountId);
  opened.linkage.learnt(ids[0] ?? '', { kind: 'template', sketch: new Uint32Array(128).fill(9) }, FIRST_MS);
  const [cut] = opened.linkage.linksOf(ids[3] ?? '');
  opened.linkage.cut(cut?.id ?? '', 'by hand');
  const picture = () =>
    ids.map((id) => [
      { ...opened.linkage.operatorOf(id) },
      opened.linkage
        .linksOf(id, { fallen: true })
        .map(({ id: link, fell, strength }) => [link, fell?.reason, strength]),
      opened.linkage.evidenceOf(id),
    ]);
  const before = picture();
  await reopen();
  expect(picture()).toEqual(before);
  expect(opened.linkage.signedUp(spelled(5)).operator.id).toBe(ids[0] ?? '');
});

test('nothing in the data folder shows an address', async () => {
  opened.linkage.signedUp(spelled(1));
  await opened.settled();
  await storage.close();
  const bytes = readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString('latin1'));
  await open();
  for (const shown of ['secretive', '203.0.113', 'python-requests', 'device-']) {
    expect(bytes.some((text) => text.includes(shown))).toBe(false);
  }
});
