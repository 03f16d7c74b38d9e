/** That people and rings do what population files say of them. */
import { describe, expect, test } from 'bun:test';
import type { SignupFacts } from '../../../../src/fraud/evidence.ts';
import { createDraw } from '../draw.ts';
import { type Farm, type People, type Populations, readPopulations } from '../population.ts';
import { createSimulation, type RunningSimulation } from '../simulation.ts';
import { createSharedValues } from '../systems/baselines.ts';
import type { System } from '../systems/system.ts';
import { createNetworks } from '../world/networks.ts';
import { inviteFarms } from './farms.ts';
import { inviteGriefers } from './others.ts';
import { invitePeople } from './people.ts';

const SIGN_UPS = 120;

function standard(): Populations {
  const read = readPopulations('standard');
  if (!read.ok) throw new Error(read.refusal);
  return read.value;
}

function cohortOf<Kind extends 'farm' | 'people' | 'griefer'>(kind: Kind, name: string) {
  const found = standard().cohorts.find((one) => one.kind === kind && one.name === name);
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  return found as Extract<Populations['cohorts'][number], { kind: Kind }>;
}

interface Watched {
  readonly simulation: RunningSimulation;
  readonly seen: SignupFacts[];
}

/** A month over the baseline, which lets everybody in and pays at once, with some of it put otherwise. */
function month(change: Partial<System>, days = 30): Watched {
  const seen: SignupFacts[] = [];
  const system = createSharedValues();
  const simulation = createSimulation({
    days,
    startMs: Date.parse('2026-03-02T00:00:00Z'),
    networks: createNetworks(2_000),
    draw: createDraw('actors'),
    system: () => ({ ...system, signedUp: (facts) => void seen.push(facts), ...change }),
  });
  return { simulation, seen };
}

function ring(farm: Farm, change: Partial<System> = {}): Watched {
  const watched = month(change);
  const one: Farm = { ...farm, sizes: [{ accounts: [SIGN_UPS, SIGN_UPS], share: 1 }] };
  inviteFarms(watched.simulation, standard(), one, SIGN_UPS);
  watched.simulation.run();
  return watched;
}

const distinct = (values: readonly unknown[]): number => new Set(values).size;
const domains = (seen: readonly SignupFacts[]) => distinct(seen.map(({ email }) => email.split('@')[1]));

describe('rings', () => {
  test('of level 1 come from one prefix with one client, of level 4 with one of everything', () => {
    const first = ring(cohortOf('farm', 'farm_1')).seen;
    expect(first).toHaveLength(SIGN_UPS);
    expect(distinct(first.map(({ ip }) => ip?.replace(/\.\d+$/, '')))).toBe(1);
    expect(distinct(first.map(({ tlsClass }) => tlsClass))).toBe(1);
    const fourth = ring(cohortOf('farm', 'farm_4')).seen;
    expect(distinct(fourth.map(({ ip }) => ip))).toBeGreaterThan(SIGN_UPS * 0.8);
    expect(fourth.filter(({ device }) => device !== null).length).toBe(
      distinct(fourth.flatMap(({ device }) => device ?? [])),
    );
    expect(fourth.some(({ email }) => email.endsWith('.example'))).toBe(false);
  });

  test('of level 3 have an address of a home each, and few domains', () => {
    const { seen } = ring(cohortOf('farm', 'farm_3'));
    expect(distinct(seen.map(({ ip }) => ip))).toBeGreaterThan(SIGN_UPS * 0.9);
    expect(domains(seen)).toBeLessThanOrEqual(SIGN_UPS / 20 + 1);
  });

  test('drain what there is, and pay for every account', () => {
    const { simulation } = ring({ ...cohortOf('farm', 'farm_4'), strategies: { drain: 1 } });
    for (const { spentUsd, costUsd } of simulation.accounts) {
      expect(spentUsd).toBeCloseTo(20, 6);
      expect(costUsd).toBeGreaterThanOrEqual(0.3);
    }
  });

  test('that adapt stop at a loss, and others go on', () => {
    const nothing: Partial<System> = { spend: () => 0, available: () => 0 };
    const adaptive = { ...cohortOf('farm', 'farm_adaptive_3'), reaction_hours: 0.1, strategies: { drain: 1 } };
    const stopped = ring(adaptive, nothing).simulation.accounts.length;
    const others = ring(cohortOf('farm', 'farm_3'), nothing).simulation.accounts.length;
    expect(others).toBe(SIGN_UPS);
    expect(stopped).toBeLessThan(SIGN_UPS);
    expect(stopped).toBeGreaterThan(20);
  });
});

describe('people', () => {
  const invited = (cohort: People, change: Partial<System>): Watched => {
    const watched = month(change);
    invitePeople(watched.simulation, cohort, 400);
    watched.simulation.run();
    return watched;
  };

  test('get their first answer where nothing is in their way', () => {
    const { simulation } = invited(cohortOf('people', 'ordinary'), {});
    expect(simulation.accounts).toHaveLength(400);
    expect(simulation.accounts.every(({ firstTry }) => firstTry === 'answered')).toBe(true);
  });

  test('lose patience over a computation without end, and are not answered without credit', () => {
    const slow = invited(cohortOf('people', 'ordinary'), {
      door: () => ({ kind: 'open', workFactor: 10_000, waitMs: 1 }),
    }).simulation.accounts;
    expect(slow.filter(({ firstTry }) => firstTry === 'out_of_patience').length).toBeGreaterThan(300);
    const poor = invited(cohortOf('people', 'ordinary'), { spend: () => 0 }).simulation.accounts;
    expect(poor.every(({ firstTry }) => firstTry === 'no_credit')).toBe(true);
  });

  test('of one site have its domain and its addresses, and a griefer sits among them', () => {
    const campus = cohortOf('people', 'campus');
    const whole: People = { ...campus, group: { ...campus.group, people: 400 }, network: { site: 1 } };
    const { simulation, seen } = month({});
    const sites = invitePeople(simulation, whole, 300);
    inviteGriefers(simulation, { ...cohortOf('griefer', 'griefers'), accounts: 5 }, sites, 5);
    simulation.run();
    const prefixes = Map.groupBy(seen, ({ ip }) => ip?.replace(/\.\d+$/, ''));
    expect([...prefixes.values()].map(({ length }) => length)).toEqual([305]);
    const official = seen.filter(({ email }) => email.endsWith(`@${sites[0]?.domain}`)).length;
    expect(Math.abs(official / 300 - 0.65)).toBeLessThan(0.1);
    const griefing = simulation.accounts.filter(({ truth }) => truth.intent === 'griefing');
    expect(griefing.map(({ sanctionedAtMs }) => sanctionedAtMs !== null)).toEqual([true, true, true, true, true]);
  });
});
