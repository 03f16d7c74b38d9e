import type { JsonObject } from '../../base/json.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { EmbeddingRequest, Embeddings } from '../../providers/index.ts';
import { Fields, present, readModel, unknownFields } from '../fields.ts';
import type { Refusal } from '../refusal.ts';
import type { AnswerContext } from '../surface.ts';
import { limits } from './settings.ts';

/** How vectors go out. The official clients ask for base64 of little-endian float32 and decode it themselves. */
export interface EmbeddingsExtra {
  readonly base64: boolean;
}

const inputsMax = 2_048;
const tokensPerInputMax = 300_000;

const knownFields: ReadonlySet<string> = new Set(
  'model input encoding_format dimensions user safety_identifier'.split(' '),
);

/** Checks the body of `POST /v1/embeddings` and translates it. */
export function parseEmbeddings(
  body: JsonObject,
): Result<{ readonly request: EmbeddingRequest; readonly extra: EmbeddingsExtra }, Refusal> {
  const fields = new Fields('/v1/embeddings');
  const user = fields.string(body, 'user', '', limits.endUserChars);
  const request = present({
    model: readModel(fields, body),
    inputs: readInputs(fields, body),
    dimensions: fields.integer(body, 'dimensions', '', 1, 65_536),
    endUser: fields.string(body, 'safety_identifier', '', limits.endUserChars) ?? user,
    unknownFields: unknownFields(body, knownFields),
  });
  const encoding = fields.oneOf(body, 'encoding_format', '', ['float', 'base64']);
  return fields.problem === undefined
    ? ok({ request, extra: { base64: encoding === 'base64' } })
    : refuse(fields.problem);
}

function readInputs(fields: Fields, body: JsonObject): (string | readonly number[])[] {
  const { input } = body;
  if (input === undefined || input === null) fields.missing('input');
  if (typeof input === 'string') return readInput(fields, input, 'input');
  if (!Array.isArray(input)) {
    fields.invalid(
      'input',
      'must be a string, a list of strings, or lists of token numbers',
      '必须是字符串、字符串数组或 token 编号数组',
    );
    return [];
  }
  if (input.length === 0) fields.invalid('input', 'must not be empty', '不能为空');
  if (typeof input[0] === 'number') return readInput(fields, input, 'input');
  const list = fields.list(body, 'input', '', inputsMax) ?? [];
  const inputs: (string | readonly number[])[] = [];
  for (const [index, value] of list.entries()) {
    inputs.push(...readInput(fields, value, `input[${index}]`));
    if (fields.problem !== undefined) break;
  }
  return inputs;
}

/** One input, as a list of one; nothing after a problem. */
function readInput(fields: Fields, value: unknown, path: string): (string | readonly number[])[] {
  if (typeof value === 'string') {
    if (value === '') fields.invalid(path, 'must not be empty', '不能为空');
    return [value];
  }
  if (Array.isArray(value) && value.length > 0 && value.length <= tokensPerInputMax && value.every(isToken))
    return [value];
  fields.invalid(path, 'must be a text or a list of token numbers', '必须是文本或 token 编号数组');
  return [];
}

function isToken(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

/** The answer of `POST /v1/embeddings`; `inputTokens` is what will be recorded. */
export function encodeEmbeddings(
  embeddings: Embeddings,
  inputTokens: number,
  context: Pick<AnswerContext, 'model'>,
  extra: EmbeddingsExtra,
): JsonObject {
  return {
    object: 'list',
    data: embeddings.vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: extra.base64 ? base64Of(vector) : Array.from(vector),
    })),
    model: context.model,
    usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
  };
}

function base64Of(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
