import { unreachable } from '../base/assert.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import type { ProviderConfig } from '../config/config.ts';
import { usesProxy } from '../config/proxy.ts';
import { createAnthropicProvider } from './anthropic/provider.ts';
import { createDemoProvider } from './demo/provider.ts';
import { createGeminiProvider } from './gemini/provider.ts';
import { createOpenAiProvider } from './openai/provider.ts';
import type { Provider } from './provider.ts';

export interface ProviderDeps {
  readonly clock?: Clock;
  /** Requests to upstreams travel through a proxy; by default the environment tells. */
  readonly behindProxy?: boolean;
}

/** The provider a configuration describes. Only `local` loads anything for it, so that others need no model library. */
export async function createProvider(config: ProviderConfig, deps: ProviderDeps = {}): Promise<Provider> {
  const clock = deps.clock ?? systemClock;
  const wire = { clock, behindProxy: deps.behindProxy ?? usesProxy() };
  switch (config.kind) {
    case 'openai':
      return createOpenAiProvider(config, wire);
    case 'anthropic':
      return createAnthropicProvider(config, wire);
    case 'gemini':
      return createGeminiProvider(config, wire);
    case 'demo':
      return createDemoProvider(config, { clock });
    case 'local': {
      const { createLocalProvider } = await import('./local/provider.ts');
      return createLocalProvider(config, { clock });
    }
    default:
      return unreachable(config);
  }
}
