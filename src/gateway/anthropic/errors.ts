import type { JsonObject } from '../../base/json.ts';
import { REFUSALS, redressMembers, type Refusal, refusalMessage } from '../refusal.ts';
import type { AnswerContext } from '../surface.ts';

/** The error body of Anthropic's format, with Candor's own `reason` and the offending field beside its two keys. */
export function errorBody(refused: Refusal, context: Pick<AnswerContext, 'requestId' | 'language'>): JsonObject {
  return {
    type: 'error',
    error: {
      type: errorType(REFUSALS[refused.reason].status),
      message: refusalMessage(refused, context.language),
      reason: refused.reason,
      param: refused.param ?? null,
      ...redressMembers(refused),
    },
    request_id: context.requestId,
  };
}

/** Anthropic's word for a status. Source: https://docs.anthropic.com/en/api/errors */
function errorType(status: number): string {
  switch (status) {
    case 401:
      return 'authentication_error';
    case 402:
      return 'billing_error';
    case 403:
      return 'permission_error';
    case 404:
      return 'not_found_error';
    case 413:
      return 'request_too_large';
    case 429:
      return 'rate_limit_error';
    case 503:
      return 'overloaded_error';
    case 504:
      return 'timeout_error';
    default:
      return status >= 500 ? 'api_error' : 'invalid_request_error';
  }
}
