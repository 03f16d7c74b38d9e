import type { ProviderConfig } from '../../config/config.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Embeddings } from '../generation.ts';
import type { Attempt, Provider, ProviderAbilities } from '../provider.ts';
import { errorDetail } from '../transport/error-body.ts';
import { bodyFault, garbage } from '../transport/fault.ts';
import { listOf, objectOf, objectsOf, tokensOf } from '../transport/fields.ts';
import { jsonHeaders, secretsOf } from '../transport/headers.ts';
import { createTransport, type TransportOptions, type UpstreamCall } from '../transport/transport.ts';
import { versionedUrl } from '../transport/urls.ts';
import { CandidateDecoder, parseGenerated } from './decoder.ts';
import { countBody, embedBody, generateBody, modelPath } from './request.ts';

const ABILITIES: ProviderAbilities = {
  embeddings: true,
  tools: true,
  images: true,
  structuredOutput: true,
  logprobs: true,
  choices: true,
};

/** Google's Gemini API. The key travels in a header, never in the address, where proxies and logs would see it. */
export function createGeminiProvider(
  config: Extract<ProviderConfig, { kind: 'gemini' }>,
  deps: Pick<TransportOptions, 'clock' | 'behindProxy' | 'limits'>,
): Provider {
  const transport = createTransport({ ...deps, baseUrl: config.baseUrl, secrets: secretsOf(config) });
  const headers = jsonHeaders(config, config.apiKey === null ? {} : { 'x-goog-api-key': config.apiKey });

  function call(verb: string, body: object, attempt: Attempt): UpstreamCall {
    return {
      url: versionedUrl(config.baseUrl, 'v1beta', `${modelPath(attempt.upstreamModel)}:${verb}`),
      headers,
      body,
    };
  }

  return {
    kind: 'gemini',
    abilities: ABILITIES,
    async complete(request, attempt) {
      const body = generateBody(request, attempt);
      return transport.json(call('generateContent', body, attempt), attempt, (answer) =>
        parseGenerated(answer, request.choiceCount, attempt.requestId),
      );
    },
    stream(request, attempt) {
      return transport.events(
        () => call('streamGenerateContent?alt=sse', generateBody(request, attempt), attempt),
        attempt,
        () => new CandidateDecoder(request.choiceCount, attempt.requestId),
      );
    },
    async embed(request, attempt) {
      return transport.json(call('batchEmbedContents', embedBody(request, attempt), attempt), attempt, (answer) =>
        parseEmbeddings(answer, request.inputs.length),
      );
    },
    async countTokens(request, attempt) {
      return transport.json(call('countTokens', countBody(request, attempt), attempt), attempt, (answer) => {
        const tokens = tokensOf(answer.totalTokens);
        if (tokens === undefined) throw garbage('the upstream sent no count of tokens');
        return tokens;
      });
    },
  };
}

function parseEmbeddings(answer: JsonObject, count: number): Embeddings {
  if (answer.error !== undefined && answer.error !== null) throw bodyFault(errorDetail(answer), 'upstream_error');
  const vectors = objectsOf(answer.embeddings).map((embedding) =>
    Float32Array.from(listOf(embedding.values).filter((value) => typeof value === 'number')),
  );
  if (vectors.length !== count) throw garbage('the upstream sent not one embedding for each input');
  return { vectors, inputTokens: tokensOf(objectOf(answer.usageMetadata).promptTokenCount) ?? null };
}
