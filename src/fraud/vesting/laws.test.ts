/** What holds of the rules under any history: merges and splits, proofs, payments, use and sanctions in any order. */
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { NANO_PER_USD, type Nano, sum } from '../../base/money.ts';
import { loadConfig } from '../../config/load.ts';
import type { Operator } from '../linkage.ts';
import { DAY_MS } from './account.ts';
import type { Due } from './decide.ts';
import { createVestingInMemory } from './proving/in-memory.ts';
import type { VestingRules } from './rules.ts';

const RULES = defaultRules();
const START_MS = Date.parse('2026-11-02T00:00:00Z');
const ACCOUNTS = 5;

function defaultRules(): VestingRules {
  const loaded = loadConfig({
    env: {},
    cwd: '/',
    disk: { read: () => Buffer.from(''), isFile: (path) => path.endsWith('.yaml') },
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal));
  return { ...loaded.value.vesting, tranches: loaded.value.plans['free']?.signupTranches ?? [] };
}

const usd = (dollars: number): Nano => BigInt(Math.round(dollars * Number(NANO_PER_USD)));

/** Who belongs to whom, as a test says: `groups[i]` is the group of account i. */
function openRules(rules: VestingRules = RULES) {
  let groups = Array.from({ length: ACCOUNTS }, (_, at) => at);
  const soft = new Set<string>();
  const idOf = (at: number) => `acct_${at}`;
  const operatorOf = (accountId: string): Operator => {
    const group = groups[Number(accountId.slice(5))];
    const accounts = groups.flatMap((one, at) => (one === group ? [idOf(at)] : []));
    return { id: accounts[0] ?? accountId, accounts };
  };
  const releases: { due: Due; givenAfter: Nano }[] = [];
  const vesting = createVestingInMemory({
    rules,
    linkage: {
      operatorOf,
      linksOf: (accountId) =>
        [...soft]
          .filter((pair) => pair.split(' ').includes(accountId))
          .map((pair) => ({
            id: pair,
            accounts: pair.split(' ') as [string, string],
            strength: 'soft' as const,
            bits: 10,
            agreements: [{ family: 'device', field: 'device', bits: 12, operators: 2 }],
            atMs: 0,
            expiresAtMs: Infinity,
            fell: null,
          })),
    },
    startMs: START_MS,
    onRelease: (due) =>
      releases.push({
        due,
        givenAfter: sum(operatorOf(due.to).accounts.map((id) => vesting.account(id)?.given ?? 0n)),
      }),
  });
  return {
    vesting,
    releases,
    idOf,
    soften: (a: number, b: number) => soft.add(`${idOf(a)} ${idOf(b)}`),
    regroup(next: readonly number[], nowMs: number) {
      groups = [...next];
      vesting.operatorsChanged(
        groups.map((_, at) => idOf(at)),
        nowMs,
      );
    },
    given: () => groups.map((_, at) => vesting.account(idOf(at))?.given ?? 0n),
  };
}

/** Six requests over three hours, each paid with free credit. */
function useDay(vesting: ReturnType<typeof openRules>['vesting'], accountId: string, nowMs: number, free: Nano): void {
  const most = vesting.available(accountId);
  const each = (free < most ? free : most) / 6n;
  for (let at = 0; at < 6; at++) {
    vesting.used(accountId, { atMs: nowMs + at * 1_900_000, requests: 1, flagged: 0, free: each });
  }
}

type World = ReturnType<typeof openRules>;
type Step = (world: World, nowMs: number) => void;

const at = fc.nat({ max: ACCOUNTS - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  at.map(
    (who): Step =>
      (world, now) =>
        world.vesting.began(world.idOf(who), { disposable: false, cohorts: [] }, now),
  ),
  fc.tuple(at, fc.constantFrom('phone', 'card', 'card_prepaid', 'organisation', 'passkey'), fc.nat({ max: 2 })).map(
    ([who, kind, token]): Step =>
      (world, now) =>
        world.vesting.proved(world.idOf(who), { kind, token: `${kind} ${token}` }, now),
  ),
  fc.tuple(at, fc.nat({ max: 30 })).map(
    ([who, dollars]): Step =>
      (world, now) =>
        world.vesting.paid(world.idOf(who), usd(dollars), now),
  ),
  fc.tuple(at, fc.nat({ max: 100 })).map(
    ([who, share]): Step =>
      (world, now) =>
        useDay(world.vesting, world.idOf(who), now, (world.vesting.available(world.idOf(who)) * BigInt(share)) / 100n),
  ),
  fc.array(fc.nat({ max: 2 }), { minLength: ACCOUNTS, maxLength: ACCOUNTS }).map(
    (groups): Step =>
      (world, now) =>
        world.regroup(groups, now),
  ),
  fc.tuple(at, fc.boolean()).map(
    ([who, is]): Step =>
      (world, now) =>
        world.vesting.sanctioned(world.idOf(who), is, now),
  ),
  fc.constant((world: World, now: number) => world.vesting.tick(now)),
);

test('no release takes an operator above one free tier, nothing is given below zero, and nothing is released twice', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const world = openRules();
      const total = sum(RULES.tranches);
      steps.forEach((run, day) => run(world, START_MS + day * (DAY_MS / 2)));
      world.vesting.tick(START_MS + steps.length * DAY_MS);
      for (const { due, givenAfter } of world.releases) {
        expect(due.amount > 0n).toBe(true);
        expect(givenAfter <= total).toBe(true);
      }
      for (const given of world.given()) expect(given >= 0n && given <= total).toBe(true);
      const before = world.releases.length;
      world.vesting.tick(START_MS + steps.length * DAY_MS);
      expect(world.releases.length).toBe(before);
    }),
    { numRuns: 400 },
  );
});

test('who shows nothing but mail and pays nothing is given the first tranche, however clean and patient', () => {
  const { vesting, idOf } = openRules();
  vesting.began(idOf(0), { disposable: false, cohorts: [] }, START_MS);
  for (let day = 0; day < 60; day++) {
    useDay(vesting, idOf(0), START_MS + day * DAY_MS, usd(0.01));
    vesting.tick(START_MS + (day + 1) * DAY_MS);
  }
  expect(vesting.account(idOf(0))?.given).toBe(usd(1));
});

test('a phone lifts that by a quarter of a dollar, once for each number', () => {
  const { vesting, idOf } = openRules();
  for (const who of [0, 1]) {
    vesting.began(idOf(who), { disposable: false, cohorts: [] }, START_MS);
    vesting.proved(idOf(who), { kind: 'phone', token: 'the same number' }, START_MS);
  }
  for (let day = 0; day < 30; day++) {
    for (const who of [0, 1]) useDay(vesting, idOf(who), START_MS + day * DAY_MS, usd(0.01));
    vesting.tick(START_MS + (day + 1) * DAY_MS);
  }
  const given = [0, 1].map((who) => vesting.account(idOf(who))?.given);
  expect(new Set(given)).toEqual(new Set([usd(1), usd(1.25)]));
});

test('each dollar paid releases one more, up to the whole free tier', () => {
  const { vesting, idOf } = openRules();
  vesting.began(idOf(0), { disposable: false, cohorts: [] }, START_MS);
  vesting.paid(idOf(0), usd(5), START_MS);
  const run = (from: number, days: number) => {
    for (let day = from; day < from + days; day++) {
      useDay(vesting, idOf(0), START_MS + day * DAY_MS, usd(0.1));
      vesting.tick(START_MS + (day + 1) * DAY_MS);
    }
  };
  run(0, 30);
  expect(vesting.account(idOf(0))?.given).toBe(usd(6));
  vesting.paid(idOf(0), usd(50), START_MS + 30 * DAY_MS);
  run(30, 40);
  expect(vesting.account(idOf(0))?.given).toBe(usd(20));
});

test('a further account of one operator gets enough to begin with, from what they share', () => {
  const { vesting, idOf, regroup } = openRules();
  regroup([0, 0, 0, 0, 0], START_MS);
  for (let who = 0; who < ACCOUNTS; who++) vesting.began(idOf(who), { disposable: false, cohorts: [] }, START_MS + who);
  expect([0, 1, 2, 3, 4].map((who) => vesting.account(idOf(who))?.given)).toEqual([
    usd(1),
    ...Array.from({ length: 4 }, () => usd(0.25)),
  ]);
});

test('a merge takes back what the later one has not spent, a split gives it back', () => {
  const { vesting, idOf, regroup } = openRules();
  for (const who of [0, 1]) vesting.began(idOf(who), { disposable: false, cohorts: [] }, START_MS + who);
  vesting.used(idOf(1), { atMs: START_MS + 10, requests: 1, flagged: 0, free: usd(0.4) });
  regroup([0, 0, 2, 3, 4], START_MS + DAY_MS);
  expect([vesting.available(idOf(0)), vesting.available(idOf(1))]).toEqual([usd(1), 0n]);
  regroup([0, 1, 2, 3, 4], START_MS + 2 * DAY_MS);
  expect([vesting.available(idOf(0)), vesting.available(idOf(1))]).toEqual([usd(1), usd(0.6)]);
});

test('a sanction takes back what is unspent and stops what would come; lifting it gives it back', () => {
  const { vesting, idOf } = openRules();
  vesting.began(idOf(0), { disposable: false, cohorts: [] }, START_MS);
  vesting.used(idOf(0), { atMs: START_MS + 10, requests: 1, flagged: 0, free: usd(0.3) });
  vesting.sanctioned(idOf(0), true, START_MS + 20);
  vesting.proved(idOf(0), { kind: 'passkey', token: null }, START_MS + 30);
  expect(vesting.available(idOf(0))).toBe(0n);
  vesting.sanctioned(idOf(0), false, START_MS + 40);
  expect(vesting.available(idOf(0))).toBe(usd(0.7));
});

test('accounts that are linked softly share what comes after the first tranche, until the link falls', () => {
  const world = openRules();
  const { vesting, idOf } = world;
  for (const who of [0, 1]) {
    vesting.began(idOf(who), { disposable: false, cohorts: [] }, START_MS + who);
    vesting.proved(idOf(who), { kind: 'card', token: `card ${who}` }, START_MS + who);
  }
  world.soften(0, 1);
  for (let day = 0; day < 40; day++) {
    for (const who of [0, 1]) useDay(vesting, idOf(who), START_MS + day * DAY_MS, usd(0.01));
    vesting.tick(START_MS + (day + 1) * DAY_MS);
  }
  const [first = 0n, second = 0n] = world.given();
  expect(first + second).toBe(usd(4));
});

test('doubt and bursts halve nothing but the first step, and a clean day heals it', () => {
  const { vesting, idOf } = openRules({ ...RULES, cohortEntriesPerDay: 1 });
  vesting.began(idOf(0), { disposable: true, cohorts: [] }, START_MS);
  vesting.began(idOf(1), { disposable: false, cohorts: ['net:1'] }, START_MS);
  vesting.began(idOf(2), { disposable: false, cohorts: ['net:1'] }, START_MS);
  expect([0, 1, 2].map((who) => vesting.available(idOf(who)))).toEqual([usd(0.25), usd(1), usd(0.25)]);
  useDay(vesting, idOf(2), START_MS, usd(0.05));
  vesting.tick(START_MS + DAY_MS);
  expect(vesting.account(idOf(2))?.given).toBe(usd(1));
});
