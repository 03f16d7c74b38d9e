/**
 * The report of a simulation of the front door, as `--json` prints it and `docs/simulation/front-door.json` keeps it.
 * Rates are from 0 to 1, money is in US dollars, null is what could not be told.
 */
import { z } from 'zod';

const rate = z.number().nullable();
const rates = z.record(z.string(), rate);
const recall = z.object({ all_farms: rate, levels_1_to_3: rate, by_level: rates });

const figures = z.object({
  sign_ups: z.object({
    made: z.number(),
    turned_away: z.number(),
    legitimate: z.number(),
    farmed: z.number(),
    rings: z.number(),
  }),
  links: z.object({
    precision: rate,
    hard_links: z.number(),
    wrong_links: z.number(),
    household_links: z.number(),
    same_person_links: z.number(),
    soft_links: z.number(),
    soft_precision: rate,
    recall,
    account_recall: recall,
    pair_precision: rate,
    pair_recall: rate,
    b_cubed_precision: rate,
    b_cubed_recall: rate,
    recall_by_size: rates,
    evasion_recall: rate,
    evasion_wrong_per_10k: z.number(),
  }),
  credit: z.object({
    extracted_usd_per_farmed_account: rates,
    extracted_usd_by_strategy: rates,
    extracted_usd: z.number(),
    extracted_share_of_free_credit: rate,
    attacker_cost_usd: z.number(),
    attacker_cost_per_extracted_usd: rates,
    extracted_usd_per_ring: z.object({ mean: rate, p90: rate, most: rate }),
    refused_tries: z.number(),
    given_usd_per_legitimate_account: rate,
    used_usd_per_legitimate_account: rate,
  }),
  people: z.object({
    legitimate_in_wrong_link_per_10k: z.number(),
    legitimate_hard_sanctioned: z.number(),
    legitimate_hard_sanctioned_per_10k: z.number(),
    legitimate_delayed_per_10k: z.number(),
    household_linked_per_10k: z.number(),
    first_answer_rate: z.object({ all: rate, worst_cohort: rate, worst: z.string().nullable() }),
    by_cohort: z.record(
      z.string(),
      z.object({
        accounts: z.number(),
        in_wrong_link_per_10k: z.number(),
        hard_sanctioned_per_10k: z.number(),
        delayed_per_10k: z.number(),
        first_answer_rate: rate,
        first_try_failed: z.record(z.string(), z.number()),
      }),
    ),
  }),
  shared_egress: z.object({ precision: rate, recall: rate, prefixes: z.number(), shared_prefixes: z.number() }),
  microseconds_per_sign_up: z.object({ mean: z.number(), p50: z.number(), p99: z.number() }),
});

/** A promise and whether the figures keep it. */
/** A figure that was promised, and whether it was kept. */
export const bar = z.object({
  name: z.string(),
  value: rate,
  at_least: z.number().optional(),
  at_most: z.number().optional(),
  met: z.boolean(),
});

export const barOverRuns = z.object({
  name: z.string(),
  mean: rate,
  worst: rate,
  at_least: z.number().optional(),
  at_most: z.number().optional(),
  met: z.boolean(),
});

const run = z.object({
  seed: z.number(),
  seconds: z.number(),
  bars: z.array(bar),
  figures,
  /** By the name of the baseline. */
  baselines: z.record(z.string(), figures),
});

export const report = z.object({
  version: z.literal(1),
  /** When it was run; not known of one that is only printed. */
  made_at: z.string().optional(),
  simulation: z.literal('front-door'),
  populations: z.object({ name: z.string(), about: z.string(), days: z.number() }),
  sign_ups: z.number(),
  /** Parameters given on the command line, as written there. */
  settings: z.array(z.string()),
  runs: z.array(run).min(1),
  /** Over all runs, of each bar. */
  bars: z.array(barOverRuns),
});

/** `GET /control/v1/fraud/simulation` */
export const simulationReportView = z.object({
  /** Null where none was written. */
  report: report.nullable(),
});

export type Figures = z.infer<typeof figures>;
export type Bar = z.infer<typeof bar>;
export type SimulatedRun = z.infer<typeof run>;
export type Report = z.infer<typeof report>;
