/** The vocabulary of prices. */
import type { Nano } from '../base/money.ts';
import type { Result } from '../base/result.ts';
import type { Usage } from '../providers/index.ts';
import type { Charge } from './ledger.ts';

/** Nano-dollars per million tokens: `$2.50 per million` is 2_500_000_000n. Never negative. */
export type TokenRate = bigint;

/** What one model costs. A rate that is null is charged as the class it is part of: cache and audio as input or output. */
export interface Rates {
  readonly input: TokenRate;
  readonly output: TokenRate;
  readonly cacheRead: TokenRate | null;
  readonly cacheWrite: TokenRate | null;
  readonly reasoning: TokenRate | null;
  readonly audioInput: TokenRate | null;
  readonly audioOutput: TokenRate | null;
  /** Nano-dollars for each image of the prompt, besides its tokens. */
  readonly image: Nano;
  /** Nano-dollars for each request that was sent upstream. */
  readonly request: Nano;
}

/**
 * What a price is for. `list`: what callers pay for a model, by its alias, at one of its targets (`<alias>/<position>`)
 * or at all. `cost`: what an upstream charges us, by provider name and its own name of the model, or by that name alone.
 */
export type PriceSubject =
  | { readonly kind: 'list'; readonly model: string; readonly target: string | null }
  | { readonly kind: 'cost'; readonly provider: string | null; readonly upstreamModel: string };

/** One dated entry of the price book. Never changed: a new price is a new entry. */
export interface Price {
  /** `price_<ulid>`. */
  readonly id: string;
  readonly subject: PriceSubject;
  readonly rates: Rates;
  /** From when it holds, wall milliseconds. */
  readonly effectiveAtMs: number;
  readonly createdAtMs: number;
  /** `manual`, or where it was imported from. */
  readonly source: string;
  readonly note: string | null;
}

/** The prices of one request, fixed when it is let in: nothing that changes later touches it. */
export interface Quote {
  /** Names what was charged by, for the usage event: the list price's id; `estimate` by policy; null for the house's own. */
  readonly priceId: string | null;
  /** The fall-back of configuration was used because nobody set a price. */
  readonly estimated: boolean;
  /** Per model, before any target is known: the dearest of its targets. For `tokens` and `images` of a request. */
  bound(tokens: { readonly input: number; readonly output: number }, images: number): Nano;
  /** What used tokens cost at the target that answered. */
  charge(usage: Usage, images: number, target: QuotedTarget): Charge;
  /** Nano-dollars of output tokens at the dearest target, for extending a hold. */
  output(tokens: number): Nano;
}

export interface QuotedTarget {
  /** `<alias>/<position>`. */
  readonly name: string;
  readonly provider: string;
  readonly upstreamModel: string;
}

export type QuoteRefusal = { readonly reason: 'model_unpriced'; readonly model: string };

/** The price book in memory. Reading it is a look-up; changing it is durable before it counts. */
export interface PriceBook {
  /**
   * The prices that hold now for a model and the targets it may be served by, with the plan's margin in basis points.
   * A model without a price is refused, or estimated by policy; both raise an alarm.
   */
  quote(order: {
    readonly model: string;
    readonly targets: readonly QuotedTarget[];
    /** 1000 is ten per cent on top of the list price; -1000 ten per cent off. More than -10000. */
    readonly marginBp: number;
  }): Result<Quote, QuoteRefusal>;
  /** For the house's own traffic, of which nobody is charged: what it costs, where that is known. */
  costOf(usage: Usage, images: number, target: QuotedTarget): Nano | null;
  /** By id, for receipts and audits; null when there is none. */
  find(priceId: string): Price | null;
  /** In force at `atMs`, or every one there ever was. */
  list(atMs: number | null): readonly Price[];
  add(prices: readonly Omit<Price, 'id' | 'createdAtMs'>[]): Promise<readonly Price[]>;
}
