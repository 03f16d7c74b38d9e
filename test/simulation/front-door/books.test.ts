/**
 * The simulator drives the rules of vesting in memory. Here some of what its people and rings did is done again over the
 * real vesting with its ledger in SQLite, and both must give and leave every account the same credit, day by day.
 */
import { expect, test } from 'bun:test';
import { type Nano, NANO_PER_USD } from '../../../src/base/money.ts';
import { createVestingInMemory } from '../../../src/fraud/vesting/proving/in-memory.ts';
import { openVestingWorld } from '../../world/vesting.ts';
import type { SimulatedAccount } from './account.ts';
import { readPopulations } from './population.ts';
import { runOnce } from './run.ts';
import { DAY_MS, MINUTE_MS } from './simulation.ts';
import { createCandor } from './systems/candor.ts';
import { type Deed, recorded } from './systems/recording.ts';
import { defaultParameters } from './systems/settings.ts';

const DAYS = 8;
const PEOPLE = 15;
const RINGS = 5;
const OF_EACH_RING = 4;
const TIMEOUT_MS = 60_000;

test(
  'the rules in memory give and spend as the books do',
  async () => {
    const { deeds, groups, startMs } = chosenDeeds();
    const world = await openVestingWorld();
    const idOf = new Map<string, string>();
    for (const id of new Set(deeds.map(({ accountId }) => accountId))) idOf.set(id, await world.account());
    const real = (id: string): string => idOf.get(id) ?? id;
    const operators = groups.map((group) => group.map(real));
    await world.group(operators, false);
    const memory = createVestingInMemory({
      rules: defaultParameters().vesting,
      linkage: {
        operatorOf: (id) => {
          const accounts = operators.find((group) => group.includes(id)) ?? [id];
          return { id: accounts[0] ?? id, accounts };
        },
        linksOf: () => [],
      },
      startMs,
    });
    let day = 0;
    let spent = 0;
    for (const deed of deeds) {
      const id = real(deed.accountId);
      for (; Math.floor((deed.atMs - startMs) / DAY_MS) > day; day += 1) {
        const midnightMs = startMs + (day + 1) * DAY_MS + MINUTE_MS;
        world.plans.at(new Date(midnightMs).toISOString());
        await world.vesting.tick();
        memory.tick(midnightMs);
        for (const one of idOf.values()) expect(await world.available(one)).toBe(memory.available(one));
      }
      world.plans.at(new Date(deed.atMs).toISOString());
      if (deed.kind === 'proved') await prove(deed, id);
      else if (await spend(deed, id)) spent += 1;
    }
    expect(spent).toBeGreaterThan(50);
    expect(day).toBeGreaterThan(4);
    await world.close();

    async function prove({ rung, atMs }: Extract<Deed, { kind: 'proved' }>, id: string): Promise<void> {
      if (rung === 'mail') {
        memory.began(id, { disposable: false, cohorts: [] }, atMs);
        await world.vesting.began(id);
      } else {
        const token = `${rung} of ${id}`;
        memory.proved(id, { kind: rung, token }, atMs);
        // The job that keeps what was counted runs every minute.
        await world.vesting.tick();
        await world.vesting.proved(id, rung, { token });
      }
    }

    async function spend({ usd, atMs }: Extract<Deed, { kind: 'spent' }>, id: string): Promise<boolean> {
      const most = [toNano(usd), memory.available(id), memory.headroom(id, atMs)].reduce((a, b) => (a < b ? a : b));
      if (most <= 0n) return false;
      memory.used(id, { atMs, requests: 1, flagged: 0, free: most });
      expect(await world.spend(id, most)).toBe(true);
      return true;
    }
  },
  TIMEOUT_MS,
);

interface Chosen {
  readonly deeds: readonly Deed[];
  readonly groups: readonly (readonly string[])[];
  readonly startMs: number;
}

/** What a few people and a few of every ring did in the first days, and who was taken for one operator in the end. */
function chosenDeeds(): Chosen {
  const populations = readPopulations('standard');
  if (!populations.ok) throw new Error(populations.refusal);
  const deeds: Deed[] = [];
  const parameters = defaultParameters();
  const { simulation } = runOnce({
    populations: populations.value,
    seed: 11,
    signUps: 600,
    staff: parameters.staff,
    system: (world) => recorded(createCandor(world, parameters), world.nowMs, deeds),
  });
  const early = simulation.accounts.filter(({ atMs }) => atMs < simulation.startMs + (DAYS - 3) * DAY_MS);
  const people = early.filter(({ truth }) => truth.intent === 'legitimate').slice(0, PEOPLE);
  const rings = [...Map.groupBy(early.filter(isFarmed), ({ truth }) => truth.operator).values()].slice(0, RINGS);
  const chosen = new Set([...people, ...rings.flatMap((ring) => ring.slice(0, OF_EACH_RING))].map(({ id }) => id));
  const operators = simulation.system.operatorsOf([...chosen]);
  const groups = [...Map.groupBy(chosen, (id) => operators.get(id) ?? id).values()].filter(({ length }) => length > 1);
  const untilMs = simulation.startMs + DAYS * DAY_MS;
  return {
    deeds: deeds.filter(({ accountId, atMs }) => chosen.has(accountId) && atMs < untilMs),
    groups,
    startMs: simulation.startMs,
  };
}

function isFarmed({ truth }: SimulatedAccount): boolean {
  return truth.intent === 'farmed';
}

function toNano(usd: number): Nano {
  return BigInt(Math.round(usd * Number(NANO_PER_USD)));
}
