import type { Clock } from '../../base/clock.ts';

/** The longest wait we believe. */
const RETRY_AFTER_MS_MAX = 24 * 60 * 60 * 1000;

/**
 * How long the upstream asks us to wait, milliseconds: `retry-after-ms`, else `retry-after` in seconds or as a date.
 * Undefined when it says nothing readable.
 */
export function retryAfterOf(headers: Headers, clock: Clock): number | undefined {
  const milliseconds = headers.get('retry-after-ms');
  if (milliseconds !== null && DECIMAL.test(milliseconds)) return bounded(Number(milliseconds));
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  if (DECIMAL.test(value)) return bounded(Number(value) * 1000);
  // `Date.parse` makes a date of almost anything; only what begins with the name of a day is meant as one.
  const dateMs = /^[A-Z][a-z]+,? /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(dateMs) ? undefined : bounded(dateMs - clock.wallMs());
}

/** A duration as Google writes it in a body, such as `34.5s`. */
export function durationMs(text: string): number | undefined {
  return text.endsWith('s') && DECIMAL.test(text.slice(0, -1)) ? bounded(Number(text.slice(0, -1)) * 1000) : undefined;
}

const DECIMAL = /^\d{1,12}(\.\d{1,9})?$/;

function bounded(ms: number): number {
  return Math.ceil(Math.min(Math.max(ms, 0), RETRY_AFTER_MS_MAX));
}
