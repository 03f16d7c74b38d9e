import type { JsonObject } from '../../../base/json.ts';
import type { Choice, FinishReason, Generation, Usage } from '../../../providers/index.ts';
import type { AnswerContext } from '../../surface.ts';
import { idTail } from '../errors.ts';
import type { ChatExtra } from './parse.ts';

export function chatId(requestId: string): string {
  return `chatcmpl-${idTail(requestId)}`;
}

/** The `chat.completion` object. */
export function encodeChat(generation: Generation, usage: Usage, context: AnswerContext, extra: ChatExtra): JsonObject {
  return {
    id: chatId(context.requestId),
    object: 'chat.completion',
    created: context.createdSec,
    model: context.model,
    choices: generation.choices.map((choice) => encodeChoice(choice, extra)),
    usage: encodeChatUsage(usage),
    system_fingerprint: generation.fingerprint ?? null,
  };
}

export function encodeChatUsage(usage: Usage): JsonObject {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedInputTokens, cache_write_tokens: usage.cacheWriteTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  };
}

/** OpenAI's word; calls asked for in the older way end in the older word. */
export function finishWord(reason: FinishReason, extra: ChatExtra): string {
  return reason === 'tool_calls' && extra.olderFunctions ? 'function_call' : reason;
}

function encodeChoice(choice: Choice, extra: ChatExtra): JsonObject {
  return {
    index: choice.index,
    message: encodeMessage(choice, extra),
    logprobs:
      choice.logprobs === undefined ? null : { content: choice.logprobs.map((one) => ({ ...one })), refusal: null },
    finish_reason: finishWord(choice.finish, extra),
  };
}

function encodeMessage(choice: Choice, extra: ChatExtra): JsonObject {
  const thought = choice.reasoning?.map((part) => part.text).join('') ?? '';
  const message = {
    role: 'assistant',
    content: choice.text,
    refusal: choice.refusal ?? null,
    ...(thought !== '' && { reasoning_content: thought }),
  };
  const calls = choice.toolCalls ?? [];
  const [first] = calls;
  if (first === undefined) return message;
  if (extra.olderFunctions) return { ...message, function_call: { name: first.name, arguments: first.arguments } };
  return {
    ...message,
    tool_calls: calls.map(({ id, name, arguments: text }) => ({
      id,
      type: 'function',
      function: { name, arguments: text },
    })),
  };
}
