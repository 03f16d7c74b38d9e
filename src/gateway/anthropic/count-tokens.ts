import type { JsonObject } from '../../base/json.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { GenerationRequest } from '../../providers/index.ts';
import { Fields } from '../fields.ts';
import type { Refusal } from '../refusal.ts';
import { readRequest } from './parse.ts';

/** Checks the body of `POST /v1/messages/count_tokens`: a message that needs no limit on its answer. */
export function parseCountTokens(body: JsonObject): Result<GenerationRequest, Refusal> {
  const fields = new Fields('/v1/messages/count_tokens');
  const request = readRequest(fields, body);
  return fields.problem === undefined ? ok(request) : refuse(fields.problem);
}
