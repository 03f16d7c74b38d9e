/**
 * Milliseconds since 1970 with a fraction, alike in every process of the machine: the runtime's monotonic clock starts
 * anew in each process, so its origin is added. A step of the wall clock between two starts would show in the sums.
 */
export function sharedNowMs(): number {
  return performance.timeOrigin + performance.now();
}
