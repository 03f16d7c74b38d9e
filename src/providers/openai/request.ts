import type { OpenAiProviderConfig } from '../../config/config.ts';
import type { EmbeddingRequest, GenerationRequest, ResponseFormat, Tool, ToolChoice } from '../generation.ts';
import type { Attempt } from '../provider.ts';
import { allowedUnknown, mayPass } from '../transport/pass-fields.ts';
import { openAiMessages } from './messages.ts';

/** What of the configuration decides how a body is written. */
export type OpenAiDialect = Pick<
  OpenAiProviderConfig,
  'azure' | 'streamUsage' | 'legacyMaxTokens' | 'safetyIdentifier'
>;

/** The body of a chat completion. Members that are undefined are not sent. */
export function chatBody(request: GenerationRequest, attempt: Attempt, dialect: OpenAiDialect): object {
  return {
    ...allowedUnknown(request.unknownFields, attempt.passFields),
    model: attempt.upstreamModel,
    messages: openAiMessages(request.messages, !dialect.legacyMaxTokens),
    ...streamFields(request, dialect),
    ...toolFields(request),
    ...samplingFields(request, attempt),
    ...outputFields(request, dialect),
    ...accountFields(request, attempt, dialect),
  };
}

export function embeddingBody(request: EmbeddingRequest, attempt: Attempt, dialect: OpenAiDialect): object {
  return {
    ...allowedUnknown(request.unknownFields, attempt.passFields),
    model: attempt.upstreamModel,
    input: request.inputs,
    // A quarter of the bytes that decimal numbers take, and no rounding.
    encoding_format: 'base64',
    dimensions: request.dimensions,
    ...identifierField(attempt, dialect),
  };
}

function streamFields(request: GenerationRequest, dialect: OpenAiDialect): object {
  if (!request.stream) return {};
  return { stream: true, stream_options: dialect.streamUsage ? { include_usage: true } : undefined };
}

function toolFields(request: GenerationRequest): object {
  if (!request.tools?.length) return {};
  return {
    tools: request.tools.map(toolOf),
    tool_choice: request.toolChoice === undefined ? undefined : toolChoiceOf(request.toolChoice),
    parallel_tool_calls: request.parallelToolCalls,
  };
}

function toolOf(tool: Tool): object {
  const { name, description, parameters, strict } = tool;
  return { type: 'function', function: { name, description, parameters, strict } };
}

function toolChoiceOf(choice: ToolChoice): string | object {
  return choice.type === 'tool' ? { type: 'function', function: { name: choice.name } } : choice.type;
}

function samplingFields(request: GenerationRequest, attempt: Attempt): object {
  return {
    n: request.choiceCount > 1 ? request.choiceCount : undefined,
    temperature: request.temperature,
    top_p: request.topP,
    // Not OpenAI's own, though vLLM, Ollama and llama.cpp know it: the target has to say so. A caller of chat
    // completions sends it as a field unknown to that format, which must not be overwritten here.
    ...(request.topK !== undefined && mayPass('top_k', attempt.passFields) && { top_k: request.topK }),
    stop: request.stop?.length ? request.stop : undefined,
    seed: request.seed,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
    logit_bias: request.logitBias,
    logprobs: request.logprobs === undefined ? undefined : true,
    top_logprobs: request.logprobs?.alternatives,
  };
}

function outputFields(request: GenerationRequest, dialect: OpenAiDialect): object {
  return {
    [dialect.legacyMaxTokens ? 'max_tokens' : 'max_completion_tokens']: request.maxOutputTokens,
    response_format: request.responseFormat === undefined ? undefined : responseFormatOf(request.responseFormat),
    reasoning_effort: request.reasoning?.effort,
    verbosity: request.verbosity,
  };
}

function responseFormatOf(format: ResponseFormat): object {
  if (format.type !== 'json_schema') return { type: format.type };
  const { name, description, schema, strict } = format;
  return { type: 'json_schema', json_schema: { name, description, schema, strict } };
}

function accountFields(request: GenerationRequest, attempt: Attempt, dialect: OpenAiDialect): object {
  return {
    service_tier: request.serviceTier,
    prompt_cache_key: request.promptCacheKey,
    metadata: request.metadata,
    ...identifierField(attempt, dialect),
  };
}

/**
 * Whom it is for, never as the caller names them. OpenAI's present name of the field; Azure's dated versions and older
 * servers know the former one.
 */
function identifierField({ safetyIdentifier: sent }: Attempt, dialect: OpenAiDialect): object {
  if (sent === undefined || !dialect.safetyIdentifier) return {};
  return dialect.azure !== null || dialect.legacyMaxTokens ? { user: sent } : { safety_identifier: sent };
}
