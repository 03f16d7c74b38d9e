import { toIso } from '../../base/calendar.ts';
import type { NewPrice, Price, PriceBook, QuotedTarget, Rates } from '../price.ts';
import type { PricedTargetView, PriceView, RatesBody, RatesView, ReadPriceBody } from './contract.ts';

/** An entry as the control API was given it. */
export function fromBody(body: ReadPriceBody, source: string, nowMs: number): NewPrice {
  return {
    subject:
      body.kind === 'list'
        ? { kind: 'list', model: body.model, target: body.target }
        : { kind: 'cost', provider: body.provider, upstreamModel: body.upstream_model },
    rates: fromRatesBody(body.rates),
    free: body.free,
    effectiveAtMs: body.effective_at === null ? nowMs : Date.parse(body.effective_at),
    source,
    note: body.note,
  };
}

function fromRatesBody(body: RatesBody): Rates {
  return {
    input: body.input_nano,
    output: body.output_nano,
    cacheRead: body.cache_read_nano,
    cacheWrite: body.cache_write_nano,
    reasoning: body.reasoning_nano,
    audioInput: body.audio_input_nano,
    audioOutput: body.audio_output_nano,
    image: body.image_nano,
    request: body.request_nano,
  };
}

export function toPriceView(price: Price, state: PriceView['state']): PriceView {
  const { subject } = price;
  const list = subject.kind === 'list' ? subject : null;
  const cost = subject.kind === 'cost' ? subject : null;
  return {
    id: price.id,
    kind: subject.kind,
    model: list?.model ?? null,
    target: list?.target ?? null,
    provider: cost?.provider ?? null,
    upstream_model: cost?.upstreamModel ?? null,
    rates: toRatesView(price.rates),
    free: price.free,
    state,
    effective_at: toIso(price.effectiveAtMs),
    created_at: toIso(price.createdAtMs),
    source: price.source,
    note: price.note,
  };
}

export function toRatesView(rates: Rates): RatesView {
  return {
    input_nano: String(rates.input),
    output_nano: String(rates.output),
    cache_read_nano: textIf(rates.cacheRead),
    cache_write_nano: textIf(rates.cacheWrite),
    reasoning_nano: textIf(rates.reasoning),
    audio_input_nano: textIf(rates.audioInput),
    audio_output_nano: textIf(rates.audioOutput),
    image_nano: String(rates.image),
    request_nano: String(rates.request),
  };
}

function textIf(rate: bigint | null): string | null {
  return rate === null ? null : String(rate);
}

const NOTHING_USED = { inputTokens: 0, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 };

/** By what a target is charged now. */
export function toTargetView(target: QuotedTarget, book: PriceBook): PricedTargetView {
  const source = book.sourceOf(target);
  return {
    target: target.name,
    provider: target.provider,
    upstream_model: target.upstreamModel,
    from: source?.from ?? 'none',
    price_id: source?.priceId ?? null,
    rates: source && toRatesView(source.rates),
    cost_known: book.costOf(NOTHING_USED, 0, target) !== null,
  };
}
