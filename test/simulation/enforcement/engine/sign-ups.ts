/** Months of honest sign-ups through the real linkage, made by the generator of the front door, for others to hide among. */
import { networkPrefix } from '../../../../src/base/address.ts';
import type { NetworkLookup } from '../../../../src/fraud/evidence/network-lookup.ts';
import { createLinkage, type StaffedLinkage } from '../../../../src/fraud/linkage/create-linkage.ts';
import type { EvasionMatch } from '../../../../src/fraud/linkage.ts';
import { invitePeople } from '../../front-door/actors/people.ts';
import { createDraw } from '../../front-door/draw.ts';
import { type Populations, readPopulations } from '../../front-door/population.ts';
import { createSimulation, type RunningSimulation } from '../../front-door/simulation.ts';
import { createSketching } from '../../front-door/systems/candor.ts';
import type { System } from '../../front-door/systems/system.ts';
import { createNetworks } from '../../front-door/world/networks.ts';

export interface SignUps {
  readonly simulation: RunningSimulation;
  readonly linkage: StaffedLinkage;
  readonly disguises: Populations['disguises'];
  /** The matches of each account, the first of each sanctioned account it was matched with. */
  readonly matches: ReadonlyMap<string, readonly EvasionMatch[]>;
  /** Microseconds of each call of linkage. */
  readonly microseconds: readonly number[];
}

const START_MS = Date.parse('2026-03-02T00:00:00Z');
const SECRET = new Uint8Array(32).fill(9);
const DAY_MS = 86_400_000;
const FORGOTTEN_A_DAY_MAX = 50_000;

/** `honest` people of every honest cohort of the front door sign up within the days. */
export function inviteHonest(seed: string, honest: number, days: number): SignUps {
  const read = readPopulations('standard');
  if (!read.ok) throw new Error(read.refusal);
  const networks = createNetworks(Math.max(500, 2 * honest));
  let linkage: StaffedLinkage | null = null;
  const matches = new Map<string, EvasionMatch[]>();
  const microseconds: number[] = [];
  const simulation = createSimulation({
    days,
    startMs: START_MS,
    networks,
    draw: createDraw(seed),
    system(nowMs) {
      const lookUp: NetworkLookup = (address) => {
        const found = networks.organisationOf(address);
        return { asn: found?.asn ?? null, organisation: found?.name ?? null, country: null };
      };
      const made = createLinkage({ secret: SECRET, nowMs, lookUp });
      linkage = made;
      made.onEvasion((match) => {
        const before = matches.get(match.accountId) ?? [];
        matches.set(match.accountId, [...before, match]);
      });
      return systemOver(made, nowMs, microseconds);
    },
  });
  if (linkage === null) throw new Error('a simulation makes its system at once');
  const people = read.value.cohorts.flatMap((cohort) => (cohort.kind === 'people' ? [cohort] : []));
  const shares = people.reduce((sum, { share }) => sum + share, 0);
  for (const cohort of people) invitePeople(simulation, cohort, Math.round((cohort.share / shares) * honest));
  return { simulation, linkage, disguises: read.value.disguises, matches, microseconds };
}

/** A door that is open and credit without end: what is asked here is who is who. */
function systemOver(linkage: StaffedLinkage, nowMs: () => number, microseconds: number[]): System {
  const sketch = createSketching();
  let day = 0;
  const timed = (work: () => void): void => {
    const from = performance.now();
    work();
    microseconds.push((performance.now() - from) * 1_000);
  };
  return {
    name: 'linkage',
    door: () => ({ kind: 'open', workFactor: null, waitMs: 0 }),
    signedUp: (facts) => timed(() => void linkage.signedUp(facts)),
    learnt: (accountId, facts, atMs) => timed(() => void linkage.learnt(accountId, facts, atMs)),
    prompted(accountId, prompt, atMs) {
      const made = sketch(prompt);
      if (made !== null) timed(() => void linkage.learnt(accountId, { kind: 'template', ...made }, atMs));
    },
    proved: () => undefined,
    spend: (_accountId, wantedUsd) => wantedUsd,
    available: () => 1,
    onProof: () => [],
    goodDay: null,
    sanctioned: (accountId) => linkage.sanctioned(accountId, true),
    tick() {
      if (Math.floor(nowMs() / DAY_MS) === day) return;
      day = Math.floor(nowMs() / DAY_MS);
      linkage.expire(nowMs());
      linkage.forget(nowMs(), FORGOTTEN_A_DAY_MAX);
    },
    operatorsOf: (accountIds) => new Map(accountIds.map((id) => [id, linkage.operatorOf(id).id])),
    linksOf: (accountId) => linkage.linksOf(accountId),
    isShared: (ip) => linkage.egressOf(networkPrefix(ip) ?? ip).shared,
    evasionMarks: new Set(),
    givenTo: () => 0,
    microseconds: [],
  };
}
