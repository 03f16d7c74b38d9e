import type { Json, JsonObject } from '../../base/json.ts';
import { isTooDeep } from '../../base/safe-json.ts';
import type { Choice, FinishReason, Generation, ReasoningPart, ToolCall, Usage } from '../../providers/index.ts';
import type { AnswerContext } from '../surface.ts';

/** The `message` object of an answer that was not streamed. The format has one choice. */
export function encodeMessage(generation: Generation, usage: Usage, context: AnswerContext): JsonObject {
  const [choice] = generation.choices;
  return {
    ...messageHead(context),
    content: choice === undefined ? [] : contentOf(choice),
    ...stopOf(choice?.finish ?? 'stop', choice?.stopSequence, choice?.refusal !== undefined),
    usage: encodeMessageUsage(usage),
  };
}

/** What a message says before it says anything. */
export function messageHead(context: AnswerContext): JsonObject {
  const id = `msg_${context.requestId.slice(context.requestId.indexOf('_') + 1)}`;
  return { id, type: 'message', role: 'assistant', model: context.model, container: null };
}

export function stopOf(finish: FinishReason, stopSequence: string | undefined, refused: boolean): JsonObject {
  return { stop_reason: stopReason(finish, stopSequence, refused), stop_sequence: stopSequence ?? null };
}

function stopReason(finish: FinishReason, stopSequence: string | undefined, refused: boolean): string {
  switch (finish) {
    case 'length':
      return 'max_tokens';
    case 'tool_calls':
      return 'tool_use';
    case 'content_filter':
      return 'refusal';
    case 'stop':
      if (refused) return 'refusal';
      return stopSequence === undefined ? 'end_turn' : 'stop_sequence';
  }
}

/** In this format `input_tokens` counts what neither came from the cache nor went into it. */
export function encodeMessageUsage(usage: Usage): JsonObject {
  return {
    input_tokens: Math.max(0, usage.inputTokens - usage.cachedInputTokens - usage.cacheWriteTokens),
    cache_creation_input_tokens: usage.cacheWriteTokens,
    cache_read_input_tokens: usage.cachedInputTokens,
    output_tokens: usage.outputTokens,
    output_tokens_details: { thinking_tokens: usage.reasoningTokens },
  };
}

function contentOf(choice: Choice): JsonObject[] {
  const blocks = (choice.reasoning ?? []).map(encodeThinking);
  if (choice.text !== null && choice.text !== '') blocks.push({ type: 'text', text: choice.text });
  // The format has no place for a refusal but the text and the stop reason.
  if (choice.refusal !== undefined) blocks.push({ type: 'text', text: choice.refusal });
  blocks.push(...(choice.toolCalls ?? []).map(encodeToolUse));
  return blocks;
}

function encodeThinking(part: ReasoningPart): JsonObject {
  if (part.redacted !== undefined) return { type: 'redacted_thinking', data: part.redacted };
  return { type: 'thinking', thinking: part.text, signature: part.signature ?? '' };
}

function encodeToolUse(call: ToolCall): JsonObject {
  return { type: 'tool_use', id: call.id, name: call.name, input: inputOf(call.arguments) };
}

/** Arguments as the object this format wants; what a model wrote amiss is handed on as text under a name that says so. */
function inputOf(text: string): Json {
  if (text.trim() === '') return {};
  if (isTooDeep(text)) return { invalid_json: text };
  try {
    return JSON.parse(text) as Json;
  } catch {
    return { invalid_json: text };
  }
}
