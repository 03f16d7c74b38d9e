/**
 * The gate on changes of parameters: two in a hundred of everybody through the real parts, held against the same bars.
 * docs/simulation.md tells the protocol.
 */
import { describe, expect, test } from 'bun:test';
import { enforcementReport } from '../../../src/enforcement/simulation-report/contract.ts';
import { barsOf } from './bars.ts';
import { simulate } from './command.ts';
import { type Populations, readPopulations } from './population.ts';
import { runOnce } from './run.ts';
import { tableOf } from './table.ts';

const SEED = 20_261_122;
const SCALE = 0.02;
const TIMEOUT_MS = 180_000;

function populations(): Populations {
  const read = readPopulations('standard');
  if (!read.ok) throw new Error(read.refusal);
  return read.value;
}

describe('months of enforcement', () => {
  test(
    'stop abusers within a handful of requests, and hardly anybody else',
    () => {
      const figures = runOnce({ populations: populations(), seed: SEED, scale: SCALE, heeding: 1, only: null });
      expect(barsOf(figures).filter(({ met }) => !met)).toEqual([]);
      expect(barsOf(figures).filter(({ value }) => value === null)).toEqual([]);
      expect(figures.ordinary.requests).toBeGreaterThan(1_500_000);
      expect(figures.ordinary.cooled_off_per_10k).toBeLessThanOrEqual(60);
      expect(figures.certificates.observed).toBeLessThanOrEqual(1e-4);
      expect(figures.returning?.honest_matched_per_10k.likely).toBeLessThanOrEqual(30);
      for (const one of Object.values(figures.heavy_by_cohort)) expect(one.requests_median).toBeLessThanOrEqual(20);
    },
    TIMEOUT_MS,
  );

  test(
    'do better than three flags for good, and than one CUSUM over raw flags',
    () => {
      const only = 'ordinary';
      const { ordinary, baselines } = runOnce({
        populations: populations(),
        seed: SEED,
        scale: 0.003,
        heeding: 1,
        only,
      });
      expect(baselines['three_flags']?.ordinary_banned).toBeGreaterThan(0.9);
      expect(baselines['one_stage_cusum']?.ordinary_banned).toBeGreaterThan(0.1);
      expect(ordinary.cooled_off_per_10k).toBeLessThan(200);
    },
    TIMEOUT_MS,
  );

  test(
    'go the same way for the same seed, and are reported in the form the console reads',
    () => {
      const options = { seeds: [3, 3], scale: 0.001, heeding: 1, population: 'standard', only: null };
      const made = simulate({ ...options, json: true, writeReport: false }, populations());
      const [one, other] = made.runs.map(({ figures: { returning, ...rest } }) => ({
        ...rest,
        returning: { ...returning, microseconds: null },
      }));
      expect(one).toEqual(other);
      const printed: unknown = JSON.parse(JSON.stringify(made));
      expect(enforcementReport.parse(printed)).toEqual(printed as never);
      expect(tableOf(made)).toContain('heavy_abusers_requests_median');
    },
    TIMEOUT_MS,
  );
});

test('a file of populations that says something else is refused', () => {
  expect(readPopulations('/nowhere.json').ok).toBe(false);
  expect(readPopulations('unknown').ok).toBe(false);
});
