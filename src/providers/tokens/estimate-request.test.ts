import { describe, expect, test } from 'bun:test';
import type { GenerationRequest, UserPart } from '../generation.ts';
import { estimateTokens } from './estimate.ts';
import { estimateEmbeddingTokens, estimateRequestTokens } from './estimate-request.ts';

function asking(content: readonly UserPart[], more: Partial<GenerationRequest> = {}): GenerationRequest {
  return {
    model: 'm',
    stream: false,
    messages: [{ role: 'user', content }],
    choiceCount: 1,
    unknownFields: {},
    ...more,
  };
}

const hello: UserPart = { type: 'text', text: 'Hello there, how are you?' };

describe('estimateRequestTokens', () => {
  test('adds the frame of the message to its text', () => {
    expect(estimateRequestTokens(asking([hello]))).toBe(estimateTokens(hello.text) + 7);
  });

  test('an image has a fixed price by detail, whatever its bytes', () => {
    const image = (detail: 'low' | 'high', data: string): UserPart => ({
      type: 'image',
      source: { kind: 'base64', mediaType: 'image/png', data },
      detail,
    });
    const plain = estimateRequestTokens(asking([hello]));
    expect(estimateRequestTokens(asking([hello, image('low', 'A'.repeat(100_000))]))).toBe(plain + 85);
    expect(estimateRequestTokens(asking([hello, image('high', 'A')]))).toBe(plain + 765);
  });

  test('counts tools, their schemas and the calls made with them', () => {
    const plain = estimateRequestTokens(asking([hello]));
    const tool = {
      name: 'get_weather',
      description: 'Weather of a place',
      parameters: { type: 'object', properties: { place: { type: 'string' } } },
    };
    const withTool = estimateRequestTokens(asking([hello], { tools: [tool] }));
    expect(withTool).toBeGreaterThan(plain + 15);
    const withCall = estimateRequestTokens(
      asking([], {
        messages: [
          {
            role: 'assistant',
            content: [],
            toolCalls: [{ id: 'c', name: 'get_weather', arguments: '{"place":"Paris"}' }],
          },
          { role: 'tool', toolCallId: 'c', content: [{ type: 'text', text: 'sunny' }] },
        ],
      }),
    );
    expect(withCall).toBeGreaterThan(20);
  });

  test('reads a schema nested without end only so far', () => {
    let schema: GenerationRequest['responseFormat'] & { type: 'json_schema' } = {
      type: 'json_schema',
      name: 'n',
      schema: {},
    };
    for (let depth = 0; depth < 5000; depth++) schema = { ...schema, schema: { items: schema.schema } };
    expect(estimateRequestTokens(asking([hello], { responseFormat: schema }))).toBeLessThan(500);
  });

  test('a hundred long messages cost little more than the first ones', () => {
    const request = asking([], {
      messages: Array.from({ length: 100 }, () => ({
        role: 'user' as const,
        content: [{ type: 'text' as const, text: 'All work and no play. '.repeat(4000) }],
      })),
    });
    let tokens = 0;
    const tookMs = Array.from({ length: 5 }, () => {
      const started = performance.now();
      tokens = estimateRequestTokens(request);
      return performance.now() - started;
    });
    // The best of a few tries: a busy machine is no fault of the estimate.
    expect(Math.min(...tookMs)).toBeLessThan(10);
    const one = estimateTokens('All work and no play. '.repeat(4000));
    expect(tokens / (100 * one)).toBeCloseTo(1, 1);
  });
});

describe('estimateEmbeddingTokens', () => {
  test('token numbers count as they are', () => {
    expect(estimateEmbeddingTokens({ model: 'm', inputs: [[1, 2, 3], 'word'], unknownFields: {} })).toBe(4);
  });
});
