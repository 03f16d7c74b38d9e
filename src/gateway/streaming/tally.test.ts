import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { SOME_USAGE, text } from '../../../test/world/streams.ts';
import { batchesArbitrary } from '../../../test/world/generations.ts';
import { collect, type GenerationEvent } from '../../providers/index.ts';
import { createTally, outputTextOf, TEXT_CHARS_MAX } from './tally.ts';

const perFour = (piece: string) => piece.length / 4;

describe('tally', () => {
  test('counts everything a model writes, and keeps it for counting', () => {
    const tally = createTally(perFour);
    expect([tally.sawOutput(), tally.outputEstimate(), tally.text()]).toEqual([false, 0, '']);
    tally.add([
      { type: 'start', upstreamModel: 'm' },
      { type: 'reasoning', choice: 0, text: 'hmmm' },
      text('abcd'),
      { type: 'refusal', choice: 1, text: 'nono' },
      { type: 'tool_call', choice: 0, index: 0, id: 'never counted', name: 'find' },
      { type: 'tool_arguments', choice: 0, index: 0, text: '{"a"' },
      { type: 'tool_arguments', choice: 0, index: 0, text: ':1}' },
      { type: 'finish', choice: 0, reason: 'stop' },
    ]);
    expect(tally.text()).toBe('hmmmabcdnonofind{"a":1}');
    expect(tally.outputEstimate()).toBe(6);
    expect(tally.reported()).toBe(null);
  });

  test('never says zero once there was output, seen or encrypted', () => {
    const little = createTally(() => 0.01);
    little.add([text('a')]);
    expect(little.outputEstimate()).toBe(1);
    const secret = createTally(perFour);
    secret.add([{ type: 'reasoning', choice: 0, text: '', redacted: 'opaque' }]);
    expect([secret.sawOutput(), secret.outputEstimate(), secret.text()]).toEqual([true, 1, '']);
  });

  test('takes the last usage an upstream reports', () => {
    const tally = createTally(perFour);
    tally.add([{ type: 'usage', usage: { ...SOME_USAGE, outputTokens: 1 } }]);
    tally.add([{ type: 'usage', usage: SOME_USAGE }]);
    expect(tally.reported()).toEqual(SOME_USAGE);
  });

  test('keeps a text of the most that is kept, lets a longer one go, and estimates on', () => {
    const tally = createTally(perFour);
    tally.add([text('x'.repeat(TEXT_CHARS_MAX))]);
    expect(tally.text()?.length).toBe(TEXT_CHARS_MAX);
    tally.add([text('abcd')]);
    expect(tally.text()).toBe(null);
    tally.add([text('abcd')]);
    expect(tally.outputEstimate()).toBe(TEXT_CHARS_MAX / 4 + 2);
  });

  test('of a stream counts as many characters as the whole answer holds', () => {
    fc.assert(
      fc.property(batchesArbitrary(3), (batches) => {
        const tally = createTally(perFour);
        const events: GenerationEvent[] = batches.flat();
        for (const batch of batches) tally.add(batch);
        expect(tally.text()?.length).toBe(outputTextOf(collect(events)).length);
      }),
    );
  });
});
