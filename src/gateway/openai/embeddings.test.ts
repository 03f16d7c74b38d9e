import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import OpenAI from 'openai';
import { type Replay, startReplay } from '../../../test/world/replay.ts';
import type { JsonObject } from '../../base/json.ts';
import { encodeEmbeddings, parseEmbeddings } from './embeddings.ts';
import { encodeModels } from './models.ts';

let replay: Replay;
let client: OpenAI;
beforeAll(async () => {
  replay = await startReplay();
  client = new OpenAI({ apiKey: 'test', baseURL: `${replay.url}/v1` });
});
afterAll(() => replay.close());

describe('embeddings', () => {
  test.each([
    ['one text', 'a', ['a']],
    ['texts', ['a', 'b'], ['a', 'b']],
    ['tokens', [1, 2], [[1, 2]]],
    ['lists of tokens', [[1], [2, 3]], [[1], [2, 3]]],
  ] as const)('takes %s', (_name, input, inputs) => {
    const parsed = parseEmbeddings({ model: 'm', input, user: 'u', truncate: true });
    expect(parsed).toEqual({
      ok: true,
      value: {
        request: { model: 'm', inputs, endUser: 'u', unknownFields: { truncate: true } },
        extra: { base64: false },
      },
    });
  });

  test.each([
    [{ input: null }, 'input'],
    [{ input: '' }, 'input'],
    [{ input: [] }, 'input'],
    [{ input: ['a', ''] }, 'input[1]'],
    [{ input: ['a', [1]] }, undefined],
    [{ input: [[]] }, 'input[0]'],
    [{ input: [1, 'a'] }, 'input'],
    [{ input: [1.5] }, 'input'],
    [{ input: [-1] }, 'input'],
    [{ input: Array.from({ length: 2049 }, () => 'a') }, 'input'],
    [{ input: { a: 1 } }, 'input'],
    [{ input: 'a', dimensions: 0 }, 'dimensions'],
    [{ input: 'a', encoding_format: 'int8' }, 'encoding_format'],
  ] as [JsonObject, string | undefined][])('checks %j', (more, param) => {
    const parsed = parseEmbeddings({ model: 'm', ...more });
    expect(parsed.ok ? undefined : parsed.refusal.param).toBe(param);
  });

  test('the official client reads the same vectors in either encoding', async () => {
    const vector = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.array(vector, { minLength: 1, maxLength: 3 }), fc.boolean(), async (vectors, base64) => {
        const embeddings = { vectors: vectors.map((one) => Float32Array.from(one)), inputTokens: 3 };
        replay.answer(JSON.stringify(encodeEmbeddings(embeddings, 3, { model: 'm' }, { base64 })), 'application/json');
        const read = await client.embeddings.create({
          model: 'm',
          input: 'a',
          ...(!base64 && { encoding_format: 'float' }),
        });
        // JSON has no negative zero, so the sign of zero is not compared.
        expect(read.data.map((one) => one.embedding.map((number) => number + 0))).toEqual(
          vectors.map((one) => one.map((number) => number + 0)),
        );
        expect(read.usage).toEqual({ prompt_tokens: 3, total_tokens: 3 });
      }),
      { numRuns: 40 },
    );
  });
});

describe('models', () => {
  test('the official client lists them', async () => {
    replay.answer(JSON.stringify(encodeModels([{ id: 'm', createdSec: 5, ownedBy: 'candor' }])), 'application/json');
    const page = await client.models.list();
    expect(page.data).toEqual([{ id: 'm', object: 'model', created: 5, owned_by: 'candor' }]);
  });
});
