import { assert } from '../../base/assert.ts';
import { toIso } from '../../base/calendar.ts';
import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Config } from '../../config/config.ts';
import type { Reader, Storage } from '../../storage/sql/storage.ts';
import type {
  NewPrice,
  Price,
  PriceBook,
  PriceRefusal,
  PriceSource,
  Quote,
  QuotedTarget,
  QuoteRefusal,
  Rates,
} from '../price.ts';
import { costOfUsage } from './charge.ts';
import { createDatedPrices, type DatedPrices } from './dated-prices.ts';
import { estimateId, raisedId, ratesOfId } from './price-id.ts';
import { createQuote, type PricedTarget } from './quote.ts';
import { checkRates, isFree, plainRates, raiseRates, sameRates } from './rates.ts';
import { insertPrice, readPrices } from './store.ts';
import { modelOf, subjectText } from './subject.ts';

export interface PriceBookDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly mintId: MintId;
  /** Null where none is at hand: the book can then be read and written, and nothing is estimated. */
  readonly config: Pick<Config, 'pricing' | 'providers'> | null;
  /** Somebody asked for a model without a price, and was refused or charged by estimate; said at most once a minute each. */
  readonly onUnpriced: (model: string, estimated: boolean) => void;
}

/** Prices one call may add. */
const PRICES_ADDED_MAX = 10_000;

/** Loads every price into memory. Throws `BrokenPrice` when one cannot be charged by. */
export async function createPriceBook(deps: PriceBookDeps): Promise<PriceBook> {
  const prices = createDatedPrices(await readPrices(deps.storage.reader));
  const sources = createSources(prices, deps);
  const quotes = createQuotes(prices, sources, deps);
  return {
    quote: quotes.quote,
    costOf(usage, images, target) {
      const rates = sources.costRates(target, deps.clock.wallMs());
      return rates === null ? null : costOfUsage(usage, images, rates);
    },
    find: prices.find,
    ratesOf: (priceId) => ratesOfId(priceId, prices.find),
    sourceOf: (target) => sources.sourceOf(target, deps.clock.wallMs()),
    list: prices.list,
    async add(added) {
      const result = await addPrices(added, prices, deps);
      quotes.forget();
      return result;
    },
  };
}

/** The rates that price ids of usage events name, read from the database; for audits beside a running service. */
export async function readRatesById(reader: Reader): Promise<(priceId: string) => Rates | null> {
  const byId = new Map((await readPrices(reader)).map((price) => [price.id, price]));
  return (priceId) => ratesOfId(priceId, (id) => byId.get(id) ?? null);
}

interface Sources {
  sourceOf(target: QuotedTarget, atMs: number): PriceSource | null;
  costRates(target: QuotedTarget, atMs: number): Rates | null;
}

const NOTHING = plainRates(0n, 0n);

/** Where the price and the cost of a target come from. */
function createSources(prices: DatedPrices, { config }: PriceBookDeps): Sources {
  const marginBp = config?.pricing.defaultMarginBp ?? 0;
  const estimate = config?.pricing.unpriced === 'estimate' ? config.pricing.estimate : null;
  const estimateRates = estimate && plainRates(estimate.input, estimate.output);

  function costPrice({ provider, upstreamModel }: QuotedTarget, atMs: number): Price | null {
    return (
      prices.inForce({ kind: 'cost', provider, upstreamModel }, atMs) ??
      prices.inForce({ kind: 'cost', provider: null, upstreamModel }, atMs)
    );
  }

  function sourceOf(target: QuotedTarget, atMs: number): PriceSource | null {
    const model = modelOf(target);
    const list =
      prices.inForce({ kind: 'list', model, target: target.name }, atMs) ??
      prices.inForce({ kind: 'list', model, target: null }, atMs);
    if (list !== null) return { from: 'list', priceId: list.id, rates: list.rates };
    const cost = costPrice(target, atMs);
    // What costs us nothing is not thereby free to callers: that needs a list price that says so.
    if (cost !== null && !isFree(cost.rates)) {
      return { from: 'cost', priceId: raisedId(cost, marginBp), rates: raiseRates(cost.rates, marginBp) };
    }
    return estimateRates && { from: 'estimate', priceId: estimateId(estimateRates), rates: estimateRates };
  }

  /** Demo and local models run on our own machine, where no token is billed. */
  function runsHere(provider: string): boolean {
    const kind = config?.providers[provider]?.kind;
    return kind === 'demo' || kind === 'local';
  }

  function costRates(target: QuotedTarget, atMs: number): Rates | null {
    return costPrice(target, atMs)?.rates ?? (runsHere(target.provider) ? NOTHING : null);
  }

  return { sourceOf, costRates };
}

interface CachedQuote {
  readonly targets: readonly QuotedTarget[];
  readonly quote: Quote;
}

/** More than models times plans; beyond it the cache starts anew. */
const QUOTES_CACHED_MAX = 10_000;
const ALARM_EVERY_MS = 60_000;

/** Quotes kept by model and margin, until the book changes or an entry of it begins. */
function createQuotes(prices: DatedPrices, sources: Sources, { clock, onUnpriced }: PriceBookDeps) {
  const cached = new Map<string, CachedQuote>();
  const alarmedAtMs = new Map<string, number>();
  let validFromMs = 0;
  let validUntilMs = 0;

  function forget(): void {
    cached.clear();
    validUntilMs = 0;
  }

  /** The wall clock may jump either way. */
  function refresh(nowMs: number): void {
    if (nowMs >= validFromMs && nowMs < validUntilMs && cached.size < QUOTES_CACHED_MAX) return;
    cached.clear();
    validFromMs = nowMs;
    validUntilMs = prices.nextStartAfter(nowMs);
  }

  function alarm(model: string, estimated: boolean): void {
    const now = clock.monoMs();
    const last = alarmedAtMs.get(model);
    if (last !== undefined && now - last < ALARM_EVERY_MS) return;
    alarmedAtMs.set(model, now);
    onUnpriced(model, estimated);
  }

  function build(order: Parameters<PriceBook['quote']>[0], nowMs: number): Result<Quote, QuoteRefusal> {
    const priced: PricedTarget[] = [];
    for (const target of order.targets) {
      const source = sources.sourceOf(target, nowMs);
      if (source === null) return refuse({ reason: 'model_unpriced', model: modelOf(target) });
      priced.push({ target, source, cost: sources.costRates(target, nowMs) });
    }
    return ok(createQuote(priced, order.marginBp));
  }

  function quote(order: Parameters<PriceBook['quote']>[0]): Result<Quote, QuoteRefusal> {
    assert(order.targets.length > 0, 'a model has a target');
    const nowMs = clock.wallMs();
    refresh(nowMs);
    const key = `${order.marginBp} ${order.model}`;
    const kept = cached.get(key);
    const found = kept !== undefined && sameTargets(kept.targets, order.targets) ? ok(kept.quote) : build(order, nowMs);
    if (!found.ok) {
      alarm(found.refusal.model, false);
      return found;
    }
    if (found.value !== kept?.quote) cached.set(key, { targets: order.targets, quote: found.value });
    if (found.value.estimated) alarm(order.model, true);
    return found;
  }

  return { quote, forget };
}

function sameTargets(some: readonly QuotedTarget[], others: readonly QuotedTarget[]): boolean {
  if (some === others) return true;
  if (some.length !== others.length) return false;
  return some.every((one, at) => {
    const other = others[at];
    return one.name === other?.name && one.provider === other.provider && one.upstreamModel === other.upstreamModel;
  });
}

async function addPrices(
  added: readonly NewPrice[],
  prices: DatedPrices,
  { storage, clock, mintId }: PriceBookDeps,
): Promise<Result<readonly Price[], PriceRefusal>> {
  assert(added.length <= PRICES_ADDED_MAX, 'prices are added in lists of a bounded length');
  const news: Price[] = [];
  const places: number[] = [];
  /** What this call adds, for entries of one list that are about the same thing. */
  const beside = createDatedPrices([]);
  for (const [index, price] of added.entries()) {
    const wrong = checkNew(price);
    if (wrong !== null) return refuse({ reason: 'invalid_price', index, message: wrong });
    const { subject, effectiveAtMs } = price;
    const clash = beside.startingAt(subject, effectiveAtMs) ?? prices.startingAt(subject, effectiveAtMs);
    if (clash !== null && !saysTheSame(clash, price)) return refuse(conflict(index, price));
    const before = latest(beside.inForce(subject, effectiveAtMs), prices.inForce(subject, effectiveAtMs));
    if (before !== null && saysTheSame(before, price)) continue;
    const made = { ...price, id: mintId('price'), createdAtMs: clock.wallMs() };
    beside.put(made);
    news.push(made);
    places.push(index);
  }
  if (news.length === 0) return ok([]);
  const written = await storage.writer.write(news.map(insertPrice));
  if (!written.ok) {
    // Another call entered a price of the same start a moment ago: everything else was checked above.
    const at = written.refusal.statement;
    const price = news[at];
    assert(price, 'the refused statement is one of those given');
    return refuse(conflict(places[at] ?? 0, price));
  }
  for (const price of news) prices.put(price);
  return ok(news);
}

function checkNew(price: NewPrice): string | null {
  const wrong = checkRates(price.rates, price.free);
  if (wrong !== null) return `${subjectText(price.subject)}: ${wrong}`;
  assert(Number.isSafeInteger(price.effectiveAtMs) && price.effectiveAtMs >= 0, 'a price begins at a time');
  return null;
}

function conflict(index: number, { subject, effectiveAtMs }: NewPrice): PriceRefusal {
  const from = toIso(effectiveAtMs);
  const message = `${subjectText(subject)}: another price begins at ${from}, and entries never change; let this one begin later`;
  return { reason: 'price_conflict', index, message };
}

function saysTheSame(price: Price, given: NewPrice): boolean {
  return price.free === given.free && sameRates(price.rates, given.rates);
}

function latest(one: Price | null, other: Price | null): Price | null {
  if (one === null || other === null) return one ?? other;
  return one.effectiveAtMs >= other.effectiveAtMs ? one : other;
}
