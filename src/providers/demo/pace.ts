import type { Clock } from '../../base/clock.ts';
import { type Attempt, ProviderFault } from '../provider.ts';

/** For one attempt: what to wait for before the piece numbered from 1 may go out; undefined when it may at once. */
export type Pace = (attempt: Attempt) => (piece: number) => Promise<void> | undefined;

/** Timers count in 32 bits; a longer wait is cut by its attempt's total time-out long before. */
const TIMER_MS_MAX = 2_147_483_647;

/** Pieces at a steady rate; 0 sets none. What a slow reader left waiting goes out at once, as upstreams do. */
export function paceOf(piecesPerSecond: number, clock: Clock): Pace {
  if (piecesPerSecond <= 0) return () => () => undefined;
  return ({ signal, timeouts }) => {
    const startedMs = clock.monoMs();
    return (piece) => {
      const dueMs = (piece * 1000) / piecesPerSecond;
      const leftMs = Math.min(dueMs, timeouts.totalMs) - (clock.monoMs() - startedMs);
      const late = dueMs > timeouts.totalMs;
      if (leftMs <= 0 && !late) return undefined;
      return wait(leftMs, signal).then(() => {
        if (late) throw new ProviderFault('total_timeout', 'the demo provider is set to answer slower than this');
      });
    };
  };
}

/** Resolves after `ms`, or rejects with the signal's reason as soon as it aborts. */
function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal.reason }));
    };
    const timer = setTimeout(
      () => {
        signal.removeEventListener('abort', stop);
        resolve();
      },
      Math.min(Math.max(ms, 0), TIMER_MS_MAX),
    );
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
}
