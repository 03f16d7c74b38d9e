import type { Config } from '../../config/config.ts';
import type { AttemptSummary, RequestSummary } from '../telemetry.ts';

/** What tests of telemetry run with: two aliases, two providers. */
export function testConfig(
  telemetry: Partial<Config['telemetry']> = {},
): Pick<Config, 'telemetry' | 'models' | 'providers'> {
  const model = (...providers: string[]): Config['models'][string] => ({
    targets: providers.map((provider) => ({
      provider,
      upstreamModel: 'upstream-1',
      weight: 1,
      passFields: [],
      timeouts: { connectMs: 1, firstTokenMs: 1, stallMs: 1, totalMs: 1 },
      concurrencyMax: 1,
    })),
    fallbacks: [],
    limits: {},
    ownedBy: 'test',
    contextTokens: null,
    maxOutputTokens: 1,
    small: false,
  });
  return {
    telemetry: { metricsToken: null, otlp: null, logLevel: 'info', ...telemetry },
    models: { small: model('main', 'spare'), large: model('main') },
    providers: {
      main: { kind: 'gemini', baseUrl: 'https://upstream.test', apiKey: null, headers: {} },
      spare: { kind: 'demo', tokensPerSecond: 1 },
    },
  };
}

export function testRequest(changes: Partial<RequestSummary> = {}): RequestSummary {
  return {
    id: 'req_01KAMF0000000000000000000A',
    atMs: 1_764_000_000_000,
    endpoint: 'chat.completions',
    streamed: true,
    product: 'api',
    app: 'demo',
    keyId: 'abcd1234',
    modelRequested: 'small',
    modelServed: 'upstream-1',
    provider: 'main',
    target: 'small/0',
    attempts: 1,
    usageSource: 'reported',
    inputTokens: 100,
    outputTokens: 20,
    cachedInputTokens: 40,
    cacheWriteTokens: 0,
    reasoningTokens: 5,
    queueMs: 2,
    firstTokenMs: 250,
    totalMs: 1_500,
    outcome: 'completed',
    reason: null,
    status: 200,
    ...changes,
  };
}

/** A request that was turned away before any upstream was asked. */
export function refusedRequest(changes: Partial<RequestSummary> = {}): RequestSummary {
  return testRequest({
    keyId: null,
    app: null,
    product: null,
    modelServed: null,
    provider: null,
    target: null,
    attempts: 0,
    usageSource: 'none',
    inputTokens: null,
    outputTokens: null,
    cachedInputTokens: null,
    cacheWriteTokens: null,
    reasoningTokens: null,
    queueMs: null,
    firstTokenMs: null,
    totalMs: 1,
    outcome: 'refused',
    reason: 'invalid_key',
    status: 401,
    ...changes,
  });
}

export function testAttempt(changes: Partial<AttemptSummary> = {}): AttemptSummary {
  return {
    requestId: 'req_01KAMF0000000000000000000A',
    provider: 'main',
    target: 'small/0',
    upstreamModel: 'upstream-1',
    outcome: 'ok',
    atMs: 1_764_000_000_002,
    durationMs: 240,
    ...changes,
  };
}
