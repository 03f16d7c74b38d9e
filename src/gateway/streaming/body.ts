import type { Feed } from './feed.ts';
import type { LiveBody, LiveGeneration } from './live.ts';
import type { StallWatch } from './stall-watch.ts';

export interface BodyParts {
  readonly feed: Feed;
  readonly stalls: StallWatch;
  /** Whose answer this is; none where it is over and kept. */
  readonly live?: Pick<LiveGeneration, 'opened'> | undefined;
  /** The reader took nothing for too long. */
  onStall(): void;
  /** The reader closed the connection before the end. */
  onGone(): void;
  /** The last frames are about to be sent. */
  onEnd?(): void;
}

const encoder = new TextEncoder();

/**
 * The body of a streamed answer. Pull-based: the upstream is read only when the reader's socket has room, so a slow
 * reader costs one batch of frames and what the kernel buffers, never the whole answer. Of a cut, a reader is told at
 * its next pull; one that does not pull again stalls, and is closed like any other that does.
 */
export function streamBody(parts: BodyParts): ReadableStream<Uint8Array> {
  const { feed, stalls } = parts;
  let closed = false;
  let stall: (() => void) | null = null;
  let body: LiveBody | null = null;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        body = parts.live?.opened(() => close(() => controller.error(new Error('access revoked')))) ?? null;
        stall = stalls.watch(feed, () => {
          if (!feed.over()) parts.onStall();
          close(() => controller.error(new Error('reader stalled')));
        });
      },
      async pull(controller) {
        const frames = await feed.next();
        stalls.served(feed);
        if (feed.over()) finish(controller, frames);
        else if (!closed) send(controller, frames);
      },
      cancel() {
        close(() => undefined);
        if (!feed.over()) parts.onGone();
      },
    },
    { highWaterMark: 0 },
  );

  function finish(controller: ReadableStreamDefaultController<Uint8Array>, frames: string): void {
    close(() => {
      parts.onEnd?.();
      if (frames !== '') send(controller, frames);
      controller.close();
    });
  }
  function send(controller: ReadableStreamDefaultController<Uint8Array>, frames: string): void {
    controller.enqueue(encoder.encode(frames));
    body?.sent();
  }
  function close(how: () => void): void {
    if (closed) return;
    closed = true;
    stall?.();
    how();
    body?.over();
  }
}
