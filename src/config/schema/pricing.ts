import { z } from 'zod';
import { usd } from './usd.ts';

/** The section `pricing`. */
export const pricing = z
  .strictObject({
    unpriced: z
      .enum(['refuse', 'estimate'])
      .default('refuse')
      .describe('What happens to a call of a paying account for a model without a price; both raise an alarm.'),
    estimate: z
      .strictObject({
        input_usd_per_million: usd().describe('For a million input tokens.'),
        output_usd_per_million: usd().describe('For a million output tokens.'),
      })
      .nullable()
      .default(null)
      .describe('What an unpriced model is charged by; needed for `unpriced: estimate`.'),
    default_margin_bp: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(0)
      .describe(
        'Where a model has a cost price and no list price, the list price is the cost and this much more, in basis ' +
          'points: 1000 is ten per cent.',
      ),
    hold_wait_ms: z
      .int()
      .min(0)
      .max(60_000)
      .default(5000)
      .describe('How long a call waits for credit that other calls of the same account hold; 0 refuses at once.'),
  })
  .prefault({})
  .describe('What calls of paying accounts cost; the prices themselves are set by `candor price`.');

export type PricingEntry = z.output<typeof pricing>;
