import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { collect } from '../collect.ts';
import type { GenerationEvent, ToolCall } from '../generation.ts';
import { ChatDecoder } from './decoder.ts';

const DONE = '[DONE]';

function chunk(delta: object, more: object = {}): string {
  return JSON.stringify({ id: 'c1', model: 'm', choices: [{ index: 0, delta, finish_reason: null, ...more }] });
}

function decode(datas: readonly string[], choiceCount = 1): { events: GenerationEvent[]; decoder: ChatDecoder } {
  const decoder = new ChatDecoder(choiceCount, 'req_1');
  const events: GenerationEvent[] = [];
  for (const data of datas) decoder.push({ name: '', data }, events);
  return { events, decoder };
}

function callsOf(deltas: readonly object[]): readonly ToolCall[] | undefined {
  const datas = deltas.map((delta) => chunk({ tool_calls: [delta] }));
  const { events } = decode([...datas, chunk({}, { finish_reason: 'stop' }), DONE]);
  const [choice] = collect(events).choices;
  expect(choice?.finish).toBe('tool_calls');
  return choice?.toolCalls;
}

describe('tool calls in the ways servers send them', () => {
  const ONE = { id: 'a', name: 'f', arguments: '{"x":1}' };
  const TWO = { id: 'b', name: 'g', arguments: '{}' };

  test('in pieces, interleaved, the id once', () => {
    const calls = callsOf([
      { index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } },
      { index: 1, id: 'b', function: { name: 'g', arguments: '{' } },
      { index: 0, function: { arguments: '{"x":' } },
      { index: 1, function: { arguments: '}' } },
      { index: 0, function: { arguments: '1}' } },
    ]);
    expect(calls).toEqual([ONE, TWO]);
  });

  test('whole, without an index', () => {
    const calls = callsOf([
      { id: 'a', function: { name: 'f', arguments: '{"x":1}' } },
      { id: 'b', function: { name: 'g', arguments: '{}' } },
    ]);
    expect(calls).toEqual([ONE, TWO]);
  });

  test('whole, every one with the index 0', () => {
    const calls = callsOf([
      { index: 0, id: 'a', function: { name: 'f', arguments: '{"x":1}' } },
      { index: 0, id: 'b', function: { name: 'g', arguments: '{}' } },
    ]);
    expect(calls).toEqual([ONE, TWO]);
  });

  test('without an id, or with an empty one: an id is made, and calls of one name stay two', () => {
    const calls = callsOf([
      { function: { name: 'f', arguments: '{"x":1}' } },
      { id: '', function: { name: 'f', arguments: '{"x":2}' } },
    ]);
    expect(calls?.map((call) => call.arguments)).toEqual(['{"x":1}', '{"x":2}']);
    expect(new Set(calls?.map((call) => call.id)).size).toBe(2);
    expect(calls?.[0]?.id).toMatch(/^call_req_1/);
  });

  test('with id and name repeated in every piece', () => {
    const piece = (text: string) => ({ index: 0, id: 'a', function: { name: 'f', arguments: text } });
    expect(callsOf([piece('{"x"'), piece(':1'), piece('}')])).toEqual([ONE]);
  });

  test('with an id that changes in later pieces of the same index', () => {
    const later = { index: 0, id: 'z', function: { arguments: '1}' } };
    expect(callsOf([{ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":' } }, later])).toEqual([ONE]);
  });

  test('with arguments as an object, and with arguments before the name', () => {
    expect(callsOf([{ index: 0, id: 'a', function: { name: 'f', arguments: { x: 1 } } }])).toEqual([ONE]);
    const late = [
      { index: 0, id: 'a', function: { arguments: '{"x":' } },
      { index: 0, function: { name: 'f', arguments: '1}' } },
    ];
    expect(callsOf(late)).toEqual([ONE]);
  });

  test('in a number that makes every search a long one', () => {
    const calls = Array.from({ length: 50_000 }, (_, index) => ({ index, id: `c${index}`, function: { name: 'f' } }));
    const startMs = performance.now();
    expect(callsOf(calls)).toHaveLength(50_000);
    expect(performance.now() - startMs).toBeLessThan(1_500);
  });

  test('in the form before tools', () => {
    const datas = [
      chunk({ function_call: { name: 'f', arguments: '{"x":' } }),
      chunk({ function_call: { arguments: '1}' } }),
      chunk({}, { finish_reason: 'function_call' }),
    ];
    const [choice] = collect(decode([...datas, DONE]).events).choices;
    expect(choice).toMatchObject({ finish: 'tool_calls', toolCalls: [{ name: 'f', arguments: '{"x":1}' }] });
  });
});

describe('the stream of a chat completion', () => {
  test('reads thinking under both names, and once where both are sent', () => {
    const datas = [
      chunk({ reasoning_content: 'a' }),
      chunk({ reasoning: 'b' }),
      chunk({ reasoning_content: 'c', reasoning: 'c' }),
    ];
    const { events } = decode([...datas, chunk({ content: 'x' }, { finish_reason: 'stop' }), DONE]);
    expect(
      collect(events)
        .choices[0]?.reasoning?.map((part) => part.text)
        .join(''),
    ).toBe('abc');
  });

  test('takes usage from the finishing chunk and from every chunk: the last one counts', () => {
    const usage = (completion_tokens: number) => ({ prompt_tokens: 3, completion_tokens });
    const datas = [1, 2, 3].map((count) =>
      JSON.stringify({
        choices: [{ index: 0, delta: { content: 'x' }, finish_reason: count === 3 ? 'stop' : null }],
        usage: usage(count),
      }),
    );
    expect(collect(decode([...datas, DONE]).events).usage).toMatchObject({ inputTokens: 3, outputTokens: 3 });
  });

  test('takes no usage that makes no sense', () => {
    for (const usage of [
      null,
      {},
      { prompt_tokens: -1, completion_tokens: 2 },
      { prompt_tokens: '3', completion_tokens: 2 },
      { prompt_tokens: Number.MAX_SAFE_INTEGER, completion_tokens: 2 },
      { prompt_tokens: 3, completion_tokens: 1e12 },
      7,
    ]) {
      const datas = [chunk({ content: 'x' }, { finish_reason: 'stop' }), JSON.stringify({ choices: [], usage }), DONE];
      expect(collect(decode(datas).events).usage).toBeNull();
    }
  });

  test('adds thinking that the server counts apart', () => {
    const usage = {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 35,
      completion_tokens_details: { reasoning_tokens: 20 },
    };
    const datas = [chunk({ content: 'x' }, { finish_reason: 'stop' }), JSON.stringify({ choices: [], usage }), DONE];
    expect(collect(decode(datas).events).usage).toMatchObject({ outputTokens: 25, reasoningTokens: 20 });
  });

  test('tells sound apart where the server does, and never more of it than of the whole', () => {
    const usage = {
      prompt_tokens: 10,
      completion_tokens: 5,
      prompt_tokens_details: { audio_tokens: 4 },
      completion_tokens_details: { audio_tokens: 9 },
    };
    const datas = [chunk({ content: 'x' }, { finish_reason: 'stop' }), JSON.stringify({ choices: [], usage }), DONE];
    expect(collect(decode(datas).events).usage).toMatchObject({ audioInputTokens: 4, audioOutputTokens: 5 });
  });

  test('is whole without [DONE] only when every choice that was asked for has finished', () => {
    const first = chunk({ content: 'x' }, { finish_reason: 'stop' });
    expect(decode([first]).decoder.closed()).toBe(true);
    expect(decode([first], 2).decoder.closed()).toBe(false);
    expect(decode([chunk({ content: 'x' })]).decoder.closed()).toBe(false);
    expect(decode([]).decoder.closed()).toBe(false);
  });

  test('finishes a choice for which [DONE] came first, and refuses an end without any choice', () => {
    expect(decode([chunk({ content: 'x' }), DONE]).events.at(-1)).toEqual({
      type: 'finish',
      choice: 0,
      reason: 'stop',
    });
    expect(() => decode([DONE])).toThrow('without an answer');
  });

  test('sorts errors by the status they name while nothing was said, and as in band afterwards', () => {
    const error = (code: unknown) => JSON.stringify({ error: { message: 'no', code } });
    expect(() => decode([error(429)])).toThrow(expect.objectContaining({ kind: 'rate_limited' }) as Error);
    expect(() => decode([error(503)])).toThrow(expect.objectContaining({ kind: 'unavailable' }) as Error);
    expect(() => decode([error('server_error')])).toThrow(expect.objectContaining({ kind: 'in_band' }) as Error);
    expect(() => decode([chunk({ content: 'x' }), error(429)])).toThrow(
      expect.objectContaining({ kind: 'in_band' }) as Error,
    );
  });

  test('keeps out a choice nobody asked for, and drops fields and events it does not know', () => {
    expect(() => decode([chunk({ content: 'x' }, { index: 1 })])).toThrow('nobody asked');
    const { events } = decode([chunk({ content: 'x', audio: { data: 'y' }, obfuscation: 'zz' })]);
    expect(events.at(-1)).toEqual({ type: 'text', choice: 0, text: 'x' });
  });

  test('never throws anything but a fault, whatever JSON comes', () => {
    fc.assert(
      fc.property(fc.array(fc.json({ maxDepth: 4 }), { maxLength: 5 }), fc.json(), (datas, delta) => {
        try {
          decode([
            ...datas,
            `{"choices":[{"delta":${delta}}]}`,
            `{"choices":[{"delta":{"tool_calls":[${delta}]}}]}`,
            DONE,
          ]);
        } catch (error) {
          expect(error).toMatchObject({ name: 'ProviderFault' });
        }
      }),
    );
  });
});
