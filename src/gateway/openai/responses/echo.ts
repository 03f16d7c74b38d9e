import type { Json, JsonObject } from '../../../base/json.ts';
import type { GenerationRequest, ResponseFormat, Tool, ToolChoice } from '../../../providers/index.ts';

/** The settings of a request as every response object repeats them, with the API's defaults for silence. */
export function echoOf(body: JsonObject, request: Omit<GenerationRequest, 'messages'>): JsonObject {
  return {
    access_programs: null,
    background: false,
    instructions: body.instructions ?? null,
    max_output_tokens: request.maxOutputTokens ?? null,
    max_tool_calls: body.max_tool_calls ?? null,
    metadata: request.metadata ?? {},
    parallel_tool_calls: request.parallelToolCalls ?? true,
    prompt_cache_key: request.promptCacheKey ?? null,
    reasoning: { effort: request.reasoning?.effort ?? null, summary: request.reasoning?.summary ?? null },
    safety_identifier: body.safety_identifier ?? null,
    service_tier: request.serviceTier ?? 'auto',
    temperature: request.temperature ?? null,
    text: { format: echoFormat(request.responseFormat), verbosity: request.verbosity ?? 'medium' },
    tool_choice: echoToolChoice(request.toolChoice),
    tools: (request.tools ?? []).map(echoTool),
    top_logprobs: request.logprobs?.alternatives ?? 0,
    top_p: request.topP ?? null,
    truncation: 'disabled',
    user: body.user ?? null,
  };
}

function echoFormat(format: ResponseFormat | undefined): JsonObject {
  if (format === undefined) return { type: 'text' };
  if (format.type !== 'json_schema') return { type: format.type };
  const { type, name, description, schema, strict } = format;
  return { type, name, schema, description: description ?? null, strict: strict ?? false };
}

function echoToolChoice(choice: ToolChoice | undefined): Json {
  if (choice === undefined) return 'auto';
  return choice.type === 'tool' ? { type: 'function', name: choice.name } : choice.type;
}

function echoTool(tool: Tool): JsonObject {
  return {
    type: 'function',
    name: tool.name,
    description: tool.description ?? null,
    parameters: tool.parameters ?? null,
    strict: tool.strict ?? null,
  };
}
