/** Time is an argument, so that a simulator can hold it. */
export interface Clock {
  /** Wall time, milliseconds since 1970 (UTC). For labels and expiry dates only; it may jump. */
  wallMs(): number;
  /** Milliseconds that only go forward. For durations, limits and deadlines. */
  monoMs(): number;
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monoMs: () => performance.now(),
};
