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

/** Sees when this process is not run, so that a busy machine is not taken for a slow program. */
export interface LagWatch {
  /** Milliseconds between two moments of `performance.now()` in which nothing here could have happened. */
  stolenMs(fromMs: number, toMs: number): number;
  stop(): void;
}

const LAG_LOOK_MS = 2;

export function watchLag(): LagWatch {
  const gaps: { readonly fromMs: number; readonly toMs: number }[] = [];
  let lastMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    if (nowMs - lastMs > 3 * LAG_LOOK_MS) gaps.push({ fromMs: lastMs + LAG_LOOK_MS, toMs: nowMs });
    lastMs = nowMs;
  }, LAG_LOOK_MS);
  return {
    stolenMs: (fromMs, toMs) =>
      gaps.reduce((sum, gap) => sum + Math.max(0, Math.min(toMs, gap.toMs) - Math.max(fromMs, gap.fromMs)), 0),
    stop: () => clearInterval(timer),
  };
}
