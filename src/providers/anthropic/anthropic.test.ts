import { describe, expect, test } from 'bun:test';
import { collect } from '../collect.ts';
import type { GenerationEvent, GenerationRequest, Message } from '../generation.ts';
import type { Attempt } from '../provider.ts';
import { MessageDecoder } from './decoder.ts';
import { countBody, messagesBody } from './request.ts';
import { parseMessage } from './response.ts';

const ATTEMPT: Attempt = {
  upstreamModel: 'claude-sonnet-9',
  passFields: new Set(),
  timeouts: { connectMs: 1, firstTokenMs: 1, stallMs: 1, totalMs: 1 },
  signal: new AbortController().signal,
  requestId: 'req_1',
};

const USER: Message = { role: 'user', content: [{ type: 'text', text: 'hi' }] };

function requestOf(change: Partial<GenerationRequest>): GenerationRequest {
  return { model: 'alias', stream: false, messages: [USER], choiceCount: 1, unknownFields: {}, ...change };
}

function sent(change: Partial<GenerationRequest>, upstreamModel = ATTEMPT.upstreamModel): Record<string, unknown> {
  return JSON.parse(JSON.stringify(messagesBody(requestOf(change), { ...ATTEMPT, upstreamModel }))) as Record<
    string,
    unknown
  >;
}

function decode(bodies: readonly object[]): GenerationEvent[] {
  const decoder = new MessageDecoder();
  const events: GenerationEvent[] = [];
  for (const body of bodies) decoder.push({ name: '', data: JSON.stringify(body) }, events);
  return events;
}

describe('the body of a message', () => {
  test('always has a limit, and nothing nobody asked for', () => {
    expect(sent({})).toEqual({
      model: 'claude-sonnet-9',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
      max_tokens: 4096,
    });
    expect(sent({ maxOutputTokens: 7 }).max_tokens).toBe(7);
  });

  test('gathers the system, joins what tools returned, and sends thinking back unchanged', () => {
    const cache = { type: 'ephemeral' };
    const body = sent({
      messages: [
        { role: 'system', content: [{ type: 'text', text: 'be kind', cache }] },
        USER,
        { role: 'developer', content: [{ type: 'text', text: 'be brief' }] },
        {
          role: 'assistant',
          content: [{ type: 'text', text: '' }],
          reasoning: [{ text: 'hm', signature: 'sig' }, { text: 'unsigned' }, { text: '', redacted: 'blob' }],
          toolCalls: [
            { id: 'call:1', name: 'f', arguments: '{"a":1}' },
            { id: 'b', name: 'g', arguments: '{broken' },
          ],
        },
        { role: 'tool', toolCallId: 'call:1', content: [{ type: 'text', text: 'ok' }], isError: true },
        { role: 'tool', toolCallId: 'b', content: [] },
        USER,
      ],
    });
    expect(body.system).toEqual([
      { type: 'text', text: 'be kind', cache_control: cache },
      { type: 'text', text: 'be brief' },
    ]);
    expect(body.messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'hi' }] },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'hm', signature: 'sig' },
          { type: 'redacted_thinking', data: 'blob' },
          { type: 'tool_use', id: 'call_1', name: 'f', input: { a: 1 } },
          { type: 'tool_use', id: 'b', name: 'g', input: { invalid_arguments: '{broken' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'call_1', content: [{ type: 'text', text: 'ok' }], is_error: true },
          { type: 'tool_result', tool_use_id: 'b', content: [] },
          { type: 'text', text: 'hi' },
        ],
      },
    ]);
  });

  test('sends images and documents in every form, and refuses audio', () => {
    const body = sent({
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', source: { kind: 'url', url: 'https://x' } },
            { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'QQ==' } },
            { type: 'file', filename: 'a.pdf', source: { kind: 'base64', data: 'QQ==' } },
            { type: 'file', mediaType: 'text/csv', source: { kind: 'base64', data: 'YSxi' } },
            { type: 'file', source: { kind: 'url', url: 'https://y' } },
            { type: 'file', source: { kind: 'id', id: 'file_1' } },
          ],
        },
      ],
    });
    const [turn] = body.messages as { content: { type: string; source: object }[] }[];
    expect(turn?.content.map((block) => [block.type, block.source])).toEqual([
      ['image', { type: 'url', url: 'https://x' }],
      ['image', { type: 'base64', media_type: 'image/png', data: 'QQ==' }],
      ['document', { type: 'base64', media_type: 'application/pdf', data: 'QQ==' }],
      ['document', { type: 'text', media_type: 'text/plain', data: 'a,b' }],
      ['document', { type: 'url', url: 'https://y' }],
      ['document', { type: 'file', file_id: 'file_1' }],
    ]);
    const audio: Message = { role: 'user', content: [{ type: 'audio', format: 'wav', data: 'QQ==' }] };
    expect(() => sent({ messages: [audio] })).toThrow(expect.objectContaining({ kind: 'rejected' }) as Error);
  });

  test('maps every choice of tools', () => {
    const tools = [{ name: 'f', parameters: { type: 'object' }, strict: true }] as const;
    expect(sent({ tools }).tools).toEqual([{ name: 'f', input_schema: { type: 'object' }, strict: true }]);
    expect(sent({ tools })).not.toHaveProperty('tool_choice');
    expect(sent({ tools, parallelToolCalls: false }).tool_choice).toEqual({
      type: 'auto',
      disable_parallel_tool_use: true,
    });
    expect(sent({ tools, toolChoice: { type: 'none' }, parallelToolCalls: false }).tool_choice).toEqual({
      type: 'none',
    });
    expect(sent({ tools, toolChoice: { type: 'required' } }).tool_choice).toEqual({ type: 'any' });
    const one = { toolChoice: { type: 'tool', name: 'f' }, parallelToolCalls: false } as const;
    expect(sent({ tools, ...one }).tool_choice).toEqual({ type: 'tool', name: 'f', disable_parallel_tool_use: true });
  });

  test('turns effort into what the model understands', () => {
    const high = { reasoning: { effort: 'high' }, maxOutputTokens: 32_000 } as const;
    expect(sent(high)).toMatchObject({ thinking: { type: 'adaptive' }, output_config: { effort: 'high' } });
    expect(sent(high, 'claude-sonnet-4-5-20250929')).toMatchObject({
      thinking: { type: 'enabled', budget_tokens: 16_000 },
    });
    expect(sent(high, 'claude-sonnet-4-5-20250929')).not.toHaveProperty('output_config');
    expect(sent({ ...high, maxOutputTokens: 1500 }, 'claude-haiku-4-5')).not.toHaveProperty('thinking');
    expect(sent({ reasoning: { effort: 'none' } }).thinking).toEqual({ type: 'disabled' });
    const budget = { reasoning: { budgetTokens: 2000, summary: 'auto' } } as const;
    expect(sent(budget).thinking).toEqual({ type: 'enabled', budget_tokens: 2000, display: 'summarized' });
  });

  test('asks for a schema natively, for any object in words, and counts the same input', () => {
    const schema = { type: 'object', properties: {} };
    const responseFormat = { type: 'json_schema', name: 'a', schema } as const;
    expect(sent({ responseFormat }).output_config).toEqual({ format: { type: 'json_schema', schema } });
    expect(JSON.stringify(sent({ responseFormat: { type: 'json_object' } }).system)).toContain('JSON object');
    const counted = countBody(requestOf({ endUser: 'u', maxOutputTokens: 5, temperature: 1 }), ATTEMPT);
    expect(JSON.parse(JSON.stringify(counted))).toEqual({ model: 'claude-sonnet-9', messages: sent({}).messages });
  });

  test('carries the sampling it knows and leaves out the rest', () => {
    const body = sent({
      temperature: 0.2,
      topP: 0.9,
      topK: 4,
      stop: ['x'],
      seed: 3,
      endUser: 'u',
      serviceTier: 'default',
    });
    expect(body).toMatchObject({
      temperature: 0.2,
      top_p: 0.9,
      top_k: 4,
      stop_sequences: ['x'],
    });
    // Whom it is for is a digest that the attempt brings; the caller's own name of them stays here.
    expect(body).not.toHaveProperty('metadata');
    const identified = messagesBody(requestOf({ endUser: 'u' }), { ...ATTEMPT, safetyIdentifier: 'd1' });
    expect(identified).toMatchObject({ metadata: { user_id: 'd1' } });
    expect(body.service_tier).toBe('standard_only');
    expect(body).not.toHaveProperty('seed');
  });
});

describe('the stream of a message', () => {
  const start = {
    type: 'message_start',
    message: { id: 'm1', model: 'c', usage: { input_tokens: 5, cache_read_input_tokens: 7, output_tokens: 1 } },
  };
  const stop = [
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 9 } },
    { type: 'message_stop' },
  ];

  test('whose end names no output has none reported: the count at its start is a placeholder', () => {
    const usage = (events: readonly GenerationEvent[]) => events.findLast((event) => event.type === 'usage')?.usage;
    const without = decode([
      start,
      { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
      { type: 'message_stop' },
    ]);
    expect(usage(without)).toMatchObject({ inputTokens: 12, outputTokens: 0 });
    expect(usage(decode([start, ...stop]))).toMatchObject({ inputTokens: 12, outputTokens: 9 });
  });

  test('keeps signatures and redacted thinking for the way back', () => {
    const events = decode([
      start,
      { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'sig' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'content_block_start', index: 1, content_block: { type: 'redacted_thinking', data: 'blob' } },
      { type: 'content_block_stop', index: 1 },
      ...stop,
    ]);
    expect(collect(events).choices[0]?.reasoning).toEqual([
      { text: 'hm', signature: 'sig' },
      { text: '', redacted: 'blob' },
    ]);
  });

  test('counts cached input as input, and the output at its end', () => {
    const { usage } = collect(decode([start, ...stop]));
    expect(usage).toEqual({
      inputTokens: 12,
      cachedInputTokens: 7,
      cacheWriteTokens: 0,
      outputTokens: 9,
      reasoningTokens: 0,
    });
  });

  test('gives a call without arguments an empty object, and takes one that came whole', () => {
    const calls = [
      { id: 'a', name: 'f', input: {} },
      { id: 'b', name: 'g', input: { x: 1 } },
    ].flatMap((call, index) => [
      { type: 'content_block_start', index, content_block: { type: 'tool_use', ...call } },
      { type: 'content_block_stop', index },
    ]);
    const answer = collect(decode([start, ...calls, ...stop]));
    expect(answer.choices[0]?.toolCalls?.map((call) => call.arguments)).toEqual(['{}', '{"x":1}']);
  });

  test('tells overload before output from an error behind it', () => {
    const overloaded = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    const text = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'x' } };
    expect(() => decode([start, overloaded])).toThrow(expect.objectContaining({ kind: 'unavailable' }) as Error);
    expect(() => decode([start, text, overloaded])).toThrow(expect.objectContaining({ kind: 'in_band' }) as Error);
  });

  test('drops blocks and events of kinds it never asked for', () => {
    const block = {
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'server_tool_use', id: 's', name: 'web_search' },
    };
    const types = decode([start, { type: 'execute', script: 'x' }, block, ...stop]).map((event) => event.type);
    expect(types).toEqual(['start', 'usage', 'finish', 'usage']);
  });
});

describe('a whole message', () => {
  test('maps every reason to stop', () => {
    const reasons = [
      'end_turn',
      'max_tokens',
      'stop_sequence',
      'tool_use',
      'refusal',
      'pause_turn',
      'model_context_window_exceeded',
    ];
    const finishes = reasons.map((stop_reason) => parseMessage({ content: [], stop_reason }).choices[0]?.finish);
    expect(finishes).toEqual(['stop', 'length', 'stop', 'tool_calls', 'content_filter', 'stop', 'length']);
    expect(
      parseMessage({ content: [], stop_reason: 'stop_sequence', stop_sequence: 'X' }).choices[0]?.stopSequence,
    ).toBe('X');
  });

  test('is garbage without content', () => {
    expect(() => parseMessage({ id: 'x' })).toThrow(expect.objectContaining({ kind: 'garbage' }) as Error);
  });
});
