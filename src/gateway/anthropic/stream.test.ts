import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import Anthropic from '@anthropic-ai/sdk';
import fc from 'fast-check';
import { batchesArbitrary, usageArbitrary } from '../../../test/world/generations.ts';
import { framesOf, raisedBy, type Replay, startReplay, streamText } from '../../../test/world/replay.ts';
import { collect, type GenerationEvent } from '../../providers/index.ts';
import { refusal } from '../refusal.ts';
import { encodeMessage } from './encode.ts';
import { createMessagesStream } from './stream.ts';

const context = { requestId: 'req_01ABC', model: 'house-model', createdSec: 1_790_000_000, language: 'en' as const };
const extra = { inputTokensEstimate: 9 };
const usage = { inputTokens: 11, cachedInputTokens: 4, cacheWriteTokens: 1, outputTokens: 7, reasoningTokens: 2 };
const events: GenerationEvent[] = [
  { type: 'start' },
  { type: 'reasoning', choice: 0, text: 'hm' },
  { type: 'reasoning', choice: 0, text: '', signature: 'sig' },
  { type: 'text', choice: 0, text: 'Hello' },
  { type: 'tool_call', choice: 0, index: 0, id: 'toolu_a', name: 'f' },
  { type: 'tool_arguments', choice: 0, index: 0, text: '{"a":1}' },
  { type: 'finish', choice: 0, reason: 'tool_calls' },
  { type: 'usage', usage },
];

let replay: Replay;
let client: Anthropic;
beforeAll(async () => {
  replay = await startReplay();
  client = new Anthropic({ apiKey: 'test', baseURL: replay.url });
});
afterAll(() => replay.close());

const ask = { model: 'house-model', max_tokens: 100, messages: [{ role: 'user' as const, content: 'hi' }] };

describe('messages stream', () => {
  test('writes blocks one after another and the stop reason only at the end', () => {
    const encoder = createMessagesStream(context, extra);
    const during = encoder.begin() + encoder.events(events);
    expect(framesOf(during).map((frame) => [String(frame.type).replace('content_block_', ''), frame.index])).toEqual([
      ['message_start', undefined],
      ['start', 0],
      ['delta', 0],
      ['delta', 0],
      ['stop', 0],
      ['start', 1],
      ['delta', 1],
      ['stop', 1],
      ['start', 2],
      ['delta', 2],
      ['stop', 2],
    ]);
    expect(framesOf(during)[0]).toMatchObject({ message: { id: 'msg_01ABC', usage: { input_tokens: 9 } } });
    expect(framesOf(encoder.end(usage))).toEqual([
      {
        type: 'message_delta',
        delta: { stop_reason: 'tool_use', stop_sequence: null },
        usage: {
          input_tokens: 6,
          cache_creation_input_tokens: 1,
          cache_read_input_tokens: 4,
          output_tokens: 7,
          output_tokens_details: { thinking_tokens: 2 },
        },
      },
      { type: 'message_stop' },
    ]);
  });

  test('starts with the usage an upstream reported before its text', () => {
    const text = streamText(createMessagesStream(context, extra), [[{ type: 'usage', usage }, ...events]], usage);
    expect(framesOf(text)[0]).toMatchObject({ message: { usage: { input_tokens: 6, cache_read_input_tokens: 4 } } });
  });

  test('a failure reaches the official client as an error, after the text so far', async () => {
    const encoder = createMessagesStream(context, extra);
    replay.answer(
      encoder.begin() + encoder.events(events.slice(0, 4)) + encoder.fail(refusal('overloaded', { seconds: 3 })),
    );
    const stream = client.messages.stream(ask);
    let said = '';
    stream.on('text', (text) => {
      said += text;
    });
    expect(await raisedBy(stream.finalMessage())).toMatchObject({
      error: { type: 'error', error: { type: 'overloaded_error', reason: 'overloaded' }, request_id: 'req_01ABC' },
    });
    expect(said).toBe('Hello');
  });

  test('the official client folds a stream in natural order to exactly the whole answer', async () => {
    await fc.assert(
      fc.asyncProperty(batchesArbitrary(1), usageArbitrary, async (batches, used) => {
        replay.answer(streamText(createMessagesStream(context, extra), batches, used));
        const { stop_details: _details, ...folded } = await client.messages.stream(ask).finalMessage();
        const whole = encodeMessage(collect(batches.flat()), used, context);
        expect(JSON.parse(JSON.stringify(folded, withoutParsed))).toEqual(JSON.parse(JSON.stringify(whole)));
      }),
      { numRuns: 150 },
    );
  });

  test('and one in any order to the same text and calls', async () => {
    await fc.assert(
      fc.asyncProperty(batchesArbitrary(1, true), usageArbitrary, async (batches, used) => {
        replay.answer(streamText(createMessagesStream(context, extra), batches, used));
        const folded = await client.messages.stream(ask).finalMessage();
        const whole = encodeMessage(collect(batches.flat()), used, context) as unknown as Anthropic.Message;
        expect(folded.stop_reason).toBe(whole.stop_reason);
        expect(folded.content.filter((block) => block.type === 'tool_use')).toEqual(
          whole.content.filter((block) => block.type === 'tool_use'),
        );
        const saidBy = (message: Anthropic.Message) =>
          message.content.reduce((sum, block) => sum + (block.type === 'text' ? block.text.length : 0), 0);
        expect(saidBy(folded)).toBe(saidBy(whole));
      }),
      { numRuns: 150 },
    );
  });

  test('parallel calls written by turns still reach their own blocks', async () => {
    const turns: GenerationEvent[] = [
      { type: 'tool_call', choice: 0, index: 0, id: 'a', name: 'f' },
      { type: 'tool_arguments', choice: 0, index: 0, text: '{"x"' },
      { type: 'tool_call', choice: 0, index: 1, id: 'b', name: 'g' },
      { type: 'tool_arguments', choice: 0, index: 1, text: '{}' },
      { type: 'tool_arguments', choice: 0, index: 0, text: ':1}' },
      { type: 'finish', choice: 0, reason: 'tool_calls' },
    ];
    replay.answer(streamText(createMessagesStream(context, extra), [turns], usage));
    const { content } = await client.messages.stream(ask).finalMessage();
    expect(content).toEqual([
      { type: 'tool_use', id: 'a', name: 'f', input: { x: 1 } },
      { type: 'tool_use', id: 'b', name: 'g', input: {} },
    ] as never);
  });
});

function withoutParsed(key: string, value: unknown): unknown {
  return key === 'parsed_output' ? undefined : value;
}
