import type { JsonObject } from '../../base/json.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { GenerationRequest } from '../../providers/index.ts';
import { Fields, present, readModel, unknownFields } from '../fields.ts';
import type { Refusal } from '../refusal.ts';
import { readTextBlocks } from './read-blocks.ts';
import { readMessages } from './read-messages.ts';
import { readOutputConfig, readThinking, readToolChoice, readTools } from './read-settings.ts';

/** What a message needs to know of its request. */
export interface MessagesExtra {
  /**
   * The estimate of the input's tokens, for the first event of a stream, which must name a number before the upstream
   * has. The parser knows none; whoever estimates puts it here.
   */
  readonly inputTokensEstimate: number | undefined;
}

const refusedFields = ['mcp_servers', 'container', 'context_management'] as const;

const knownFields: ReadonlySet<string> = new Set([
  ...'model messages max_tokens system stream tools tool_choice stop_sequences temperature top_k top_p'.split(' '),
  ...'thinking output_config metadata service_tier'.split(' '),
  ...refusedFields,
]);

/** Checks the body of `POST /v1/messages` and translates it. */
export function parseMessages(
  body: JsonObject,
): Result<{ readonly request: GenerationRequest; readonly extra: MessagesExtra }, Refusal> {
  const fields = new Fields('/v1/messages');
  const request = readRequest(fields, body);
  if (request.maxOutputTokens === undefined) fields.missing('max_tokens');
  if (fields.problem !== undefined) return refuse(fields.problem);
  return ok({ request, extra: { inputTokensEstimate: undefined } });
}

/** The request that the body describes; only whole when `fields` has met no problem. */
export function readRequest(fields: Fields, body: JsonObject): GenerationRequest {
  const model = readModel(fields, body);
  const maxOutputTokens = fields.integer(body, 'max_tokens', '', 1, 10_000_000);
  const messages = readMessages(fields, body);
  if (body.system !== undefined && body.system !== null) {
    const content = readTextBlocks(fields, body, 'system', '');
    if (content.length > 0) messages.unshift({ role: 'system', content });
  }
  for (const name of refusedFields) {
    if (body[name] !== undefined && body[name] !== null) fields.unsupported(name);
  }
  const tools = readTools(fields, body);
  const { effort, responseFormat } = readOutputConfig(fields, body);
  const metadata = fields.object(body, 'metadata', '') ?? {};
  return present({
    model,
    stream: fields.boolean(body, 'stream', '') ?? false,
    messages,
    tools,
    ...readToolChoice(fields, body, tools),
    choiceCount: 1,
    maxOutputTokens,
    temperature: fields.number(body, 'temperature', '', 0, 1),
    topP: fields.number(body, 'top_p', '', 0, 1),
    topK: fields.integer(body, 'top_k', '', 1, 1_000_000),
    stop: readStop(fields, body),
    responseFormat,
    reasoning: readThinking(fields, body, effort, maxOutputTokens),
    serviceTier: fields.oneOf(body, 'service_tier', '', ['auto', 'standard_only']),
    endUser: fields.string(metadata, 'user_id', 'metadata.', 512),
    unknownFields: unknownFields(body, knownFields),
  });
}

function readStop(fields: Fields, body: JsonObject): string[] | undefined {
  const stop = fields.strings(body, 'stop_sequences', '', 64, 1_024);
  if (stop?.includes('')) fields.invalid('stop_sequences', 'must not hold an empty text', '不能包含空字符串');
  return stop?.length === 0 ? undefined : stop;
}
