import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { SOME_USAGE } from '../../../test/world/streams.ts';
import { type OwnCount, usageOfPart, usageOfWhole } from './usage.ts';

function own(outputEstimate: number, text: string | null = 'some text'): OwnCount {
  return {
    upstreamModel: 'm',
    inputEstimate: 40,
    outputLimit: 100,
    choices: 1,
    outputEstimate: () => outputEstimate,
    outputText: () => text,
  };
}

const counts = (tokens: number | null) => async () => tokens;

describe('an answer that came whole', () => {
  test('used what the upstream says', async () => {
    const counted = await usageOfWhole(SOME_USAGE, own(99), counts(77));
    expect(counted).toEqual({ usage: SOME_USAGE, source: 'reported' });
  });

  test('is not believed to have used nothing for an output we saw', async () => {
    const zeros = { ...SOME_USAGE, inputTokens: 0, outputTokens: 0 };
    expect(await usageOfWhole(zeros, own(9), counts(7))).toMatchObject({
      source: 'counted',
      usage: { inputTokens: 40, outputTokens: 7 },
    });
    const empty = { ...SOME_USAGE, outputTokens: 0 };
    expect(await usageOfWhole(empty, own(0, ''), counts(0))).toEqual({ usage: empty, source: 'reported' });
  });

  test('is not believed to have read far more than was sent', async () => {
    const told = await usageOfWhole({ ...SOME_USAGE, inputTokens: 200_000 }, own(9), counts(7));
    expect(told).toMatchObject({ source: 'counted', usage: { inputTokens: 40 } });
  });

  test('has the prompt we estimate where the upstream counted none', async () => {
    const counted = await usageOfWhole({ ...SOME_USAGE, inputTokens: 0 }, own(9), counts(7));
    expect(counted).toEqual({ usage: { ...SOME_USAGE, inputTokens: 40 }, source: 'estimated' });
  });

  test('may have thought longer than its limit, but not for a book', async () => {
    for (const outputLimit of [100, Infinity]) {
      const mine = { ...own(9), outputLimit };
      const long = { ...SOME_USAGE, outputTokens: 200_000 };
      expect(await usageOfWhole(long, mine, counts(7))).toEqual({ usage: long, source: 'reported' });
      const mistaken = { ...SOME_USAGE, outputTokens: 50_000_000 };
      expect(await usageOfWhole(mistaken, mine, counts(7))).toMatchObject({
        source: 'counted',
        usage: { inputTokens: 40, outputTokens: 7 },
      });
      expect(await usageOfPart(mistaken, mine, counts(7))).toMatchObject({ usage: { outputTokens: 7 } });
    }
  });

  test('used what we count where the upstream says nothing, or what we estimate where we cannot count', async () => {
    const counted = await usageOfWhole(null, own(9), counts(7));
    expect(counted).toMatchObject({ source: 'counted', usage: { inputTokens: 40, outputTokens: 7 } });
    const unknown = await usageOfWhole(null, own(9), counts(null));
    expect(unknown).toMatchObject({ source: 'estimated', usage: { inputTokens: 40, outputTokens: 9 } });
  });

  test('too long to count is estimated without being counted', async () => {
    const count = () => Promise.reject(new Error('not asked'));
    expect(await usageOfWhole(null, own(9, null), count)).toMatchObject({
      source: 'estimated',
      usage: { outputTokens: 9 },
    });
  });

  test('with output that has no text is never booked as none', async () => {
    expect((await usageOfWhole(null, own(1, ''), counts(0))).usage.outputTokens).toBe(1);
  });
});

describe('an answer that broke off', () => {
  test('keeps what the upstream said of the prompt, and is marked as estimated', async () => {
    const part = await usageOfPart({ ...SOME_USAGE, inputTokens: 123, outputTokens: 1 }, own(60), counts(55));
    expect(part).toEqual({ source: 'estimated', usage: { ...SOME_USAGE, inputTokens: 123, outputTokens: 55 } });
    expect((await usageOfPart(null, own(60), counts(55))).source).toBe('estimated');
  });

  test('is never booked below what was produced', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.option(fc.nat(500), { nil: null }),
        fc.option(fc.nat(500), { nil: null }),
        fc.integer({ min: 1, max: 500 }),
        async (reported, counted, estimate) => {
          const said = reported === null ? null : { ...SOME_USAGE, outputTokens: reported };
          const { usage } = await usageOfPart(said, own(estimate), counts(counted));
          expect(usage.outputTokens).toBeGreaterThanOrEqual(Math.max(1, reported ?? 0, counted ?? estimate));
        },
      ),
    );
  });
});
