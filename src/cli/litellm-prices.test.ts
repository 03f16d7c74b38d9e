import { describe, expect, test } from 'bun:test';
import { type LiteLlmPrices, readLiteLlmPrices } from './litellm-prices.ts';

const CHAT = '"litellm_provider": "acme", "mode": "chat"';

function read(text: string, options: Partial<Parameters<typeof readLiteLlmPrices>[1]> = {}): LiteLlmPrices {
  const found = readLiteLlmPrices(text, { wants: () => true, tiers: 'highest', marginBp: 0, ...options });
  if (!found.ok) throw new Error(found.refusal);
  return found.value;
}

const entry = (fields: string) => read(`{ "m": { ${CHAT}, ${fields} } }`);
const BOTH = '"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06';

describe('a file of LiteLLM', () => {
  test('gives every rate exactly', () => {
    const found = entry(`
      "input_cost_per_token": 3.75e-08, "output_cost_per_token": 1.5e-07, "cache_read_input_token_cost": 1e-9,
      "cache_creation_input_token_cost": 4.6875e-08, "output_cost_per_reasoning_token": 0.0000003,
      "input_cost_per_audio_token": 1E-6, "output_cost_per_audio_token": 2e-06, "input_cost_per_image": 0.001315,
      "input_cost_per_request": 5e-4, "max_tokens": 4096, "supports_vision": true`);
    expect(found).toEqual({
      prices: [
        {
          name: 'm',
          provider: 'acme',
          rates: {
            input_nano: '37500000',
            output_nano: '150000000',
            cache_read_nano: '1000000',
            cache_write_nano: '46875000',
            reasoning_nano: '300000000',
            audio_input_nano: '1000000000',
            audio_output_nano: '2000000000',
            image_nano: '1315000',
            request_nano: '500000',
          },
          tiers: [],
          ignored: [],
        },
      ],
      problems: [],
      passedOver: {},
    });
  });

  test('rounds each rate up, after the margin', () => {
    const { prices } = read(`{ "m": { ${CHAT}, "input_cost_per_token": 1e-15, "output_cost_per_token": 1e-6 } }`, {
      marginBp: 1,
    });
    expect(prices[0]?.rates).toEqual({ input_nano: '2', output_nano: '1000100000' });
  });

  test('takes the highest rate of a model that has several by length, or the base one, and says which there are', () => {
    const tiers = `${BOTH}, "input_cost_per_token_above_200k_tokens": 4e-06, "output_cost_per_token_above_128k_tokens": 1e-06,
      "cache_creation_input_token_cost_above_1hr": 6e-06`;
    expect(entry(tiers).prices[0]).toMatchObject({
      rates: { input_nano: '4000000000', output_nano: '2000000000', cache_write_nano: '6000000000' },
      tiers: [
        'input_cost_per_token_above_200k_tokens',
        'output_cost_per_token_above_128k_tokens',
        'cache_creation_input_token_cost_above_1hr',
      ],
    });
    const base = read(`{ "m": { ${CHAT}, ${tiers} } }`, { tiers: 'base' }).prices[0];
    expect(base?.rates).toEqual({ input_nano: '1000000000', output_nano: '2000000000' });
    expect(base?.tiers).toHaveLength(3);
  });

  test('tells the prices that do not count, but for those of nothing', () => {
    const found = entry(`${BOTH}, "input_cost_per_token_priority": 2e-06, "output_cost_per_second": 0.01,
      "input_cost_per_token_above_200k_tokens_priority": 9, "search_context_cost_per_query": {"low": 1},
      "input_cost_per_character": 0.0, "output_cost_per_image": null`);
    expect(found.prices[0]?.rates).toEqual({ input_nano: '1000000000', output_nano: '2000000000' });
    expect(found.prices[0]?.ignored).toEqual([
      'input_cost_per_token_priority',
      'output_cost_per_second',
      'input_cost_per_token_above_200k_tokens_priority',
      'search_context_cost_per_query',
    ]);
  });

  test('passes over what is not served by the token, and what is no model', () => {
    const found = read(`{
      "sample_spec": { "mode": "one of: chat, embedding", "input_cost_per_token": "0" },
      "fallback_generalizations": { "rules": [] },
      "draw": { "mode": "image_generation", "output_cost_per_image": 0.04 },
      "hear": { "mode": "audio_transcription", "input_cost_per_second": 1e-4 },
      "say": { "mode": "audio_transcription" },
      "embed": { "litellm_provider": "acme", "mode": "embedding", "input_cost_per_token": 2e-08 }
    }`);
    expect(found.passedOver).toEqual({ image_generation: 1, audio_transcription: 2 });
    expect(found.problems).toEqual([]);
    expect(found.prices.map(({ name, rates }) => [name, rates])).toEqual([
      ['embed', { input_nano: '20000000', output_nano: '0' }],
    ]);
  });

  test('reads only what is wanted', () => {
    const text = `{ "a": { ${CHAT}, ${BOTH} }, "b": { ${CHAT} }, "c": 5 }`;
    const wants = (name: string, provider: string) => name === 'a' && provider === 'acme';
    expect(read(text, { wants })).toMatchObject({ prices: [{ name: 'a' }], problems: [] });
  });

  test.each([
    ['"input_cost_per_token": -1e-06, "output_cost_per_token": 1e-06', 'input_cost_per_token is negative'],
    ['"input_cost_per_token": -0.0, "output_cost_per_token": 1e-06', 'input_cost_per_token is negative'],
    ['"input_cost_per_token": "1e-06", "output_cost_per_token": 1e-06', 'input_cost_per_token is no number'],
    ['"input_cost_per_token": [1], "output_cost_per_token": 1', 'input_cost_per_token is no number'],
    ['"input_cost_per_token": true, "output_cost_per_token": 1', 'input_cost_per_token is no number'],
    ['"input_cost_per_token": 2, "output_cost_per_token": 1e-06', 'input_cost_per_token is more than any price is'],
    [`${BOTH}, "input_cost_per_image": 1001`, 'input_cost_per_image is more than any price is'],
    [`${BOTH}, "input_cost_per_token_above_200k_tokens": "x"`, 'input_cost_per_token_above_200k_tokens is no number'],
    [`${BOTH}, "cache_read_input_token_cost": 1e-300`, 'cache_read_input_token_cost is no number that a price can be'],
    ['"output_cost_per_token": 1e-06', 'has no input_cost_per_token'],
    ['"input_cost_per_token": 1e-06', 'has no output_cost_per_token'],
    ['"input_cost_per_token": null, "output_cost_per_token": 1e-06', 'has no input_cost_per_token'],
    ['"tiered_pricing": []', 'has no input_cost_per_token; its tiered_pricing is not read'],
    ['"input_cost_per_token": 0.0, "output_cost_per_token": 0', 'is zero throughout'],
  ])('%s is told and left out', (fields, words) => {
    const found = entry(fields);
    expect(found.prices).toEqual([]);
    expect(found.problems).toHaveLength(1);
    expect(found.problems[0]?.message).toStartWith(words);
  });

  test('an entry that is no object is told', () => {
    expect(read('{ "m": 3, "n": [] }').problems.map((one) => one.name)).toEqual(['m', 'n']);
  });

  test.each([
    ['{ "m": { "input_cost_per_token": NaN } }', 'is not JSON that can be used: its syntax is wrong'],
    ['{ "m": { "input_cost_per_token": 1e999 } }', 'is not JSON that can be used: a number is too large'],
    ['{ "m": {}, "m": {} }', 'is not JSON that can be used: an object has the same key twice'],
    ['', 'is not JSON that can be used: it is empty'],
    ['[]', 'holds no models'],
    ['7', 'holds no models'],
  ])('%s is no such file', (text, words) => {
    const found = readLiteLlmPrices(text, { wants: () => true, tiers: 'highest', marginBp: 0 });
    expect(found.ok ? '' : found.refusal).toStartWith(words);
  });
});
