/**
 * The control API of prices, as it stands on the wire. Rates are nano-dollars per million tokens, `image_nano` and
 * `request_nano` nano-dollars each, all as decimal strings; times are ISO 8601 in UTC.
 */
import { z } from 'zod';
import { modelName } from '../../accounts/contract.ts';
import { ONE_LINE } from '../../base/one-line.ts';
import { nano } from '../fields.ts';

/** Prices one call may add; a list of them stays below what a control request may be. */
export const PRICES_PER_CALL_MAX = 300;
const NOTE_CHARS_MAX = 200;

const rateIf = nano.nullable().default(null);

const ratesBody = z.strictObject({
  input_nano: nano,
  output_nano: nano,
  /** Null: charged as the class it is part of, input or output. */
  cache_read_nano: rateIf,
  cache_write_nano: rateIf,
  reasoning_nano: rateIf,
  audio_input_nano: rateIf,
  audio_output_nano: rateIf,
  image_nano: nano.default(0n),
  request_nano: nano.default(0n),
});

const line = (charsMax: number) =>
  z
    .string(`must be 1 to ${charsMax} printable characters`)
    .regex(ONE_LINE, `must be 1 to ${charsMax} printable characters`)
    .max(charsMax, `must be 1 to ${charsMax} printable characters`);

const common = {
  rates: ratesBody,
  /** Must be said of rates that are all zero. */
  free: z.boolean('must be true or false').default(false),
  /** Null: now. */
  effective_at: z.iso
    .datetime({ offset: true, error: 'must be a time such as 2030-01-31T12:00:00Z' })
    .nullable()
    .default(null),
  note: line(NOTE_CHARS_MAX).nullable().default(null),
};

const priceBody = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('list'),
    model: modelName,
    /** `<model>/<position>`; null: all targets of the model. */
    target: z
      .string()
      .regex(/^.{1,128}\/\d{1,2}$/, 'must be the name of a target such as large/0')
      .nullable()
      .default(null),
    ...common,
  }),
  z.strictObject({
    kind: z.literal('cost'),
    /** A name of the configuration; null: any that serves a model of that name. */
    provider: line(64).nullable().default(null),
    upstream_model: line(256),
    ...common,
  }),
]);

/** `POST /control/v1/prices`: all of them are entered, or none. */
export const addPricesBody = z.strictObject({
  prices: z
    .array(priceBody, 'must be a list')
    .min(1, 'must hold at least one')
    .max(PRICES_PER_CALL_MAX, `must hold at most ${PRICES_PER_CALL_MAX}`),
  /** Where they come from. */
  source: line(64).default('manual'),
});

export const ratesView = z.object({
  input_nano: z.string(),
  output_nano: z.string(),
  cache_read_nano: z.string().nullable(),
  cache_write_nano: z.string().nullable(),
  reasoning_nano: z.string().nullable(),
  audio_input_nano: z.string().nullable(),
  audio_output_nano: z.string().nullable(),
  image_nano: z.string(),
  request_nano: z.string(),
});

const priceView = z.object({
  id: z.string(),
  kind: z.enum(['list', 'cost']),
  model: z.string().nullable(),
  target: z.string().nullable(),
  provider: z.string().nullable(),
  upstream_model: z.string().nullable(),
  rates: ratesView,
  free: z.boolean(),
  /** `planned` begins later; `replaced` was in force until a later entry began. */
  state: z.enum(['in_force', 'planned', 'replaced']),
  effective_at: z.string(),
  created_at: z.string(),
  source: z.string(),
  note: z.string().nullable(),
});

/** 201 of an addition. */
export const addedPricesView = z.object({
  added: z.array(priceView),
  /** How many said what holds already. */
  unchanged: z.number(),
});

/** By what a target of the configuration is charged now, before the margin of a plan. */
const pricedTargetView = z.object({
  target: z.string(),
  provider: z.string(),
  upstream_model: z.string(),
  /** `none`: the model is unpriced, and calls of paying accounts are refused. */
  from: z.enum(['list', 'cost', 'estimate', 'none']),
  price_id: z.string().nullable(),
  rates: ratesView.nullable(),
  /** Whether it is known what the upstream charges. */
  cost_known: z.boolean(),
});

/** `GET /control/v1/prices`, with `?model=` those of one model, with `?all=1` also planned and replaced ones. */
export const priceListView = z.object({
  data: z.array(priceView),
  /** Null where no service runs, because no configuration is at hand. */
  models: z.array(z.object({ model: z.string(), targets: z.array(pricedTargetView) })).nullable(),
});

export type AddPricesBody = z.input<typeof addPricesBody>;
export type PriceBody = AddPricesBody['prices'][number];
export type RatesBody = z.output<typeof ratesBody>;
export type ReadPriceBody = z.output<typeof priceBody>;
export type RatesView = z.infer<typeof ratesView>;
export type PriceView = z.infer<typeof priceView>;
export type PricedTargetView = z.infer<typeof pricedTargetView>;
export type PriceListView = z.infer<typeof priceListView>;
