import { z } from 'zod';
import { usd } from './usd.ts';

const days = (fallback: number) => z.int().min(0).max(365).default(fallback);

/** The section `vesting`. */
export const vesting = z
  .strictObject({
    clean_days: z
      .array(z.int().min(0).max(365))
      .min(1)
      .max(32)
      .default([0, 2, 4, 8, 12])
      .describe('Clean days of use before each tranche begins, in the order of `signup_tranches_usd`.'),
    part_usd: usd().default(1).describe('Most that one clean day releases of a tranche after the first.'),
    halving_usd: usd()
      .nullable()
      .default(4)
      .describe('Free credit burned without paying after which a part is half as large; `null`: never.'),
    entry_usd: usd()
      .default(0.25)
      .describe(
        'What a doubtful sign-up gets of the first tranche at once, and each further account of one operator of the credit they share.',
      ),
    ceilings_usd: z
      .strictObject({
        mail: usd().default(1).describe('After a verified mail address.'),
        proof_of_work: usd().default(1).describe('After a proof of work.'),
        passkey: usd().default(1).describe('With a passkey.'),
        phone: usd().default(1.25).describe('With a phone number.'),
        card_prepaid: usd().default(1.25).describe('With a prepaid card.'),
        organisation: usd().default(1.5).describe('With a domain of their organisation.'),
        card: usd().default(3).describe('With a card that is not prepaid.'),
      })
      .prefault({})
      .describe('Most an operator is given in all, by the best they have shown.'),
    models: z
      .array(z.string().min(1).max(128))
      .min(1)
      .max(256)
      .nullable()
      .default(null)
      .describe('Models that sign-up credit may be spent on; `null`: all.'),
    per_paid_dollar_usd: usd()
      .default(1)
      .describe('How far each dollar spent of credit that was bought lifts the ceiling.'),
    proof_days: z
      .strictObject({
        phone: days(1).describe('A phone number.'),
        card_prepaid: days(1).describe('A prepaid card.'),
        organisation: days(2).describe('A domain of an organisation.'),
        card: days(2).describe('A card.'),
      })
      .prefault({})
      .describe('Clean days that showing something counts for.'),
    shared_usd: z
      .strictObject({
        phone: usd().default(0.25).describe('One phone number.'),
        card: usd().default(2).describe('One card.'),
        organisation: usd().default(10).describe('One domain.'),
      })
      .prefault({})
      .describe('Most that all accounts that show the same thing are given together above the ceiling of mail.'),
    cohort_entries_per_day: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(20)
      .describe(
        'Sign-ups of one mail domain or network in a day that get the whole first tranche; later ones get `entry_usd`.',
      ),
    clean_day: z
      .strictObject({
        requests: z.int().min(1).max(10_000).default(3).describe('Fewest requests.'),
        hours: z.int().min(1).max(24).default(2).describe('Fewest different hours they come in.'),
        flagged_share: z.number().min(0).max(1).default(0.25).describe('Largest share moderation may have flagged.'),
        spent_share: z
          .number()
          .min(0)
          .max(1)
          .default(0.8)
          .describe('Largest share of the free credit there was in the morning that may be burned.'),
      })
      .prefault({})
      .describe('What makes a day of UTC a clean day of use.'),
    pace: z
      .strictObject({
        usd: usd().default(1).describe('Most free credit an account burns within the window.'),
        window_ms: z.int().min(60_000).max(86_400_000).default(1_800_000).describe('The window.'),
      })
      .prefault({})
      .describe('How fast free credit may be burned; paid credit is not slowed.'),
    breaker: z
      .strictObject({
        floor_usd_per_hour: usd()
          .default(25)
          .describe('The least that is forecast, so that a quiet night does not make a morning look like an attack.'),
        open_ratio: z.number().min(1).max(1000).default(4).describe('Burn of an hour over its forecast that opens it.'),
        close_ratio: z.number().min(0).max(1000).default(1.5).describe('Burn below which it may close.'),
        close_after_ms: z
          .int()
          .min(0)
          .max(86_400_000)
          .default(3_600_000)
          .describe('How long burn must have stayed below.'),
      })
      .prefault({})
      .describe(
        'While accounts that never paid burn more free credit than is forecast for the hour of the week, new ones get `entry_usd`.',
      ),
  })
  .prefault({})
  .describe(
    'How sign-up credit is released to people who sign up by themselves. `docs/credit-that-vests.md` tells why.',
  );

export type VestingEntry = z.output<typeof vesting>;
