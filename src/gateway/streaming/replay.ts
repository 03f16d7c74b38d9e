import type { Clock } from '../../base/clock.ts';
import type { Feed } from './feed.ts';

/**
 * A generation that may outlive its reader's connection: its frames are numbered (`id:` lines) and kept up to a number
 * of bytes, so that a reader who comes back with `Last-Event-ID` goes on where it stopped.
 */
export interface Replay {
  readonly id: string;
  readonly accountId: string;
  /** The whole generation, from its first frame. */
  readonly live: Feed;
  /** The frames after event `after`, then those still to come; null when they are no longer kept. */
  resume(after: number): Feed | null;
  /** The reader has gone: goes on reading the upstream for at most `graceMs`, then calls `giveUp` unless resumed. */
  detach(graceMs: number, giveUp: () => void): void;
}

interface Kept {
  readonly seq: number;
  readonly text: string;
}

export function createReplay(
  identity: Pick<Replay, 'id' | 'accountId'>,
  feed: Feed,
  bytesMax: number,
  sleep: (ms: number) => Promise<void>,
  clock: Clock,
): Replay {
  const kept: Kept[] = [];
  let bytes = 0;
  let seq = 0;
  let readers = 0;
  let pulling: Promise<void> | null = null;

  /** Takes the next frames off the generation, once, however many readers wait for them. */
  function pull(): Promise<void> {
    pulling ??= feed
      .next()
      .then(keep)
      .finally(() => {
        pulling = null;
      });
    return pulling;
  }
  function keep(frames: string): void {
    for (const event of frames.split('\n\n')) {
      if (event === '') continue;
      const text = `id: ${++seq}\n${event}\n\n`;
      kept.push({ seq, text });
      bytes += text.length;
    }
    while (bytes > bytesMax && kept.length > 1) bytes -= kept.shift()?.text.length ?? 0;
  }
  function attach(after: number): Feed {
    const reader = ++readers;
    let sent = after;
    let waiting = 0;
    return {
      async next() {
        waiting++;
        try {
          if (reader !== readers) return '';
          if (sent >= seq && !feed.over()) await pull();
          if (reader !== readers) return '';
          const frames = kept.filter((event) => event.seq > sent);
          sent = seq;
          return frames.map((event) => event.text).join('');
        } finally {
          waiting--;
        }
      },
      over: () => reader !== readers || (feed.over() && sent >= seq),
      busy: () => waiting > 0,
    };
  }
  return {
    ...identity,
    live: attach(0),
    resume(after) {
      const oldest = kept[0]?.seq ?? seq + 1;
      if (after > seq || after < oldest - 1) return null;
      return attach(after);
    },
    detach(graceMs, giveUp) {
      const reader = readers;
      const until = clock.monoMs() + graceMs;
      void goOn();
      async function goOn(): Promise<void> {
        const late = sleep(graceMs);
        while (reader === readers && clock.monoMs() < until) {
          if (feed.over() || bytes >= bytesMax) await late;
          else await Promise.race([pull(), late]);
        }
        if (reader === readers) giveUp();
      }
    },
  };
}
