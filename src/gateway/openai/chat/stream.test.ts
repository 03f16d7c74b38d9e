import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import OpenAI from 'openai';
import { batchesArbitrary, usageArbitrary } from '../../../../test/world/generations.ts';
import { framesOf, raisedBy, type Replay, startReplay, streamText } from '../../../../test/world/replay.ts';
import { collect, type GenerationEvent } from '../../../providers/index.ts';
import { refusal } from '../../refusal.ts';
import { encodeChat } from './encode.ts';
import { createChatStream } from './stream.ts';

const context = { requestId: 'req_01ABC', model: 'house-model', createdSec: 1_790_000_000, language: 'en' as const };
const plain = { includeUsage: false, olderFunctions: false };
const usage = { inputTokens: 11, cachedInputTokens: 4, cacheWriteTokens: 0, outputTokens: 7, reasoningTokens: 2 };
const hello: GenerationEvent[] = [
  { type: 'start', fingerprint: 'fp_1' },
  { type: 'reasoning', choice: 0, text: 'hm' },
  { type: 'text', choice: 0, text: 'Hel' },
  { type: 'text', choice: 0, text: 'lo "you"\n' },
  { type: 'finish', choice: 0, reason: 'stop' },
  { type: 'usage', usage },
];

let replay: Replay;
let client: OpenAI;
beforeAll(async () => {
  replay = await startReplay();
  client = new OpenAI({ apiKey: 'test', baseURL: `${replay.url}/v1` });
});
afterAll(() => replay.close());

const ask = { model: 'house-model', messages: [{ role: 'user' as const, content: 'hi' }] };

describe('chat stream', () => {
  test('opens with the role, holds the finish back until the end', () => {
    const encoder = createChatStream(context, plain);
    const during = encoder.begin() + encoder.events(hello);
    expect(during).not.toContain('"finish_reason":"');
    expect(during).not.toContain('[DONE]');
    const frames = framesOf(during);
    expect(frames[0]).toEqual({
      id: 'chatcmpl-01ABC',
      object: 'chat.completion.chunk',
      created: 1_790_000_000,
      model: 'house-model',
      system_fingerprint: 'fp_1',
      choices: [
        { index: 0, delta: { role: 'assistant', content: '', refusal: null }, logprobs: null, finish_reason: null },
      ],
    });
    expect(frames.length).toBe(4);
    const end = encoder.end(usage);
    expect(framesOf(end)).toMatchObject([{ choices: [{ delta: {}, finish_reason: 'stop' }] }]);
    expect(end.endsWith('data: [DONE]\n\n')).toBe(true);
  });

  test('tells usage in a last chunk of its own when asked', () => {
    const frames = framesOf(streamText(createChatStream(context, { ...plain, includeUsage: true }), [hello], usage));
    expect(frames.slice(0, -1).every((frame) => frame.usage === null)).toBe(true);
    expect(frames.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18, prompt_tokens_details: { cached_tokens: 4 } },
    });
  });

  test('answers calls of the older kind as function_call', () => {
    const events: GenerationEvent[] = [
      { type: 'tool_call', choice: 0, index: 0, id: 'c', name: 'f' },
      { type: 'tool_arguments', choice: 0, index: 0, text: '{}' },
      { type: 'finish', choice: 0, reason: 'tool_calls' },
    ];
    const text = streamText(createChatStream(context, { includeUsage: false, olderFunctions: true }), [events], usage);
    expect(text).toContain('"function_call":{"name":"f","arguments":""}');
    expect(text).toContain('"finish_reason":"function_call"');
    expect(text).not.toContain('tool_calls');
  });

  test('a failure reaches the official client as an error with our code, after the text so far', async () => {
    const encoder = createChatStream(context, plain);
    const text = encoder.begin() + encoder.events(hello.slice(0, 3)) + encoder.fail(refusal('access_revoked'));
    expect(text).not.toContain('[DONE]');
    replay.answer(text);
    let said = '';
    const reading = (async () => {
      for await (const chunk of await client.chat.completions.create({ ...ask, stream: true })) {
        said += chunk.choices[0]?.delta.content ?? '';
      }
    })();
    expect(await raisedBy(reading)).toMatchObject({ code: 'access_revoked', type: 'authentication_error' });
    expect(said).toBe('Hel');
  });

  test('the official client folds any stream to what the whole answer says', async () => {
    await fc.assert(
      fc.asyncProperty(batchesArbitrary(3, true), usageArbitrary, async (batches, used) => {
        replay.answer(streamText(createChatStream(context, { ...plain, includeUsage: true }), batches, used));
        const whole = encodeChat(collect(batches.flat()), used, context, plain) as unknown as OpenAI.ChatCompletion;
        const folded = await client.chat.completions.stream(ask).finalChatCompletion();
        expect(folded.usage).toEqual(whole.usage as OpenAI.CompletionUsage);
        const view = (completion: OpenAI.ChatCompletion) =>
          completion.choices.map(({ index, message, finish_reason }) => ({
            index,
            finish_reason,
            content: message.content ?? '',
            refusal: message.refusal ?? '',
            calls: (message.tool_calls ?? []).map((call) =>
              call.type === 'function' ? [call.id, call.function.name, call.function.arguments] : [],
            ),
          }));
        expect(view(folded)).toEqual(view(whole));
      }),
      { numRuns: 150 },
    );
  });
});
