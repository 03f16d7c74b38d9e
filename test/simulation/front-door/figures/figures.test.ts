/** The figures over a handful of accounts, worked out by hand. */
import { expect, test } from 'bun:test';
import type { Link } from '../../../../src/fraud/linkage.ts';
import type { SimulatedAccount, Truth } from '../account.ts';
import type { System } from '../systems/system.ts';
import { creditFigures } from './credit.ts';
import { egressFigures } from './egress.ts';
import { groupsOf, linkFigures } from './links.ts';
import { peopleFigures } from './people.ts';

const ring = (operator: string, level: string): Truth => ({
  cohort: 'farm',
  intent: 'farmed',
  operator,
  household: null,
  level,
});
const person = (operator: string, household: string | null = null): Truth => ({
  cohort: 'people',
  intent: 'legitimate',
  operator,
  household,
  level: null,
});

function account(id: string, truth: Truth, more: Partial<SimulatedAccount> = {}): SimulatedAccount {
  return {
    id,
    truth,
    ip: '192.0.2.1',
    atMs: 0,
    firstTry: 'answered',
    spentUsd: 1,
    costUsd: 0.5,
    emptyTries: 0,
    sanctionedAtMs: null,
    strategy: null,
    ...more,
  };
}

/** Ring r of four, of which three are together with an honest person; ring s of two, apart; a family of two, together. */
const ACCOUNTS = [
  account('r1', ring('r', '3')),
  account('r2', ring('r', '3')),
  account('r3', ring('r', '3')),
  account('r4', ring('r', '3'), { spentUsd: 5 }),
  account('s1', ring('s', '4')),
  account('s2', ring('s', '4')),
  account('h1', person('h')),
  account('f1', person('f1', 'f'), { firstTry: 'no_credit', ip: '198.51.100.7' }),
  account('f2', person('f2', 'f'), { ip: '198.51.100.7', emptyTries: 2 }),
  account('o1', person('o'), { ip: '198.51.100.9' }),
];
const GROUPS: Record<string, string> = { r1: 'A', r2: 'A', r3: 'A', h1: 'A', f1: 'B', f2: 'B' };
const LINKS = [
  ['r1', 'r2'],
  ['r2', 'r3'],
  ['r3', 'h1'],
  ['f1', 'f2'],
] as const;

const system: System = {
  name: 'by hand',
  door: () => ({ kind: 'open', workFactor: null, waitMs: 0 }),
  signedUp: () => undefined,
  learnt: () => undefined,
  prompted: () => undefined,
  proved: () => undefined,
  spend: () => 0,
  available: () => 0,
  onProof: () => [],
  goodDay: null,
  sanctioned: () => undefined,
  tick: () => undefined,
  operatorsOf: (ids) => new Map(ids.map((id) => [id, GROUPS[id] ?? id])),
  linksOf: (id) => LINKS.filter((ends) => ends.some((end) => end === id)).map(linkOf),
  isShared: (ip) => ip.startsWith('192.'),
  evasionMarks: new Set(['o1']),
  givenTo: () => 2,
  microseconds: [],
};

function linkOf(accounts: readonly [string, string]): Link {
  return {
    id: accounts.join(),
    accounts,
    strength: 'hard',
    bits: 25,
    agreements: [],
    atMs: 0,
    expiresAtMs: 1,
    fell: null,
  };
}

test('links are held against who is behind the accounts, and households are counted apart', () => {
  const links = linkFigures(ACCOUNTS, system, groupsOf(ACCOUNTS, system));
  expect(links).toMatchObject({ precision: 2 / 3, hard_links: 4, wrong_links: 1, household_links: 1 });
  expect(links.recall).toEqual({ all_farms: 2 / 4, levels_1_to_3: 2 / 3, by_level: { '3': 2 / 3, '4': 0 } });
  expect(links.account_recall.all_farms).toBe(3 / 6);
  // Of 7 pairs that are together, 3 of the ring and 1 of the household are right; the rings have 6 and 1 pairs.
  expect([links.pair_precision, links.pair_recall]).toEqual([4 / 7, 3 / 7]);
  // 3 accounts see 3 of 4 rightly, one 1 of 4, the household all; of the rings, 3 see 3 of 4, one 1 of 4, two 1 of 2.
  expect(links.b_cubed_precision).toBeCloseTo((3 * 0.75 + 0.25 + 2) / 6, 10);
  expect(links.b_cubed_recall).toBeCloseTo((3 * 0.75 + 0.25 + 2 * 0.5) / 6, 10);
  expect(links.evasion_wrong_per_10k).toBe(2_500);
});

test('people are counted who share an operator with a stranger, got no answer, or were kept waiting', () => {
  const away = { truth: person('late'), costUsd: 0 };
  const people = peopleFigures(ACCOUNTS, [away], groupsOf(ACCOUNTS, system));
  expect(people.legitimate_in_wrong_link_per_10k).toBe(2_500);
  expect(people.household_linked_per_10k).toBe(5_000);
  expect(people.legitimate_delayed_per_10k).toBe(2_500);
  expect(people.legitimate_hard_sanctioned).toBe(0);
  expect(people.first_answer_rate).toEqual({ all: 3 / 5, worst_cohort: 3 / 5, worst: 'people' });
  expect(people.by_cohort['people']?.first_try_failed).toEqual({ turned_away: 1, no_credit: 1 });
});

test('credit is divided by accounts, cost by credit, and tries that were refused cost too', () => {
  const credit = creditFigures(ACCOUNTS, [{ truth: ring('s', '4'), costUsd: 1 }], system);
  expect(credit.extracted_usd_per_farmed_account).toEqual({ all: 10 / 6, '3': 2, '4': 1 });
  expect(credit.attacker_cost_per_extracted_usd).toEqual({ all: 4 / 10, '3': 2 / 8, '4': 2 / 2 });
  expect(credit.extracted_usd_per_ring.most).toBe(8);
  expect(credit.refused_tries).toBe(1);
});

test('a network is shared by the people behind it, a ring counted as one', () => {
  // Behind 192.0.2.0/24 are two rings and one person, so three.
  expect(egressFigures(ACCOUNTS, system)).toEqual({ precision: 0, recall: null, prefixes: 2, shared_prefixes: 0 });
  const crowd = Array.from({ length: 5 }, (_, at) => account(`c${at}`, person(`c${at}`)));
  expect(egressFigures([...ACCOUNTS, ...crowd], system)).toMatchObject({ precision: 1, recall: 1, shared_prefixes: 1 });
});
