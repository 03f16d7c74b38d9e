import type { Json, JsonObject } from '../../base/json.ts';
import type { TokenLogprob } from '../generation.ts';
import { filledText, objectOf, objectsOf } from '../transport/fields.ts';

const encoder = new TextEncoder();

/** Log probabilities in OpenAI's shape; undefined when the upstream sent none. */
export function logprobsOf(value: Json | undefined): TokenLogprob[] | undefined {
  const result = objectOf(value);
  const chosen = objectsOf(result.chosenCandidates);
  if (chosen.length === 0) return undefined;
  const tops = objectsOf(result.topCandidates);
  return chosen.map((token, at) => ({
    ...tokenOf(token),
    top_logprobs: objectsOf(tops[at]?.candidates).map(tokenOf),
  }));
}

function tokenOf(item: JsonObject): Omit<TokenLogprob, 'top_logprobs'> {
  const token = filledText(item.token) ?? '';
  // A probability of one is a logarithm of zero, which this upstream does not send.
  const logprob = typeof item.logProbability === 'number' ? item.logProbability : 0;
  return { token, logprob, bytes: [...encoder.encode(token)] };
}
