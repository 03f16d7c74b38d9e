import { z } from 'zod';

const limitPer10k = z.number().min(0).max(10_000);

/** The section `reviewing`. */
export const reviewing = z
  .strictObject({
    lock_minutes: z
      .int()
      .min(1)
      .max(480)
      .default(30)
      .describe('How long a case stays with whoever took it, without a word from them.'),
    exposure_minutes_per_day: z
      .int()
      .min(0)
      .max(480)
      .default(120)
      .describe('Minutes somebody may read what people wrote in a day; a lead can set another limit for one person.'),
    severe_per_day: z
      .int()
      .min(0)
      .max(500)
      .default(20)
      .describe('Severe cases somebody is given in a day; a lead can set another limit for one person.'),
    rotate_after: z
      .int()
      .min(1)
      .max(1_000)
      .default(10)
      .describe('After so many cases of one conduct in a row another one comes first.'),
    double_review_percent: z
      .number()
      .min(0)
      .max(100)
      .default(10)
      .describe('Share of decided cases that somebody else reads again without knowing that it is a second reading.'),
    reveal_takes_two: z
      .array(z.union([z.literal(1), z.literal(2), z.literal(3), z.literal('terminal')]))
      .max(4)
      .default(['terminal'])
      .describe('Severities of which reading what people wrote takes the agreement of a second person.'),
    undo_hours: z.int().min(0).max(720).default(24).describe('How long the decision of a case can be undone.'),
    utc_offset_minutes: z
      .int()
      .min(-720)
      .max(840)
      .default(0)
      .describe('How far the day of the people who review is ahead of UTC; China Standard Time is 480.'),
    harm_budget: z
      .strictObject({
        sanctions_percent: z
          .number()
          .min(0.1)
          .max(100)
          .default(10)
          .describe('Share of sanctions nobody appealed that is audited at random; more where little is known.'),
        unsanctioned_per_day: z
          .int()
          .min(0)
          .max(1_000)
          .default(5)
          .describe('Accounts with incidents and without a sanction that are audited in a day.'),
        limit_per_10k: limitPer10k
          .default(1)
          .describe(
            'Legitimate people harmed of 10,000 active ones, weighted by step, from which on what did it is paused.',
          ),
        cohort_limit_per_10k: limitPer10k
          .default(2)
          .describe('The same within one language, plan, shared network of an organisation or address of a carrier.'),
      })
      .prefault({})
      .describe('How many legitimate people enforcement may hurt before what did it is paused by itself.'),
  })
  .prefault({})
  .describe('How the people who review cases are spared, and how their work is checked.');
