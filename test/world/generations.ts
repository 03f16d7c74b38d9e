import fc from 'fast-check';
import type { FinishReason, GenerationEvent, Usage } from '../../src/providers/index.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const words = fc.array(text, { maxLength: 4 });
const argumentsText = fc
  .tuple(
    fc.dictionary(fc.constantFrom('a', 'b', 'city'), fc.oneof(text, fc.integer(), fc.boolean())),
    fc.array(fc.nat(40)),
  )
  .map(([value, cuts]) => cutAt(JSON.stringify(value), cuts));

type Segment =
  | { readonly kind: 'text' | 'refusal'; readonly pieces: readonly string[] }
  | { readonly kind: 'reasoning'; readonly pieces: readonly string[]; readonly signature: string | undefined }
  | { readonly kind: 'redacted'; readonly data: string }
  | { readonly kind: 'tool'; readonly name: string; readonly pieces: readonly string[] };

const thinking: fc.Arbitrary<Segment> = fc.oneof(
  fc.record({
    kind: fc.constant('reasoning' as const),
    pieces: words,
    signature: fc.option(fc.base64String({ minLength: 4, maxLength: 12 }), { nil: undefined }),
  }),
  fc.record({ kind: fc.constant('redacted' as const), data: fc.base64String({ minLength: 4, maxLength: 12 }) }),
);
const tool: fc.Arbitrary<Segment> = fc.record({
  kind: fc.constant('tool' as const),
  name: fc.constantFrom('look_up', 'send'),
  pieces: argumentsText,
});
const spoken: fc.Arbitrary<Segment> = fc.record({ kind: fc.constant('text' as const), pieces: words });
const refused: fc.Arbitrary<Segment> = fc.record({ kind: fc.constant('refusal' as const), pieces: words });

export const usageArbitrary: fc.Arbitrary<Usage> = fc
  .record({
    fresh: fc.nat(1000),
    cachedInputTokens: fc.nat(1000),
    cacheWriteTokens: fc.nat(1000),
    answer: fc.nat(1000),
    reasoningTokens: fc.nat(1000),
  })
  .map(({ fresh, answer, ...rest }) => ({
    ...rest,
    inputTokens: fresh + rest.cachedInputTokens + rest.cacheWriteTokens,
    outputTokens: answer + rest.reasoningTokens,
  }));

/** What one choice may be made of, any order of segments where `shuffled`, else as models produce it. */
function choiceArbitrary(shuffled: boolean): fc.Arbitrary<{ segments: Segment[]; finish: FinishReason }> {
  const segments = shuffled
    ? fc.array(fc.oneof(thinking, spoken, refused, tool), { maxLength: 6 })
    : fc
        .tuple(
          fc.array(thinking, { maxLength: 2 }),
          fc.array(fc.oneof(spoken, refused), { maxLength: 1 }),
          fc.array(tool, { maxLength: 3 }),
        )
        .map((groups) => groups.flat());
  const finish = fc.constantFrom<FinishReason>('stop', 'length', 'tool_calls', 'content_filter');
  return fc.record({ segments, finish });
}

/** Batches of events of one generation with up to `choicesMax` choices, which take turns. */
export function batchesArbitrary(choicesMax: number, shuffled = false): fc.Arbitrary<GenerationEvent[][]> {
  return fc
    .tuple(
      fc.array(choiceArbitrary(shuffled), { minLength: 1, maxLength: choicesMax }),
      fc.array(fc.nat(5), { minLength: 1 }),
    )
    .map(([choices, sizes]) => {
      const queues = choices.map(({ segments, finish }, choice) => eventsOf(segments, finish, choice));
      const events: GenerationEvent[] = [{ type: 'start', upstreamId: 'up', upstreamModel: 'served-1' }];
      while (queues.some((queue) => queue.length > 0)) for (const queue of queues) events.push(...queue.splice(0, 2));
      return batched(events, sizes);
    });
}

function eventsOf(segments: readonly Segment[], finish: FinishReason, choice: number): GenerationEvent[] {
  const events: GenerationEvent[] = [];
  let index = 0;
  for (const segment of segments) {
    if (segment.kind === 'redacted') {
      events.push({ type: 'reasoning', choice, text: '', redacted: segment.data });
    } else if (segment.kind === 'reasoning') {
      events.push(...segment.pieces.map((piece) => ({ type: 'reasoning' as const, choice, text: piece })));
      if (segment.signature !== undefined)
        events.push({ type: 'reasoning', choice, text: '', signature: segment.signature });
    } else if (segment.kind === 'tool') {
      const at = index++;
      events.push({ type: 'tool_call', choice, index: at, id: `call_${choice}_${at}`, name: segment.name });
      for (const piece of segment.pieces) events.push({ type: 'tool_arguments', choice, index: at, text: piece });
    } else {
      events.push(...segment.pieces.map((piece) => ({ type: segment.kind, choice, text: piece })));
    }
  }
  events.push({ type: 'finish', choice, reason: finish });
  return events;
}

function batched(events: readonly GenerationEvent[], sizes: readonly number[]): GenerationEvent[][] {
  const batches: GenerationEvent[][] = [];
  for (let at = 0, turn = 0; at < events.length; turn++) {
    const size = (sizes[turn % sizes.length] ?? 0) + 1;
    batches.push(events.slice(at, at + size));
    at += size;
  }
  return batches;
}

function cutAt(whole: string, cuts: readonly number[]): string[] {
  const places = [...new Set(cuts.map((cut) => cut % (whole.length + 1)))].sort((a, b) => a - b);
  const pieces: string[] = [];
  let from = 0;
  for (const place of [...places, whole.length]) {
    pieces.push(whole.slice(from, place));
    from = place;
  }
  return pieces;
}
