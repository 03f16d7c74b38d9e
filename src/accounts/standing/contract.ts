/** The wire of stops and of the receipts of cut-offs. Times are ISO 8601 in UTC. */
import { z } from 'zod';
import { STOP_CAUSES } from './stop.ts';

const reason = z.string('must be a text').max(500, 'must be 1 to 500 printable characters');
const until = z.iso
  .datetime({ offset: true, error: 'must be a time such as 2030-01-31T12:00:00Z' })
  .nullable()
  .default(null)
  .describe('Ends by itself at this time; null: until somebody lifts it.');

/** What is stopped: the whole account when nothing else is named. */
const stopSubjectBody = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('account') }),
  z.strictObject({ kind: z.literal('member'), member: z.string().min(1).max(64) }),
  z.strictObject({ kind: z.literal('app'), app: z.string().min(1).max(64) }),
  z.strictObject({ kind: z.literal('key'), key_id: z.string().min(1).max(64) }),
  z.strictObject({
    kind: z.literal('end_user'),
    end_user: z
      .string()
      .regex(/^(?!\s*$)[^\p{Cc}\p{Cs}\ufeff]{1,128}$/u, 'must be 1 to 128 printable characters')
      .describe('As the requests name them.'),
  }),
]);

/** `POST /control/v1/accounts/{id}/stops` */
export const stopBody = z.strictObject({
  subject: stopSubjectBody,
  reason: reason.describe('For the person concerned.'),
  until,
});

export const stopView = z.object({
  id: z.string(),
  account_id: z.string(),
  subject: stopSubjectBody,
  cause: z.enum(STOP_CAUSES),
  reason: z.string(),
  /** Who decided. */
  by: z.string(),
  at: z.string(),
  until: z.string().nullable(),
  lifted_at: z.string().nullable(),
  lifted_by: z.string().nullable(),
  /** Whether it holds now. */
  in_force: z.boolean(),
});

export const cutOffView = z.object({
  stop: stopView,
  decided_at: z.string(),
  /** Of a reply to anybody concerned, after the decision; null when none was sent. */
  last_byte_at: z.string().nullable(),
  closed_at: z.string(),
  sessions_closed: z.number(),
  keys_stopped: z.number(),
  streams_cut: z.number(),
});

export const stopListView = z.object({ data: z.array(stopView) });

export type StopView = z.infer<typeof stopView>;
export type CutOffView = z.infer<typeof cutOffView>;
export type StopBody = z.output<typeof stopBody>;
