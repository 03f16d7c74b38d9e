/** Buckets in one doubling of the value, so a reading is at most 1/128 above the true one. */
const STEPS = 128;
const STEP_BITS = 7;
const DOUBLINGS = 34;

/** What a histogram says, in milliseconds. */
export interface Quantiles {
  readonly count: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
}

/**
 * Counts durations in buckets whose width grows with the value, after the idea of Gil Tene's HdrHistogram: constant
 * relative error, constant memory, no allocation while recording. Whole microseconds, up to about 4.7 hours.
 */
export class Histogram {
  readonly #counts = new Float64Array(STEPS * DOUBLINGS);
  #count = 0;
  #sumMs = 0;
  #maxMs = 0;

  record(durationMs: number): void {
    const micros = Math.max(0, Math.round(durationMs * 1000));
    const bucket = Math.min(bucketOf(micros), this.#counts.length - 1);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count += 1;
    this.#sumMs += durationMs;
    if (durationMs > this.#maxMs) this.#maxMs = durationMs;
  }

  /** The duration that a share `q` (0 to 1) of the recorded ones does not exceed; 0 when nothing was recorded. */
  quantileMs(q: number): number {
    const wanted = Math.max(1, Math.ceil(q * this.#count));
    let seen = 0;
    for (let bucket = 0; bucket < this.#counts.length; bucket += 1) {
      seen += this.#counts[bucket] ?? 0;
      if (seen >= wanted) return Math.min(upperEdge(bucket) / 1000, this.#maxMs);
    }
    return this.#maxMs;
  }

  summary(): Quantiles {
    return {
      count: this.#count,
      meanMs: this.#count === 0 ? 0 : this.#sumMs / this.#count,
      p50Ms: this.quantileMs(0.5),
      p90Ms: this.quantileMs(0.9),
      p99Ms: this.quantileMs(0.99),
      p999Ms: this.quantileMs(0.999),
      maxMs: this.#maxMs,
    };
  }
}

function bucketOf(micros: number): number {
  if (micros < STEPS * 2) return micros;
  const shift = Math.floor(Math.log2(micros)) - STEP_BITS;
  return shift * STEPS + Math.floor(micros / 2 ** shift);
}

/** Largest whole number of microseconds that falls into the bucket. */
function upperEdge(bucket: number): number {
  if (bucket < STEPS * 2) return bucket;
  const shift = Math.floor(bucket / STEPS) - 1;
  return (bucket - shift * STEPS + 1) * 2 ** shift - 1;
}
