import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';
import { filledText, objectOf, objectsOf } from './fields.ts';
import { durationMs } from './retry-after.ts';

/** What an upstream's error body says, in any of the shapes seen in the wild. */
export interface ErrorDetail {
  readonly message: string | undefined;
  readonly param: string | undefined;
  /** OpenAI's `code` or `type`, Anthropic's `type`, Google's `status`. */
  readonly code: string | undefined;
  /** A status inside the body, where a server answers 200 or streams first. */
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  /** The body says that the credential is wrong although the status does not. */
  readonly credential: boolean;
}

/** Reads `{"error":{..}}`, `{"error":".."}`, `[{"error":..}]`, `{"detail":..}` and `{"message":..}`. */
export function errorDetail(body: Json | undefined): ErrorDetail {
  const whole = Array.isArray(body) ? objectOf(body[0]) : objectOf(body);
  const inner = isJsonObject(whole.error) ? whole.error : whole;
  const details = objectsOf(inner.details);
  const retryDelay = details.map((detail) => filledText(detail.retryDelay)).find((text) => text !== undefined);
  const code = filledText(inner.code) ?? filledText(inner.status) ?? filledText(inner.type);
  const message = messageOf(whole, inner);
  return {
    message,
    param: filledText(inner.param),
    code,
    status: statusOf(inner),
    retryAfterMs: retryDelay === undefined ? undefined : durationMs(retryDelay),
    credential:
      CREDENTIAL_CODES.has(code ?? '') ||
      CREDENTIAL_WORDS.test(message ?? '') ||
      details.some((detail) => detail.reason === 'API_KEY_INVALID'),
  };
}

/** Our balance is used up, or our key is wrong: nothing the caller or a second try can mend. */
const CREDENTIAL_CODES = new Set([
  'insufficient_quota',
  'billing_error',
  'billing_hard_limit_reached',
  'invalid_api_key',
]);

/** Anthropic's words for the same, which come with the code of a bad request. Further in, they may be the caller's own. */
const CREDENTIAL_WORDS = /^your credit balance is too low/i;

function messageOf(whole: JsonObject, inner: JsonObject): string | undefined {
  const plain = filledText(inner.message) ?? filledText(whole.error) ?? filledText(whole.detail);
  if (plain !== undefined) return plain;
  const found = objectsOf(whole.detail)
    .map((detail) => filledText(detail.msg))
    .filter((text) => text !== undefined);
  return found.length > 0 ? found.join('; ') : undefined;
}

function statusOf(inner: JsonObject): number | undefined {
  const value = typeof inner.code === 'number' ? inner.code : inner.status;
  return typeof value === 'number' && value >= 400 && value <= 599 ? value : undefined;
}
