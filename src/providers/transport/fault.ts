import { ProviderFault, type ProviderFaultKind } from '../provider.ts';
import type { ErrorDetail } from './error-body.ts';

/** What an HTTP status means for routing. */
export function faultKindOfStatus(status: number): ProviderFaultKind {
  if (status === 429) return 'rate_limited';
  if (status === 503 || status === 529) return 'unavailable';
  if (status >= 500 || status === 408) return 'upstream_error';
  if (status === 401 || status === 402 || status === 403) return 'credential';
  if (status >= 400) return 'rejected';
  return 'garbage';
}

/** Codes of refusals by usage policy: OpenAI's and Azure's, and what servers that follow them call theirs. */
const POLICY_CODE =
  /^[a-z_]*(?:safety|policy|content_filter|moderation_blocked|identifier_blocked|user_blocked)[a-z_]*$/;
/** OpenAI's code for a prompt that its checks stopped; servers use it for prompts that are merely wrong, too. */
const PROMPT_CODE = 'invalid_prompt';
const FLAGGED_WORDS = /flagged|usage polic/i;

function policyCodeOf({ code, message }: ErrorDetail): string | undefined {
  const word = code?.toLowerCase().slice(0, POLICY_CODE_CHARS_MAX) ?? '';
  if (word === PROMPT_CODE) return FLAGGED_WORDS.test(message ?? '') ? word : undefined;
  return POLICY_CODE.test(word) ? word : undefined;
}

const POLICY_CODE_CHARS_MAX = 64;

/** The fault for an answer whose status is not a success, with the upstream's own words as they came. */
export function statusFault(
  status: number,
  retryAfterMs: number | undefined,
  detail: ErrorDetail | undefined,
): ProviderFault {
  const kind = detail?.credential ? 'credential' : faultKindOfStatus(status);
  const rejected = kind === 'rejected' ? detail : undefined;
  return new ProviderFault(kind, `the upstream says status ${status}`, {
    status,
    retryAfterMs: retryAfterMs ?? detail?.retryAfterMs,
    upstreamMessage: rejected?.message,
    param: rejected?.param,
    policyCode: detail && policyCodeOf(detail),
  });
}

/**
 * The fault for an error object where an answer was due, before any output. A status named in the object counts as if
 * it had been the answer's own; without one it is `otherwise`.
 */
export function bodyFault(detail: ErrorDetail, otherwise: 'in_band' | 'upstream_error'): ProviderFault {
  if (detail.status !== undefined || detail.credential) return statusFault(detail.status ?? 401, undefined, detail);
  const policyCode = policyCodeOf(detail);
  return new ProviderFault(otherwise, 'the upstream reported an error instead of an answer', { policyCode });
}

/** The fault for an error object behind output: whatever it says, the answer had begun. */
export function inBand(detail: ErrorDetail): ProviderFault {
  const { status } = detail;
  const policyCode = policyCodeOf(detail);
  return new ProviderFault('in_band', 'the upstream reported an error inside its stream', { status, policyCode });
}

export function garbage(what: string, cause?: unknown): ProviderFault {
  return new ProviderFault('garbage', what, { cause });
}

export function died(): ProviderFault {
  return new ProviderFault('died', 'the upstream closed the connection before its answer was complete');
}

/** A request that this upstream's format cannot express. */
export function inexpressible(message: string, param: string): ProviderFault {
  return new ProviderFault('rejected', 'the request cannot be expressed for this upstream', {
    upstreamMessage: message,
    param,
  });
}

const MESSAGE_LENGTH_MAX = 500;
const PARAM_LENGTH_MAX = 200;

/** Shapes of keys and bearer tokens, whole or shortened with stars as OpenAI quotes them. */
const KEY_SHAPES = /\b(?:Bearer\s+\S+|(?:sk|pk|rk|gsk|xai|hf|key)[-_][\w*.-]{8,}|AIza[\w-]{10,})/gi;

/**
 * What leaves a transport: an upstream's own words are made fit to be shown, wherever they stood. `secrets` are what the
 * upstream was sent and must not be quoted back.
 */
export function fitForCaller(error: unknown, secrets: readonly string[]): unknown {
  if (!(error instanceof ProviderFault)) return error;
  const { kind, message, status, retryAfterMs, upstreamMessage, param, policyCode, cause } = error;
  if (upstreamMessage === undefined && param === undefined) return error;
  return new ProviderFault(kind, message, {
    status,
    retryAfterMs,
    upstreamMessage: upstreamMessage === undefined ? undefined : forCaller(upstreamMessage, secrets),
    param: param === undefined ? undefined : forCaller(param, secrets).slice(0, PARAM_LENGTH_MAX),
    policyCode,
    cause,
  });
}

/**
 * An upstream's own words, fit to be shown: no credential, no control characters, at most 500 characters. They are cut
 * last: a secret that a cut had parted would not be found.
 */
export function forCaller(message: string, secrets: readonly string[]): string {
  let text = message;
  for (const secret of secrets) text = text.replaceAll(secret, '[removed]');
  return text
    .replace(KEY_SHAPES, '[removed]')
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, MESSAGE_LENGTH_MAX);
}
