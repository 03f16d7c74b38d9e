import type { GenerationEvent, Usage } from '../../providers/index.ts';
import type { Refusal } from '../refusal.ts';
import type { StreamEncoder } from '../surface.ts';
import type { LiveGeneration } from './live.ts';
import type { Pacer } from './pacer.ts';

/** How a stream ended: whole, or with what the caller is told instead. */
export type StreamEnd = { readonly whole: true } | { readonly whole: false; readonly refusal: Refusal };

/** The frames of one generation, produced only when asked for. */
export interface Feed {
  /** The next frames to send. After the last ones, `over()` is true. */
  next(): Promise<string>;
  over(): boolean;
  /** Somebody is waiting in `next`. */
  busy(): boolean;
}

export interface FeedParts {
  readonly live: LiveGeneration;
  readonly source: AsyncIterator<readonly GenerationEvent[]>;
  /** The batch that was awaited before the answer's headers were sent. */
  readonly first: readonly GenerationEvent[];
  readonly encoder: StreamEncoder;
  readonly pacer: Pacer;
  /** Sees every batch before it is sent: counts it, extends reservations, notes progress. */
  observe(events: readonly GenerationEvent[]): void;
  /** What a caller is told about an error of the source. */
  explain(error: unknown): Refusal;
  /** Makes the record of this generation durable; resolves with the usage that was recorded. Called once. */
  settle(end: StreamEnd): Promise<Usage>;
}

export function createFeed(parts: FeedParts): Feed {
  const { live, source, encoder, pacer } = parts;
  const slot = pacer.join();
  let pending: readonly GenerationEvent[] | null = parts.first;
  let head = encoder.begin();
  let asked = 0;
  let last: Promise<string> | null = null;
  let over = false;

  async function advance(): Promise<string> {
    for (;;) {
      let events: readonly GenerationEvent[];
      try {
        const batch = pending ? { done: false as const, value: pending } : await source.next();
        if (batch.done) return conclude({ whole: true });
        events = batch.value;
      } catch (error) {
        return conclude({ whole: false, refusal: parts.explain(error) });
      }
      pending = null;
      parts.observe(events);
      const frames = head + encoder.events(events);
      head = '';
      if (frames !== '') return frames;
    }
  }
  /** The last frames leave only after the record is durable; a record that cannot be kept is never a clean end. */
  function conclude(end: StreamEnd): Promise<string> {
    last ??= parts
      .settle(end)
      .then((usage) => (end.whole ? encoder.end(usage) : encoder.fail(end.refusal)))
      .catch((error: unknown) => encoder.fail(parts.explain(error)))
      .finally(() => {
        over = true;
        pacer.leave();
      });
    return last;
  }
  live.signal.addEventListener('abort', () => {
    if (asked > 0 || last) return;
    void source.return?.(undefined);
    void conclude({ whole: false, refusal: parts.explain(live.signal.reason) });
  });
  return {
    async next() {
      if (last) return last;
      asked++;
      try {
        const turn = pending ? null : pacer.turn(slot);
        if (turn) await turn;
        return await (last ?? (live.signal.aborted ? endCut() : advance()));
      } finally {
        asked--;
      }
    },
    over: () => over,
    busy: () => asked > 0,
  };

  function endCut(): Promise<string> {
    void source.return?.(undefined);
    return conclude({ whole: false, refusal: parts.explain(live.signal.reason) });
  }
}
