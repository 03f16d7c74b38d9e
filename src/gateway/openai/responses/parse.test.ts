import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { JsonObject } from '../../../base/json.ts';
import { type GenerationEvent, collect } from '../../../providers/index.ts';
import { encodeResponse } from './encode.ts';
import { parseResponses, withHistory } from './parse.ts';
import { historyItems, inputItemsPage, storedResponse } from './stored.ts';

function parsedOf(more: JsonObject) {
  const parsed = parseResponses({ model: 'm', input: 'hi', ...more });
  if (!parsed.ok) throw new Error(`refused: ${parsed.refusal.param}`);
  return parsed.value;
}

const tool = { type: 'function', name: 'f', parameters: { type: 'object' }, strict: true };
const context = { requestId: 'req_01ABC', model: 'm', createdSec: 1, language: 'en' as const };
const usage = { inputTokens: 1, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 1, reasoningTokens: 0 };

describe('parseResponses takes', () => {
  test('a plain text', () => {
    const { request, extra } = parsedOf({ instructions: 'be kind' });
    expect(request).toEqual({
      model: 'm',
      stream: false,
      choiceCount: 1,
      unknownFields: {},
      messages: [
        { role: 'system', content: [{ type: 'text', text: 'be kind' }] },
        { role: 'user', content: [{ type: 'text', text: 'hi' }] },
      ],
    });
    expect(extra).toMatchObject({ hasInstructions: true });
    expect(extra.store).toBeUndefined();
    expect(extra.inputItems).toEqual([
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] },
    ]);
  });

  test('every setting, and repeats them', () => {
    const { request, extra } = parsedOf({
      stream: true,
      max_output_tokens: 9,
      temperature: 0.5,
      top_p: 0.5,
      top_logprobs: 3,
      truncation: 'disabled',
      include: ['message.output_text.logprobs', 'reasoning.encrypted_content'],
      store: false,
      background: false,
      reasoning: {
        effort: 'low',
        summary: 'auto',
      },
      tools: [tool],
      tool_choice: {
        type: 'function',
        name: 'f',
      },
      text: {
        format: {
          type: 'json_schema',
          name: 's',
          schema: { type: 'object' },
        },
        verbosity: 'high',
      },
      previous_response_id: 'resp_0',
      metadata: { a: 'b' },
      safety_identifier: 'who',
      user: 'older',
      odd: 1,
      stream_options: { include_obfuscation: false },
      conversation: null,
      service_tier: 'flex',
    });
    expect(request).toMatchObject({
      stream: true,
      maxOutputTokens: 9,
      temperature: 0.5,
      topP: 0.5,
      logprobs: { alternatives: 3 },
      reasoning: {
        effort: 'low',
        summary: 'auto',
      },
      toolChoice: {
        type: 'tool',
        name: 'f',
      },
      verbosity: 'high',
      responseFormat: {
        type: 'json_schema',
        name: 's',
        schema: { type: 'object' },
      },
      endUser: 'who',
      tools: [
        {
          name: 'f',
          parameters: { type: 'object' },
          strict: true,
        },
      ],
      unknownFields: { odd: 1 },
    });
    expect(extra).toMatchObject({ store: false, previousResponseId: 'resp_0' });
    expect(extra.echo).toMatchObject({
      temperature: 0.5,
      top_logprobs: 3,
      tool_choice: {
        type: 'function',
        name: 'f',
      },
      metadata: { a: 'b' },
      text: {
        format: {
          type: 'json_schema',
          name: 's',
          strict: false,
        },
        verbosity: 'high',
      },
      tools: [
        {
          ...tool,
          description: null,
        },
      ],
    });
  });

  test('items of every kind, one message for each turn of the assistant', () => {
    const { request } = parsedOf({
      input: [
        { role: 'developer', content: 'rules' },
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'a' },
            { type: 'input_image', image_url: 'https://e.com/a' },
          ],
        },
        { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'hm' }], encrypted_content: 'sig' },
        { type: 'reasoning', id: 'rs_2', summary: [], encrypted_content: 'redacted:xyz' },
        {
          type: 'message',
          role: 'assistant',
          id: 'msg_1',
          content: [{ type: 'output_text', text: 'ok', annotations: [] }],
        },
        { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' },
        { type: 'function_call', call_id: 'c2', name: 'f', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c1', output: 'one' },
        { type: 'function_call_output', call_id: 'c2', output: [{ type: 'input_text', text: 'two' }] },
        { role: 'assistant', content: [{ type: 'refusal', refusal: 'no' }] },
        { role: 'assistant', content: 'again' },
      ],
    });
    expect(request.messages).toEqual([
      { role: 'developer', content: [{ type: 'text', text: 'rules' }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'image', source: { kind: 'url', url: 'https://e.com/a' } },
        ],
      },
      {
        role: 'assistant',
        content: [{ type: 'text', text: 'ok' }],
        reasoning: [
          { text: 'hm', signature: 'sig' },
          { text: '', redacted: 'xyz' },
        ],
        toolCalls: [
          { id: 'c1', name: 'f', arguments: '{}' },
          { id: 'c2', name: 'f', arguments: '{}' },
        ],
      },
      { role: 'tool', toolCallId: 'c1', content: [{ type: 'text', text: 'one' }] },
      { role: 'tool', toolCallId: 'c2', content: [{ type: 'text', text: 'two' }] },
      { role: 'assistant', content: [], refusal: 'no' },
      { role: 'assistant', content: [{ type: 'text', text: 'again' }] },
    ]);
  });
});

describe('parseResponses refuses', () => {
  const cases: [string, JsonObject, string][] = [
    ['no input', { input: null }, 'input'],
    ['empty input', { input: [] }, 'input'],
    ['an item reference', { input: [{ type: 'item_reference', id: 'x' }] }, 'input[0].type'],
    ['an unknown role', { input: [{ role: 'king', content: 'x' }] }, 'input[0].role'],
    ['an unknown part', { input: [{ role: 'user', content: [{ type: 'text' }] }] }, 'input[0].content[0].type'],
    [
      'a file image',
      { input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'f' }] }] },
      'input[0].content[0].file_id',
    ],
    [
      'a local image',
      { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'file:///a' }] }] },
      'input[0].content[0].image_url',
    ],
    ['an output without its call', { input: [{ type: 'function_call_output', output: 'x' }] }, 'input[0].call_id'],
    ['web search', { tools: [{ type: 'web_search' }] }, 'tools[0].type'],
    ['allowed tools', { tool_choice: { type: 'allowed_tools' } }, 'tool_choice.type'],
    ['background', { background: true }, 'background'],
    ['a conversation', { conversation: 'conv_1' }, 'conversation'],
    ['truncation', { truncation: 'auto' }, 'truncation'],
    ['0 output tokens', { max_output_tokens: 0 }, 'max_output_tokens'],
    ['1e12 output tokens', { max_output_tokens: 1e12 }, 'max_output_tokens'],
    ['an unknown include', { include: ['everything'] }, 'include[0]'],
    ['an unknown format', { text: { format: { type: 'xml' } } }, 'text.format.type'],
    ['an unknown effort', { reasoning: { effort: 'huge' } }, 'reasoning.effort'],
  ];
  test.each(cases)('%s', (_name, more, param) => {
    const parsed = parseResponses({ model: 'm', input: 'hi', ...more });
    expect(parsed.ok ? 'accepted' : parsed.refusal.param).toBe(param);
  });

  test('or takes, and never throws on, any JSON', () => {
    const keys = fc.constantFrom(
      'input',
      'tools',
      'text',
      'format',
      'type',
      'role',
      'content',
      'output',
      'summary',
      'reasoning',
      'name',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom(
          'user',
          'assistant',
          'message',
          'function_call',
          'reasoning',
          'input_text',
          'function_call_output',
          'x',
        ),
        fc.oneof(fc.integer(), fc.boolean(), fc.constant(null)),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(keys, tie('tree'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(keys, tree), (body) => {
        const parsed = parseResponses({ model: 'm', ...(body as JsonObject) });
        if (!parsed.ok) expect(parsed.refusal.param).toBeString();
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a stored response', () => {
  const events: GenerationEvent[] = [
    { type: 'reasoning', choice: 0, text: 'hm', signature: 'sig' },
    { type: 'tool_call', choice: 0, index: 0, id: 'c1', name: 'f' },
    { type: 'tool_arguments', choice: 0, index: 0, text: '{}' },
    { type: 'finish', choice: 0, reason: 'tool_calls' },
  ];

  test('carries its turn into the next one, after the new instructions', () => {
    const first = parsedOf({ instructions: 'first rules', input: 'weather?' });
    const whole = encodeResponse(collect(events), usage, context, first.extra);
    const stored = storedResponse(JSON.parse(JSON.stringify(whole)), context, first.extra);
    const next = parsedOf({
      instructions: 'new rules',
      input: [{ type: 'function_call_output', call_id: 'c1', output: 'sun' }],
      previous_response_id: 'resp_01ABC',
    });
    const continued = withHistory(next.request, next.extra, historyItems(stored));
    expect(continued.ok && continued.value.messages).toEqual([
      { role: 'system', content: [{ type: 'text', text: 'new rules' }] },
      { role: 'user', content: [{ type: 'text', text: 'weather?' }] },
      {
        role: 'assistant',
        content: [],
        reasoning: [{ text: 'hm', signature: 'sig' }],
        toolCalls: [{ id: 'c1', name: 'f', arguments: '{}' }],
      },
      { role: 'tool', toolCallId: 'c1', content: [{ type: 'text', text: 'sun' }] },
    ]);
  });

  test('is not continued when it holds a call that no caller may send', () => {
    const next = parsedOf({ input: 'go on', previous_response_id: 'resp_01ABC' });
    const call = { type: 'function_call', call_id: 'c1', name: 'n'.repeat(129), arguments: '{}' };
    expect(withHistory(next.request, next.extra, [call])).toMatchObject({
      ok: false,
      refusal: { reason: 'invalid_field', param: 'previous_response_id' },
    });
  });

  test('lists its input items by pages', () => {
    const { extra } = parsedOf({ input: ['a', 'b', 'c'].map((content) => ({ role: 'user', content })) });
    const stored = storedResponse({}, context, extra);
    const pageOf = (query: Parameters<typeof inputItemsPage>[1]) => {
      const page = inputItemsPage(stored, query);
      return page.ok
        ? [(page.value.data as JsonObject[]).map((item) => item.id), page.value.has_more]
        : page.refusal.param;
    };
    expect(pageOf({})).toEqual([['item_01ABC_2', 'item_01ABC_1', 'item_01ABC_0'], false]);
    expect(pageOf({ order: 'asc', limit: '2' })).toEqual([['item_01ABC_0', 'item_01ABC_1'], true]);
    expect(pageOf({ order: 'asc', limit: '2', after: 'item_01ABC_1' })).toEqual([['item_01ABC_2'], false]);
    expect(pageOf({ limit: '0' })).toBe('limit');
    expect(pageOf({ limit: 'x' })).toBe('limit');
    expect(pageOf({ order: 'up' })).toBe('order');
    expect(pageOf({ after: 'nothing' })).toBe('after');
  });
});
