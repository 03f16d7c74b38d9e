import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import OpenAI from 'openai';
import { batchesArbitrary, usageArbitrary } from '../../../../test/world/generations.ts';
import { framesOf, raisedBy, type Replay, startReplay, streamText } from '../../../../test/world/replay.ts';
import { collect, type GenerationEvent } from '../../../providers/index.ts';
import { refusal } from '../../refusal.ts';
import { encodeResponse } from './encode.ts';
import { parseResponses, type ResponsesExtra } from './parse.ts';
import { createResponsesStream } from './stream.ts';

const context = { requestId: 'req_01ABC', model: 'house-model', createdSec: 1_790_000_000, language: 'en' as const };
const usage = { inputTokens: 11, cachedInputTokens: 4, cacheWriteTokens: 1, outputTokens: 7, reasoningTokens: 2 };
const events: GenerationEvent[] = [
  { type: 'start' },
  { type: 'reasoning', choice: 0, text: 'hm' },
  { type: 'reasoning', choice: 0, text: '', signature: 'sig' },
  { type: 'text', choice: 0, text: 'Hel' },
  { type: 'text', choice: 0, text: 'lo' },
  { type: 'tool_call', choice: 0, index: 0, id: 'call_a', name: 'f' },
  { type: 'tool_call', choice: 0, index: 1, id: 'call_b', name: 'g' },
  { type: 'tool_arguments', choice: 0, index: 1, text: '{}' },
  { type: 'tool_arguments', choice: 0, index: 0, text: '{"a":1}' },
  { type: 'finish', choice: 0, reason: 'tool_calls' },
  { type: 'usage', usage },
];

let replay: Replay;
let client: OpenAI;
let extra: ResponsesExtra;
beforeAll(async () => {
  replay = await startReplay();
  client = new OpenAI({ apiKey: 'test', baseURL: `${replay.url}/v1` });
  const parsed = parseResponses({
    model: 'house-model',
    input: 'hi',
    instructions: 'be kind',
    previous_response_id: 'resp_0',
  });
  if (!parsed.ok) throw new Error('the request is fine');
  extra = parsed.value.extra;
});
afterAll(() => replay.close());

const ask = { model: 'house-model', input: 'hi' };

describe('responses stream', () => {
  test('writes its events in order, with rising numbers and stable ids', () => {
    const frames = framesOf(streamText(createResponsesStream(context, extra), [events], usage));
    expect(frames.map((frame) => frame.sequence_number)).toEqual(frames.map((_, index) => index));
    expect(frames.map((frame) => String(frame.type).replace('response.', ''))).toEqual([
      'created',
      'in_progress',
      'output_item.added',
      'reasoning_summary_part.added',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.done',
      'reasoning_summary_part.done',
      'output_item.done',
      'output_item.added',
      'content_part.added',
      'output_text.delta',
      'output_text.delta',
      'output_text.done',
      'content_part.done',
      'output_item.done',
      'output_item.added',
      'output_item.added',
      'function_call_arguments.delta',
      'function_call_arguments.delta',
      'function_call_arguments.done',
      'output_item.done',
      'function_call_arguments.done',
      'output_item.done',
      'completed',
    ]);
  });

  test('says completed or incomplete only at the end', () => {
    const encoder = createResponsesStream(context, extra);
    const during =
      encoder.begin() + encoder.events([...events.slice(0, 5), { type: 'finish', choice: 0, reason: 'length' }]);
    expect(during).not.toMatch(/event: response\.(completed|incomplete)/);
    expect(framesOf(encoder.end(usage))).toMatchObject([
      {
        type: 'response.incomplete',
        response: {
          status: 'incomplete',
          incomplete_details: { reason: 'max_output_tokens' },
          instructions: 'be kind',
          previous_response_id: 'resp_0',
          usage: {
            input_tokens: 11,
            input_tokens_details: { cached_tokens: 4, cache_write_tokens: 1 },
            total_tokens: 18,
          },
        },
      },
    ]);
  });

  test('a failure reaches the official client as an error with our code', async () => {
    const encoder = createResponsesStream(context, extra);
    const text =
      encoder.begin() + encoder.events(events.slice(0, 4)) + encoder.fail(refusal('upstream_died', { model: 'm' }));
    expect(framesOf(text).slice(-2)).toMatchObject([
      { type: 'response.failed', response: { status: 'failed', error: { code: 'upstream_died' } } },
      { type: 'error', code: 'upstream_died', param: null },
    ]);
    replay.answer(text);
    expect(await raisedBy(client.responses.stream(ask).finalResponse())).toMatchObject({
      code: 'upstream_died',
      type: 'server_error',
    });
    const reading = (async () => {
      for await (const _event of await client.responses.create({ ...ask, stream: true })) {
        // Reading alone shows the error.
      }
    })();
    expect(await raisedBy(reading)).toMatchObject({ code: 'upstream_died' });
  });

  test('the official client folds a stream in natural order to exactly the whole answer', async () => {
    await fc.assert(
      fc.asyncProperty(batchesArbitrary(1), usageArbitrary, async (batches, used) => {
        replay.answer(streamText(createResponsesStream(context, extra), batches, used));
        const { output_text: _text, ...folded } = await client.responses.stream(ask).finalResponse();
        const whole = encodeResponse(collect(batches.flat()), used, context, extra);
        expect(withoutParsed(folded)).toEqual(JSON.parse(JSON.stringify(whole)));
      }),
      { numRuns: 150 },
    );
  });

  test('and one in any order to the same text, calls and status', async () => {
    await fc.assert(
      fc.asyncProperty(batchesArbitrary(1, true), usageArbitrary, async (batches, used) => {
        replay.answer(streamText(createResponsesStream(context, extra), batches, used));
        const folded = await client.responses.stream(ask).finalResponse();
        const generation = collect(batches.flat());
        const whole = encodeResponse(generation, used, context, extra);
        expect(folded.status).toBe(whole.status as 'completed');
        expect(folded.output_text).toBe(generation.choices[0]?.text ?? '');
        expect(callsOf(folded.output)).toEqual(
          callsOf(whole.output as unknown as OpenAI.Responses.ResponseOutputItem[]),
        );
      }),
      { numRuns: 150 },
    );
  });
});

function callsOf(output: OpenAI.Responses.ResponseOutputItem[]) {
  return output.flatMap((item) =>
    item.type === 'function_call' ? [[item.id, item.call_id, item.name, item.arguments]] : [],
  );
}

/** The client adds what it parsed beside what it got. */
function withoutParsed(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, inner) =>
      key === 'parsed' || key === 'parsed_arguments' || key === 'output_parsed' ? undefined : inner,
    ),
  );
}
