/**
 * The control API of plans and sign-up credit, as it stands on the wire. Amounts are nano-dollars as decimal strings, in
 * fields named `*_nano`; times are ISO 8601 in UTC.
 */
import { z } from 'zod';
import { ONE_LINE } from '../../base/one-line.ts';

const NOTE_CHARS_MAX = 200;

const planName = z.string('must be given').regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'must be the name of a plan');
const seats = z.number('must be a number').int('must be a whole number').min(1, 'must be at least 1').max(1_000_000);
const interval = z.enum(['month', 'year'], 'must be month or year');
const text = (what: string) =>
  z
    .string(`must say ${what}`)
    .regex(ONE_LINE, `must say ${what}, on one line`)
    .max(NOTE_CHARS_MAX, `must be at most ${NOTE_CHARS_MAX} characters`);

/** Money that was received outside of Candor, for just what is due. */
const paidBy = text('what it was paid by').nullable().default(null);
/** Names the payment: paying with it again changes nothing. */
const paymentId = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, ".", "_" and "-"')
  .nullable()
  .default(null);

/** `POST /control/v1/accounts/{id}/plan/start` */
export const startPlanBody = z.strictObject({
  plan: planName,
  interval: interval.default('month'),
  /** The fewest of the plan when left out. */
  seats: seats.nullable().default(null),
  trial: z.boolean().default(false),
  paid_by: paidBy,
  payment_id: paymentId,
});

/** `POST /control/v1/accounts/{id}/plan/change`; what is left out stays. */
export const changePlanBody = z.strictObject({
  plan: planName.nullable().default(null),
  interval: interval.nullable().default(null),
  seats: seats.nullable().default(null),
  paid_by: paidBy,
  payment_id: paymentId,
});

/** `POST /control/v1/accounts/{id}/plan/renew` */
export const renewPlanBody = z.strictObject({ paid_by: text('what it was paid by'), payment_id: paymentId });

/** `POST /control/v1/accounts/{id}/plan/cancel` and `/resume` */
export const emptyBody = z.strictObject({});

/** `GET /control/v1/plans` */
export const planListView = z.object({
  data: z.array(
    z.object({
      name: z.string(),
      /** For one seat; null where it is not had at that interval. */
      month_nano: z.string().nullable(),
      year_nano: z.string().nullable(),
      /** For each seat and month. */
      included_credit_nano: z.string(),
      /** Given once to an account that starts here. */
      signup_tranches_nano: z.array(z.string()),
      seats: z.object({ min: z.number(), max: z.number() }),
      trial_days: z.number(),
      margin_bp: z.number(),
    }),
  ),
});

const subscriptionView = z.object({
  account_id: z.string(),
  plan: z.string(),
  interval,
  seats: z.number(),
  state: z.enum(['trialing', 'active', 'past_due', 'ended']),
  period_start: z.string(),
  period_end: z.string(),
  cancel_at_period_end: z.boolean(),
  /** What takes its place when the period ends. */
  next: z.object({ plan: z.string(), interval, seats: z.number() }).nullable(),
  /** The fee of the next period has been paid. */
  paid_ahead: z.boolean(),
});

/** 200 of every verb that changes a plan. */
export const planChangedView = z.object({ subscription: subscriptionView, repeated: z.boolean() });

/** `GET /control/v1/accounts/{id}/plan` */
export const planDetailView = z.object({
  account_id: z.string(),
  /** Null for an account that never had one; it is treated as on the plan `free`, without sign-up credit. */
  subscription: subscriptionView.nullable(),
  signup: z
    .object({
      tranches_nano: z.array(z.string()),
      /** Numbers of those that were released, from 1. */
      released: z.array(z.number()),
      clawed_back_at: z.string().nullable(),
    })
    .nullable(),
  /** The log, oldest first; each entry says how the subscription stood from `at` on. */
  events: z.array(
    z.object({
      at: z.string(),
      kind: z.string(),
      plan: z.string(),
      interval,
      seats: z.number(),
      state: z.string(),
      /** Of one interval, all seats. */
      fee_nano: z.string(),
      period_start: z.string(),
      period_end: z.string(),
      cancel_at_period_end: z.boolean(),
      payment_id: z.string().nullable(),
      paid_nano: z.string().nullable(),
      note: z.string().nullable(),
    }),
  ),
});

/** `GET /control/v1/accounts/{id}/plan/quote?plan=plus&interval=month&seats=1` */
export const planQuoteView = z.object({
  /** To be paid now. */
  due_nano: z.string(),
  /** Of a whole interval, all seats. */
  fee_nano: z.string(),
  effective: z.enum(['now', 'period_end']),
});

/** `POST /control/v1/accounts/{id}/credit/release` */
export const releaseTrancheBody = z.strictObject({
  tranche: z.number('must be a number').int('must be a whole number').min(1, 'must be at least 1').max(1000),
});

export const releasedView = z.object({
  account_id: z.string(),
  tranche: z.number(),
  grant_id: z.string(),
  amount_nano: z.string(),
  repeated: z.boolean(),
});

/** `POST /control/v1/accounts/{id}/credit/clawback` */
export const clawbackBody = z.strictObject({ reason: text('why') });

export const clawedBackView = z.object({
  account_id: z.string(),
  /** Unspent, of parts that were released. */
  grants_nano: z.string(),
  /** Promised and not released. */
  envelope_nano: z.string(),
});

export type SubscriptionView = z.infer<typeof subscriptionView>;
export type PlanDetailView = z.infer<typeof planDetailView>;
export type PlanChangedView = z.infer<typeof planChangedView>;
export type PlanListView = z.infer<typeof planListView>;
