/** The portal's wire of standing: what is stopped in an account, why, since and until when, and the receipts of cut-offs. */
import { z } from 'zod';
import { slug } from '../../accounts/contract.ts';
import { ONE_LINE } from '../../base/one-line.ts';
import { moment } from '../../http/contract.ts';

const REASON_CHARS_MAX = 500;

const stopView = z.object({
  id: z.string(),
  subject: z.enum(['account', 'member', 'app', 'key', 'end_user']),
  /** The member, app, key or end user; the account's own id for all of it. */
  subject_id: z.string(),
  subject_name: z.string().nullable(),
  cause: z.enum(['owner', 'admin', 'staff', 'scim', 'plan', 'sanction', 'deletion']),
  reason: z.string(),
  state: z.enum(['in_force', 'lifted', 'ended']),
  since: z.string(),
  until: z.string().nullable(),
  lifted_at: z.string().nullable(),
  /** Decided in the account itself, so that whoever may stop things here may lift it. */
  own: z.boolean(),
});

/** `GET .../stops`: the newest first, those that were lifted or have ended too. */
export const stopListView = z.object({ data: z.array(stopView) });

/** What a cut-off did, with the times it did it at. */
export const cutOffReceiptView = z.object({
  stop: stopView,
  decided_at: z.string(),
  /** Of a reply to anybody concerned; null when no byte was sent after the decision. */
  last_byte_at: z.string().nullable(),
  closed_at: z.string(),
  sessions: z.number(),
  keys: z.number(),
  streams: z.number(),
});

/** `POST .../stops`; exactly one of `key_id`, `app`, `member`, or `all` of the account. */
export const stopBody = z
  .strictObject({
    key_id: z
      .string()
      .regex(/^[0-9A-Za-z]{8}$/, 'must be the id of a key, 8 letters and digits')
      .optional(),
    app: slug.optional(),
    member: slug.optional(),
    all: z.literal(true, 'must be true or left out').optional(),
    /** For whoever is concerned. */
    reason: z
      .string('must be given')
      .regex(ONE_LINE, 'must be given, on one line')
      .max(REASON_CHARS_MAX, `must be at most ${REASON_CHARS_MAX} characters`),
    /** Null: until it is lifted. */
    until: moment.nullable().default(null),
  })
  .refine(
    ({ key_id, app, member, all }) => [key_id, app, member, all].filter((one) => one !== undefined).length === 1,
    {
      path: ['key_id'],
      error: 'name one of key_id, app, member, or say all',
    },
  );

export const liftBody = z.strictObject({});
export const liftedView = z.object({ stop: stopView });

/** Something that somebody should know of, worked out from all parts; what they may not see is left out. */
const attention = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stopped'), stop: stopView }),
  z.object({ kind: z.literal('no_credit'), available_nano: z.string() }),
  z.object({ kind: z.literal('low_credit'), available_nano: z.string(), threshold_nano: z.string() }),
  z.object({ kind: z.literal('credit_ends'), amount_nano: z.string(), at: z.string() }),
  z.object({
    kind: z.literal('budget'),
    budget_id: z.string(),
    subject: z.enum(['key', 'app', 'member', 'account']),
    name: z.string(),
    percent: z.number(),
    /** It refuses requests now. */
    stops: z.boolean(),
    resets_at: z.string().nullable(),
  }),
  z.object({ kind: z.literal('key_ends'), key_id: z.string(), name: z.string().nullable(), at: z.string() }),
  z.object({ kind: z.literal('plan_past_due'), plan: z.string(), since: z.string() }),
  z.object({ kind: z.literal('plan_ends'), plan: z.string(), at: z.string() }),
  z.object({ kind: z.literal('auto_topup_disabled'), why: z.string().nullable() }),
  z.object({ kind: z.literal('no_keys') }),
]);

/** `GET .../attention`, the gravest first. */
export const attentionView = z.object({ data: z.array(attention) });

export type StopView = z.infer<typeof stopView>;
export type StopBody = z.output<typeof stopBody>;
export type CutOffReceiptView = z.infer<typeof cutOffReceiptView>;
export type Attention = z.infer<typeof attention>;
