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
  /** Said at entry: rates that are all zero are meant. */
  readonly free: boolean;
  /** From when it holds, wall milliseconds. */
  readonly effectiveAtMs: number;
  readonly createdAtMs: number;
  /** `manual`, or where it was imported from. */
  readonly source: string;
  readonly note: string | null;
}

/** An entry as it is given; `price_<ulid>` and the time of entry are added. */
export type NewPrice = Omit<Price, 'id' | 'createdAtMs'>;

/** The prices of one request, fixed when it is let in: nothing that changes later touches it. */
export interface Quote {
  /**
   * By what the dearest target is charged, for the record of a request whose target is not known yet: the list price's
   * id; `<cost price's id>+<basis points>` where a cost price stands in for a list price; `estimate:<input>:<output>`
   * (rates) by policy. Each names its rates for good (`ratesOf`).
   */
  readonly priceId: string;
  /** The same for the target that answered: what `charge` uses, for the usage event. */
  priceIdAt(target: QuotedTarget): string;
  /** Some target has no price, and the fall-back of configuration is used for it. */
  readonly estimated: boolean;
  readonly marginBp: number;
  /**
   * What a request of so many tokens and images costs at most, whichever target answers and of whatever classes the
   * tokens turn out to be. `NANO_MAX` when it is more than that.
   */
  bound(tokens: { readonly input: number; readonly output: number }, images: number): Nano;
  /** What used tokens cost at the target that answered. */
  charge(usage: Usage, images: number, target: QuotedTarget): Charge;
  /** Nano-dollars of output tokens at the dearest target and class, for extending a hold; at most `NANO_MAX`. */
  output(tokens: number): Nano;
}

export interface QuotedTarget {
  /** `<alias>/<position>`; a fallback's own alias, whose price it then is. */
  readonly name: string;
  readonly provider: string;
  readonly upstreamModel: string;
}

/** `model` has no price: the one asked for, or one of its fallbacks. */
export type QuoteRefusal = { readonly reason: 'model_unpriced'; readonly model: string };

/** `index` is the place in what was given; `message` names the price, what is wrong and what to do. */
export interface PriceRefusal {
  readonly reason: 'invalid_price' | 'price_conflict';
  readonly index: number;
  readonly message: string;
}

/** The price book in memory. Reading it is a look-up; changing it is durable before it counts. */
export interface PriceBook {
  /**
   * The prices that hold now for a model and the targets it may be served by, with the plan's margin in basis points.
   * A model without a price is refused, or estimated by policy; both raise an alarm. The list price of a target goes
   * before that of its model; without either, a cost price and the default margin make one.
   */
  quote(order: {
    readonly model: string;
    readonly targets: readonly QuotedTarget[];
    /** 1000 is ten per cent on top of the list price; -1000 ten per cent off. More than -10000. */
    readonly marginBp: number;
  }): Result<Quote, QuoteRefusal>;
  /** For the house's own traffic, of which nobody is charged: what it costs, where that is known. Own machines cost 0. */
  costOf(usage: Usage, images: number, target: QuotedTarget): Nano | null;
  /** An entry by its id; null when there is none. */
  find(priceId: string): Price | null;
  /** The rates a `priceId` of a quote names, for receipts, audits and requests left open; null when it names none. */
  ratesOf(priceId: string): Rates | null;
  /** Where the price of a target comes from now; null when it has none. Raises no alarm. */
  sourceOf(target: QuotedTarget): PriceSource | null;
  /** In force at `atMs`, or every one there ever was. */
  list(atMs: number | null): readonly Price[];
  /**
   * Enters all of them, or none when one is refused; resolves with what is new once it is durable. What says the same
   * as the entry it would take over from is left out, so that giving a list twice is giving it once.
   */
  add(prices: readonly NewPrice[]): Promise<Result<readonly Price[], PriceRefusal>>;
}

/** By what a target is charged, and what that is. */
export interface PriceSource {
  readonly from: 'list' | 'cost' | 'estimate';
  readonly priceId: string;
  readonly rates: Rates;
}
