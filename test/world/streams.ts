import { createLiveGenerations, CutError, type LiveGeneration } from '../../src/gateway/streaming/live.ts';
import { createFeed, type Feed, type FeedParts, type StreamEnd } from '../../src/gateway/streaming/feed.ts';
import type { Pacer } from '../../src/gateway/streaming/pacer.ts';
import { type RefusalReason, refusal } from '../../src/gateway/refusal.ts';
import type { StreamEncoder } from '../../src/gateway/surface.ts';
import type { GenerationEvent, Usage } from '../../src/providers/index.ts';

export const SOME_USAGE: Usage = {
  inputTokens: 3,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 5,
  reasoningTokens: 0,
};

export function text(value: string): GenerationEvent {
  return { type: 'text', choice: 0, text: value };
}

/** An upstream that gives what it is told to when it is told to, and counts how far it was read. */
export interface HeldSource {
  readonly source: AsyncIterator<readonly GenerationEvent[]>;
  give(...events: GenerationEvent[]): void;
  finish(): void;
  fail(error: unknown): void;
  /** Batches asked for so far. */
  readonly asked: () => number;
  readonly returned: () => number;
}

/** @param signal aborts a wait in progress with its reason, as providers do */
export function createHeldSource(signal?: AbortSignal): HeldSource {
  const ready: (() => Promise<IteratorResult<readonly GenerationEvent[]>>)[] = [];
  let wake: (() => void) | null = null;
  let asked = 0;
  let returned = 0;
  function push(step: () => Promise<IteratorResult<readonly GenerationEvent[]>>): void {
    ready.push(step);
    wake?.();
  }
  signal?.addEventListener('abort', () => wake?.());
  return {
    source: {
      async next() {
        asked++;
        for (;;) {
          if (signal?.aborted) throw signal.reason;
          const step = ready.shift();
          if (step) return step();
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      },
      async return() {
        returned++;
        return { done: true, value: undefined };
      },
    },
    give: (...events) => push(async () => ({ done: false, value: events })),
    finish: () => push(async () => ({ done: true, value: undefined })),
    fail: (error) =>
      push(async () => {
        throw error;
      }),
    asked: () => asked,
    returned: () => returned,
  };
}

/** Frames a person can read: `data: begin`, `data: <text>`, `data: end 5`, `data: fail cancelled`. */
export const plainEncoder: StreamEncoder = {
  begin: () => 'data: begin\n\n',
  events: (events) => events.map((event) => (event.type === 'text' ? `data: ${event.text}\n\n` : '')).join(''),
  end: (usage, cut) => `data: end ${usage.outputTokens}${cut ? ` ${cut.reason}` : ''}\n\n`,
  fail: (refused) => `data: fail ${refused.reason}\n\n`,
};

export const noPacer: Pacer = {
  turn: () => null,
  join: () => 0,
  leave: () => undefined,
  count: () => 0,
  close: () => undefined,
};

export interface FeedWorld extends HeldSource {
  readonly feed: Feed;
  readonly live: LiveGeneration;
  /** How the record was made, each time it was; must be once. */
  readonly ends: StreamEnd[];
  readonly observed: GenerationEvent[];
}

export type HeldParts = Partial<Omit<FeedParts, 'settle'>> & {
  readonly settle?: ((end: StreamEnd) => Promise<Usage>) | undefined;
};

/** A feed over a held source, with every other part plain unless given. */
export function createFeedWorld({ settle, ...parts }: HeldParts = {}): FeedWorld {
  const lives = createLiveGenerations({ wallMs: () => 0, monoMs: () => 0 }, async () => undefined);
  const live = parts.live ?? lives.start({ id: 'req_1', keyId: 'k', accountId: 'a', app: null, endUser: null });
  const held = createHeldSource(live.signal);
  const ends: StreamEnd[] = [];
  const observed: GenerationEvent[] = [];
  const feed = createFeed({
    source: held.source,
    first: [text('first')],
    encoder: plainEncoder,
    pacer: noPacer,
    observe(events) {
      observed.push(...events);
      return events.length;
    },
    gate: null,
    cutBy: () => ({ events: [], refusal: refusal('content_cut'), asError: false }),
    sent: () => undefined,
    notice: () => undefined,
    pieces: (events) => events,
    afford: () => null,
    explain: (error) => refusal(reasonOf(error)),
    ...parts,
    live,
    async settle(end, last) {
      ends.push(end);
      return last(settle ? await settle(end) : SOME_USAGE);
    },
  });
  return { ...held, feed, live, ends, observed };
}

function reasonOf(error: unknown): RefusalReason {
  if (error instanceof CutError) return error.reason;
  const said = error instanceof Error ? error.message : '';
  return said === 'upstream_died' || said === 'storage_unavailable' ? said : 'internal';
}

/** Reads a feed to its end, as an answer's body does. */
export async function readFeed(feed: Feed): Promise<string> {
  let frames = '';
  do frames += await feed.next();
  while (!feed.over());
  return frames;
}
