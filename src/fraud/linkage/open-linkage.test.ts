import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FIRST_MS, SCRIPT, signUp } from '../../../test/world/sign-ups.ts';
import { assert } from '../../base/assert.ts';
import { systemClock } from '../../base/clock.ts';
import { systemRandom } from '../../base/random.ts';
import { openStorage, type Storage } from '../../storage/sql/storage.ts';
import { noNetworkLookup } from '../evidence/network-lookup.ts';
import type { SignupFacts } from '../evidence.ts';
import { fraudLinkage } from '../migrations/2026-11-22-fraud-linkage.ts';
import { fraudLinkageWaiting } from '../migrations/2026-11-22-fraud-linkage-waiting.ts';
import type { StaffedLinkage } from './create-linkage.ts';
import { openLinkage, type OpenedLinkage } from './open-linkage.ts';

let folder: string;
let storage: Storage;
let opened: OpenedLinkage;
const faults: unknown[] = [];

async function open(): Promise<void> {
  const deps = { clock: systemClock, random: systemRandom };
  const migrations = [fraudLinkage, fraudLinkageWaiting];
  storage = await openStorage({ dataDir: folder, migrations, onFatal: () => undefined, ...deps });
  opened = openLinkage({ storage, lookUp: noNetworkLookup, onFault: (_, error) => faults.push(error), ...deps });
}

async function close(): Promise<void> {
  await opened.settled();
  await opened.close();
  await storage.close();
}

async function reopen(): Promise<void> {
  await close();
  await open();
}

/** Ends as a process that dies: linkage is told nothing, and what is on the disk stays. */
async function crash(): Promise<void> {
  await opened.close();
  await storage.close();
  await open();
}

function linkage(): StaffedLinkage {
  const now = opened.now();
  assert(now !== null, 'it was read');
  return now;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'candor-linkage-'));
  await open();
});

afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
  expect(faults.splice(0)).toEqual([]);
});

const spelled = (nth: number) =>
  signUp({
    email: `secretive.name+${nth}@gmail.com`,
    ip: '203.0.113.80',
    headers: SCRIPT,
    atMs: FIRST_MS + nth * 60_000,
  });

async function allSignUp(all: readonly SignupFacts[]): Promise<void> {
  await Promise.all(all.map((facts) => opened.signedUp(facts)));
}

/** People who have nothing to do with one another. */
const strangers = (count: number) => Array.from({ length: count }, () => signUp());

/** What is known of accounts, without when it was found. */
function pictureOf(all: readonly SignupFacts[]): unknown[] {
  return all.map(({ accountId: id }) => [
    { ...linkage().operatorOf(id) },
    linkage()
      .linksOf(id, { fallen: true })
      .map(({ accounts, bits, fell, strength }) => [accounts, bits.toFixed(6), fell?.reason, strength]),
    linkage().evidenceOf(id),
  ]);
}

const waitingRows = async () =>
  (
    await storage.reader
      .withTables<{ fraud_waiting: { number: number } }>()
      .selectFrom('fraud_waiting')
      .select('number')
      .execute()
  ).length;

test('operators, links and what fell are the same after a restart', async () => {
  await opened.read();
  await allSignUp(strangers(50));
  const made = [1, 2, 3, 4].map(spelled);
  await allSignUp(made);
  const ids = made.map(({ accountId }) => accountId);
  linkage().learnt(
    ids[0] ?? '',
    { kind: 'template', sketch: new Uint32Array(128).fill(9), wording: new Uint32Array() },
    FIRST_MS,
  );
  const [cut] = linkage().linksOf(ids[3] ?? '');
  linkage().cut(cut?.id ?? '', 'by hand');
  const before = pictureOf(made);
  await reopen();
  await opened.read();
  expect(pictureOf(made)).toEqual(before);
  const fifth = spelled(5);
  await opened.signedUp(fifth);
  expect(linkage().operatorOf(fifth.accountId).id).toBe(ids[0] ?? '');
});

test('nothing in the data folder shows an address', async () => {
  await opened.signedUp(spelled(1));
  await opened.read();
  await opened.signedUp(spelled(2));
  await close();
  const bytes = readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString('latin1'));
  await open();
  for (const shown of ['secretive', '203.0.113', 'python-requests', 'device-']) {
    expect(bytes.some((text) => text.includes(shown))).toBe(false);
  }
});

test('while it is being read nothing is said of anybody', async () => {
  expect(opened.now()).toBeNull();
  const reading = opened.read();
  expect(opened.now()).toBeNull();
  await reading;
  expect(await opened.ready).toBe(linkage());
});

test('sign-ups that come before, while and after it is read are known as if all had come after', async () => {
  const known = strangers(1_200);
  const made = Array.from({ length: 9 }, (_, nth) => spelled(nth + 1));
  await opened.read();
  await allSignUp([...known, ...made]);
  const expected = pictureOf(made);
  await close();
  rmSync(folder, { recursive: true });
  await open();
  await opened.read();
  await allSignUp(known);
  await reopen();
  await allSignUp(made.slice(0, 3));
  const reading = opened.read();
  await new Promise((resolve) => setImmediate(resolve));
  expect(opened.now()).toBeNull();
  await allSignUp(made.slice(3, 6));
  await reading;
  await allSignUp(made.slice(6));
  expect(pictureOf(made)).toEqual(expected);
  await opened.settled();
  expect(await waitingRows()).toBe(0);
});

test('a sign-up that waited when the process ended is compared after the next start, and once', async () => {
  const [first, second, third] = [spelled(1), spelled(2), spelled(3)];
  await opened.read();
  await allSignUp([...strangers(600), first]);
  await reopen();
  const reading = opened.read();
  await allSignUp([second, second]);
  await crash();
  await reading;
  expect(await waitingRows()).toBe(1);
  await opened.signedUp(third);
  await opened.read();
  const ids = [first, second, third].map(({ accountId }) => accountId);
  expect(linkage().operatorOf(second.accountId).accounts).toEqual(ids);
  const before = pictureOf([first, second, third]);
  await reopen();
  await opened.read();
  expect(pictureOf([first, second, third])).toEqual(before);
});

test('what waited and was compared before the process ended makes no link twice', async () => {
  const [first, second] = [spelled(1), spelled(2)];
  await opened.read();
  await allSignUp([...strangers(20), first, second]);
  const before = pictureOf([first, second]);
  await storage.writer.write([
    {
      sql: `insert into fraud_waiting (account_id, at_ms, traits, evidence)
        select account_id, at_ms, traits, evidence from fraud_account where account_id = ?`,
      parameters: [second.accountId],
      expectRows: 1,
    },
  ]);
  await reopen();
  await opened.read();
  expect(pictureOf([first, second])).toEqual(before);
});

test('who is sanctioned while it is read is known to those that wait, and to who comes later', async () => {
  const banned = spelled(1);
  await opened.read();
  await allSignUp([...strangers(20), banned]);
  await reopen();
  await opened.signedUp(spelled(2));
  opened.sanctioned(banned.accountId, true);
  await opened.read();
  expect(linkage().clusters(1, null)).toMatchObject([{ accounts: 2, sanctioned: 1 }]);
  expect(linkage().signedUp(spelled(3)).evasion.length).toBeGreaterThan(0);
});

test('whoever waits for it hears when it is closed before', async () => {
  const asked = opened.ready.catch((error: unknown) => error);
  await opened.close();
  expect(await asked).toBeInstanceOf(Error);
});
