import type { Json } from '../../base/json.ts';
import type { Usage } from '../generation.ts';
import { objectOf, objectsOf, tokensOf } from '../transport/fields.ts';

/**
 * Usage as the upstream reports it; undefined unless input and output are both known. Thoughts are left out of the
 * candidates' count there and are part of the output here. A count of zero is not sent at all, so output that is
 * missing is what the total leaves over.
 */
export function geminiUsage(value: Json | undefined): Usage | undefined {
  const usage = objectOf(value);
  const prompt = tokensOf(usage.promptTokenCount);
  if (prompt === undefined) return undefined;
  const inputTokens = prompt + (tokensOf(usage.toolUsePromptTokenCount) ?? 0);
  const reasoningTokens = tokensOf(usage.thoughtsTokenCount) ?? 0;
  const candidates = tokensOf(usage.candidatesTokenCount);
  const total = tokensOf(usage.totalTokenCount);
  const outputTokens = candidates !== undefined ? candidates + reasoningTokens : total && total - inputTokens;
  if (outputTokens === undefined || outputTokens < reasoningTokens) return undefined;
  const audioInputTokens = audioOf(usage.promptTokensDetails);
  const audioOutputTokens = audioOf(usage.candidatesTokensDetails);
  return {
    inputTokens,
    cachedInputTokens: Math.min(tokensOf(usage.cachedContentTokenCount) ?? 0, inputTokens),
    cacheWriteTokens: 0,
    outputTokens,
    reasoningTokens,
    ...(audioInputTokens > 0 && { audioInputTokens: Math.min(audioInputTokens, inputTokens) }),
    ...(audioOutputTokens > 0 && { audioOutputTokens: Math.min(audioOutputTokens, outputTokens) }),
  };
}

/** The tokens of sound in a list of tokens by modality. */
function audioOf(details: Json | undefined): number {
  return objectsOf(details).reduce(
    (sum, one) => (one.modality === 'AUDIO' ? sum + (tokensOf(one.tokenCount) ?? 0) : sum),
    0,
  );
}
