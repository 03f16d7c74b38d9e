/**
 * The report of a simulation of enforcement, as `npm run simulate -- enforcement --json` prints it and
 * `docs/simulation/enforcement.json` keeps it. Rates are from 0 to 1, null is what could not be told or never came.
 */
import { z } from 'zod';
import { bar, barOverRuns } from '../../fraud/simulation-report/contract.ts';

const rate = z.number().nullable();
const rates = z.record(z.string(), rate);

const untilBlocked = z.object({
  people: z.number(),
  requests_median: rate,
  requests_p90: rate,
  minutes_median: rate,
  /** Share of them never stopped within their requests. */
  never: rate,
});

const standing = z.object({
  people: z.number(),
  requests: z.number(),
  /** People by the highest step that was ever felt. */
  highest: z.record(z.string(), z.number()),
  throttled_per_10k: z.number(),
  cooled_off_per_10k: z.number(),
  suspended: z.number(),
  suspended_share: z.number(),
});

const harm = z.object({ people: z.number(), per_10k: z.number(), blocked_hours_per_10k: z.number() });

const shared = z.object({
  name: z.string(),
  accounts: z.number(),
  end_users: z.number(),
  accounts_stopped: z.number(),
  honest_end_users_stopped_per_10k: z.number(),
  bad_end_user_requests_median: rate,
});

const ring = z.object({
  name: z.string(),
  level: z.string(),
  accounts: z.number(),
  planned_requests: z.number(),
  served_requests: z.number(),
  served_share: z.number(),
  stopped_by: z.record(z.string(), z.number()),
  operator_sanctions: z.number(),
  minutes_until_operator: rate,
  requests_until_operator: rate,
  honest_accounts: z.number(),
  honest_stopped: z.number(),
});

const returning = z.object({
  returns: z.number(),
  matched: rates,
  matched_likely: rates,
  honest_newcomers: z.number(),
  honest_matched_per_10k: z.object({ likely: z.number(), possible: z.number() }),
  housemates: z.number(),
  housemates_matched: z.object({ likely: z.number(), possible: z.number() }),
  microseconds: z.object({ mean: z.number(), p99: z.number() }),
});

const baseline = z.object({
  ordinary_banned: rate,
  declared_researchers_banned: rate,
  undeclared_researchers_banned: rate,
  mild_requests_median: rate,
  heavy_requests_median: rate,
});

const figures = z.object({
  heavy: untilBlocked,
  heavy_by_cohort: z.record(z.string(), untilBlocked),
  mild: untilBlocked,
  ordinary: standing,
  declared_researchers: standing,
  undeclared_researchers: standing,
  shared_accounts: z.array(shared),
  rings: z.array(ring),
  returning: returning.nullable(),
  /** Of ordinary people; weighted by step: throttled a tenth, suspended one, closed three. */
  harm: z.object({
    all: harm,
    worst_group: z.string().nullable(),
    worst_per_10k: rate,
    by_group: z.record(z.string(), harm),
  }),
  review: z.object({
    signals: z.number(),
    second_readings: z.number(),
    cases: z.number(),
    decided_by_people: z.number(),
    appeals: z.number(),
    overturned: z.number(),
    overturned_wrongly: z.number(),
    upheld_wrongly: z.number(),
  }),
  /** Ordinary people who were stopped with a certificate, against the largest bound that was printed for any of them. */
  certificates: z.object({
    ordinary_certified: z.number(),
    ordinary_people: z.number(),
    observed: z.number(),
    bound: rate,
  }),
  baselines: z.record(z.string(), baseline),
});

export const enforcementReport = z.object({
  version: z.literal(1),
  /** When it was run; not known of one that is only printed. */
  made_at: z.string().optional(),
  simulation: z.literal('enforcement'),
  populations: z.object({ name: z.string(), about: z.string() }),
  /** Of the populations' numbers. */
  scale: z.number(),
  /** What every chance that people heed what they are told was multiplied by. */
  heeding: z.number(),
  runs: z.array(z.object({ seed: z.number(), seconds: z.number(), bars: z.array(bar), figures })).min(1),
  /** Over all runs, of each bar. */
  bars: z.array(barOverRuns),
});

/** `GET /control/v1/enforcement/simulation` */
export const enforcementSimulationView = z.object({
  /** Null where none was written. */
  report: enforcementReport.nullable(),
});

export type EnforcementFigures = z.infer<typeof figures>;
export type EnforcementReport = z.infer<typeof enforcementReport>;
