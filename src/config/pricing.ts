import type { Finding } from './problem.ts';
import type { PricingEntry } from './schema/pricing.ts';
import { nanoOf } from './schema/usd.ts';

/** Policy of prices; the prices themselves stand in the database. */
export interface PricingConfig {
  /** What happens to a call for a model without a price. */
  readonly unpriced: 'refuse' | 'estimate';
  /** Nano-dollars per million tokens; there when `unpriced` is `estimate`. */
  readonly estimate: { readonly input: bigint; readonly output: bigint } | null;
  /** Basis points on top of a cost price where it stands in for a list price. */
  readonly defaultMarginBp: number;
  /** How long a call waits for credit that other calls hold. */
  readonly holdWaitMs: number;
}

/** The section `pricing`; `found` collects what does not fit together. */
export function assemblePricing(entry: PricingEntry, found: Finding[]): PricingConfig {
  const estimate = entry.estimate && {
    input: nanoOf(entry.estimate.input_usd_per_million),
    output: nanoOf(entry.estimate.output_usd_per_million),
  };
  if (entry.unpriced === 'estimate' && estimate === null) {
    found.push({
      path: ['pricing', 'estimate'],
      at: 'value',
      message: 'is missing, and unpriced models are to be estimated',
      fix: 'Add `estimate: { input_usd_per_million: 10, output_usd_per_million: 50 }`, or write `unpriced: refuse`.',
    });
  }
  if (estimate !== null) found.push(...checkEstimate(estimate));
  return {
    unpriced: entry.unpriced,
    estimate,
    defaultMarginBp: entry.default_margin_bp,
    holdWaitMs: entry.hold_wait_ms,
  };
}

function checkEstimate(estimate: { readonly input: bigint; readonly output: bigint }): Finding[] {
  const found: Finding[] = [];
  for (const [name, rate] of Object.entries(estimate)) {
    if (rate > 0n) continue;
    found.push({
      path: ['pricing', 'estimate', `${name}_usd_per_million`],
      at: 'value',
      message: 'is 0, and nothing is free by accident',
      fix: 'Write dollars per million tokens, more than 0, such as 10.',
    });
  }
  return found;
}
