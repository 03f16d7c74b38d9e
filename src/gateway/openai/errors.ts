import type { JsonObject } from '../../base/json.ts';
import { REFUSALS, redressMembers, type Refusal, refusalMessage } from '../refusal.ts';
import type { AnswerContext } from '../surface.ts';

/**
 * The error object of OpenAI's formats. The four keys the official clients require are always there; `reason` is
 * Candor's own word, finer than `code`, and `request_id` repeats the header for clients that show only the body.
 */
export function errorObject(refused: Refusal, context: Pick<AnswerContext, 'requestId' | 'language'>): JsonObject {
  const kind = REFUSALS[refused.reason];
  return {
    message: refusalMessage(refused, context.language),
    type: kind.type,
    param: refused.param ?? null,
    code: kind.code,
    reason: refused.reason,
    request_id: context.requestId,
    ...redressMembers(refused),
  };
}

export function errorBody(refused: Refusal, context: Pick<AnswerContext, 'requestId' | 'language'>): JsonObject {
  return { error: errorObject(refused, context) };
}

/** The random part of a request id, from which an answer's other ids are made. */
export function idTail(requestId: string): string {
  return requestId.slice(requestId.indexOf('_') + 1);
}
