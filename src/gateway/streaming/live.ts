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
  readonly endUser: string | null;
  readonly signal: AbortSignal;
  /** Ends it; only the first reason counts. The upstream connection closes at once. */
  cut(reason: CutReason): void;
  /** Says that a body sends its answer; `close` ends that body, though nobody reads it. */
  opened(close: () => void): LiveBody;
}

/** Whose it is. */
type Identity = Pick<LiveGeneration, 'id' | 'keyId' | 'accountId' | 'app' | 'endUser'>;

/** What a cut-off did: how many it cut, and when the last byte went to any of their readers after it began. */
export interface CutOff {
  readonly streams: number;
  /** Wall milliseconds; null when none was sent. */
  readonly lastByteAtMs: number | null;
}

/** Everything in progress in this process. Revocation, cancelling and draining all act through it. */
export interface LiveGenerations {
  start(identity: Identity): LiveGeneration;
  /** A reader of an answer that somebody else began, or that is over. */
  reader(identity: Identity): Pick<LiveGeneration, 'opened'>;
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
  readonly sending: Sending;
}

interface Sending {
  open(close: () => void): LiveBody;
  /** The generation has ended; answers true while readers have not read to the end. */
  ended(): boolean;
  /** Ends every body. */
  close(): void;
  /** Wall milliseconds; null before any byte was sent. */
  lastByteAtMs(): number | null;
  /** Settles once the generation has ended and nothing of it is sent any more. */
  readonly over: Promise<void>;
}

/** Who reads an answer; `onOver` is called when nobody does and none will. */
function createSending(clock: Clock, onOver: () => void): Sending {
  const bodies = new Map<LiveBody, () => void>();
  const over = Promise.withResolvers<void>();
  let sentAtMs: number | null = null;
  let isEnded = false;

  function settle(): void {
    if (!isEnded || bodies.size > 0) return;
    onOver();
    over.resolve();
  }

  return {
    open(close) {
      const body: LiveBody = {
        sent() {
          sentAtMs = clock.wallMs();
        },
        over() {
          bodies.delete(body);
          settle();
        },
      };
      bodies.set(body, close);
      return body;
    },
    ended() {
      isEnded = true;
      // Without a body it leaves whole, as soon as its record is there.
      if (bodies.size === 0) sentAtMs ??= clock.wallMs();
      settle();
      return bodies.size > 0;
    },
    close() {
      for (const close of bodies.values()) close();
    },
    lastByteAtMs: () => sentAtMs,
    over: over.promise,
  };
}

export function createLiveGenerations(clock: Clock, sleep: (ms: number) => Promise<void>): LiveGenerations {
  const live = new Map<string, Held>();
  /** Ended, with readers who have not read to the end. */
  const unread = new Set<Held>();

  function hold(identity: Identity): Held {
    const controller = new AbortController();
    const sending = createSending(clock, () => unread.delete(held));
    const generation: LiveGeneration = {
      ...identity,
      signal: controller.signal,
      cut: (reason) => controller.abort(new CutError(reason)),
      opened: sending.open,
    };
    const held: Held = { generation, sending };
    return held;
  }
  async function cutOff(matches: (generation: LiveGeneration) => boolean, reason: CutReason): Promise<CutOff> {
    const fromMs = clock.wallMs();
    const caught = [...live.values(), ...unread].filter(({ generation }) => matches(generation));
    for (const { generation } of caught) generation.cut(reason);
    const over = Promise.all(caught.map(({ sending }) => sending.over));
    await Promise.race([over, sleep(CLOSE_MS)]);
    for (const { sending } of caught) sending.close();
    await Promise.race([over, sleep(RECORD_MS)]);
    const after = caught.flatMap(({ sending }) => {
      const atMs = sending.lastByteAtMs();
      return atMs === null || atMs < fromMs ? [] : [atMs];
    });
    return { streams: caught.length, lastByteAtMs: after.length === 0 ? null : Math.max(...after) };
  }

  return {
    start(identity) {
      const held = hold(identity);
      live.set(identity.id, held);
      return held.generation;
    },
    reader(identity) {
      const held = hold(identity);
      return {
        opened(close) {
          const body = held.generation.opened(close);
          unread.add(held);
          held.sending.ended();
          return body;
        },
      };
    },
    find: (id) => live.get(id)?.generation,
    cutWhere(matches, reason) {
      const caught = [...live.values()].filter(({ generation }) => matches(generation));
      for (const { generation } of caught) generation.cut(reason);
      return caught.length;
    },
    cutOff,
    end(id) {
      const held = live.get(id);
      if (held === undefined) return;
      live.delete(id);
      if (held.sending.ended()) unread.add(held);
    },
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
