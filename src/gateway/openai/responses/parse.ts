import type { JsonObject } from '../../../base/json.ts';
import { ok, type Result, refuse } from '../../../base/result.ts';
import type { GenerationRequest } from '../../../providers/index.ts';
import { Fields, present, readModel, unknownFields } from '../../fields.ts';
import { type Refusal, refusal } from '../../refusal.ts';
import { limits, readSharedSettings } from '../settings.ts';
import { echoOf } from './echo.ts';
import { readItems } from './read-items.ts';
import { readLogprobs, readReasoningSettings, readTextSettings, readTools } from './read-settings.ts';

/** What a response needs to know of its request. */
export interface ResponsesExtra {
  /** What the caller said; whoever decides for silence puts the decision here before answering. */
  readonly store: boolean | undefined;
  readonly previousResponseId: string | undefined;
  /** The input in the items' full form, for storing it and for later turns. */
  readonly inputItems: readonly JsonObject[];
  /** Whether the first message is the request's own `instructions`. */
  readonly hasInstructions: boolean;
  /** The request's settings as the response object repeats them. */
  readonly echo: JsonObject;
}

const refusedFields = ['conversation', 'prompt', 'moderation', 'context_management'] as const;

const knownFields: ReadonlySet<string> = new Set([
  ...'model input instructions stream stream_options tools tool_choice parallel_tool_calls text reasoning'.split(' '),
  ...'max_output_tokens max_tool_calls temperature top_p top_logprobs include previous_response_id store'.split(' '),
  ...'background truncation metadata user safety_identifier service_tier prompt_cache_key'.split(' '),
  ...refusedFields,
]);

/** Checks the body of `POST /v1/responses` and translates it, without the turns before it (see `withHistory`). */
export function parseResponses(
  body: JsonObject,
): Result<{ readonly request: GenerationRequest; readonly extra: ResponsesExtra }, Refusal> {
  const fields = new Fields('/v1/responses');
  const model = readModel(fields, body);
  refuseUnsupported(fields, body);
  const previousResponseId = fields.string(body, 'previous_response_id', '', limits.idChars);
  const inputItems = readInput(fields, body, previousResponseId !== undefined);
  const instructions = fields.string(body, 'instructions', '');
  const messages = readItems(fields, inputItems, 'input');
  if (instructions !== undefined) messages.unshift({ role: 'system', content: [{ type: 'text', text: instructions }] });
  const options = fields.object(body, 'stream_options', '') ?? {};
  fields.boolean(options, 'include_obfuscation', 'stream_options.');
  const request = present({
    model,
    stream: fields.boolean(body, 'stream', '') ?? false,
    messages,
    ...readTools(fields, body),
    choiceCount: 1,
    maxOutputTokens: fields.integer(body, 'max_output_tokens', '', 1, limits.outputTokensMax),
    logprobs: readLogprobs(fields, body),
    reasoning: readReasoningSettings(fields, body),
    ...readTextSettings(fields, body),
    ...readSharedSettings(fields, body),
    unknownFields: unknownFields(body, knownFields),
  });
  const store = fields.boolean(body, 'store', '');
  if (fields.problem !== undefined) return refuse(fields.problem);
  const hasInstructions = instructions !== undefined;
  return ok({
    request,
    extra: { store, previousResponseId, inputItems, hasInstructions, echo: echoOf(body, request) },
  });
}

/**
 * The request with the turns before it: `earlierItems` are the input and output items of the responses it continues,
 * oldest first, as they were stored. The request's own instructions stay in front; earlier ones do not carry over.
 * Refused when an item of them cannot be sent again: an upstream may have called a tool by a name no caller may use.
 */
export function withHistory(
  request: GenerationRequest,
  extra: ResponsesExtra,
  earlierItems: readonly JsonObject[],
): Result<GenerationRequest, Refusal> {
  const fields = new Fields('/v1/responses');
  const earlier = readItems(fields, earlierItems, 'stored');
  if (fields.problem !== undefined) {
    const words = {
      detail: 'continues a response with an item that cannot be sent again',
      detail_zh: '所接续的回复中有无法再次发送的条目',
    };
    return refuse(refusal('invalid_field', words, { param: 'previous_response_id' }));
  }
  const own = extra.hasInstructions ? 1 : 0;
  const messages = [...request.messages.slice(0, own), ...earlier, ...request.messages.slice(own)];
  return ok({ ...request, messages });
}

function refuseUnsupported(fields: Fields, body: JsonObject): void {
  for (const name of refusedFields) {
    if (body[name] !== undefined && body[name] !== null) fields.unsupported(name);
  }
  if (fields.boolean(body, 'background', '') === true) fields.unsupported('background');
  // Cutting the middle out of an input to make it fit is not offered, so it must not be promised.
  if (fields.oneOf(body, 'truncation', '', ['auto', 'disabled']) === 'auto') fields.unsupported('truncation');
  // This bounds calls of OpenAI's built-in tools only; there are none here, so any bound holds.
  fields.integer(body, 'max_tool_calls', '', 1, Number.MAX_SAFE_INTEGER);
}

/** The input as items with a type and a list of parts. */
function readInput(fields: Fields, body: JsonObject, mayBeEmpty: boolean): JsonObject[] {
  if (typeof body.input === 'string') {
    return [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: body.input }] }];
  }
  if (body.input === undefined || body.input === null) {
    if (!mayBeEmpty) fields.missing('input');
    return [];
  }
  const list = fields.list(body, 'input', '', limits.messages) ?? [];
  if (list.length === 0 && !mayBeEmpty) fields.invalid('input', 'must not be empty', '不能为空');
  return list.map((value, index) => fullForm(fields.asObject(value, `input[${index}]`) ?? {}));
}

function fullForm(item: JsonObject): JsonObject {
  if (item.role === undefined || (item.type !== undefined && item.type !== 'message')) return item;
  if (typeof item.content !== 'string') return { ...item, type: 'message' };
  const type = item.role === 'assistant' ? 'output_text' : 'input_text';
  const part = type === 'output_text' ? { type, text: item.content, annotations: [] } : { type, text: item.content };
  return { ...item, type: 'message', content: [part] };
}
