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
  /** Output the request asked for at most, all choices together; infinite when nothing limits it. */
  readonly outputLimit: number;
  readonly choices: number;
  readonly outputEstimate: () => number;
  /** The whole output text while it is kept; null once it is too long to count. */
  readonly outputText: () => string | null;
}

/**
 * The usage of an answer that came whole: what the upstream says, or our own count, or our estimate. Some servers write
 * zeros where they did not count, so no output at all is believed only of an answer without any, and no prompt of none.
 */
export async function usageOfWhole(
  reported: Usage | null,
  own: OwnCount,
  countTokens: CountTokens,
): Promise<CountedUsage> {
  const told = believed(reported, own);
  if (told === null || (told.outputTokens === 0 && own.outputEstimate() > 0)) return ownUsage(own, countTokens);
  return told.inputTokens > 0 || own.inputEstimate === 0
    ? { usage: told, source: 'reported' }
    : { usage: { ...told, inputTokens: own.inputEstimate }, source: 'estimated' };
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
  const told = believed(reported, own);
  if (told === null) return { ...counted, source: 'estimated' };
  const outputTokens = Math.max(told.outputTokens, counted.usage.outputTokens);
  const inputTokens = told.inputTokens > 0 ? told.inputTokens : own.inputEstimate;
  return { usage: { ...told, inputTokens, outputTokens }, source: 'estimated' };
}

/** Output of one choice that nobody here may see and no limit may count: thinking. More than any model does. */
const UNSEEN_OUTPUT_MAX = 262_144;
/** How far our own count of what was sent or seen may be below an upstream's. */
const SEEN_FACTOR = 4;

/** What an upstream may put before a prompt unseen: tools, system texts of its own. */
const UNSEEN_INPUT_MAX = 32_768;

/** Null for a count far beyond what was sent, asked for or seen: its caller would pay for a mistake. */
function believed(reported: Usage | null, own: OwnCount): Usage | null {
  if (reported === null) return null;
  if (reported.inputTokens > SEEN_FACTOR * own.inputEstimate + UNSEEN_INPUT_MAX) return null;
  const limit = own.outputLimit === Infinity ? 0 : own.outputLimit;
  const most = Math.max(limit, SEEN_FACTOR * own.outputEstimate()) + own.choices * UNSEEN_OUTPUT_MAX;
  return reported.outputTokens <= most ? reported : null;
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
