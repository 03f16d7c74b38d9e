import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import OpenAI from 'openai';
import { auditDatabase } from '../../src/app/audit.ts';
import { startCandor, type World } from '../world/candor.ts';
import { describeSkip, findLocalModel } from './local-model.ts';

const model = findLocalModel();
const LOAD_MS = 60_000;

describe.skipIf(!model.found)(`over HTTP, ${describeSkip(model)}`, () => {
  let world: World;
  let client: OpenAI;

  beforeAll(async () => {
    if (!model.found) throw new Error(model.reason);
    const { path, packageDir } = model.config;
    world = await startCandor({
      yaml: [
        'providers:',
        `  gemma: {kind: local, path: "${path}", package_dir: "${packageDir}", context_tokens: 1024, threads: 2}`,
        'models:',
        '  small: {targets: [{provider: gemma, upstream_model: gemma-3-270m}]}',
      ].join('\n'),
    });
    client = new OpenAI({ apiKey: world.key, baseURL: `${world.url}/v1`, maxRetries: 0 });
  }, LOAD_MS);
  afterAll(() => world?.close());

  test(
    'the official client chats with a model that runs here',
    async () => {
      const answer = await client.chat.completions.create({
        model: 'small',
        messages: [{ role: 'user', content: 'The capital of France is' }],
        max_completion_tokens: 12,
        temperature: 0,
      });
      expect(answer.choices[0]?.message.content?.length).toBeGreaterThan(0);
      const [event] = await world.eventsOnce(1);
      expect(event).toMatchObject({
        outcome: 'completed',
        usage_source: 'reported',
        provider: 'gemma',
        target: 'small/0',
      });
      expect(event?.['output_tokens']).toBe(answer.usage?.completion_tokens ?? -1);
      expect(event?.['input_tokens']).toBeGreaterThan(4);
    },
    LOAD_MS,
  );

  test(
    'and streams from it, token by token, with usage at the end',
    async () => {
      const stream = await client.chat.completions.create({
        model: 'small',
        messages: [{ role: 'user', content: 'Count: one, two, three,' }],
        max_completion_tokens: 16,
        stream: true,
        stream_options: { include_usage: true },
      });
      let pieces = 0;
      let outputTokens = 0;
      for await (const chunk of stream) {
        if (chunk.choices[0]?.delta.content) pieces++;
        outputTokens = chunk.usage?.completion_tokens ?? outputTokens;
      }
      expect(pieces).toBeGreaterThan(1);
      expect(outputTokens).toBeGreaterThan(1);
      const [, event] = await world.eventsOnce(2);
      expect(event).toMatchObject({ outcome: 'completed', streamed: 1, output_tokens: outputTokens });
    },
    LOAD_MS,
  );

  test('and the books are clean', async () => {
    expect(await auditDatabase(world.dataDir)).toMatchObject({ clean: true });
  });
});
