/** One month at the front door: everybody of a population file, against one system. */
import type { System, SystemWorld } from './systems/system.ts';
import { inviteFarms } from './actors/farms.ts';
import { inviteEvaders, inviteGriefers, inviteResellers } from './actors/others.ts';
import { invitePeople, type Site } from './actors/people.ts';
import { inviteChains } from './actors/unseen.ts';
import { createDraw } from './draw.ts';
import { creditFigures } from './figures/credit.ts';
import { egressFigures } from './figures/egress.ts';
import { groupsOf, linkFigures } from './figures/links.ts';
import { peopleFigures } from './figures/people.ts';
import type { Populations } from './population.ts';
import type { Figures } from '../../../src/fraud/simulation-report/contract.ts';
import { createSimulation, type Simulation } from './simulation.ts';
import { employStaff } from './staff.ts';
import type { StaffRules } from './systems/settings.ts';
import { createNetworks } from './world/networks.ts';

export interface RunInput {
  readonly populations: Populations;
  readonly seed: number;
  readonly signUps: number;
  readonly staff: StaffRules;
  readonly system: (world: SystemWorld) => System;
}

export interface Run {
  readonly simulation: Simulation;
  readonly figures: Figures;
}

const START_MS = Date.parse('2026-03-02T00:00:00Z');

export function runOnce({ populations, seed, signUps, staff, system }: RunInput): Run {
  const networks = createNetworks(signUps);
  const simulation = createSimulation({
    days: populations.days,
    startMs: START_MS,
    networks,
    draw: createDraw(`seed ${seed}`),
    system: (nowMs) => system({ nowMs, organisationOf: networks.organisationOf }),
  });
  inviteEverybody(simulation, populations, signUps);
  employStaff(simulation, staff);
  simulation.run();
  return { simulation, figures: figuresOf(simulation) };
}

function inviteEverybody(simulation: Simulation, populations: Populations, signUps: number): void {
  const sites = new Map<string, readonly Site[]>();
  const count = (share: number): number => Math.round(share * signUps);
  for (const cohort of populations.cohorts)
    if (cohort.kind === 'people') sites.set(cohort.name, invitePeople(simulation, cohort, count(cohort.share)));
  for (const cohort of populations.cohorts) {
    if (cohort.kind === 'farm') inviteFarms(simulation, populations, cohort, count(cohort.share));
    if (cohort.kind === 'chain') inviteChains(simulation, cohort, count(cohort.share));
    if (cohort.kind === 'evader') inviteEvaders(simulation, cohort, count(cohort.share));
    if (cohort.kind === 'reseller') inviteResellers(simulation, cohort, count(cohort.share));
    if (cohort.kind === 'griefer')
      inviteGriefers(simulation, cohort, sites.get(cohort.beside) ?? [], count(cohort.share));
  }
}

function figuresOf({ accounts, refused, system }: Simulation): Figures {
  const groups = groupsOf(accounts, system);
  const sorted = system.microseconds.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    sign_ups: {
      made: accounts.length,
      turned_away: refused.length,
      legitimate: accounts.filter(({ truth }) => truth.intent === 'legitimate').length,
      farmed: accounts.filter(({ truth }) => truth.intent === 'farmed').length,
      rings: new Set(accounts.flatMap(({ truth }) => (truth.intent === 'farmed' ? [truth.operator] : []))).size,
    },
    links: linkFigures(accounts, system, groups),
    credit: creditFigures(accounts, refused, system),
    people: peopleFigures(accounts, refused, groups),
    shared_egress: egressFigures(accounts, system),
    microseconds_per_sign_up: {
      mean: sorted.reduce((sum, one) => sum + one, 0) / Math.max(1, sorted.length),
      p50: at(0.5),
      p99: at(0.99),
    },
  };
}
