import type { Feed } from '../streaming/feed.ts';

/**
 * One generation read by several readers: whoever asks first for what is not there yet pulls it, and every reader gets
 * all of it from the beginning. What was sent is kept up to a number of characters; beyond that nobody new can join.
 */
export interface SharedFeed {
  /** A reader from the first frame on; null once frames have been let go. */
  join(): Feed | null;
  /** Everything sent so far; null once frames have been let go. */
  text(): string | null;
  /** Reads on without any reader, to the end. */
  finish(): Promise<void>;
}

export function createSharedFeed(feed: Feed, charsMax: number): SharedFeed {
  const frames: string[] = [];
  let chars = 0;
  let whole = true;
  let gone = 0;
  let pulling: Promise<void> | null = null;

  function pull(): Promise<void> {
    pulling ??= takeNext().finally(() => {
      pulling = null;
    });
    return pulling;
  }
  async function takeNext(): Promise<void> {
    const text = await feed.next();
    frames.push(text);
    chars += text.length;
    if (chars > charsMax) letGo();
  }
  /** Readers that joined go on from what they have; only the place of each frame is remembered. */
  function letGo(): void {
    whole = false;
    for (; gone < frames.length - KEPT_FRAMES; gone++) frames[gone] = '';
  }
  function join(): Feed | null {
    if (!whole) return null;
    let sent = 0;
    let waiting = 0;
    let lost = false;
    async function next(): Promise<string> {
      while (sent >= frames.length && (pulling || !feed.over())) await pull();
      if (!whole && frames.length - sent > KEPT_FRAMES) {
        lost = true;
        return '';
      }
      const text = frames.slice(sent).join('');
      sent = frames.length;
      return text;
    }
    return {
      next() {
        waiting++;
        return next().finally(() => {
          waiting--;
        });
      },
      over: () => lost || (feed.over() && pulling === null && sent >= frames.length),
      busy: () => waiting > 0,
    };
  }
  return {
    join,
    text: () => (whole ? frames.join('') : null),
    async finish() {
      while (!feed.over()) await pull();
    },
  };
}

/** Once frames are let go, a reader may lag this many batches behind the one that reads fastest. */
const KEPT_FRAMES = 64;
