import type { Json } from '../../base/json.ts';
import type { Usage } from '../generation.ts';
import { objectOf, tokensOf } from '../transport/fields.ts';

/**
 * Usage as chat completions report it; undefined unless both counts are there and make sense.
 *
 * Some servers (xAI's) leave the thinking out of `completion_tokens`: where only the sum of all three makes the total,
 * it is added, so that output always includes reasoning.
 */
export function openAiUsage(value: Json | undefined): Usage | undefined {
  const usage = objectOf(value);
  const inputTokens = tokensOf(usage.prompt_tokens);
  const completionTokens = tokensOf(usage.completion_tokens);
  if (inputTokens === undefined || completionTokens === undefined) return undefined;
  const input = objectOf(usage.prompt_tokens_details);
  const output = objectOf(usage.completion_tokens_details);
  const reasoningTokens = tokensOf(output.reasoning_tokens) ?? 0;
  const audioInputTokens = tokensOf(input.audio_tokens) ?? 0;
  const audioOutputTokens = tokensOf(output.audio_tokens) ?? 0;
  const apart = reasoningTokens > 0 && usage.total_tokens === inputTokens + completionTokens + reasoningTokens;
  const outputTokens = apart ? completionTokens + reasoningTokens : completionTokens;
  return {
    inputTokens,
    cachedInputTokens: Math.min(
      tokensOf(input.cached_tokens) ?? tokensOf(usage.prompt_cache_hit_tokens) ?? 0,
      inputTokens,
    ),
    cacheWriteTokens: Math.min(tokensOf(input.cache_write_tokens) ?? 0, inputTokens),
    outputTokens,
    reasoningTokens: Math.min(reasoningTokens, outputTokens),
    ...(audioInputTokens > 0 && { audioInputTokens: Math.min(audioInputTokens, inputTokens) }),
    ...(audioOutputTokens > 0 && { audioOutputTokens: Math.min(audioOutputTokens, outputTokens) }),
  };
}
