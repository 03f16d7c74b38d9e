import type { Clock } from '../../base/clock.ts';
import type { Feed } from './feed.ts';

/** Finds readers that take nothing. One timer looks after all streams. */
export interface StallWatch {
  /** Starts watching; the returned function stops it. */
  watch(feed: Feed, onStall: () => void): () => void;
  /** The reader was given something. */
  served(feed: Feed): void;
  close(): void;
}

interface Watched {
  servedMs: number;
  readonly onStall: () => void;
}

const LOOKS_PER_STALL = 10;
const LOOK_MS_MIN = 50;

/** @param stallMs a reader not waiting for us, and given nothing for this long, has stalled */
export function createStallWatch(stallMs: number, clock: Clock): StallWatch {
  const streams = new Map<Feed, Watched>();
  let timer: ReturnType<typeof setInterval> | null = null;
  function look(): void {
    const now = clock.monoMs();
    for (const [feed, watched] of streams) {
      if (feed.busy()) watched.servedMs = now;
      else if (now - watched.servedMs > stallMs) watched.onStall();
    }
    if (streams.size === 0) stop();
  }
  function stop(): void {
    if (timer) clearInterval(timer);
    timer = null;
  }
  return {
    watch(feed, onStall) {
      streams.set(feed, { servedMs: clock.monoMs(), onStall });
      timer ??= setInterval(look, Math.max(LOOK_MS_MIN, stallMs / LOOKS_PER_STALL));
      return () => void streams.delete(feed);
    },
    served(feed) {
      const watched = streams.get(feed);
      if (watched) watched.servedMs = clock.monoMs();
    },
    close: stop,
  };
}
