import { describe, expect, test } from 'bun:test';
import { collect, createCollector } from './collect.ts';
import { eventsOf } from './events-of.ts';
import type { Generation, GenerationEvent } from './generation.ts';

const usage = { inputTokens: 3, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 5, reasoningTokens: 0 };

describe('collect', () => {
  test('joins text, tool arguments and usage of each choice', () => {
    const events: GenerationEvent[] = [
      { type: 'start', upstreamId: 'up_1', upstreamModel: 'm-1', fingerprint: 'fp' },
      { type: 'usage', usage: { ...usage, outputTokens: 0 } },
      { type: 'text', choice: 1, text: 'b' },
      { type: 'text', choice: 0, text: 'a' },
      { type: 'tool_call', choice: 0, index: 0, id: 'c0', name: 'f' },
      { type: 'tool_call', choice: 0, index: 1, id: 'c1', name: 'g' },
      { type: 'tool_arguments', choice: 0, index: 1, text: '{}' },
      { type: 'tool_arguments', choice: 0, index: 0, text: '{"x"' },
      { type: 'tool_arguments', choice: 0, index: 0, text: ':1}' },
      { type: 'text', choice: 0, text: 'A' },
      { type: 'finish', choice: 0, reason: 'tool_calls' },
      { type: 'finish', choice: 1, reason: 'stop', stopSequence: 'END' },
      { type: 'usage', usage },
    ];
    expect(collect(events)).toEqual({
      upstreamId: 'up_1',
      upstreamModel: 'm-1',
      fingerprint: 'fp',
      usage,
      choices: [
        {
          index: 0,
          text: 'aA',
          toolCalls: [
            { id: 'c0', name: 'f', arguments: '{"x":1}' },
            { id: 'c1', name: 'g', arguments: '{}' },
          ],
          finish: 'tool_calls',
        },
        { index: 1, text: 'b', finish: 'stop', stopSequence: 'END' },
      ],
    });
  });

  test('keeps reasoning parts apart by signatures, redactions and what came between', () => {
    const reasoning = (text: string, more: { signature?: string; redacted?: string } = {}): GenerationEvent => ({
      type: 'reasoning',
      choice: 0,
      text,
      ...more,
    });
    const events: GenerationEvent[] = [
      reasoning('one '),
      reasoning('two'),
      reasoning('', { signature: 's1' }),
      reasoning('', { redacted: 'r' }),
      reasoning('three'),
      { type: 'text', choice: 0, text: 'hi' },
      reasoning('four'),
    ];
    const parts = collect(events).choices[0]?.reasoning;
    expect(parts).toEqual([
      { text: 'one two', signature: 's1' },
      { text: '', redacted: 'r' },
      { text: 'three' },
      { text: 'four' },
    ]);
  });

  test('says null where nothing was said and nothing was reported', () => {
    const collector = createCollector();
    collector.add([{ type: 'finish', choice: 0, reason: 'content_filter' }]);
    expect(collector.generation()).toEqual({
      choices: [{ index: 0, text: null, finish: 'content_filter' }],
      usage: null,
    });
  });
});

test('the events of an answer make that answer again', () => {
  const answer: Generation = {
    upstreamId: 'up_1',
    upstreamModel: 'm',
    choices: [
      { index: 0, text: 'hello', reasoning: [{ text: 'hm', signature: 's' }], finish: 'stop', stopSequence: '.' },
      {
        index: 1,
        text: null,
        refusal: 'no',
        toolCalls: [{ id: 'c', name: 'f', arguments: '{}' }],
        finish: 'tool_calls',
      },
    ],
    usage: { inputTokens: 1, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 2, reasoningTokens: 1 },
  };
  expect(collect(eventsOf(answer))).toEqual(answer);
});
