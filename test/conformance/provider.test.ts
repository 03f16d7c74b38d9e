import { expect, test } from 'bun:test';
import { systemClock } from '../../src/base/clock.ts';
import { createOpenAiProvider } from '../../src/providers/openai/provider.ts';
import { createProvider } from '../../src/providers/index.ts';
import { startUpstream } from '../world/upstream.ts';
import { play, textScript } from '../world/upstream-script.ts';
import { describeProviders } from './provider.conformance.ts';
import { attemptOf, requestOf, WIRE_SUBJECTS } from './provider-subject.ts';

const DEMO = {
  name: 'demo',
  upstreamModel: 'demo',
  create: () => createProvider({ kind: 'demo', tokensPerSecond: 500 }),
};

test('every wire format we speak has a subject', () => {
  expect(WIRE_SUBJECTS.map((subject) => subject.name)).toEqual(['openai', 'anthropic', 'gemini']);
});

for (const { name, dialect, upstreamModel, create } of WIRE_SUBJECTS) {
  test(`${name}: counts tokens where its upstream offers it`, async () => {
    const upstream = await startUpstream({
      behaviour: (exchange) => exchange.send(200, {}, { input_tokens: 17, totalTokens: 17 }),
    });
    const provider = create(dialect.baseUrl(upstream.url));
    const counted = await provider.countTokens?.(requestOf('hi'), attemptOf(upstreamModel));
    expect(counted ?? null).toBe(name === 'openai' ? null : 17);
    expect(upstream.requests.map((request) => request.path)).toEqual([...(COUNT_PATHS[name] ?? [])]);
    await upstream.close();
  });
}

const COUNT_PATHS: Readonly<Record<string, readonly string[]>> = {
  anthropic: ['/v1/messages/count_tokens'],
  gemini: ['/v1beta/models/gemini-fake:countTokens'],
};

test('Azure: the deployment in the path, the version in the query, the key in its own header', async () => {
  const dialect = WIRE_SUBJECTS[0]?.dialect;
  if (dialect === undefined) throw new Error('the first subject is gone');
  const upstream = await startUpstream({ behaviour: play(dialect, textScript(['ok'])) });
  const provider = createOpenAiProvider(
    {
      kind: 'openai',
      baseUrl: `${upstream.url}/`,
      apiKey: 'azure-key-1',
      azure: { apiVersion: '2026-01-01' },
      headers: { 'X-Team': 'blue' },
      streamUsage: true,
      legacyMaxTokens: false,
      safetyIdentifier: false,
    },
    { clock: systemClock },
  );
  await provider.complete(requestOf('hi'), attemptOf('my deployment'));
  const [sent] = upstream.requests;
  expect(sent?.path).toBe('/openai/deployments/my%20deployment/chat/completions?api-version=2026-01-01');
  expect(sent?.headers).toMatchObject({ 'api-key': 'azure-key-1', 'x-team': 'blue', 'x-client-request-id': 'req_1' });
  expect(sent?.headers).not.toHaveProperty('authorization');
  await upstream.close();
});

describeProviders([DEMO], WIRE_SUBJECTS);
