import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { JsonObject } from '../../../base/json.ts';
import { refusalMessage } from '../../refusal.ts';
import { errorBody } from '../errors.ts';
import { parseChat } from './parse.ts';

const hi = [{ role: 'user', content: 'hi' }];

function requestOf(more: JsonObject) {
  const parsed = parseChat({ model: 'm', messages: hi, ...more });
  if (!parsed.ok) throw new Error(refusalMessage(parsed.refusal, 'en'));
  return parsed.value.request;
}

function refusalOf(more: JsonObject) {
  const parsed = parseChat({ model: 'm', messages: hi, ...more });
  if (parsed.ok) throw new Error('it was accepted');
  return parsed.refusal;
}

const tool = {
  type: 'function',
  function: { name: 'f', parameters: { type: 'object', properties: { constructor: {} } } },
};

describe('parseChat takes', () => {
  test('the plainest request', () => {
    expect(parseChat({ model: 'm', messages: hi })).toEqual({
      ok: true,
      value: {
        request: {
          model: 'm',
          stream: false,
          messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
          choiceCount: 1,
          unknownFields: {},
        },
        extra: { includeUsage: false, olderFunctions: false },
      },
    });
  });

  test('every setting', () => {
    const request = requestOf({
      stream: true,
      n: 3,
      max_tokens: 5,
      max_completion_tokens: 9,
      stop: 'END',
      seed: -4,
      temperature: 0,
      top_p: 1,
      presence_penalty: -2,
      frequency_penalty: 2,
      logit_bias: { '50256': -100 },
      logprobs: true,
      top_logprobs: 20,
      reasoning_effort: 'xhigh',
      verbosity: 'low',
      service_tier: 'flex',
      prompt_cache_key: 'k',
      store: false,
      user: 'older',
      safety_identifier: 'newer',
      metadata: { a: 'b' },
      modalities: ['text'],
      audio: null,
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 's',
          schema: { type: 'object' },
          strict: true,
        },
      },
      tools: [tool],
      tool_choice: {
        type: 'function',
        function: { name: 'f' },
      },
      parallel_tool_calls: false,
      stream_options: {
        include_usage: true,
        include_obfuscation: false,
      },
      chat_template_kwargs: { a: 1 },
    });
    expect(request).toMatchObject({
      stream: true,
      choiceCount: 3,
      maxOutputTokens: 9,
      stop: ['END'],
      seed: -4,
      temperature: 0,
      topP: 1,
      presencePenalty: -2,
      frequencyPenalty: 2,
      logitBias: { '50256': -100 },
      logprobs: { alternatives: 20 },
      reasoning: { effort: 'xhigh' },
      verbosity: 'low',
      serviceTier: 'flex',
      promptCacheKey: 'k',
      endUser: 'newer',
      metadata: { a: 'b' },
      parallelToolCalls: false,
      toolChoice: {
        type: 'tool',
        name: 'f',
      },
      responseFormat: {
        type: 'json_schema',
        name: 's',
        schema: { type: 'object' },
        strict: true,
      },
      tools: [
        {
          name: 'f',
          parameters: tool.function.parameters,
        },
      ],
    });
    expect(request.unknownFields).toEqual({ chat_template_kwargs: { a: 1 } });
  });

  test('messages of every role', () => {
    const { messages } = requestOf({
      messages: [
        { role: 'developer', content: 'be kind' },
        { role: 'system', content: [{ type: 'text', text: 'be brief', cache_control: { type: 'ephemeral' } }] },
        {
          role: 'user',
          name: 'ann',
          content: [
            { type: 'text', text: 'look' },
            { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
            { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
            { type: 'file', file: { file_data: 'data:application/pdf;base64,AAAA', filename: 'a.pdf' } },
            { type: 'file', file: { file_id: 'file_1' } },
          ],
        },
        {
          role: 'assistant',
          content: null,
          reasoning_content: 'thought',
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: [{ type: 'text', text: 'out' }] },
        { role: 'assistant', content: [{ type: 'refusal', refusal: 'no' }] },
      ],
    });
    expect(messages).toEqual([
      { role: 'developer', content: [{ type: 'text', text: 'be kind' }] },
      { role: 'system', content: [{ type: 'text', text: 'be brief', cache: { type: 'ephemeral' } }] },
      {
        role: 'user',
        name: 'ann',
        content: [
          { type: 'text', text: 'look' },
          { type: 'image', source: { kind: 'url', url: 'https://example.com/a.png' }, detail: 'low' },
          { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } },
          { type: 'audio', format: 'wav', data: 'AAAA' },
          { type: 'file', mediaType: 'application/pdf', filename: 'a.pdf', source: { kind: 'base64', data: 'AAAA' } },
          { type: 'file', source: { kind: 'id', id: 'file_1' } },
        ],
      },
      {
        role: 'assistant',
        content: [],
        reasoning: [{ text: 'thought' }],
        toolCalls: [{ id: 'c1', name: 'f', arguments: '{' }],
      },
      { role: 'tool', toolCallId: 'c1', content: [{ type: 'text', text: 'out' }] },
      { role: 'assistant', content: [], refusal: 'no' },
    ]);
  });

  test('the older functions as tools', () => {
    const parsed = parseChat({
      model: 'm',
      functions: [{ name: 'f', parameters: { type: 'object' } }],
      function_call: { name: 'f' },
      messages: [
        { role: 'user', content: 'x' },
        { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
        { role: 'function', name: 'f', content: '42' },
      ],
    });
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        extra: { olderFunctions: true },
        request: {
          tools: [{ name: 'f' }],
          toolChoice: { type: 'tool', name: 'f' },
          parallelToolCalls: false,
          messages: [
            {},
            { toolCalls: [{ id: 'call_function_1', name: 'f' }] },
            { role: 'tool', toolCallId: 'call_function_1' },
          ],
        },
      },
    });
  });
});

describe('parseChat refuses', () => {
  const cases: [string, JsonObject, string][] = [
    ['no messages', { messages: null }, 'messages'],
    ['empty messages', { messages: [] }, 'messages'],
    ['an unknown role', { messages: [{ role: 'king', content: 'x' }] }, 'messages[0].role'],
    ['a message that is no object', { messages: ['hi'] }, 'messages[0]'],
    ['content of the wrong type', { messages: [{ role: 'user', content: 5 }] }, 'messages[0].content'],
    [
      'an unknown part',
      { messages: [...hi, { role: 'user', content: [{ type: 'video' }] }] },
      'messages[1].content[0].type',
    ],
    [
      'an image in a system message',
      { messages: [{ role: 'system', content: [{ type: 'image_url' }] }] },
      'messages[0].content[0].type',
    ],
    ...[
      'file:///etc/passwd',
      'ftp://a/b',
      'javascript:1',
      'data:text/html;base64,AAAA',
      'data:image/png,raw',
      'http://',
    ].map((url): [string, JsonObject, string] => [
      `the image ${url}`,
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }] },
      'messages[0].content[0].image_url.url',
    ]),
    ['a tool message without its call', { messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].tool_call_id'],
    [
      'a call without a name',
      { messages: [{ role: 'assistant', tool_calls: [{ id: 'a', function: {} }] }] },
      'messages[0].tool_calls[0].function.name',
    ],
    ['an assistant who says nothing', { messages: [{ role: 'assistant', content: null }] }, 'messages[0].content'],
    [
      'a function result nobody asked for',
      { messages: [{ role: 'function', name: 'f', content: 'x' }] },
      'messages[0].name',
    ],
    ['max_tokens 0', { max_tokens: 0 }, 'max_tokens'],
    ['max_tokens -1', { max_tokens: -1 }, 'max_tokens'],
    ['max_tokens 1.5', { max_tokens: 1.5 }, 'max_tokens'],
    ['max_tokens 1e12', { max_tokens: 1e12 }, 'max_tokens'],
    ['max_completion_tokens "9"', { max_completion_tokens: '9' }, 'max_completion_tokens'],
    ['n 128', { n: 128 }, 'n'],
    ['n 0', { n: 0 }, 'n'],
    ['best_of', { best_of: 2 }, 'best_of'],
    ['five stops', { stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop'],
    ['a stop that is a number', { stop: ['a', 1] }, 'stop[1]'],
    ['21 logprobs', { logprobs: true, top_logprobs: 21 }, 'top_logprobs'],
    ['top_logprobs alone', { top_logprobs: 2 }, 'top_logprobs'],
    ['temperature 2.1', { temperature: 2.1 }, 'temperature'],
    ['top_p -0.1', { top_p: -0.1 }, 'top_p'],
    ['penalty 3', { presence_penalty: 3 }, 'presence_penalty'],
    ['a bias on a word', { logit_bias: { word: 1 } }, 'logit_bias'],
    ['a bias of 101', { logit_bias: { '1': 101 } }, 'logit_bias.1'],
    ['a web search tool', { tools: [{ type: 'web_search' }] }, 'tools[0].type'],
    ['a tool name with spaces', { tools: [{ type: 'function', function: { name: 'a b' } }] }, 'tools[0].function.name'],
    [
      'a choice of a missing tool',
      { tools: [tool], tool_choice: { type: 'function', function: { name: 'g' } } },
      'tool_choice',
    ],
    ['a required call without tools', { tool_choice: 'required' }, 'tool_choice'],
    ['functions beside tools', { tools: [tool], functions: [{ name: 'f' }] }, 'functions'],
    ['an unknown response format', { response_format: { type: 'xml' } }, 'response_format.type'],
    [
      'a schema without a name',
      { response_format: { type: 'json_schema', json_schema: {} } },
      'response_format.json_schema.name',
    ],
    ['an unknown effort', { reasoning_effort: 'huge' }, 'reasoning_effort'],
    ['storing', { store: true }, 'store'],
    ['audio out', { modalities: ['text', 'audio'] }, 'modalities'],
    ['web search', { web_search_options: {} }, 'web_search_options'],
    ['a prediction', { prediction: { type: 'content', content: 'x' } }, 'prediction'],
    ['a long user', { user: 'u'.repeat(513) }, 'user'],
    ['metadata that is no text', { metadata: { a: 1 } }, 'metadata.a'],
    ['stream "yes"', { stream: 'yes' }, 'stream'],
    ['a model with a line break', { model: 'a\nb' }, 'model'],
    ['no model', { model: null }, 'model'],
  ];
  test.each(cases)('%s', (_name, more, param) => {
    expect(refusalOf(more).param).toBe(param);
  });

  test('with an error that has all four keys and both languages', () => {
    const refused = refusalOf({ tools: [{ type: 'web_search' }] });
    expect(errorBody(refused, { requestId: 'req_1', language: 'en' })).toEqual({
      error: {
        message: '"tools[0].type" must be "function"; "web_search" is not offered here.',
        type: 'invalid_request_error',
        param: 'tools[0].type',
        code: 'invalid_value',
        reason: 'invalid_field',
        request_id: 'req_1',
      },
    });
    expect(refusalMessage(refused, 'zh')).toBe(
      '字段 “tools[0].type” 无效：必须是 "function"，这里不提供 "web_search"。',
    );
  });

  test('or takes, and never throws on, any JSON', () => {
    const names = ['messages', 'tools', 'tool_choice', 'stop', 'logit_bias', 'response_format', 'functions', 'content'];
    const keys = fc.constantFrom(
      ...names,
      'role',
      'type',
      'function',
      'name',
      'image_url',
      'tool_calls',
      'function_call',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom('user', 'assistant', 'tool', 'function', 'text', 'image_url', 'file', '', 'x'),
        fc.oneof(fc.integer(), fc.boolean(), fc.constant(null)),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(keys, tie('tree'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(keys, tree), (body) => {
        const parsed = parseChat({ model: 'm', ...(body as JsonObject) });
        if (!parsed.ok) expect(parsed.refusal.param).toBeString();
      }),
      { numRuns: 1000 },
    );
  });
});
