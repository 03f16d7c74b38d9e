import type { JsonObject } from '../base/json.ts';
import type { LimitState } from '../capacity/index.ts';
import { asEventStream } from '../runtime/listener.ts';
import { REFUSALS, type Refusal } from './refusal.ts';

/** Headers as a plain record: cheaper to build than a `Headers`, and the listener takes it as it is. */
export type AnswerHeaders = Record<string, string>;

export function wholeAnswer(body: JsonObject, headers: AnswerHeaders, status = 200): Response {
  headers['content-type'] = 'application/json';
  return new Response(JSON.stringify(body), { status, headers });
}

export const EVENT_STREAM = 'text/event-stream; charset=utf-8';

export function streamAnswer(body: ReadableStream<Uint8Array>, headers: AnswerHeaders): Response {
  headers['content-type'] = EVENT_STREAM;
  headers['cache-control'] = 'no-cache, no-transform';
  headers['x-accel-buffering'] = 'no';
  return asEventStream(new Response(body, { headers }));
}

export function refusalAnswer(body: JsonObject, refused: Refusal, headers: AnswerHeaders): Response {
  const kind = REFUSALS[refused.reason];
  if (kind.retry === 'no') headers['x-should-retry'] = 'false';
  if (refused.retryAfterMs !== undefined && Number.isFinite(refused.retryAfterMs)) {
    headers['retry-after'] = String(Math.max(1, Math.ceil(refused.retryAfterMs / 1_000)));
    headers['retry-after-ms'] = String(Math.ceil(refused.retryAfterMs));
  }
  // The rest of such a body is not waited for.
  if (kind.status === 408 || kind.status === 413) headers['connection'] = 'close';
  if (refused.allow !== undefined) headers['allow'] = refused.allow;
  return wholeAnswer(body, headers, kind.status);
}

/** The `x-ratelimit-*` headers, with durations written as Go's `time.ParseDuration` reads them. */
export function addLimitHeaders(headers: AnswerHeaders, state: LimitState): void {
  if (state.requests) addOne(headers, 'requests', state.requests);
  if (state.tokens) addOne(headers, 'tokens', state.tokens);
}

function addOne(headers: AnswerHeaders, what: string, state: NonNullable<LimitState['requests']>): void {
  headers[`x-ratelimit-limit-${what}`] = String(state.limit);
  headers[`x-ratelimit-remaining-${what}`] = String(state.remaining);
  headers[`x-ratelimit-reset-${what}`] = `${Math.ceil(state.resetMs)}ms`;
}
