/** The wire of the harm budget: how many legitimate people enforcement hurts, measured by auditing at random. */
import { z } from 'zod';

/** Ways to group accounts that must not be hurt more than others. */
const COHORT_KINDS = ['all', 'language', 'campus', 'carrier_nat', 'plan'] as const;
export type CohortKind = (typeof COHORT_KINDS)[number];

const harmEstimateView = z.object({
  /** `language`: `zh`; `plan`: `free`; `all` has none. */
  cohort: z.object({ kind: z.enum(COHORT_KINDS), value: z.string() }),
  /** Accounts that were active in the time. */
  active: z.number(),
  /** Audited sanctions that were settled, and how many of them were wrong. */
  audited: z.number(),
  wrong: z.number(),
  /** Sanctions in the time, all steps. */
  sanctions: z.number(),
  /** Weighted legitimate people harmed of 10,000 active ones: expected, and what it is below with 95 %. Null: nothing to go by. */
  per_10k: z.number().nullable(),
  upper_per_10k: z.number().nullable(),
  limit_per_10k: z.number(),
  /** `unknown` while too little was audited to say anything. */
  state: z.enum(['within', 'above', 'unknown']),
  steps: z.array(
    z.object({
      step: z.enum(['throttle', 'suspend', 'terminate']),
      sanctions: z.number(),
      audited: z.number(),
      wrong: z.number(),
    }),
  ),
  /** Of accounts with incidents and no sanction: audited, and how many should have had one. */
  missed: z.object({ audited: z.number(), found: z.number() }),
});

export const harmPauseView = z.object({
  id: z.string(),
  at: z.string(),
  cohort: z.object({ kind: z.enum(COHORT_KINDS), value: z.string() }),
  /** A rule, or the steps above a warning of one conduct that are taken without a person. */
  what: z.enum(['rule', 'conduct']),
  name: z.string(),
  upper_per_10k: z.number(),
  limit_per_10k: z.number(),
  n: z.number(),
  lifted: z.object({ at: z.string(), by: z.string(), reason: z.string() }).nullable(),
});

/** `GET /control/v1/enforcement/harm` */
export const harmView = z.object({
  days: z.number(),
  at: z.string(),
  weights: z.object({ throttle: z.number(), suspend: z.number(), terminate: z.number() }),
  /** Of what is not appealed, the share that is audited; percent. */
  rates: z.object({ sanctions_percent: z.number(), unsanctioned_per_day: z.number() }),
  estimates: z.array(harmEstimateView),
  pauses: z.array(harmPauseView),
  waiting: z.number(),
});

/** `POST /control/v1/enforcement/harm/pauses/{id}/lift` */
export const liftPauseBody = z.strictObject({ reason: z.string('must be a text').trim().min(8).max(1_000) });

export type HarmView = z.infer<typeof harmView>;
export type HarmEstimateView = z.infer<typeof harmEstimateView>;
export type HarmPauseView = z.infer<typeof harmPauseView>;
