import { assert } from '../../base/assert.ts';
import type { Nano } from '../../base/money.ts';
import type { PriceSource, Quote, QuotedTarget, Rates } from '../price.ts';
import { boundOf, chargeOf, outputBoundOf } from './charge.ts';

/** One target with all it is charged and costs by. */
export interface PricedTarget {
  readonly target: QuotedTarget;
  readonly source: PriceSource;
  /** What the upstream charges us; null when unknown. */
  readonly cost: Rates | null;
}

/** A million of each: the targets are compared by what a request of both would cost at most. */
const YARDSTICK = { input: 1_000_000, output: 1_000_000 };

/** Fixes the prices of some targets, at least one, with a plan's margin. */
export function createQuote(targets: readonly PricedTarget[], marginBp: number): Quote {
  const byName = new Map(targets.map((priced) => [priced.target.name, priced]));
  const sources = targets.map((priced) => priced.source);
  const most = (amountAt: (rates: Rates) => Nano) =>
    sources.reduce<Nano>((highest, { rates }) => {
      const amount = amountAt(rates);
      return amount > highest ? amount : highest;
    }, 0n);

  function at(target: QuotedTarget): PricedTarget {
    const priced = byName.get(target.name);
    assert(priced, 'the target that answered was quoted');
    return priced;
  }

  return {
    priceId: dearestOf(sources).priceId,
    priceIdAt: (target) => at(target).source.priceId,
    estimated: sources.some((source) => source.from === 'estimate'),
    marginBp,
    bound: (tokens, images) => most((rates) => boundOf(tokens, images, rates, marginBp)),
    charge(usage, images, target) {
      const { source, cost } = at(target);
      return chargeOf({ usage, images, rates: source.rates, marginBp, cost });
    },
    output: (tokens) => most((rates) => outputBoundOf(tokens, rates, marginBp)),
  };
}

function dearestOf(sources: readonly PriceSource[]): PriceSource {
  const [dearest] = sources.toSorted((one, other) => {
    const difference = boundOf(YARDSTICK, 1, other.rates, 0) - boundOf(YARDSTICK, 1, one.rates, 0);
    return difference > 0n ? 1 : difference < 0n ? -1 : 0;
  });
  assert(dearest, 'a quote has a target');
  return dearest;
}
