import type { Clock } from '../../src/base/clock.ts';

/** Time that moves only when a test says so. */
export interface HeldTime {
  readonly clock: Clock;
  /** Resolves once the clock has been moved that far. */
  sleep(ms: number): Promise<void>;
  /** Moves the clock, waking sleepers in order, each with time to act before the next. */
  advance(ms: number): Promise<void>;
}

export function createHeldTime(): HeldTime {
  let nowMs = 0;
  let sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];
  return {
    clock: { wallMs: () => 1_700_000_000_000 + nowMs, monoMs: () => nowMs },
    sleep: (ms) => new Promise((wake) => sleepers.push({ atMs: nowMs + ms, wake })),
    async advance(ms) {
      const untilMs = nowMs + ms;
      await settled();
      for (;;) {
        const next = sleepers.filter((one) => one.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (!next) break;
        sleepers = sleepers.filter((one) => one !== next);
        nowMs = Math.max(nowMs, next.atMs);
        next.wake();
        await settled();
      }
      nowMs = untilMs;
    },
  };
}

/** Lets everything that is due without time passing happen. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
