/** The control API of credit that vests, as it stands on the wire. Amounts are nano-dollars as decimal strings. */
import { z } from 'zod';
import { RUNGS } from '../vesting.ts';

const reason = z
  .string('must be given')
  .trim()
  .min(1, 'must be given')
  .max(200, 'must be at most 200 characters')
  .regex(/^[^\p{Cc}]*$/u, 'must be on one line');

/** `POST /control/v1/accounts/{id}/vesting/claw-back` */
export const vestingClawBackBody = z.strictObject({ reason });

/** `POST /control/v1/accounts/{id}/vesting/restore` */
export const vestingRestoreBody = z.strictObject({ reason });

/** `PUT /control/v1/vesting/breaker` */
export const pinBreakerBody = z.strictObject({
  /** Null: it goes by its figures. */
  pinned: z.enum(['open', 'closed'], 'must be open, closed or null').nullable(),
  reason,
});

/** `GET /control/v1/accounts/{id}/vesting`: the tranches of an account's operator. */
export const vestingLedgerView = z.object({
  account_id: z.string(),
  operator_id: z.string(),
  /** Other accounts that draw on the same credit. */
  shared_with: z.array(z.string()),
  rungs: z.array(z.enum(RUNGS)),
  /** Of use, with what rungs count for. */
  clean_days: z.number(),
  /** To all accounts of the operator. */
  given_nano: z.string(),
  ceiling_nano: z.string(),
  pace: z.object({ most_nano: z.string(), window_ms: z.number(), headroom_nano: z.string() }),
  sanctioned: z.object({ at: z.string(), reason: z.string() }).nullable(),
  tranches: z.array(
    z.object({
      tranche: z.number(),
      amount_nano: z.string(),
      given_nano: z.string(),
      state: z.enum(['released', 'shared', 'waiting', 'clawed_back']),
      released_at: z.string().nullable(),
      /** `clean_days:3`, `rung:phone`, `paid:4.00`, `breaker`, `sanction`. */
      missing: z.array(z.string()),
    }),
  ),
  /** What this account was given, oldest first; taken back or spent since or not. */
  releases: z.array(z.object({ at: z.string(), amount_nano: z.string(), reason: z.string() })),
});

/** `GET /control/v1/vesting/breaker` */
export const vestingBreakerView = z.object({
  open: z.boolean(),
  since: z.string().nullable(),
  /** Within the last hour, by accounts that never paid. */
  burned_nano: z.string(),
  /** For this hour of the week. */
  forecast_nano: z.string(),
  pinned: z.enum(['open', 'closed']).nullable(),
});

export type VestingLedgerView = z.infer<typeof vestingLedgerView>;
export type VestingBreakerView = z.infer<typeof vestingBreakerView>;
