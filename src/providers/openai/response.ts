import { Buffer } from 'node:buffer';
import type { JsonObject } from '../../base/json.ts';
import type { Choice, Embeddings, Generation, ToolCall } from '../generation.ts';
import { errorDetail } from '../transport/error-body.ts';
import { bodyFault, garbage } from '../transport/fault.ts';
import { countOf, filledText, objectOf, objectsOf, tokensOf } from '../transport/fields.ts';
import { argumentsText, contentText, finishReason, identityOf, logprobsOf, reasoningText } from './message.ts';
import { openAiUsage } from './usage.ts';

/** Reads a whole chat completion. Throws `garbage` when there is no choice in it, or one nobody asked for. */
export function parseCompletion(body: JsonObject, choiceCount: number, requestId: string): Generation {
  if (body.error !== undefined && body.error !== null) throw bodyFault(errorDetail(body), 'upstream_error');
  const choices = objectsOf(body.choices);
  if (choices.length === 0) throw garbage('the upstream sent an answer without choices');
  return {
    ...identityOf(body),
    choices: choices.map((choice, at) => choiceOf(choice, at, choiceCount, requestId)),
    usage: openAiUsage(body.usage) ?? null,
  };
}

function choiceOf(choice: JsonObject, at: number, choiceCount: number, requestId: string): Choice {
  if (choice.error !== undefined && choice.error !== null) throw bodyFault(errorDetail(choice), 'upstream_error');
  const message = objectOf(choice.message);
  const index = countOf(choice.index) ?? at;
  if (Math.max(at, index) >= choiceCount) throw garbage('the upstream sent a choice nobody asked for');
  const refusal = filledText(message.refusal);
  const reasoning = reasoningText(message);
  const toolCalls = toolCallsOf(message, `call_${requestId}_${index}`);
  const logprobs = logprobsOf(choice.logprobs);
  return {
    index,
    text: contentText(message.content) ?? null,
    ...(refusal !== undefined && { refusal }),
    ...(reasoning !== undefined && { reasoning: [{ text: reasoning }] }),
    ...(toolCalls.length > 0 && { toolCalls }),
    ...(logprobs !== undefined && { logprobs }),
    finish: finishReason(choice.finish_reason, toolCalls.length > 0),
  };
}

function toolCallsOf(message: JsonObject, idPrefix: string): ToolCall[] {
  const calls = objectsOf(message.tool_calls);
  // The form before tools: one call, no id.
  const called = calls.length === 0 && message.function_call ? [{ function: message.function_call }] : calls;
  return called.flatMap((call: JsonObject, at) => {
    const fn = objectOf(call.function);
    const name = filledText(fn.name);
    // A call of nothing, as in a stream, is no call.
    if (name === undefined) return [];
    return [{ id: filledText(call.id) ?? `${idPrefix}_${at}`, name, arguments: argumentsText(fn.arguments) }];
  });
}

/** Reads embeddings, as base64 or as plain numbers; there must be one for each of `count` inputs, of finite numbers. */
export function parseEmbeddings(body: JsonObject, count: number): Embeddings {
  if (body.error !== undefined && body.error !== null) throw bodyFault(errorDetail(body), 'upstream_error');
  const vectors = Array.from<Float32Array | undefined>({ length: count });
  for (const [at, item] of objectsOf(body.data).entries()) {
    const index = countOf(item.index) ?? at;
    if (index < count) vectors[index] = vectorOf(item.embedding);
  }
  const complete = vectors.filter((vector) => vector !== undefined);
  if (complete.length !== count) throw garbage('the upstream sent not one embedding for each input');
  // JSON has no word for the others: a caller would be given null.
  if (!complete.every((vector) => vector.every(Number.isFinite)))
    throw garbage('the upstream sent an embedding of no numbers');
  const model = filledText(body.model);
  return {
    ...(model !== undefined && { upstreamModel: model }),
    vectors: complete,
    inputTokens: tokensOf(objectOf(body.usage).prompt_tokens) ?? null,
  };
}

function vectorOf(value: JsonObject[string]): Float32Array | undefined {
  if (Array.isArray(value))
    return value.every((number) => typeof number === 'number') ? Float32Array.from(value) : undefined;
  if (typeof value !== 'string') return undefined;
  // Little-endian on the wire and in every processor we run on; the copy aligns the bytes.
  const bytes = Uint8Array.from(Buffer.from(value, 'base64'));
  return bytes.byteLength % 4 === 0 ? new Float32Array(bytes.buffer) : undefined;
}
