/**
 * Holds frames back while many streams run, so that tokens travel together: every stream flushes once a period, and
 * the period's ticks spread the streams over it. One timer serves all of them.
 */
export interface Pacer {
  /** Resolves when this stream may flush; at once while few streams run. */
  turn(slot: number): Promise<void> | null;
  /** Counts a stream; returns the slot it flushes in. */
  join(): number;
  leave(): void;
  /** Streams now. */
  count(): number;
  close(): void;
}

export interface PacerSettings {
  readonly coalesceAbove: number;
  readonly coalesceMs: number;
}

const SLOTS = 5;

export function createPacer(settings: PacerSettings): Pacer {
  const waiting: (() => void)[][] = Array.from({ length: SLOTS }, () => []);
  let streams = 0;
  let joined = 0;
  let tick = 0;
  let closed = false;
  let timer: ReturnType<typeof setInterval> | null = null;

  function flushNext(): void {
    tick = (tick + 1) % SLOTS;
    const due = waiting[tick] ?? [];
    waiting[tick] = [];
    for (const resolve of due) resolve();
    if (streams <= settings.coalesceAbove) stop();
  }
  function stop(): void {
    if (timer) clearInterval(timer);
    timer = null;
    for (const due of waiting) for (const resolve of due.splice(0)) resolve();
  }
  return {
    turn(slot) {
      if (closed || streams <= settings.coalesceAbove || settings.coalesceMs === 0) return null;
      timer ??= setInterval(flushNext, settings.coalesceMs / SLOTS);
      return new Promise((resolve) => waiting[slot]?.push(resolve));
    },
    join() {
      streams++;
      return joined++ % SLOTS;
    },
    leave() {
      streams--;
    },
    count: () => streams,
    close() {
      closed = true;
      stop();
    },
  };
}
