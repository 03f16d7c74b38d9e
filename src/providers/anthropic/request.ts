import type { GenerationRequest, Tool } from '../generation.ts';
import type { Attempt } from '../provider.ts';
import { inexpressible } from '../transport/fault.ts';
import { allowedUnknown } from '../transport/pass-fields.ts';
import { systemBlocks, turns } from './messages.ts';
import { thinkingOf } from './thinking.ts';

/** The format demands a limit; this stands in for a request that has none. */
const MAX_TOKENS_DEFAULT = 4096;

/** `json_object` has no counterpart in this format, so it is asked for in words. */
const JSON_OBJECT_BLOCK = { type: 'text', text: 'Answer with one JSON object and nothing else.' };

/** The body of `POST /v1/messages`. Members that are undefined are not sent. */
export function messagesBody(request: GenerationRequest, attempt: Attempt): object {
  if (request.choiceCount > 1) throw inexpressible('this upstream gives one choice only', 'n');
  const maxTokens = request.maxOutputTokens ?? MAX_TOKENS_DEFAULT;
  const { thinking, effort } = thinkingOf(request.reasoning, attempt.upstreamModel, maxTokens);
  return {
    ...promptBody(request, attempt),
    max_tokens: maxTokens,
    stream: request.stream || undefined,
    thinking,
    output_config: outputConfig(request, effort),
    temperature: request.temperature,
    top_p: request.topP,
    top_k: request.topK,
    stop_sequences: request.stop?.length ? request.stop : undefined,
    service_tier: serviceTier(request.serviceTier),
    metadata: attempt.safetyIdentifier === undefined ? undefined : { user_id: attempt.safetyIdentifier },
  };
}

/** The body of `POST /v1/messages/count_tokens`: all that makes up the input. */
export function countBody(request: GenerationRequest, attempt: Attempt): object {
  const { thinking } = thinkingOf(request.reasoning, attempt.upstreamModel, Number.MAX_SAFE_INTEGER);
  return { ...promptBody(request, attempt), thinking, output_config: outputConfig(request, undefined) };
}

function promptBody(request: GenerationRequest, attempt: Attempt): object {
  const system = systemBlocks(request.messages);
  if (request.responseFormat?.type === 'json_object') system.push(JSON_OBJECT_BLOCK);
  return {
    ...allowedUnknown(request.unknownFields, attempt.passFields),
    model: attempt.upstreamModel,
    system: system.length > 0 ? system : undefined,
    messages: turns(request.messages),
    ...toolFields(request),
  };
}

function toolFields(request: GenerationRequest): object {
  if (!request.tools?.length) return {};
  return { tools: request.tools.map(toolOf), tool_choice: toolChoiceOf(request) };
}

function toolOf(tool: Tool): object {
  return {
    name: tool.name,
    description: tool.description,
    input_schema: { type: 'object', ...tool.parameters },
    strict: tool.strict || undefined,
    cache_control: tool.cache,
  };
}

function toolChoiceOf({ toolChoice, parallelToolCalls }: GenerationRequest): object | undefined {
  const one = parallelToolCalls === false ? { disable_parallel_tool_use: true } : {};
  switch (toolChoice?.type) {
    case 'none':
      return { type: 'none' };
    case 'required':
      return { type: 'any', ...one };
    case 'tool':
      return { type: 'tool', name: toolChoice.name, ...one };
    case 'auto':
      return { type: 'auto', ...one };
    default:
      return parallelToolCalls === false ? { type: 'auto', ...one } : undefined;
  }
}

function outputConfig({ responseFormat }: GenerationRequest, effort: string | undefined): object | undefined {
  const format =
    responseFormat?.type === 'json_schema' ? { type: 'json_schema', schema: responseFormat.schema } : undefined;
  return format === undefined && effort === undefined ? undefined : { effort, format };
}

function serviceTier(tier: string | undefined): string | undefined {
  if (tier === 'default' || tier === 'standard_only') return 'standard_only';
  return tier === 'auto' ? 'auto' : undefined;
}
