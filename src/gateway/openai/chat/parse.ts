import type { JsonObject } from '../../../base/json.ts';
import { ok, type Result, refuse } from '../../../base/result.ts';
import type { GenerationRequest, ResponseFormat } from '../../../providers/index.ts';
import { Fields, present, readModel, unknownFields } from '../../fields.ts';
import { refuseType } from '../../media-fields.ts';
import type { Refusal } from '../../refusal.ts';
import { efforts, limits, readSchemaFormat, readSharedSettings, verbosities } from '../settings.ts';
import { readMessages } from './parse-messages.ts';
import { readTools } from './parse-tools.ts';

/** What a chat completion's answer needs to know of its request. */
export interface ChatExtra {
  /** `stream_options.include_usage`: a last chunk with the usage. */
  readonly includeUsage: boolean;
  /** The request used `functions`, so calls are answered as `function_call`. */
  readonly olderFunctions: boolean;
}

/** Fields that would change what the answer is and are not offered; null is fine, as it asks for nothing. */
const refusedFields = ['best_of', 'audio', 'prediction', 'web_search_options', 'moderation'] as const;

const knownFields: ReadonlySet<string> = new Set([
  ...'model messages stream stream_options tools tool_choice functions function_call parallel_tool_calls'.split(' '),
  ...'max_tokens max_completion_tokens n stop logprobs top_logprobs response_format reasoning_effort'.split(' '),
  ...'verbosity temperature top_p presence_penalty frequency_penalty seed logit_bias user'.split(' '),
  ...'safety_identifier metadata store service_tier prompt_cache_key modalities'.split(' '),
  ...refusedFields,
]);

/** Checks the body of `POST /v1/chat/completions` and translates it. */
export function parseChat(
  body: JsonObject,
): Result<{ readonly request: GenerationRequest; readonly extra: ChatExtra }, Refusal> {
  const fields = new Fields('/v1/chat/completions');
  const model = readModel(fields, body);
  const messages = readMessages(fields, body);
  refuseUnsupported(fields, body);
  const { tools, toolChoice, olderFunctions } = readTools(fields, body);
  const shared = readSharedSettings(fields, body);
  const olderMax = fields.integer(body, 'max_tokens', '', 1, limits.outputTokensMax);
  const effort = fields.oneOf(body, 'reasoning_effort', '', efforts);
  const options = fields.object(body, 'stream_options', '') ?? {};
  const includeUsage = fields.boolean(options, 'include_usage', 'stream_options.') ?? false;
  const request = present({
    model,
    stream: fields.boolean(body, 'stream', '') ?? false,
    messages,
    tools,
    toolChoice,
    choiceCount: fields.integer(body, 'n', '', 1, 8) ?? 1,
    maxOutputTokens: fields.integer(body, 'max_completion_tokens', '', 1, limits.outputTokensMax) ?? olderMax,
    stop: readStop(fields, body),
    seed: fields.integer(body, 'seed', '', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    presencePenalty: fields.number(body, 'presence_penalty', '', -2, 2),
    frequencyPenalty: fields.number(body, 'frequency_penalty', '', -2, 2),
    logitBias: readLogitBias(fields, body),
    logprobs: readLogprobs(fields, body),
    responseFormat: readResponseFormat(fields, body),
    reasoning: effort === undefined ? undefined : { effort },
    verbosity: fields.oneOf(body, 'verbosity', '', verbosities),
    ...shared,
    parallelToolCalls: olderFunctions ? false : shared.parallelToolCalls,
    unknownFields: unknownFields(body, knownFields),
  });
  if (fields.problem !== undefined) return refuse(fields.problem);
  return ok({ request, extra: { includeUsage, olderFunctions } });
}

function refuseUnsupported(fields: Fields, body: JsonObject): void {
  for (const name of refusedFields) {
    if (body[name] !== undefined && body[name] !== null) fields.unsupported(name);
  }
  // Stored chat completions are not offered; taking the field and not storing would be a lie.
  if (fields.boolean(body, 'store', '') === true) fields.unsupported('store');
  const modalities = fields.list(body, 'modalities', '', 8);
  if (modalities?.some((modality) => modality !== 'text')) fields.unsupported('modalities');
}

function readStop(fields: Fields, body: JsonObject): string[] | undefined {
  const stop = typeof body.stop === 'string' ? [body.stop] : fields.strings(body, 'stop', '', 4, 1_024);
  if (stop === undefined || stop.length === 0) return undefined;
  if (stop.includes('')) fields.invalid('stop', 'must not hold an empty text', '不能包含空字符串');
  return stop;
}

function readLogitBias(fields: Fields, body: JsonObject): JsonObject | undefined {
  const bias = fields.object(body, 'logit_bias', '');
  for (const token in bias) {
    const at = 'logit_bias.';
    if (!/^\d{1,9}$/.test(token))
      return fields.invalid('logit_bias', 'must have token numbers as keys', '键必须是 token 编号');
    if (fields.number(bias, token, at, -100, 100) === undefined) fields.missing(at + token);
  }
  return bias;
}

function readLogprobs(fields: Fields, body: JsonObject): { alternatives: number } | undefined {
  const wanted = fields.boolean(body, 'logprobs', '') ?? false;
  const alternatives = fields.integer(body, 'top_logprobs', '', 0, 20);
  if (alternatives !== undefined && alternatives > 0 && !wanted) {
    return fields.invalid('top_logprobs', 'needs "logprobs": true', '需要同时设置 “logprobs”: true');
  }
  return wanted ? { alternatives: alternatives ?? 0 } : undefined;
}

function readResponseFormat(fields: Fields, body: JsonObject): ResponseFormat | undefined {
  const format = fields.object(body, 'response_format', '');
  if (format === undefined) return undefined;
  if (format.type === 'text' || format.type === 'json_object') return { type: format.type };
  if (format.type !== 'json_schema') {
    return refuseType(fields, format.type, 'response_format.type', ['text', 'json_object', 'json_schema']);
  }
  const schema = fields.object(format, 'json_schema', 'response_format.');
  if (schema === undefined) return fields.missing('response_format.json_schema');
  return readSchemaFormat(fields, schema, 'response_format.json_schema.');
}
