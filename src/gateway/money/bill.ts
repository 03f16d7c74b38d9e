import type { BudgetTake, Charge, Hold, Quote } from '../../ledger/index.ts';

/** The money of one request, from the moment it is let in: what it was quoted, and what is set aside for it. */
export interface Bill {
  /** Fixed when it was let in; null when nobody is charged (the house's own account). */
  readonly quote: Quote | null;
  /** Null when nothing is set aside: nobody is charged, or all of it is free. */
  readonly hold: Hold | null;
  /** Null when no budget counts it. */
  readonly take: BudgetTake | null;
  /** Of the plan, on top of list prices, basis points. */
  readonly marginBp: number;
  /** Images of the prompt, which may be charged each. */
  readonly images: number;
  /** Output tokens, of all choices together, that what is held pays for. */
  coveredOutput: number;
  /** Less is held than was wanted, so a whole answer must be paid for while it is produced. */
  readonly short: boolean;
  /** No more output than this can come, whatever the model would say; infinite when nothing limits it. */
  readonly outputLimit: number;
}

/** Of a request nobody is charged for. */
export function freeBill(images: number): Bill {
  return {
    quote: null,
    hold: null,
    take: null,
    marginBp: 0,
    images,
    coveredOutput: Infinity,
    short: false,
    outputLimit: Infinity,
  };
}

/** What a request came to. */
export interface Owed {
  /** Null when nothing was used that costs anybody anything. */
  readonly charge: Charge | null;
  /** By what the caller pays it; null when the caller pays nothing: the charge's price is then 0 and its cost ours. */
  readonly priceId: string | null;
}

export const NOTHING_OWED: Owed = { charge: null, priceId: null };

/** Whether a price is the fall-back of configuration, because nobody set one. */
export function isEstimate(priceId: string): boolean {
  return priceId.startsWith('estimate:');
}
