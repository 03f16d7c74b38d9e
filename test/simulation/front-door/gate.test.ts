/**
 * The gate on changes of parameters: a small month through the real parts. The bars are lower than what is promised for
 * 50,000 sign-ups, because one account of honest people is 6 in 10,000 here; docs/simulation.md tells the protocol.
 */
import { describe, expect, test } from 'bun:test';
import { readPopulations } from './population.ts';
import { report } from '../../../src/fraud/simulation-report/contract.ts';
import { type Run, runOnce } from './run.ts';
import { simulate } from './command.ts';
import { createPerAddressCap, createSharedValues } from './systems/baselines.ts';
import { createCandor } from './systems/candor.ts';
import { defaultParameters } from './systems/settings.ts';
import type { System, SystemWorld } from './systems/system.ts';

const SIGN_UPS = 3_000;
const SEED = 20_261_122;
const TIMEOUT_MS = 120_000;
const PARAMETERS = defaultParameters();

function runOf(system: (world: SystemWorld) => System, signUps = SIGN_UPS): Run {
  const populations = readPopulations('standard');
  if (!populations.ok) throw new Error(populations.refusal);
  return runOnce({ populations: populations.value, seed: SEED, signUps, staff: PARAMETERS.staff, system });
}

describe('a month at the front door', () => {
  test(
    'links rings and spares people, and farms get little',
    () => {
      const {
        links,
        people,
        credit,
        shared_egress: egress,
      } = runOf((world) => createCandor(world, PARAMETERS)).figures;
      expect(links.precision).toBeGreaterThanOrEqual(0.99);
      expect(links.recall.levels_1_to_3).toBeGreaterThanOrEqual(0.9);
      expect(links.recall.all_farms).toBeGreaterThanOrEqual(0.6);
      expect(people.legitimate_in_wrong_link_per_10k).toBeLessThanOrEqual(25);
      expect(people.legitimate_hard_sanctioned).toBe(0);
      for (const level of ['1', '2', '3', '4', 'adaptive'])
        expect(credit.extracted_usd_per_farmed_account[level]).toBeLessThanOrEqual(1.6);
      expect(people.first_answer_rate.worst_cohort).toBeGreaterThanOrEqual(0.97);
      expect(egress.precision).toBeGreaterThanOrEqual(0.8);
      expect(egress.recall).toBeGreaterThanOrEqual(0.6);
    },
    TIMEOUT_MS,
  );

  test(
    'is worse behind a cap per address, and behind values that are shared',
    () => {
      const cap = runOf(createPerAddressCap).figures;
      expect(cap.people.first_answer_rate.all).toBeLessThan(0.95);
      expect(cap.links.recall.all_farms).toBeLessThan(0.4);
      const shared = runOf(createSharedValues).figures;
      expect(shared.links.pair_precision).toBeLessThan(0.5);
      expect(shared.people.legitimate_in_wrong_link_per_10k).toBeGreaterThan(1_000);
      for (const { credit } of [cap, shared]) expect(credit.extracted_usd_per_farmed_account['4']).toBeGreaterThan(10);
    },
    TIMEOUT_MS,
  );

  test(
    'goes the same way for the same seed, whatever looks on',
    () => {
      const [one, other] = [1, 2].map(() => runOf((world) => createCandor(world, PARAMETERS), 600).figures);
      const timeless = (figures: typeof one) => ({ ...figures, microseconds_per_sign_up: null });
      expect(timeless(one)).toEqual(timeless(other));
    },
    TIMEOUT_MS,
  );

  test(
    'is reported in the form the console reads',
    () => {
      const populations = readPopulations('standard');
      if (!populations.ok) throw new Error(populations.refusal);
      const options = {
        seeds: [1, 2],
        signUps: 500,
        populations: 'standard',
        farmed: null,
        settings: [],
        baselines: true,
      };
      const made = simulate({ ...options, explain: 0, json: true, writeReport: false }, populations.value, PARAMETERS);
      expect(report.parse(JSON.parse(JSON.stringify(made)))).toEqual(JSON.parse(JSON.stringify(made)));
      expect(made.runs.map(({ seed }) => seed)).toEqual([1, 2]);
      expect(Object.keys(made.runs[0]?.baselines ?? {})).toEqual(['per_address_cap', 'shared_values']);
    },
    TIMEOUT_MS,
  );
});
