import type { PlanInterval } from '../plan.ts';

export const DAY_MS = 86_400_000;

/**
 * The same day of the month and time of day `months` later, in UTC; a month that is too short ends earlier. Counted
 * from the anchor each time, so that 31 January gives 28 February and then 31 March.
 */
export function addMonths(anchorMs: number, months: number): number {
  const anchor = new Date(anchorMs);
  const month = anchor.getUTCMonth() + months;
  const lastDay = new Date(Date.UTC(anchor.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const day = Math.min(anchor.getUTCDate(), lastDay);
  return Date.UTC(anchor.getUTCFullYear(), month, day) + (anchorMs - startOfDay(anchorMs));
}

/** How many whole months of `anchorMs` have begun by `atMs`; 0 in the first. */
export function monthsSince(anchorMs: number, atMs: number): number {
  const anchor = new Date(anchorMs);
  const at = new Date(atMs);
  const months = (at.getUTCFullYear() - anchor.getUTCFullYear()) * 12 + at.getUTCMonth() - anchor.getUTCMonth();
  return addMonths(anchorMs, months) <= atMs ? months : months - 1;
}

export function monthsOf(interval: PlanInterval): number {
  return interval === 'month' ? 1 : 12;
}

/** Midnight in UTC before or at `atMs`. */
export function startOfDay(atMs: number): number {
  return Math.floor(atMs / DAY_MS) * DAY_MS;
}
