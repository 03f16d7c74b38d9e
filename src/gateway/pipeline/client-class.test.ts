import { expect, test } from 'bun:test';
import { clientClass } from './client-class.ts';

const SEEN: readonly (readonly [agent: string, name: string])[] = [
  ['OpenAI/JS 7.57.0', 'openai-node'],
  ['OpenAI/Python 2.6.1', 'openai-python'],
  ['AsyncOpenAI/Python 2.6.1', 'openai-python'],
  ['Anthropic/JS 1.8.0', 'anthropic-node'],
  ['AsyncAnthropic/Python 0.70.0', 'anthropic-python'],
  ['ai/7.0.173 ai-sdk/openai/4.0.118 ai-sdk/provider-utils/5.0.1 runtime/node.js/24', 'ai-sdk'],
  ['curl/8.14.1', 'curl'],
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36', 'browser'],
  ['python-requests/2.32.3', 'python'],
  ['Python/3.13 aiohttp/3.12', 'python'],
  ['Go-http-client/2.0', 'go'],
  ['okhttp/5.0.0', 'java'],
  ['node', 'node'],
  ['Bun/1.4.4', 'bun'],
  ['something of their own', 'other'],
  [`${'x'.repeat(300)} curl/8`, 'other'],
];

test('names the software a caller says it is', () => {
  for (const [agent, name] of SEEN) expect(clientClass(new Headers({ 'user-agent': agent })), agent).toBe(name);
});

test('says none where nothing was said', () => {
  expect(clientClass(new Headers())).toBe('none');
});
