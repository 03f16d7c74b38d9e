import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { JsonObject } from '../../base/json.ts';
import { collect } from '../../providers/index.ts';
import { refusal } from '../refusal.ts';
import { parseCountTokens } from './count-tokens.ts';
import { encodeMessage } from './encode.ts';
import { errorBody } from './errors.ts';
import { parseMessages } from './parse.ts';

const hi = [{ role: 'user', content: 'hi' }];
const tool = { name: 'f', description: 'does f', input_schema: { type: 'object' } };

function requestOf(more: JsonObject) {
  const parsed = parseMessages({ model: 'm', max_tokens: 4096, messages: hi, ...more });
  if (!parsed.ok) throw new Error(`refused: ${parsed.refusal.param}`);
  return parsed.value.request;
}

describe('parseMessages takes', () => {
  test('the plainest request', () => {
    expect(requestOf({})).toEqual({
      model: 'm',
      stream: false,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
      choiceCount: 1,
      maxOutputTokens: 4096,
      unknownFields: {},
    });
  });

  test('every setting', () => {
    const request = requestOf({
      system: 'be kind',
      stream: true,
      temperature: 1,
      top_k: 5,
      top_p: 0.9,
      stop_sequences: ['END'],
      tools: [
        {
          ...tool,
          type: 'custom',
          cache_control: { type: 'ephemeral' },
        },
      ],
      tool_choice: {
        type: 'tool',
        name: 'f',
        disable_parallel_tool_use: true,
      },
      thinking: {
        type: 'enabled',
        budget_tokens: 1024,
        display: 'summarized',
      },
      metadata: { user_id: 'who' },
      output_config: {
        effort: 'high',
        format: {
          type: 'json_schema',
          schema: { type: 'object' },
        },
      },
      service_tier: 'auto',
      inference_geo: 'eu',
      container: null,
    });
    expect(request).toMatchObject({
      stream: true,
      temperature: 1,
      topK: 5,
      topP: 0.9,
      stop: ['END'],
      endUser: 'who',
      serviceTier: 'auto',
      toolChoice: {
        type: 'tool',
        name: 'f',
      },
      parallelToolCalls: false,
      reasoning: {
        effort: 'high',
        budgetTokens: 1024,
        summary: 'auto',
      },
      unknownFields: { inference_geo: 'eu' },
      responseFormat: {
        type: 'json_schema',
        name: 'output',
        schema: { type: 'object' },
        strict: true,
      },
      tools: [
        {
          name: 'f',
          description: 'does f',
          parameters: { type: 'object' },
          cache: { type: 'ephemeral' },
        },
      ],
    });
    expect(request.messages[0]).toEqual({ role: 'system', content: [{ type: 'text', text: 'be kind' }] });
    expect(requestOf({ thinking: { type: 'disabled' } }).reasoning).toEqual({ effort: 'none' });
    expect(requestOf({ thinking: { type: 'adaptive' } }).reasoning).toEqual({});
  });

  test('blocks of every kind', () => {
    const cache_control = { type: 'ephemeral' };
    const { messages } = requestOf({
      system: [{ type: 'text', text: 'rules', cache_control }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'look' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' }, cache_control },
            { type: 'image', source: { type: 'url', url: 'https://e.com/a.png' } },
            { type: 'document', title: 'T', source: { type: 'text', media_type: 'text/plain', data: 'body' } },
            { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } },
            { type: 'document', source: { type: 'content', content: 'inline' } },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'hm', signature: 'sig' },
            { type: 'redacted_thinking', data: 'xyz' },
            { type: 'text', text: 'ok' },
            { type: 'tool_use', id: 't1', name: 'f', input: { a: 1 } },
          ],
        },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 't1',
              content: [{ type: 'text', text: 'out' }],
              is_error: true,
              cache_control,
            },
            { type: 'text', text: 'go on' },
          ],
        },
      ],
    });
    expect(messages).toEqual([
      { role: 'system', content: [{ type: 'text', text: 'rules', cache: { type: 'ephemeral' } }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'look' },
          {
            type: 'image',
            source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' },
            cache: { type: 'ephemeral' },
          },
          { type: 'image', source: { kind: 'url', url: 'https://e.com/a.png' } },
          { type: 'text', text: 'T\n\nbody' },
          { type: 'file', mediaType: 'application/pdf', source: { kind: 'base64', data: 'AAAA' } },
          { type: 'text', text: 'inline' },
        ],
      },
      {
        role: 'assistant',
        content: [{ type: 'text', text: 'ok' }],
        reasoning: [
          { text: 'hm', signature: 'sig' },
          { text: '', redacted: 'xyz' },
        ],
        toolCalls: [{ id: 't1', name: 'f', arguments: '{"a":1}' }],
      },
      {
        role: 'tool',
        toolCallId: 't1',
        isError: true,
        content: [{ type: 'text', text: 'out', cache: { type: 'ephemeral' } }],
      },
      { role: 'user', content: [{ type: 'text', text: 'go on' }] },
    ]);
  });

  test('a count without a limit', () => {
    expect(parseCountTokens({ model: 'm', messages: hi }).ok).toBe(true);
    expect(parseMessages({ model: 'm', messages: hi }).ok).toBe(false);
  });
});

describe('parseMessages refuses', () => {
  const user = (block: JsonObject) => ({ messages: [{ role: 'user', content: [block] }] });
  const cases: [string, JsonObject, string][] = [
    ['no limit', { max_tokens: null }, 'max_tokens'],
    ['a limit of 0', { max_tokens: 0 }, 'max_tokens'],
    ['a limit of 1e12', { max_tokens: 1e12 }, 'max_tokens'],
    ['no messages', { messages: [] }, 'messages'],
    ['a system role', { messages: [{ role: 'system', content: 'x' }] }, 'messages[0].role'],
    ['empty content', { messages: [{ role: 'user', content: [] }] }, 'messages[0].content'],
    ['an unknown block', user({ type: 'search_result' }), 'messages[0].content[0].type'],
    [
      'an image that is no base64',
      user({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: '<>' } }),
      'messages[0].content[0].source.data',
    ],
    [
      'an image that is a page',
      user({ type: 'image', source: { type: 'base64', media_type: 'text/html', data: 'AAAA' } }),
      'messages[0].content[0].source.media_type',
    ],
    [
      'an image from a file',
      user({ type: 'image', source: { type: 'file', file_id: 'f' } }),
      'messages[0].content[0].source.type',
    ],
    [
      'a local image',
      user({ type: 'image', source: { type: 'url', url: 'file:///a' } }),
      'messages[0].content[0].source.url',
    ],
    ['an image without source', user({ type: 'image' }), 'messages[0].content[0].source'],
    ['a result without its call', user({ type: 'tool_result', content: 'x' }), 'messages[0].content[0].tool_use_id'],
    [
      'a call whose input is text',
      { messages: [{ role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: '{}' }] }] },
      'messages[0].content[0].input',
    ],
    ['a server tool', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }, 'tools[0].type'],
    ['a tool without schema', { tools: [{ name: 'f' }] }, 'tools[0].input_schema'],
    ['a choice of a missing tool', { tools: [tool], tool_choice: { type: 'tool', name: 'g' } }, 'tool_choice.name'],
    ['temperature 1.1', { temperature: 1.1 }, 'temperature'],
    ['top_k 0', { top_k: 0 }, 'top_k'],
    ['thinking beyond the limit', { thinking: { type: 'enabled', budget_tokens: 4096 } }, 'thinking.budget_tokens'],
    ['thinking without a budget', { thinking: { type: 'enabled' } }, 'thinking.budget_tokens'],
    ['an empty stop', { stop_sequences: [''] }, 'stop_sequences'],
    ['remote tool servers', { mcp_servers: [] }, 'mcp_servers'],
    [
      'citations',
      user({ type: 'document', citations: { enabled: true }, source: { type: 'text', data: 'x' } }),
      'messages[0].content[0].citations',
    ],
  ];
  test.each(cases)('%s', (_name, more, param) => {
    const parsed = parseMessages({ model: 'm', max_tokens: 4096, messages: hi, ...more });
    expect(parsed.ok ? 'accepted' : parsed.refusal.param).toBe(param);
  });

  test('or takes, and never throws on, any JSON', () => {
    const keys = fc.constantFrom(
      'messages',
      'role',
      'content',
      'type',
      'source',
      'tools',
      'system',
      'thinking',
      'input',
      'data',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom(
          'user',
          'assistant',
          'text',
          'image',
          'document',
          'tool_result',
          'tool_use',
          'thinking',
          'base64',
          'x',
        ),
        fc.oneof(fc.integer(), fc.boolean(), fc.constant(null)),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(keys, tie('tree'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(keys, tree), (body) => {
        const parsed = parseMessages({ model: 'm', max_tokens: 9, ...(body as JsonObject) });
        if (!parsed.ok) expect(parsed.refusal.param).toBeString();
      }),
      { numRuns: 1000 },
    );
  });
});

describe('answers', () => {
  test('errors have the type that belongs to their status', () => {
    const typeOf = (...args: Parameters<typeof refusal>) =>
      (errorBody(refusal(...args), { requestId: 'req_1', language: 'en' }).error as JsonObject).type;
    expect(typeOf('missing_key')).toBe('authentication_error');
    expect(typeOf('key_scope')).toBe('permission_error');
    expect(typeOf('model_not_found')).toBe('not_found_error');
    expect(typeOf('body_too_large')).toBe('request_too_large');
    expect(typeOf('request_rate')).toBe('rate_limit_error');
    expect(typeOf('draining')).toBe('overloaded_error');
    expect(typeOf('upstream_died')).toBe('api_error');
    expect(typeOf('missing_field')).toBe('invalid_request_error');
  });

  test('a call with invalid arguments says so instead of losing them', () => {
    const generation = collect([
      { type: 'tool_call', choice: 0, index: 0, id: 'a', name: 'f' },
      { type: 'tool_arguments', choice: 0, index: 0, text: '{"x":' },
      { type: 'finish', choice: 0, reason: 'length' },
    ]);
    const usage = { inputTokens: 1, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 1, reasoningTokens: 0 };
    const context = { requestId: 'req_1', model: 'm', createdSec: 1, language: 'en' as const };
    expect(encodeMessage(generation, usage, context)).toMatchObject({
      stop_reason: 'max_tokens',
      content: [{ type: 'tool_use', input: { invalid_json: '{"x":' } }],
    });
  });
});
