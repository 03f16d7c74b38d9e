/** The control API of the door, as it stands on the wire. Times are ISO 8601 in UTC; null for a plan or a region is any. */
import { z } from 'zod';
import { ONE_LINE } from '../../base/one-line.ts';

export const DOOR_STATES = ['open', 'invite_only', 'waitlist', 'paused'] as const;
export type DoorState = (typeof DOOR_STATES)[number];

/** Steps of somebody who comes, in their order; counted by day, plan and region. */
export const FUNNEL_STEPS = [
  'shown',
  'submitted',
  'refused',
  'verified',
  'waiting',
  'admitted',
  'first_key',
  'first_answer',
] as const;
export type FunnelStep = (typeof FUNNEL_STEPS)[number];

export const CODES_PER_BATCH_MAX = 10_000;
export const LET_IN_MAX = 100_000;
export const BATCHES_LISTED_MAX = 200;
export const CHANGES_LISTED_MAX = 200;
export const WAITING_PAGE_MAX = 500;

const plan = z
  .string()
  .regex(/^[a-z0-9._-]{1,64}$/, 'must be the name of a plan')
  .nullable()
  .default(null);
const region = z
  .string()
  .regex(/^[A-Z]{2}$/, 'must be a country by its two capital letters, such as DE (ISO 3166)')
  .nullable()
  .default(null);
const line = (max: number) =>
  z
    .string('must be a text')
    .max(max, { error: `must have at most ${max} characters`, abort: true })
    .regex(ONE_LINE, 'must be one line of printable characters');
const time = z.iso.datetime({ offset: true, error: 'must be a time such as 2030-01-31T12:00:00Z' });

const doorState = z.enum(DOOR_STATES, `must be one of ${DOOR_STATES.join(', ')}`);

/** `PUT /control/v1/sign-up/states` */
export const setDoorBody = z.strictObject({
  plan,
  region,
  state: doorState,
  reason: line(200).nullable().default(null).describe('For people who come, in words.'),
  retry_at: time.nullable().default(null).describe('Shown to people; nothing happens by itself then.'),
});

/** `POST /control/v1/sign-up/states/reset` */
export const unsetDoorBody = z.strictObject({ plan, region });

export const doorSettingView = z.object({
  plan: z.string().nullable(),
  region: z.string().nullable(),
  state: doorState,
  reason: z.string().nullable(),
  retry_at: z.string().nullable(),
  by: z.string(),
  at: z.string(),
});

/** `GET /control/v1/sign-up` */
export const doorView = z.object({
  /** What was said of plans and regions; where nothing was, the door is open. */
  settings: z.array(doorSettingView),
  /** Plans people may choose when they sign up. */
  plans: z.array(z.string()),
  /** Whether countries are told apart: a file of networks is configured. */
  regions_known: z.boolean(),
  waiting: z.array(z.object({ plan: z.string().nullable(), count: z.number() })),
  /** The last changes, the newest first; a null state was a reset. */
  changes: z.array(
    z.object({
      id: z.string(),
      plan: z.string().nullable(),
      region: z.string().nullable(),
      state: doorState.nullable(),
      reason: z.string().nullable(),
      by: z.string(),
      at: z.string(),
    }),
  ),
});

/** `POST /control/v1/sign-up/batches` */
export const makeBatchBody = z.strictObject({
  name: line(100),
  plan,
  codes: z.int('must be a whole number').min(1).max(CODES_PER_BATCH_MAX),
  uses_each: z.int('must be a whole number').min(1).max(100_000).default(1),
  expires_at: time,
});

export const batchView = z.object({
  id: z.string(),
  name: z.string(),
  plan: z.string().nullable(),
  codes: z.number(),
  uses_each: z.number(),
  uses_left: z.number(),
  expires_at: z.string(),
  revoked_at: z.string().nullable(),
  by: z.string(),
  created_at: z.string(),
});
export const batchListView = z.object({ data: z.array(batchView) });

/** 201: the only time the codes are told. */
export const madeBatchView = batchView.extend({ invitations: z.array(z.string()) });

/** `POST /control/v1/sign-up/waitlist/admit` */
export const letInBody = z.strictObject({
  plan,
  region,
  count: z.int('must be a whole number').min(1).max(LET_IN_MAX),
});
export const letInView = z.object({ admitted: z.number() });

/** `GET /control/v1/sign-up/waitlist` */
export const waitingQuery = z.object({
  plan: z.string().max(64).optional(),
  region: z.string().max(2).optional(),
  after: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional()
    .describe('What `next` of the page before said.'),
  limit: z
    .string()
    .regex(/^\d{1,4}$/)
    .optional()
    .describe('How many; 100 when nothing is said.'),
});
export const waitingListView = z.object({
  data: z.array(
    z.object({
      account_id: z.string(),
      plan: z.string().nullable(),
      region: z.string().nullable(),
      joined_at: z.string(),
      ahead: z.number(),
    }),
  ),
  next: z.string().nullable(),
});

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day such as 2026-11-22');

/** `GET /control/v1/sign-up/funnel?from=&to=`: days of UTC, both included. */
export const funnelQuery = z.object({ from: day, to: day });
export const funnelView = z.object({
  steps: z.array(z.enum(FUNNEL_STEPS)),
  data: z.array(
    z.object({
      day: z.string(),
      plan: z.string().nullable(),
      region: z.string().nullable(),
      step: z.enum(FUNNEL_STEPS),
      count: z.number(),
    }),
  ),
});

export type DoorSettingView = z.infer<typeof doorSettingView>;
export type BatchView = z.infer<typeof batchView>;
