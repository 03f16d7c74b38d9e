import type { Feed } from './feed.ts';

/**
 * A generation that may outlive its reader's connection: its frames are numbered (`id:` lines) and kept up to a number
 * of bytes, so that a reader who comes back with `Last-Event-ID` goes on where it stopped.
 */
export interface Replay {
  readonly id: string;
  /** Whoever started it is who may come back to it, so that revoking that key ends every reading of it. */
  readonly keyId: string;
  readonly endUser: string | null;
  /** The whole generation, from its first frame. */
  readonly live: Feed;
  /** The frames after event `after`, then those still to come; null when they are no longer kept. */
  resume(after: number): Feed | null;
  /**
   * The reader has gone: goes on reading the upstream, as far as its frames can be kept, for `graceMs`; then calls
   * `giveUp` unless somebody resumed.
   */
  detach(graceMs: number, giveUp: () => void): void;
}

export function createReplay(
  identity: Pick<Replay, 'id' | 'keyId' | 'endUser'>,
  feed: Feed,
  bytesMax: number,
  sleep: (ms: number) => Promise<void>,
): Replay {
  const kept = createKeptFrames(bytesMax);
  let complete = false;
  let readers = 0;
  let pulling: Promise<void> | null = null;

  /** Whether nobody attached after this reader: the latest reader is the only one that is served. */
  function isLatestFrom(reader: number): () => boolean {
    return () => reader === readers;
  }
  /** Takes the next frames off the generation, once, however many readers wait for them. */
  function pull(): Promise<void> {
    pulling ??= takeNext().finally(() => {
      pulling = null;
    });
    return pulling;
  }
  async function takeNext(): Promise<void> {
    kept.add(await feed.next());
    complete = feed.over();
  }
  function attach(after: number): Feed {
    const isLatest = isLatestFrom(++readers);
    let sent = after;
    let waiting = 0;
    const mustWait = () => sent >= kept.last() && !complete && isLatest();
    async function next(): Promise<string> {
      while (mustWait()) await pull();
      if (!isLatest()) return '';
      const frames = kept.after(sent);
      sent = kept.last();
      kept.trim();
      return frames;
    }
    return {
      next() {
        waiting++;
        return next().finally(() => {
          waiting--;
        });
      },
      over: () => !isLatest() || (complete && sent >= kept.last()),
      busy: () => waiting > 0,
    };
  }
  async function detach(graceMs: number, giveUp: () => void): Promise<void> {
    const isLatest = isLatestFrom(readers);
    let late = false;
    const end = sleep(graceMs).then(() => {
      late = true;
    });
    const mayPull = () => isLatest() && !late && !complete && !kept.full();
    while (mayPull()) await Promise.race([pull(), end]);
    await end;
    if (isLatest()) giveUp();
  }
  return {
    ...identity,
    live: attach(0),
    resume: (after) => (after >= kept.first() - 1 && after <= kept.last() ? attach(after) : null),
    detach: (graceMs, giveUp) => void detach(graceMs, giveUp),
  };
}

/** The latest frames of a generation, numbered from 1. */
function createKeptFrames(bytesMax: number) {
  const frames: string[] = [];
  let bytes = 0;
  let first = 1;
  const last = () => first + frames.length - 1;
  return {
    first: () => first,
    last,
    full: () => bytes >= bytesMax,
    add(text: string): void {
      for (const frame of text.split('\n\n')) {
        if (frame === '') continue;
        const numbered = `id: ${last() + 1}\n${frame}\n\n`;
        frames.push(numbered);
        bytes += Buffer.byteLength(numbered);
      }
    },
    after: (number: number) => frames.slice(number - first + 1).join(''),
    /** Lets the oldest go; only called when a reader has taken all of them. */
    trim(): void {
      let gone = 0;
      while (bytes > bytesMax && gone < frames.length - 1) bytes -= Buffer.byteLength(frames[gone++] ?? '');
      frames.splice(0, gone);
      first += gone;
    },
  };
}
