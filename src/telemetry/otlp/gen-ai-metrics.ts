import type { LabelNames } from '../metrics/names.ts';
import { createHistogram } from '../metrics/series.ts';
import type { RequestSummary } from '../telemetry.ts';
import type { OtlpHistogram } from './encode.ts';
import { errorTypeOf, operationOf, type ProviderNames } from './spans.ts';

/** The metrics that OpenTelemetry defines for generative models; an empty label has no value. */
export interface GenAiMetrics {
  noteRequest(request: RequestSummary): void;
  isEmpty(): boolean;
  readonly histograms: readonly OtlpHistogram[];
}

// Bounds as the conventions advise them: https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/
const DURATION_S = Array.from({ length: 14 }, (_, at) => 2 ** at / 100);
const TOKENS = Array.from({ length: 14 }, (_, at) => 4 ** at);
const FIRST_TOKEN_S = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

const COMMON = ['gen_ai.operation.name', 'gen_ai.provider.name', 'gen_ai.request.model'];

export function createGenAiMetrics(names: LabelNames, providers: ProviderNames): GenAiMetrics {
  const duration = createHistogram(
    { name: 'gen_ai.client.operation.duration', help: 'GenAI operation duration.', labels: [...COMMON, 'error.type'] },
    DURATION_S,
  );
  const tokens = createHistogram(
    {
      name: 'gen_ai.client.token.usage',
      help: 'Number of input and output tokens used.',
      labels: [...COMMON, 'gen_ai.token.type'],
    },
    TOKENS,
  );
  const firstToken = createHistogram(
    { name: 'gen_ai.server.time_to_first_token', help: 'Time to the first output of answers.', labels: COMMON },
    FIRST_TOKEN_S,
  );
  let empty = true;
  return {
    histograms: [
      { family: duration, unit: 's' },
      { family: tokens, unit: '{token}' },
      { family: firstToken, unit: 's' },
    ],
    isEmpty: () => empty,
    noteRequest(request) {
      const operation = operationOf(request.endpoint);
      const provider = providers(request.provider);
      // Without an upstream there was no operation: a refusal says nothing about a model.
      if (operation === null || provider === null) return;
      empty = false;
      const model = names.model(request.modelRequested);
      duration.at(operation, provider, model, errorTypeOf(request) ?? '').observe(request.totalMs / 1_000);
      // The conventions allow counts and no estimates.
      if (request.usageSource === 'reported' || request.usageSource === 'counted') {
        tokens.at(operation, provider, model, 'input').observe(request.inputTokens ?? 0);
        tokens.at(operation, provider, model, 'output').observe(request.outputTokens ?? 0);
      }
      if (request.firstTokenMs !== null)
        firstToken.at(operation, provider, model).observe(request.firstTokenMs / 1_000);
    },
  };
}
