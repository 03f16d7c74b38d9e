/** The portal's wire of usage: what an account used, single requests and their receipts. Money is nano-dollars as decimal strings. */
import { z } from 'zod';
import { limitSet } from '../../accounts/contract.ts';
import { moment } from '../../http/contract.ts';
import { usageAnswer } from '../../metering/explore/contract.ts';

/** What an account may tell its usage apart by: nothing of how the service is run. */
const PORTAL_DIMENSIONS = [
  'app',
  'key',
  'model',
  'member',
  'end_user',
  'endpoint',
  'outcome',
  'reason',
  'client_class',
  'network_prefix',
] as const;

const PORTAL_MEASURES = [
  'requests',
  'completed',
  'refused',
  'failed',
  'error_share',
  'refusal_share',
  'input_tokens',
  'cached_input_tokens',
  'output_tokens',
  'reasoning_tokens',
  'tokens',
  'price_nano',
  'first_token_p50_ms',
  'first_token_p90_ms',
  'total_p50_ms',
  'total_p90_ms',
  'total_p99_ms',
  'keys',
  'apps',
  'end_users',
] as const;

const HOUR_MS = 3_600_000;
export const USAGE_INTERVALS = { hour: HOUR_MS, day: 24 * HOUR_MS } as const;
const PORTAL_GROUPS_MAX = 200;
const PORTAL_REQUESTS_PAGE_MAX = 200;
/** Requests of one file. */
export const PORTAL_EXPORT_ROWS_MAX = 20_000;

const condition = z.strictObject({
  dimension: z.enum(PORTAL_DIMENSIONS),
  op: z.enum(['in', 'not_in']).default('in'),
  values: z.array(z.string().max(256).nullable()).min(1).max(100),
});

const span = {
  /** Inclusive. */
  from: moment,
  /** Exclusive. */
  to: moment,
  where: z.array(condition).max(10).default([]),
};

/** `POST .../usage/query` and `.../usage/export` */
export const portalUsageQuery = z.strictObject({
  ...span,
  by: z.array(z.enum(PORTAL_DIMENSIONS)).max(2).default([]),
  measures: z.array(z.enum(PORTAL_MEASURES)).min(1).max(PORTAL_MEASURES.length),
  /** Buckets of UTC; null: one row for the whole span. */
  interval: z.enum(['hour', 'day']).nullable().default(null),
  compare: z.enum(['previous', 'last_week']).nullable().default(null),
  order: z.enum(PORTAL_MEASURES).default('requests'),
  limit: z.int().min(1).max(PORTAL_GROUPS_MAX).default(50),
});

/** As the explorer answers it, of this account alone. */
export const portalUsageAnswer = usageAnswer.extend({
  /** Only what the keys of who asks used: they may not see that of others here. */
  own_only: z.boolean(),
});

/** `POST .../requests/query` and `.../requests/export`: single requests, newest first. */
export const portalRequestsQuery = z.strictObject({
  ...span,
  total_ms_min: z.number().min(0).nullable().default(null),
  limit: z.int().min(1).max(PORTAL_REQUESTS_PAGE_MAX).default(50),
  /** What `next` of the page before said. */
  after: z.string().max(200).nullable().default(null),
});

const requestFacts = {
  id: z.string(),
  at: z.string(),
  endpoint: z.string(),
  streamed: z.boolean(),
  app: z.string(),
  app_name: z.string(),
  model: z.string().nullable(),
  key: z.string().nullable(),
  key_name: z.string().nullable(),
  member: z.string().nullable(),
  member_name: z.string().nullable(),
  end_user: z.string(),
  outcome: z.string(),
  /** Machine-readable; null only for what was completed. */
  reason: z.string().nullable(),
  status: z.number(),
  usage_source: z.string(),
  input_tokens: z.number().nullable(),
  cached_input_tokens: z.number().nullable(),
  cache_write_tokens: z.number().nullable(),
  output_tokens: z.number().nullable(),
  reasoning_tokens: z.number().nullable(),
  first_token_ms: z.number().nullable(),
  total_ms: z.number(),
  price_nano: z.string(),
  network_prefix: z.string().nullable(),
  client_class: z.string(),
};

const portalRequestRow = z.object(requestFacts);

export const portalRequestsAnswer = z.object({
  data: z.array(portalRequestRow),
  next: z.string().nullable(),
  freshness: usageAnswer.shape.freshness,
  own_only: z.boolean(),
});

/** `GET .../requests/{request}`: the receipt of one request, from the books, so that it is there at once. */
export const portalReceiptView = z.object({
  request: portalRequestRow,
  /** Neither tokens nor rates were estimated. */
  exact: z.boolean(),
  price_id: z.string().nullable(),
  price_estimated: z.boolean(),
  /** What the price is made of, in the order it is added up; empty where nothing was charged. */
  lines: z.array(
    z.object({
      what: z.enum([
        'input',
        'cached_input',
        'cache_write',
        'audio_input',
        'output',
        'reasoning',
        'audio_output',
        'images',
        'request',
        'margin',
        'rounding',
      ]),
      /** Tokens, images or requests; of a margin, basis points; null for rounding. */
      quantity: z.number().nullable(),
      /** For a million tokens, for an image or for the request; null for margin and rounding. */
      rate_nano: z.string().nullable(),
      /** As an exact decimal, for a nano-dollar may be divided: the lines add up to the price. */
      amount_nano: z.string(),
    }),
  ),
  price_nano: z.string(),
  /** What no credit was left for, and nobody pays. */
  written_off_nano: z.string(),
  /** Which credit paid, in the order it was used. */
  paid_by: z.array(z.object({ grant_id: z.string(), kind: z.string(), amount_nano: z.string() })),
  /** Above zero was given back later. */
  corrections: z.array(z.object({ id: z.string(), at: z.string(), amount_nano: z.string() })),
});

/** How much of a limit of one minute, or of what may run at once, is used now; null where there is no such limit. */
const used = z.object({ limit: z.number(), used: z.number() }).nullable();

/** `GET .../limits`: what holds now and what of it is used. */
export const limitsView = z.object({
  data: z.array(
    z.object({
      kind: z.enum(['account', 'app', 'key']),
      id: z.string(),
      name: z.string().nullable(),
      requests_per_minute: used,
      tokens_per_minute: used,
      concurrency: used,
      in_flight: z.number(),
    }),
  ),
  /** What a key gets that names none of its own. */
  key_default: limitSet,
});

export type PortalUsageQuery = z.output<typeof portalUsageQuery>;
export type PortalUsageQueryInput = z.input<typeof portalUsageQuery>;
export type PortalUsageAnswer = z.infer<typeof portalUsageAnswer>;
export type PortalRequestsQuery = z.output<typeof portalRequestsQuery>;
export type PortalRequestRow = z.infer<typeof portalRequestRow>;
export type PortalReceiptView = z.infer<typeof portalReceiptView>;
export type LimitsView = z.infer<typeof limitsView>;
