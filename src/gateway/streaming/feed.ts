import type { GenerationEvent, Usage } from '../../providers/index.ts';
import { failPoint } from '../../runtime/fail-point.ts';
import type { Refusal } from '../refusal.ts';
import type { StreamEncoder } from '../surface.ts';
import type { LiveGeneration } from './live.ts';
import type { Pacer } from './pacer.ts';

/**
 * How a stream ended: whole, or with what the caller is told instead. One that was kept short, because no more of it is
 * paid for, ends as its format has it with what there is.
 */
export type StreamEnd =
  | { readonly whole: true }
  | { readonly whole: false; readonly refusal: Refusal; readonly keptShort: boolean };

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
  /**
   * Sees every batch before it is sent: counts it, notes progress. Says how many of it, from the first, may be sent; the
   * rest waits until `afford` has found what pays for it.
   */
  observe(events: readonly GenerationEvent[]): number;
  /** A batch in pieces no larger than what may be sent together. */
  pieces(events: readonly GenerationEvent[]): readonly GenerationEvent[];
  /** Before more is read or sent: null when it may be, at once or once that is durable; or why it may not. */
  afford(): Promise<Refusal | null> | null;
  /** What a caller is told about an error of the source. */
  explain(error: unknown): Refusal;
  /**
   * Makes the record of this generation durable and resolves with its last frames, which `last` writes from the usage
   * that is recorded. Called once.
   */
  settle(end: StreamEnd, last: (usage: Usage) => string): Promise<string>;
}

export function createFeed(parts: FeedParts): Feed {
  const { live, source, encoder, pacer } = parts;
  const first = parts.pieces(parts.first);
  let pending: readonly GenerationEvent[] | null = first;
  let head = encoder.begin();
  const slot = pacer.join();
  let asked = 0;
  let last: Promise<string> | null = null;
  let over = false;

  /** The next frames, or the last ones. Never rejects: an error of any part becomes what the caller is told. */
  async function advance(): Promise<string> {
    try {
      for (;;) {
        const extending = pending === first ? null : parts.afford();
        const cut = extending && (await extending);
        if (cut) return await conclude({ whole: false, refusal: cut, keptShort: true });
        const batch = pending ? { done: false as const, value: pending } : await source.next();
        if (batch.done) return await conclude({ whole: true });
        const frames = take(pending ?? parts.pieces(batch.value));
        if (frames !== '') return frames;
      }
    } catch (error) {
      return cutShort(error);
    }
  }
  function take(events: readonly GenerationEvent[]): string {
    pending = null;
    const taken = parts.observe(events);
    if (taken < events.length) pending = events.slice(taken);
    const frames = head + encoder.events(pending ? events.slice(0, taken) : events);
    head = '';
    return frames;
  }
  function cutShort(error: unknown): Promise<string> {
    // What the upstream produced counts, also when nobody is sent it.
    if (pending) parts.observe(pending);
    pending = null;
    return conclude({ whole: false, refusal: parts.explain(error), keptShort: false });
  }
  function conclude(end: StreamEnd): Promise<string> {
    if (!end.whole) closeSource(source);
    last ??= lastFrames(parts, head, end).finally(() => {
      over = true;
      pacer.leave();
    });
    return last;
  }
  function onAbort(): void {
    if (asked === 0 && !last) void cutShort(live.signal.reason);
  }
  if (live.signal.aborted) onAbort();
  else live.signal.addEventListener('abort', onAbort);
  return {
    async next() {
      asked++;
      try {
        const turn = pending || last ? null : pacer.turn(slot);
        if (turn) await turn;
        return await (last ?? (live.signal.aborted ? cutShort(live.signal.reason) : advance()));
      } finally {
        asked--;
        // Cut while this was read; a reader that has gone will not ask again.
        if (live.signal.aborted) onAbort();
      }
    },
    over: () => over,
    busy: () => asked > 0,
  };
}

/** They leave only after the record is durable; a record that cannot be kept is never a clean end. */
async function lastFrames(parts: FeedParts, head: string, end: StreamEnd): Promise<string> {
  const { encoder } = parts;
  try {
    const frames = await parts.settle(end, (usage) => {
      if (end.whole) return head + encoder.end(usage);
      return head + (end.keptShort ? encoder.end(usage, end.refusal) : encoder.fail(end.refusal));
    });
    failPoint('answer:before_last_frame');
    return frames;
  } catch (error) {
    return head + encoder.fail(parts.explain(error));
  }
}

/** Lets the upstream go; what closing it brings up is of no interest any more. */
function closeSource(source: AsyncIterator<unknown>): void {
  Promise.try(() => source.return?.()).catch(() => undefined);
}
