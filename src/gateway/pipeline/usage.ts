import type { Usage } from '../../providers/index.ts';
import type { UsageSource } from '../../metering/index.ts';

/** Exact tokens of a text for a model whose tokenizer is known; null when it is not, or in time-out. */
export type CountTokens = (model: string, text: string) => Promise<number | null>;

export interface CountedUsage {
  readonly usage: Usage;
  readonly source: Exclude<UsageSource, 'none'>;
}

/** What we know of a generation's usage ourselves. */
export interface OwnCount {
  readonly upstreamModel: string;
  readonly inputEstimate: number;
  readonly outputEstimate: () => number;
  /** The whole output text while it is kept; null once it is too long to count. */
  readonly outputText: () => string | null;
}

/**
 * The usage of an answer that came whole: what the upstream says, or our own count, or our estimate. Some servers write
 * zeros where they did not count, so no output at all is believed only of an answer without any.
 */
export async function usageOfWhole(
  reported: Usage | null,
  own: OwnCount,
  countTokens: CountTokens,
): Promise<CountedUsage> {
  if (reported && (reported.outputTokens > 0 || own.outputEstimate() === 0)) {
    return { usage: reported, source: 'reported' };
  }
  return ownUsage(own, countTokens);
}

/**
 * The usage of an answer that broke off. An upstream's early word (its prompt count) is kept, but its output count
 * stops before ours does, so the larger counts: what was produced is never booked as zero.
 */
export async function usageOfPart(
  reported: Usage | null,
  own: OwnCount,
  countTokens: CountTokens,
): Promise<CountedUsage> {
  const counted = await ownUsage(own, countTokens);
  if (!reported) return { ...counted, source: 'estimated' };
  const outputTokens = Math.max(reported.outputTokens, counted.usage.outputTokens);
  return { usage: { ...reported, outputTokens }, source: 'estimated' };
}

async function ownUsage(own: OwnCount, countTokens: CountTokens): Promise<CountedUsage> {
  const text = own.outputText();
  const counted = text === null ? null : await countTokens(own.upstreamModel, text);
  const estimate = own.outputEstimate();
  return {
    usage: {
      inputTokens: own.inputEstimate,
      cachedInputTokens: 0,
      cacheWriteTokens: 0,
      outputTokens: counted === null ? estimate : Math.max(counted, Math.min(1, estimate)),
      reasoningTokens: 0,
    },
    source: counted === null ? 'estimated' : 'counted',
  };
}
