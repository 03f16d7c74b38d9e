import type { Clock } from '../../base/clock.ts';

/**
 * Keeps retries a small share of traffic, so that a struggling upstream is not asked several times as much as usual.
 * Source of the idea: Google SRE book, "Handling Overload".
 */
export interface RetryBudget {
  /** Counts a first attempt. */
  earn(): void;
  /** Takes one retry if there is one left. */
  spend(): boolean;
}

const BALANCE_MAX = 10;
/** So that a quiet service may retry too. */
const EARNED_PER_SECOND = 0.1;

/** @param ratio retries allowed for each first attempt */
export function createRetryBudget(ratio: number, clock: Clock): RetryBudget {
  let balance = BALANCE_MAX;
  let lastMs = clock.monoMs();
  return {
    earn() {
      balance = Math.min(BALANCE_MAX, balance + ratio);
    },
    spend() {
      const now = clock.monoMs();
      balance = Math.min(BALANCE_MAX, balance + ((now - lastMs) / 1_000) * EARNED_PER_SECOND);
      lastMs = now;
      if (balance < 1) return false;
      balance -= 1;
      return true;
    },
  };
}
