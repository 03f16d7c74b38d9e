import { z } from 'zod';
import { usd } from './usd.ts';

/** Plans that may be configured, those that are built in included. */
const PLANS_MAX = 64;
const PLAN_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

const limit = () => z.int().min(1).max(1_000_000_000_000).nullable().optional();

/** One plan; what is left out is that of the built-in plan of this name, if there is one. */
const plan = z.strictObject({
  price_usd: z
    .strictObject({
      month: usd().nullable().optional().describe('For a month; `null`: not sold by the month.'),
      year: usd().nullable().optional().describe('For a year; `null`: not sold by the year.'),
    })
    .optional()
    .describe('The fee for each seat. A new plan needs at least one.'),
  included_credit_usd: usd()
    .optional()
    .describe('Credit for each seat and month, which ends with the month. A new plan has none.'),
  signup_tranches_usd: z
    .array(usd())
    .max(32)
    .optional()
    .describe('Credit given once to an account that starts here, in these parts. A new plan gives none.'),
  seats: z
    .strictObject({
      min: z.int().min(1).max(1_000_000).optional().describe('Fewest seats. A new plan: 1.'),
      max: z.int().min(1).max(1_000_000).optional().describe('Most seats. A new plan: 1.'),
    })
    .optional()
    .describe('Seats it may be had with.'),
  trial_days: z
    .int()
    .min(0)
    .max(365)
    .optional()
    .describe('Days without a fee, once for an account. A new plan has none.'),
  margin_bp: z
    .int()
    .min(-9999)
    .max(1_000_000)
    .optional()
    .describe('On top of list prices, in basis points: 1000 is ten per cent more, -1000 ten per cent less.'),
  when_over: z
    .enum(['fall_back', 'stop'])
    .optional()
    .describe(
      'Once it has ended and no other began: `fall_back`: the account goes on as on `free`; `stop`: its keys are stopped at once, streams in flight included, until it has a plan again. A new plan falls back.',
    ),
  limits: z
    .strictObject({
      requests_per_minute: limit().describe('Requests per minute; `null`: that of `limits.account`.'),
      tokens_per_minute: limit().describe('Tokens per minute, in and out; `null`: that of `limits.account`.'),
      concurrency: limit().describe('Requests in flight at once; `null`: that of `limits.account`.'),
    })
    .optional()
    .describe('Limits of an account on this plan.'),
});

/** The section `plans`. */
export const plans = z
  .record(
    z.string().superRefine((name, context) => {
      if (PLAN_NAME.test(name)) return;
      const fix = 'Use 1 to 64 small letters, digits, ".", "_" and "-".';
      context.addIssue({ code: 'custom', message: 'is not a usable name', params: { fix } });
    }),
    plan,
  )
  .superRefine((entries, context) => {
    if (Object.keys(Object(entries)).length <= PLANS_MAX - 4) return;
    const params = { fix: `Keep at most ${PLANS_MAX - 4}.` };
    context.addIssue({ code: 'custom', message: 'has too many entries', params });
  })
  .default({})
  .describe(
    'Plans by name. `free`, `plus`, `business` and `enterprise` are built in; a block of that name changes one.',
  );

export type PlanEntry = z.output<typeof plan>;
