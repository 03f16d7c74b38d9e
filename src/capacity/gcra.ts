/**
 * Generic cell rate algorithm: one number of state, exact, no windows to fall between.
 * Source: ITU-T I.371; the "virtual scheduling" form.
 *
 * The state is the theoretical arrival time (milliseconds): the moment at which everything taken so far would have
 * been earned at the steady rate. A full minute's worth may be taken at once.
 */
export interface Rate {
  /** Units a minute, more than 0; also the burst. */
  readonly perMinute: number;
}

const MINUTE_MS = 60_000;
/** Sums of fractions of a millisecond are off by less than this; a wait as short is none. */
const ROUNDING_MS = 1e-3;

/** Milliseconds until `cost` units may be taken; 0 when they may be taken now; Infinity when never. */
export function waitMs(arrivalMs: number, cost: number, rate: Rate, nowMs: number): number {
  if (cost > rate.perMinute) return Number.POSITIVE_INFINITY;
  const waiting = resetMs(arrivalMs, nowMs) + cost * unitMs(rate) - MINUTE_MS;
  return waiting < ROUNDING_MS ? 0 : waiting;
}

/** The state after taking `cost` units, whether or not they were due. A negative cost gives units back. */
export function take(arrivalMs: number, cost: number, rate: Rate, nowMs: number): number {
  return Math.max(nowMs, Math.max(arrivalMs, nowMs) + cost * unitMs(rate));
}

/** Whole units that may be taken now; never negative. */
export function remaining(arrivalMs: number, rate: Rate, nowMs: number): number {
  const debtMs = Math.max(0, arrivalMs - nowMs);
  return Math.max(0, Math.floor((MINUTE_MS - debtMs) / unitMs(rate) + 1e-9));
}

/** Milliseconds until everything may be taken again. */
export function resetMs(arrivalMs: number, nowMs: number): number {
  return Math.max(0, arrivalMs - nowMs);
}

function unitMs(rate: Rate): number {
  return MINUTE_MS / rate.perMinute;
}
