import type { Json, JsonObject } from '../../base/json.ts';
import type { FinishReason, TokenLogprob } from '../generation.ts';
import { filledText, objectOf, objectsOf, textOf } from '../transport/fields.ts';

/** Text of a message or a delta: a string, or the text parts of a list. */
export function contentText(content: Json | undefined): string | undefined {
  if (!Array.isArray(content)) return textOf(content);
  return objectsOf(content)
    .map((part) => (part.type === 'text' ? (textOf(part.text) ?? '') : ''))
    .join('');
}

/** Thinking, under either of the names servers give it; those that send both send the same text twice. */
export function reasoningText(message: JsonObject): string | undefined {
  return filledText(message.reasoning_content) ?? filledText(message.reasoning);
}

/** A tool call's arguments as JSON text; some servers send them parsed. */
export function argumentsText(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

/** Why a choice ended. Servers that say `stop` behind a tool call mean the call. */
export function finishReason(value: Json | undefined, calledTools: boolean): FinishReason {
  switch (value) {
    case 'length':
    case 'model_length':
      return 'length';
    case 'content_filter':
      return 'content_filter';
    case 'tool_calls':
    case 'function_call':
      return 'tool_calls';
    default:
      return calledTools ? 'tool_calls' : 'stop';
  }
}

/** Log probabilities of a choice; undefined when there are none. */
export function logprobsOf(value: Json | undefined): TokenLogprob[] | undefined {
  const content = objectsOf(objectOf(value).content);
  if (content.length === 0) return undefined;
  return content.map((item) => ({ ...tokenOf(item), top_logprobs: objectsOf(item.top_logprobs).map(tokenOf) }));
}

function tokenOf(item: JsonObject): Omit<TokenLogprob, 'top_logprobs'> {
  return {
    token: textOf(item.token) ?? '',
    logprob: typeof item.logprob === 'number' ? item.logprob : LOGPROB_UNLIKELY,
    bytes: Array.isArray(item.bytes) ? item.bytes.filter((byte) => typeof byte === 'number') : null,
  };
}

/** What OpenAI itself writes for a token too unlikely to measure. */
const LOGPROB_UNLIKELY = -9999;

const FINGERPRINT_CHARS_MAX = 128;

/** Who the upstream says answered. */
export function identityOf(body: JsonObject): { upstreamId?: string; upstreamModel?: string; fingerprint?: string } {
  const id = filledText(body.id);
  const model = filledText(body.model);
  const fingerprint = filledText(body.system_fingerprint);
  return {
    ...(id !== undefined && { upstreamId: id }),
    ...(model !== undefined && { upstreamModel: model }),
    // Repeated in every frame of an answer, so its length counts many times.
    ...(fingerprint !== undefined && { fingerprint: fingerprint.slice(0, FINGERPRINT_CHARS_MAX) }),
  };
}
