import { divideDown, NANO_PER_CENT, type Nano } from '../../base/money.ts';
import type { Held, Share } from './held.ts';
import type { CheckedOrder } from './orders.ts';
import { addMonths, monthsOf, monthsSince } from './period.ts';
import { restOf } from './fees.ts';

/** What changing a plan in the middle of a period comes to. */
export interface Proration {
  /** The new fee, and the time it is for. */
  readonly fee: Nano;
  readonly startMs: number;
  readonly endMs: number;
  /** Periods and months begin on this day from now on. */
  readonly anchorMs: number;
  /** To be paid: the new fee less what is unused of the old one, rounded down to a cent. */
  readonly due: Nano;
  /** What rounding down gave away: `fee = unused + due + rounding`. */
  readonly rounding: Nano;
}

/**
 * Null when the change is to less, or from years to months, and so waits for the period to end: then nothing is paid back
 * and no credit is given twice. `unused` is what is deferred of the fees paid so far.
 */
export function prorate(
  held: Held,
  included: { readonly before: Nano; readonly after: Nano },
  order: Pick<CheckedOrder, 'fee' | 'share'>,
  unused: Nano,
  nowMs: number,
): Proration | null {
  if (held.interval === 'year' && order.share.interval === 'month') return null;
  if (included.after < included.before) return null;
  const restarts = held.interval !== order.share.interval;
  const endMs = restarts ? addMonths(nowMs, monthsOf(order.share.interval)) : held.periodEndMs;
  const period = { startMs: held.periodStartMs, endMs: held.periodEndMs };
  const fee = restarts ? order.fee : restOf(order.fee, period, nowMs);
  if (fee < unused) return null;
  const due = divideDown(fee - unused, NANO_PER_CENT) * NANO_PER_CENT;
  const anchorMs = restarts ? nowMs : held.anchorMs;
  return { fee, startMs: nowMs, endMs, anchorMs, due, rounding: fee - unused - due };
}

/** The month of a subscription that `atMs` falls in. */
export function monthOf(anchorMs: number, atMs: number): { readonly startMs: number; readonly endMs: number } {
  const months = monthsSince(anchorMs, atMs);
  return { startMs: addMonths(anchorMs, months), endMs: addMonths(anchorMs, months + 1) };
}

/**
 * Included credit a change adds: that of the new plan less that of the old one, each for what is left of its month.
 * Rounded down; never less than 0.
 */
export function addedCredit(
  held: Held,
  included: { readonly before: Nano; readonly after: Nano },
  anchorMs: number,
  nowMs: number,
): Nano {
  const after = restDown(included.after, monthOf(anchorMs, nowMs), nowMs);
  const before = restDown(included.before, monthOf(held.anchorMs, nowMs), nowMs);
  return after > before ? after - before : 0n;
}

function restDown(amount: Nano, { startMs, endMs }: { startMs: number; endMs: number }, nowMs: number): Nano {
  return divideDown(amount * BigInt(endMs - nowMs), BigInt(endMs - startMs));
}

/** When a period that begins with the end of this one ends. */
export function nextPeriodEnd(held: Held, share: Share): number {
  return addMonths(held.anchorMs, monthsSince(held.anchorMs, held.periodEndMs) + monthsOf(share.interval));
}

/** What a subscription becomes when its period ends; a change that waits takes effect. */
export function nextShare(held: Held): Share {
  return held.next ?? { plan: held.plan, interval: held.interval, seats: held.seats };
}
