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

type Parsed<Extra> = Result<{ readonly request: GenerationRequest; readonly extra: Extra }, Refusal>;

const refusedFields = ['mcp_servers', 'container', 'context_management'] as const;

const knownFields: ReadonlySet<string> = new Set([
  ...'model messages max_tokens system stream tools tool_choice stop_sequences temperature top_k top_p'.split(' '),
  ...'thinking output_config metadata service_tier'.split(' '),
  ...refusedFields,
]);

/** Checks the body of `POST /v1/messages` and translates it. */
export function parseMessages(body: JsonObject): Parsed<MessagesExtra> {
  return parseBody(new Fields('/v1/messages'), body, true);
}

/** Checks the body of `POST /v1/messages/count_tokens`, which is a message without a limit on its answer. */
export function parseCountTokens(body: JsonObject): Parsed<MessagesExtra> {
  return parseBody(new Fields('/v1/messages/count_tokens'), body, false);
}

/** The answer of `POST /v1/messages/count_tokens`. */
export function encodeCountTokens(inputTokens: number): JsonObject {
  return { input_tokens: inputTokens };
}

function parseBody(fields: Fields, body: JsonObject, needsMaxTokens: boolean): Parsed<MessagesExtra> {
  const model = readModel(fields, body);
  const maxOutputTokens = fields.integer(body, 'max_tokens', '', 1, 10_000_000);
  if (needsMaxTokens && maxOutputTokens === undefined) fields.missing('max_tokens');
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
  const request = present({
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
  return fields.problem === undefined
    ? ok({ request, extra: { inputTokensEstimate: undefined } })
    : refuse(fields.problem);
}

function readStop(fields: Fields, body: JsonObject): string[] | undefined {
  const stop = fields.strings(body, 'stop_sequences', '', 64, 1_024);
  if (stop?.includes('')) fields.invalid('stop_sequences', 'must not hold an empty text', '不能包含空字符串');
  return stop?.length === 0 ? undefined : stop;
}
