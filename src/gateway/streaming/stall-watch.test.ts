import { expect, test } from 'bun:test';
import type { Feed } from './feed.ts';
import { createStallWatch } from './stall-watch.ts';

const STALL_MS = 150;
const LOOK_MS = 50;

function start() {
  let nowMs = 0;
  const watch = createStallWatch(STALL_MS, { wallMs: () => 0, monoMs: () => nowMs });
  return {
    watch,
    /** Moves the clock and lets one look at the streams happen. */
    async after(ms: number) {
      nowMs += ms;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS + 15));
    },
  };
}

function feed(busy: () => boolean): Feed {
  return { next: async () => '', over: () => false, busy };
}

test('a reader that takes nothing is found, one that waits for us or was served is not', async () => {
  const { watch, after } = start();
  const stalled: string[] = [];
  const idle = feed(() => false);
  const served = feed(() => false);
  const stops = [
    watch.watch(idle, () => stalled.push('idle')),
    watch.watch(served, () => stalled.push('served')),
    watch.watch(
      feed(() => true),
      () => stalled.push('waiting'),
    ),
  ];
  await after(STALL_MS - 1);
  expect(stalled).toEqual([]);
  watch.served(served);
  await after(10);
  stops[0]?.();
  expect(stalled).toEqual(['idle']);
  await after(STALL_MS);
  expect(stalled).toContain('served');
  expect(stalled).not.toContain('waiting');
  for (const stop of stops) stop();
  watch.close();
});

test('a reader that stops being watched is left alone', async () => {
  const { watch, after } = start();
  let stalls = 0;
  watch.watch(
    feed(() => false),
    () => stalls++,
  )();
  await after(10 * STALL_MS);
  expect(stalls).toBe(0);
  watch.close();
});
