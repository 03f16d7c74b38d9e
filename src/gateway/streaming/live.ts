import type { Clock } from '../../base/clock.ts';
import type { RefusalReason } from '../refusal.ts';

/** Why Candor ends a generation that is in progress. Thrown through the provider as the signal's reason. */
export type CutReason = Extract<
  RefusalReason,
  'access_revoked' | 'cancelled' | 'client_gone' | 'reader_stalled' | 'draining' | 'content_cut'
>;

export class CutError extends Error {
  override readonly name = 'CutError';
  readonly reason: CutReason;
  constructor(reason: CutReason) {
    super(reason);
    this.reason = reason;
  }
}

/** What sends the answer of a generation to one reader. */
export interface LiveBody {
  /** Bytes were handed to the reader's socket. */
  sent(): void;
  /** None will be any more. */
  over(): void;
}

/** A generation in progress, streamed or not, as those who may end it see it. */
export interface LiveGeneration {
  readonly id: string;
  readonly keyId: string;
  readonly accountId: string;
  readonly app: string | null;
  readonly signal: AbortSignal;
  /** Ends it; only the first reason counts. The upstream connection closes at once. */
  cut(reason: CutReason): void;
  /** Says that a body sends its answer; `close` ends that body, though nobody reads it. */
  opened(close: () => void): LiveBody;
}

/** What a cut-off did: how many it cut, and when the last byte went to any of their readers after it began. */
export interface CutOff {
  readonly streams: number;
  /** Wall milliseconds; null when none was sent. */
  readonly lastByteAtMs: number | null;
}

/** Everything in progress in this process. Revocation, cancelling and draining all act through it. */
export interface LiveGenerations {
  start(identity: Pick<LiveGeneration, 'id' | 'keyId' | 'accountId' | 'app'>): LiveGeneration;
  /** A reader of an answer that somebody else began, or that is over. */
  reader(identity: Pick<LiveGeneration, 'id' | 'keyId' | 'accountId' | 'app'>): Pick<LiveGeneration, 'opened'>;
  find(id: string): LiveGeneration | undefined;
  /** Cuts every generation that matches; returns how many. */
  cutWhere(matches: (generation: LiveGeneration) => boolean, reason: CutReason): number;
  /**
   * As `cutWhere`, and answers that are over and not yet read to their end count too. Resolves once nothing of them is
   * sent any more: readers have half a second to be told why, then their connection is closed.
   */
  cutOff(matches: (generation: LiveGeneration) => boolean, reason: CutReason): Promise<CutOff>;
  end(id: string): void;
  count(): number;
  /** Resolves when nothing is in progress, or after `withinMs`. */
  idle(withinMs: number): Promise<void>;
}

const IDLE_POLL_MS = 20;
/** How long readers have to be told why their answer was cut off. */
const CLOSE_MS = 500;
/** Answers that are sent whole end when their record is durable; nobody waits for that longer than this. */
const RECORD_MS = 5_000;

/** A generation with what is known of its sending. */
interface Held {
  readonly generation: LiveGeneration;
  readonly bodies: Map<LiveBody, () => void>;
  /** Wall milliseconds. */
  lastByteAtMs: number | null;
  isEnded: boolean;
  readonly over: PromiseWithResolvers<void>;
}

export function createLiveGenerations(clock: Clock, sleep: (ms: number) => Promise<void>): LiveGenerations {
  const live = new Map<string, Held>();
  /** Ended, with readers who have not read to the end. */
  const unread = new Set<Held>();

  function hold(identity: Parameters<LiveGenerations['start']>[0]): Held {
    const controller = new AbortController();
    const generation: LiveGeneration = {
      ...identity,
      signal: controller.signal,
      cut: (reason) => controller.abort(new CutError(reason)),
      opened: (close) => openBody(held, close),
    };
    const over = Promise.withResolvers<void>();
    const held: Held = { generation, bodies: new Map(), lastByteAtMs: null, isEnded: false, over };
    return held;
  }
  function start(identity: Parameters<LiveGenerations['start']>[0]): LiveGeneration {
    const held = hold(identity);
    live.set(identity.id, held);
    return held.generation;
  }
  function reader(identity: Parameters<LiveGenerations['start']>[0]): Pick<LiveGeneration, 'opened'> {
    const held: Held = { ...hold(identity), isEnded: true };
    return {
      opened(close) {
        unread.add(held);
        return openBody(held, close);
      },
    };
  }
  function openBody(held: Held, close: () => void): LiveBody {
    const body: LiveBody = {
      sent() {
        held.lastByteAtMs = clock.wallMs();
      },
      over() {
        held.bodies.delete(body);
        finish(held);
      },
    };
    held.bodies.set(body, close);
    return body;
  }
  function end(id: string): void {
    const held = live.get(id);
    if (held === undefined) return;
    live.delete(id);
    held.isEnded = true;
    // Without a body it leaves whole, as soon as its record is there.
    if (held.bodies.size === 0) held.lastByteAtMs ??= clock.wallMs();
    else unread.add(held);
    finish(held);
  }
  function finish(held: Held): void {
    if (!held.isEnded || held.bodies.size > 0) return;
    unread.delete(held);
    held.over.resolve();
  }
  async function cutOff(matches: (generation: LiveGeneration) => boolean, reason: CutReason): Promise<CutOff> {
    const fromMs = clock.wallMs();
    const caught = [...live.values(), ...unread].filter(({ generation }) => matches(generation));
    for (const { generation } of caught) generation.cut(reason);
    const over = Promise.all(caught.map((held) => held.over.promise));
    await Promise.race([over, sleep(CLOSE_MS)]);
    for (const { bodies } of caught) for (const close of bodies.values()) close();
    await Promise.race([over, sleep(RECORD_MS)]);
    const times = caught.flatMap(({ lastByteAtMs }) => (lastByteAtMs === null ? [] : [lastByteAtMs]));
    const after = times.filter((atMs) => atMs >= fromMs);
    return { streams: caught.length, lastByteAtMs: after.length === 0 ? null : Math.max(...after) };
  }

  return {
    start,
    reader,
    find: (id) => live.get(id)?.generation,
    cutWhere(matches, reason) {
      let cut = 0;
      for (const { generation } of live.values()) {
        if (!matches(generation)) continue;
        cut++;
        generation.cut(reason);
      }
      return cut;
    },
    cutOff,
    end,
    count: () => live.size,
    async idle(withinMs) {
      const until = clock.monoMs() + withinMs;
      while (live.size > 0 && clock.monoMs() < until) await sleep(IDLE_POLL_MS);
    },
  };
}

/** Rejects with the signal's reason, should it come before the work is done. */
export function unlessAborted<Value>(work: Value | Promise<Value>, signal: AbortSignal): Value | Promise<Value> {
  signal.throwIfAborted();
  return work instanceof Promise ? raceWithAbort(work, signal) : work;
}

async function raceWithAbort<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort);
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
