import { describe, expect, test } from 'bun:test';
import type { GenerationRequest, Message } from '../generation.ts';
import type { Attempt } from '../provider.ts';
import { chatBody, embeddingBody, type OpenAiDialect } from './request.ts';
import { parseCompletion, parseEmbeddings } from './response.ts';

const DIALECT: OpenAiDialect = { azure: null, streamUsage: true, legacyMaxTokens: false, safetyIdentifier: true };
const ATTEMPT: Attempt = {
  upstreamModel: 'up-model',
  passFields: new Set(),
  timeouts: { connectMs: 1, firstTokenMs: 1, stallMs: 1, totalMs: 1 },
  signal: new AbortController().signal,
  requestId: 'req_1',
};

function sent(
  change: Partial<GenerationRequest>,
  dialect: Partial<OpenAiDialect> = {},
  attempt: Partial<Attempt> = {},
): unknown {
  const messages: Message[] = [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }];
  const request = { model: 'alias', stream: false, messages, choiceCount: 1, unknownFields: {}, ...change };
  return JSON.parse(JSON.stringify(chatBody(request, { ...ATTEMPT, ...attempt }, { ...DIALECT, ...dialect })));
}

describe('the body of a chat completion', () => {
  test('holds what was asked and nothing else', () => {
    expect(sent({})).toEqual({ model: 'up-model', messages: [{ role: 'user', content: 'hi' }] });
  });

  test('asks for usage in a stream where the server can', () => {
    expect(sent({ stream: true })).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    expect(sent({ stream: true }, { streamUsage: false })).not.toHaveProperty('stream_options');
  });

  test('names limit and end user as the server knows them', () => {
    const asked = { maxOutputTokens: 9, endUser: 'u1' };
    const whom = { safetyIdentifier: 'd1' };
    expect(sent(asked, {}, whom)).toMatchObject({ max_completion_tokens: 9, safety_identifier: 'd1' });
    expect(sent(asked, { legacyMaxTokens: true }, whom)).toMatchObject({ max_tokens: 9, user: 'd1' });
    expect(sent(asked, { azure: { apiVersion: 'v' } }, whom)).toMatchObject({ max_completion_tokens: 9, user: 'd1' });
  });

  test('never holds the end user as the caller names them', () => {
    for (const safetyIdentifier of [true, false]) {
      expect(JSON.stringify(sent({ endUser: 'u1' }, { safetyIdentifier }))).not.toContain('u1');
    }
    expect(sent({}, { safetyIdentifier: false }, { safetyIdentifier: 'd1' })).not.toHaveProperty('safety_identifier');
  });

  test('carries every sampling, tool and output field', () => {
    const body = sent({
      choiceCount: 2,
      temperature: 0,
      topP: 0.5,
      stop: ['END'],
      seed: 0,
      presencePenalty: -1,
      frequencyPenalty: 1,
      logitBias: { '50256': -100 },
      logprobs: { alternatives: 0 },
      reasoning: { effort: 'low' },
      verbosity: 'high',
      serviceTier: 'flex',
      promptCacheKey: 'k',
      metadata: { a: 'b' },
      responseFormat: { type: 'json_object' },
      tools: [
        { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true, cache: { type: 'ephemeral' } },
      ],
      toolChoice: { type: 'tool', name: 'f' },
      parallelToolCalls: false,
    });
    expect(body).toEqual({
      model: 'up-model',
      messages: [{ role: 'user', content: 'hi' }],
      n: 2,
      temperature: 0,
      top_p: 0.5,
      stop: ['END'],
      seed: 0,
      presence_penalty: -1,
      frequency_penalty: 1,
      logit_bias: { '50256': -100 },
      logprobs: true,
      top_logprobs: 0,
      reasoning_effort: 'low',
      verbosity: 'high',
      service_tier: 'flex',
      prompt_cache_key: 'k',
      metadata: { a: 'b' },
      response_format: { type: 'json_object' },
      tools: [
        { type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true } },
      ],
      tool_choice: { type: 'function', function: { name: 'f' } },
      parallel_tool_calls: false,
    });
  });

  test('sends top_k only where the target says that its server knows it', () => {
    expect(sent({ topK: 5 })).not.toHaveProperty('top_k');
    expect(sent({ topK: 5 }, {}, { passFields: new Set(['top_k']) })).toMatchObject({ top_k: 5 });
  });

  test('never lets an unknown field replace a known one', () => {
    const unknownFields = { model: 'evil', messages: [], n: 9, extra: 1 };
    expect(sent({ unknownFields, choiceCount: 2 }, {}, { passFields: '*' })).toMatchObject({
      model: 'up-model',
      n: 2,
      extra: 1,
    });
  });
});

describe('messages of a chat completion', () => {
  test('keep every part, and tools that returned more than text', () => {
    const messages: Message[] = [
      { role: 'developer', content: [{ type: 'text', text: 'rules' }] },
      {
        role: 'user',
        name: 'ann',
        content: [
          { type: 'text', text: 'look', cache: { type: 'ephemeral' } },
          { type: 'image', source: { kind: 'url', url: 'https://x/y.png' }, detail: 'low' },
          { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'QQ==' } },
          { type: 'audio', format: 'wav', data: 'Qg==' },
          { type: 'file', filename: 'a.pdf', source: { kind: 'base64', data: 'Qw==' } },
          { type: 'file', source: { kind: 'id', id: 'file_1' } },
        ],
      },
      {
        role: 'assistant',
        content: [],
        toolCalls: [{ id: 'a', name: 'f', arguments: '{' }],
        reasoning: [{ text: 'hm' }],
      },
      {
        role: 'tool',
        toolCallId: 'a',
        content: [
          { type: 'text', text: 'ok' },
          { type: 'image', source: { kind: 'url', url: 'https://x/z.png' } },
        ],
      },
      { role: 'user', content: [{ type: 'text', text: 'and?' }] },
    ];
    expect(sent({ messages })).toMatchObject({
      messages: [
        { role: 'developer', content: 'rules' },
        {
          role: 'user',
          name: 'ann',
          content: [
            { type: 'text', text: 'look' },
            { type: 'image_url', image_url: { url: 'https://x/y.png', detail: 'low' } },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,QQ==' } },
            { type: 'input_audio', input_audio: { data: 'Qg==', format: 'wav' } },
            { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,Qw==' } },
            { type: 'file', file: { file_id: 'file_1' } },
          ],
        },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{' } }],
        },
        { role: 'tool', tool_call_id: 'a', content: 'ok' },
        { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://x/z.png' } }] },
        { role: 'user', content: 'and?' },
      ],
    });
  });

  test('refuse what the format cannot say', () => {
    const content = [{ type: 'file', source: { kind: 'url', url: 'https://x' } }] as const;
    expect(() => sent({ messages: [{ role: 'user', content }] })).toThrow(
      expect.objectContaining({ kind: 'rejected', param: 'messages' }) as Error,
    );
  });
});

describe('embeddings', () => {
  test('of numbers that a vector cannot hold are none', () => {
    const notFinite = Buffer.from(Float32Array.of(1, Number.NaN).buffer).toString('base64');
    for (const embedding of [[1, 1e308], notFinite]) {
      expect(() => parseEmbeddings({ data: [{ index: 0, embedding }] }, 1)).toThrow('no numbers');
    }
    expect(parseEmbeddings({ data: [{ index: 0, embedding: [1, -2] }] }, 1).vectors).toEqual([Float32Array.of(1, -2)]);
  });
});

describe('whole answers', () => {
  test('with a tool call whose id is missing, and in the form before tools', () => {
    const fn = { name: 'f', arguments: '{}' };
    for (const message of [{ tool_calls: [{ function: fn }] }, { function_call: fn }]) {
      const answer = parseCompletion({ choices: [{ message, finish_reason: 'stop' }] }, 1, 'req_1');
      expect(answer.choices[0]).toMatchObject({
        finish: 'tool_calls',
        text: null,
        toolCalls: [{ id: 'call_req_1_0_0', ...fn }],
      });
      expect(answer.usage).toBeNull();
    }
  });

  test('with a call that names no tool, which is none', () => {
    const call = { id: 'c1', function: { arguments: '{}' } };
    const answer = parseCompletion({ choices: [{ message: { content: 'x', tool_calls: [call] } }] }, 1, 'r');
    expect(answer.choices[0]).toEqual({ index: 0, text: 'x', finish: 'stop' });
  });

  test('never with a choice nobody asked for', () => {
    const message = { content: 'x' };
    for (const choices of [[{ message, index: 1 }], [{ message, index: 1e9 }], [{ message }, { message }]]) {
      expect(() => parseCompletion({ choices }, 1, 'r')).toThrow('a choice nobody asked for');
    }
    expect(parseCompletion({ choices: [{ message }, { message }] }, 2, 'r').choices).toHaveLength(2);
  });

  test('with a refusal', () => {
    const answer = parseCompletion(
      { choices: [{ message: { content: null, refusal: 'no' }, finish_reason: 'stop' }] },
      1,
      'r',
    );
    expect(answer.choices[0]).toEqual({ index: 0, text: null, refusal: 'no', finish: 'stop' });
  });

  test('embeddings as plain numbers, in whatever order', () => {
    const data = [
      { index: 1, embedding: [3, 4] },
      { index: 0, embedding: [1, 2] },
    ];
    const answer = parseEmbeddings({ data, usage: { prompt_tokens: 2 } }, 2);
    expect(answer.vectors.map((vector) => [...vector])).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(() => parseEmbeddings({ data: [{ index: 0, embedding: 'AAA=' }] }, 1)).toThrow('not one embedding');
  });

  test('embeddings are asked for as base64', () => {
    const body = embeddingBody({ model: 'a', inputs: ['x'], dimensions: 4, unknownFields: {} }, ATTEMPT, DIALECT);
    expect(body).toMatchObject({ model: 'up-model', input: ['x'], encoding_format: 'base64', dimensions: 4 });
  });
});
