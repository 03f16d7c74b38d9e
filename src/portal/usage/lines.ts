import type { Rates } from '../../ledger/index.ts';
import type { UsageEvent } from '../../metering/index.ts';
import type { PortalReceiptView } from './contract.ts';

type Line = PortalReceiptView['lines'][number];
type What = Line['what'];

/** Rates are for a million tokens and margins in ten-thousandths: sums are exact in these parts of a nano-dollar. */
const TOKENS_PER_RATE = 1_000_000n;
const BASIS_POINTS = 10_000n;
const PARTS_PER_NANO = TOKENS_PER_RATE * BASIS_POINTS;

export type ChargedUse = Pick<
  UsageEvent,
  | 'inputTokens'
  | 'cachedInputTokens'
  | 'cacheWriteTokens'
  | 'audioInputTokens'
  | 'outputTokens'
  | 'reasoningTokens'
  | 'audioOutputTokens'
  | 'images'
  | 'marginBp'
  | 'priceNano'
>;

/**
 * What a price is made of: tokens by class at their rates, images, the request's own fee, the plan's margin, and what
 * rounding the whole up to a nano-dollar added. The lines add up to the price exactly.
 */
export function priceLines(use: ChargedUse, rates: Rates): Line[] {
  const parts = [
    ...classesOf('input', use.inputTokens, rates.input, [
      ['cached_input', use.cachedInputTokens, rates.cacheRead],
      ['cache_write', use.cacheWriteTokens, rates.cacheWrite],
      ['audio_input', use.audioInputTokens, rates.audioInput],
    ]),
    ...classesOf('output', use.outputTokens, rates.output, [
      ['reasoning', use.reasoningTokens, rates.reasoning],
      ['audio_output', use.audioOutputTokens, rates.audioOutput],
    ]),
    fee('images', use.images, rates.image),
    fee('request', rates.request === 0n ? 0 : 1, rates.request),
  ].filter(({ quantity }) => quantity > 0n);
  const sum = parts.reduce((all, one) => all + one.amount, 0n);
  const margin = sum * BigInt(use.marginBp);
  const rounding = use.priceNano * PARTS_PER_NANO - sum * BASIS_POINTS - margin;
  return [
    ...parts.map(
      ({ what, quantity, rate, amount }): Line => ({
        what,
        quantity: Number(quantity),
        rate_nano: String(rate),
        amount_nano: decimal(amount * BASIS_POINTS),
      }),
    ),
    ...(margin === 0n
      ? []
      : [{ what: 'margin', quantity: use.marginBp, rate_nano: null, amount_nano: decimal(margin) } as const]),
    ...(rounding === 0n
      ? []
      : [{ what: 'rounding', quantity: null, rate_nano: null, amount_nano: decimal(rounding) } as const]),
  ];
}

interface Part {
  readonly what: What;
  readonly quantity: bigint;
  readonly rate: bigint;
  /** Millionths of a nano-dollar. */
  readonly amount: bigint;
}

/** As charges are made: each class is part of the whole, and where they overlap the dearest has its tokens first. */
function classesOf(
  plain: What,
  all: number | null,
  rate: bigint,
  classes: readonly (readonly [what: What, count: number | null, rate: bigint | null])[],
): Part[] {
  let left = whole(all);
  const dearestFirst = classes
    .map(([what, count, own]) => ({ what, count: whole(count), rate: own ?? rate }))
    .sort((one, other) => (one.rate < other.rate ? 1 : one.rate > other.rate ? -1 : 0));
  const parts = dearestFirst.map(({ what, count, rate: own }): Part => {
    const quantity = count < left ? count : left;
    left -= quantity;
    return { what, quantity, rate: own, amount: quantity * own };
  });
  return [{ what: plain, quantity: left, rate, amount: left * rate }, ...parts];
}

function fee(what: What, count: number, rate: bigint): Part {
  return { what, quantity: whole(count), rate, amount: whole(count) * rate * TOKENS_PER_RATE };
}

function whole(count: number | null): bigint {
  return BigInt(Math.ceil(count ?? 0));
}

/** Nano-dollars as a decimal without zeros at its end: `1250.5`. */
function decimal(parts: bigint): string {
  const size = parts < 0n ? -parts : parts;
  const fraction = (size % PARTS_PER_NANO).toString().padStart(10, '0').replace(/0+$/, '');
  const text = `${size / PARTS_PER_NANO}${fraction === '' ? '' : `.${fraction}`}`;
  return parts < 0n ? `-${text}` : text;
}
