import type { ProviderConfig } from '../../config/config.ts';
import type { Provider, ProviderAbilities } from '../provider.ts';
import { garbage, inexpressible } from '../transport/fault.ts';
import { tokensOf } from '../transport/fields.ts';
import { jsonHeaders, secretsOf } from '../transport/headers.ts';
import { createTransport, type TransportOptions, type UpstreamCall } from '../transport/transport.ts';
import { versionedUrl } from '../transport/urls.ts';
import { MessageDecoder } from './decoder.ts';
import { countBody, messagesBody } from './request.ts';
import { parseMessage } from './response.ts';

const ABILITIES: ProviderAbilities = {
  embeddings: false,
  tools: true,
  images: true,
  structuredOutput: true,
  logprobs: false,
  choices: false,
};

/** The version of the format this folder is written against. */
const ANTHROPIC_VERSION = '2023-06-01';

/** Anthropic's messages API, and servers that speak it. */
export function createAnthropicProvider(
  config: Extract<ProviderConfig, { kind: 'anthropic' }>,
  deps: Pick<TransportOptions, 'clock' | 'behindProxy' | 'limits'>,
): Provider {
  const transport = createTransport({ ...deps, baseUrl: config.baseUrl, secrets: secretsOf(config) });
  const credential: Record<string, string> = config.apiKey === null ? {} : { 'x-api-key': config.apiKey };
  const headers = jsonHeaders(config, { 'anthropic-version': ANTHROPIC_VERSION, ...credential });
  const messagesUrl = versionedUrl(config.baseUrl, 'v1', 'messages');
  const countUrl = versionedUrl(config.baseUrl, 'v1', 'messages/count_tokens');

  function call(url: string, body: object): UpstreamCall {
    return { url, headers, body };
  }

  return {
    kind: 'anthropic',
    abilities: ABILITIES,
    identifies: config.safetyIdentifier,
    async complete(request, attempt) {
      const body = messagesBody({ ...request, stream: false }, attempt);
      return transport.json(call(messagesUrl, body), attempt, parseMessage);
    },
    stream(request, attempt) {
      return transport.events(
        () => call(messagesUrl, messagesBody({ ...request, stream: true }, attempt)),
        attempt,
        () => new MessageDecoder(),
      );
    },
    async embed() {
      throw inexpressible('this upstream has no embeddings', 'model');
    },
    async countTokens(request, attempt) {
      return transport.json(call(countUrl, countBody(request, attempt)), attempt, (answer) => {
        const tokens = tokensOf(answer.input_tokens);
        if (tokens === undefined) throw garbage('the upstream sent no count of tokens');
        return tokens;
      });
    },
  };
}
