/** What a process leaves behind that dies between any two of the writes of a sanction, and that a start makes whole. */
import { afterEach, beforeEach, expect, test } from 'bun:test';
import { Database } from 'bun:sqlite';
import { join } from 'node:path';
import { openReader } from '../../storage/sql/storage.ts';
import { auditEnforcement } from '../audit.ts';
import { createFindings } from '../../storage/sql/findings.ts';
import { DATABASE_FILE } from '../../storage/sql/folder.ts';
import { DAY_MS, openSanctionWorld, orderOf, type SanctionWorld, START_MS } from '../../../test/world/sanctions.ts';

let world: SanctionWorld;
let id: string;

beforeEach(async () => {
  world = await openSanctionWorld();
  id = await world.account();
});

afterEach(() => world.close());

const never = () => new Promise<never>(() => undefined);

/** A world in which the process dies in the place of this part of its surroundings. */
async function dyingIn(around: Parameters<typeof openSanctionWorld>[0]): Promise<void> {
  world = await world.restart(around);
}

async function findings(): Promise<string[]> {
  const { reader, database } = openReader(world.dataDir);
  const found = createFindings();
  await reader.transaction().execute((moment) => auditEnforcement(moment, found, world.clock.wallMs()));
  database.close();
  return found.list().map(({ rule }) => rule);
}

test('dead after the stop and before the decision: nothing was imposed, and nothing is felt after the start', async () => {
  await dyingIn({ around: ({ decisions }) => ({ decisions: { ...decisions, appendAll: never } }) });
  void world.sanctions.impose(orderOf(id));
  expect(world.standing.stopOfAccount(id)).not.toBeNull();
  await world.storage.writer.write([]);
  world.time.ms += 2 * 60_000;
  expect(await findings()).toEqual(['each stop of a sanction has its sanction, decision and notice']);
  await dyingIn({});
  expect(world.standing.stopOfAccount(id)).toBeNull();
  expect(await world.sanctions.ofAccount(id)).toEqual([]);
  expect((await world.audit.verify()).entries).toBe(0);
  expect(await findings()).toEqual([]);
});

test('a decision that cannot be written takes back what was felt, and says so', async () => {
  const appendAll = async () => {
    throw new Error('the disk is full');
  };
  await dyingIn({ around: ({ decisions }) => ({ decisions: { ...decisions, appendAll } }) });
  const imposing = world.sanctions.impose(orderOf(id, { step: 'cool_off' }));
  expect(world.standing.stopOfAccount(id)).not.toBeNull();
  expect(String(await imposing.catch((error: unknown) => error))).toContain('the disk is full');
  expect(world.standing.stopOfAccount(id)).toBeNull();
  expect(world.sanctions.inForce({ kind: 'account', accountId: id })).toEqual([]);
  expect(await findings()).toEqual([]);
});

test('dead between the sanction that was put off and its stop: the start carries it out', async () => {
  const facts = { ...orderOf(id).facts, conduct: 'resale', severity: 2 } as const;
  await world.sanctions.impose(orderOf(id, { step: 'cool_off', facts, delayMs: 60_000 }));
  world.time.ms += 2 * 60_000;
  await dyingIn({});
  expect(world.standing.stopOfAccount(id)).toMatchObject({ cause: 'sanction', untilMs: START_MS + 60_000 + DAY_MS });
  await dyingIn({});
  expect(world.standing.inForce('sanction').length).toBe(1);
  expect(await findings()).toEqual([]);
});

test('a stop that went missing comes back with the start', async () => {
  await world.sanctions.impose(orderOf(id));
  const [stop] = world.standing.inForce('sanction');
  await world.standing.lift(stop?.id ?? '', 'somebody');
  expect(await findings()).toEqual(['each sanction that lets nothing in has its stop']);
  await dyingIn({});
  expect(world.standing.stopOfAccount(id)).not.toBeNull();
  expect(await findings()).toEqual([]);
});

test('dead between the end of a sanction and that of its stop: the start lets go', async () => {
  await dyingIn({ around: ({ standing }) => ({ standing: { ...standing, lift: never } }) });
  const imposed = await world.sanctions.impose(orderOf(id));
  void world.sanctions.end(imposed.ok ? imposed.value.id : '', 'lifted', 'staff_1', 'enough');
  while ((await world.audit.verify()).entries < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(world.standing.stopOfAccount(id)).not.toBeNull();
  await dyingIn({});
  expect(world.standing.stopOfAccount(id)).toBeNull();
  expect(await findings()).toEqual([]);
});

test.each([
  [
    'a sanction whose decision is gone',
    [
      'drop trigger enforcement_decision_kept',
      'pragma defer_foreign_keys = on',
      'delete from enforcement_notice',
      'delete from enforcement_decision',
    ],
    ['each sanction has its decision and notice', 'each decision on record is there as it was recorded'],
  ],
  [
    'a decision that was rewritten',
    [
      'drop trigger enforcement_decision_unchanged',
      "update enforcement_decision set body = replace(body, 'suspend', 'warning')",
    ],
    ['each decision on record is there as it was recorded'],
  ],
])('the audit finds %s', async (_, damage, rules) => {
  await world.sanctions.impose(orderOf(id));
  await world.decisions.deliver();
  expect(await findings()).toEqual([]);
  const database = new Database(join(world.dataDir, DATABASE_FILE));
  database.run('pragma busy_timeout = 5000');
  database.run('pragma foreign_keys = off');
  for (const sql of damage) database.run(sql);
  database.close();
  expect((await findings()).sort()).toEqual([...rules].sort());
});
