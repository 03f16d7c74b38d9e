import { createHash } from 'node:crypto';
import type { Config } from '../../config/config.ts';
import { redact } from '../log/redact.ts';
import { type LabelNames, NONE } from '../metrics/names.ts';
import type { AttemptSummary, RequestSummary } from '../telemetry.ts';
import type { Span } from './encode.ts';

/** Where a request's spans belong. All ids follow from the request id, so spans of one request need not know each other. */
export interface TracePlace {
  readonly traceId: string;
  readonly rootSpanId: string;
}

export function placeOf(requestId: string): TracePlace {
  const digest = digestOf(requestId);
  return { traceId: digest.slice(0, 32), rootSpanId: digest.slice(32, 48) };
}

/**
 * Whether a request is among the sampled share: the same answer for all its spans, and for a fraction of what a digest
 * costs, since every request pays it. FNV-1a, then the mixing step of MurmurHash3.
 * Source: http://www.isthe.com/chongo/tech/comp/fnv/ and https://github.com/aappleby/smhasher/wiki/MurmurHash3
 */
export function isSampled(requestId: string, ratio: number): boolean {
  if (ratio >= 1) return true;
  let hash = 0x811c9dc5;
  for (let at = 0; at < requestId.length; at++) hash = Math.imul(hash ^ requestId.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32 < ratio;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What OpenTelemetry calls each kind of provider; a kind it has no word for keeps ours. */
export type ProviderNames = (name: string | null) => string | null;

export function createProviderNames(providers: Config['providers']): ProviderNames {
  const known = new Map(
    Object.entries(providers).map(([name, config]) => [
      name,
      config.kind === 'openai' && config.azure !== null ? 'azure.ai.openai' : PROVIDER_OF_KIND[config.kind],
    ]),
  );
  return (name) => (name === null ? null : (known.get(name) ?? name));
}

const PROVIDER_OF_KIND: Readonly<Record<Config['providers'][string]['kind'], string>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  gemini: 'gcp.gemini',
  local: 'candor.local',
  demo: 'candor.demo',
};

const OPERATIONS: Readonly<Record<string, string>> = {
  'chat.completions': 'chat',
  responses: 'chat',
  messages: 'chat',
  embeddings: 'embeddings',
};

/** The operation an endpoint asks of a model; null for endpoints that ask none. */
export function operationOf(endpoint: string): string | null {
  return OPERATIONS[endpoint] ?? null;
}

/** Why it counts as an error; null for what was answered and for what the caller broke off. */
export function errorTypeOf(request: RequestSummary): string | null {
  const broken = request.outcome === 'cancelled' || request.outcome === 'disconnected';
  return broken ? null : request.reason;
}

/** Upstream names and declared app names are free text; this much of them is shown. */
const NAME_MAX = 128;

export function requestSpan(
  request: RequestSummary,
  link: Span['link'],
  names: LabelNames,
  providers: ProviderNames,
): Span {
  const place = placeOf(request.id);
  const operation = operationOf(request.endpoint);
  const alias = names.model(request.modelRequested);
  const model = alias === NONE ? null : alias;
  return {
    traceId: place.traceId,
    spanId: place.rootSpanId,
    parentSpanId: null,
    name: operation === null ? request.endpoint : model === null ? operation : `${operation} ${model}`,
    kind: 'server',
    startMs: request.atMs,
    endMs: request.atMs + request.totalMs,
    failed: request.outcome === 'failed' || request.status >= 500,
    link,
    attributes: {
      'gen_ai.operation.name': operation,
      'gen_ai.provider.name': providers(request.provider),
      'gen_ai.request.model': model,
      'gen_ai.response.model': shown(request.modelServed),
      'gen_ai.usage.input_tokens': request.inputTokens,
      'gen_ai.usage.output_tokens': request.outputTokens,
      'error.type': errorTypeOf(request),
      'http.response.status_code': request.status,
      'candor.request_id': request.id,
      'candor.endpoint': request.endpoint,
      'candor.streamed': request.streamed,
      'candor.outcome': request.outcome,
      'candor.reason': request.reason,
      'candor.product': shown(request.product),
      'candor.app': shown(request.app),
      'candor.key_id': request.keyId,
      'candor.provider': request.provider,
      'candor.target': request.target,
      'candor.attempts': request.attempts,
      'candor.usage_source': request.usageSource,
      'candor.queue_ms': rounded(request.queueMs),
      'candor.first_token_ms': rounded(request.firstTokenMs),
    },
  };
}

export function attemptSpan(attempt: AttemptSummary, providers: ProviderNames): Span {
  const place = placeOf(attempt.requestId);
  const failed = attempt.outcome !== 'ok' && attempt.outcome !== 'abandoned';
  return {
    traceId: place.traceId,
    // The same at every delivery, so that a span sent twice is known to be one.
    spanId: digestOf(`${attempt.requestId} ${attempt.target} ${attempt.atMs}`).slice(0, 16),
    parentSpanId: place.rootSpanId,
    name: `attempt ${attempt.target}`,
    kind: 'client',
    startMs: attempt.atMs,
    endMs: attempt.atMs + attempt.durationMs,
    failed,
    link: null,
    attributes: {
      'gen_ai.provider.name': providers(attempt.provider),
      'gen_ai.request.model': shown(attempt.upstreamModel),
      'error.type': failed ? attempt.outcome : null,
      'candor.request_id': attempt.requestId,
      'candor.provider': attempt.provider,
      'candor.target': attempt.target,
      'candor.outcome': attempt.outcome,
    },
  };
}

function shown(name: string | null): string | null {
  return name === null ? null : redact(name).slice(0, NAME_MAX);
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}

/** Later versions of the header may be longer than today's 55 characters. */
const TRACEPARENT_CHARS_MAX = 256;

/**
 * A caller's own trace, to link to. Callers are strangers: they neither choose our trace ids nor what is sampled.
 * Source: https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function linkOf(traceparent: string | null): Span['link'] {
  if (traceparent === null || traceparent.length > TRACEPARENT_CHARS_MAX) return null;
  const match = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:-|$)/.exec(
    traceparent,
  );
  return match?.[1] && match[2] ? { traceId: match[1], spanId: match[2] } : null;
}
