import { describe, expect, test } from 'bun:test';
import type { GenerationRequest, Message } from '../generation.ts';
import { orderOf } from './order.ts';

function request(messages: readonly Message[], more: Partial<GenerationRequest> = {}): GenerationRequest {
  return { model: 'm', stream: false, messages, choiceCount: 1, unknownFields: {}, ...more };
}

function user(text: string): Message {
  return { role: 'user', content: [{ type: 'text', text }] };
}

describe('orderOf', () => {
  test('joins neighbours of one role and puts tool results beside their calls', () => {
    const { turns } = orderOf(
      request([
        { role: 'system', content: [{ type: 'text', text: 'Be kind.' }] },
        { role: 'developer', content: [{ type: 'text', text: 'Be brief.' }] },
        user('One.'),
        user('Two.'),
        { role: 'assistant', content: [], toolCalls: [{ id: 'c1', name: 'look', arguments: '{"at":1}' }] },
        { role: 'tool', toolCallId: 'c1', content: [{ type: 'text', text: 'seen' }] },
        { role: 'assistant', content: [{ type: 'text', text: 'Done.' }] },
      ]),
      1,
    );
    expect(turns).toEqual([
      { role: 'system', text: 'Be kind.\n\nBe brief.' },
      { role: 'user', text: 'One.\n\nTwo.' },
      { role: 'assistant', text: 'Done.', calls: [{ name: 'look', arguments: '{"at":1}', result: 'seen' }] },
    ]);
  });

  test('takes the tool choice apart', () => {
    const tools = [{ name: 'a' }, { name: 'b' }];
    const chosen = (toolChoice?: GenerationRequest['toolChoice']): readonly string[][] => {
      const order = orderOf(request([user('x')], { tools, ...(toolChoice !== undefined && { toolChoice }) }), 1);
      return [order.tools.map(({ name }) => name), order.forcedTools.map(({ name }) => name)];
    };
    expect(chosen()).toEqual([['a', 'b'], []]);
    expect(chosen({ type: 'none' })).toEqual([[], []]);
    expect(chosen({ type: 'required' })).toEqual([[], ['a', 'b']]);
    expect(chosen({ type: 'tool', name: 'b' })).toEqual([[], ['b']]);
  });

  test('uses the given seed only when the caller has none', () => {
    expect(orderOf(request([user('x')]), 5).seed).toBe(5);
    expect(orderOf(request([user('x')], { seed: -9 }), 5).seed).toBe(9);
  });

  test('refuses images and token biases', () => {
    const image: Message = { role: 'user', content: [{ type: 'image', source: { kind: 'url', url: 'https://x' } }] };
    expect(() => orderOf(request([image]), 1)).toThrow(
      expect.objectContaining({ kind: 'rejected', param: 'messages' }),
    );
    expect(() => orderOf(request([user('x')], { logitBias: { 1: 2 } }), 1)).toThrow(
      expect.objectContaining({ param: 'logit_bias' }),
    );
  });
});
