import type { OpenAiProviderConfig } from '../../config/config.ts';
import type { Attempt, Provider, ProviderAbilities } from '../provider.ts';
import { createTransport, type TransportOptions, type UpstreamCall } from '../transport/transport.ts';
import { jsonHeaders, secretsOf } from '../transport/headers.ts';
import { ChatDecoder } from './decoder.ts';
import { chatBody, embeddingBody } from './request.ts';
import { parseModeration } from './moderation.ts';
import { parseCompletion, parseEmbeddings } from './response.ts';

const ABILITIES: ProviderAbilities = {
  embeddings: true,
  tools: true,
  images: true,
  structuredOutput: true,
  logprobs: true,
  choices: true,
};

/** OpenAI, Azure, and every server that speaks chat completions. */
export function createOpenAiProvider(
  config: OpenAiProviderConfig,
  deps: Pick<TransportOptions, 'clock' | 'behindProxy' | 'limits'>,
): Provider {
  const transport = createTransport({ ...deps, baseUrl: config.baseUrl, secrets: secretsOf(config) });
  const headers = jsonHeaders(config, credential(config));

  function call(path: string, body: object, attempt: Attempt): UpstreamCall {
    return {
      url: urlOf(config, path, attempt.upstreamModel),
      headers: { ...headers, 'x-client-request-id': attempt.requestId },
      body,
    };
  }

  return {
    kind: 'openai',
    abilities: ABILITIES,
    identifies: config.safetyIdentifier,
    async complete(request, attempt) {
      const body = chatBody({ ...request, stream: false }, attempt, config);
      return transport.json(call('chat/completions', body, attempt), attempt, (answer) =>
        parseCompletion(answer, request.choiceCount, attempt.requestId),
      );
    },
    stream(request, attempt) {
      return transport.events(
        () => call('chat/completions', chatBody({ ...request, stream: true }, attempt, config), attempt),
        attempt,
        () => new ChatDecoder(request.choiceCount, attempt.requestId),
      );
    },
    async embed(request, attempt) {
      const body = embeddingBody(request, attempt, config);
      return transport.json(call('embeddings', body, attempt), attempt, (answer) =>
        parseEmbeddings(answer, request.inputs.length),
      );
    },
    async moderate(request, attempt) {
      const body = { model: attempt.upstreamModel, input: request.input };
      return transport.json(call('moderations', body, attempt), attempt, parseModeration);
    },
  };
}

function credential(config: OpenAiProviderConfig): Record<string, string> {
  if (config.apiKey === null) return {};
  return config.azure === null ? { authorization: `Bearer ${config.apiKey}` } : { 'api-key': config.apiKey };
}

function urlOf(config: OpenAiProviderConfig, path: string, upstreamModel: string): string {
  const base = config.baseUrl.replace(/\/+$/, '');
  if (config.azure === null) return `${base}/${path}`;
  const version = encodeURIComponent(config.azure.apiVersion);
  return `${base}/openai/deployments/${encodeURIComponent(upstreamModel)}/${path}?api-version=${version}`;
}
