import type { Clock } from '../base/clock.ts';

/** The wall clock may jump, so the time is looked at again after this long even if the next expiry is far away. */
const LOOK_AGAIN_MS = 1_000;

export interface ExpiryWatch {
  /** Says that the set of expiry dates has changed. */
  changed(): void;
  stop(): void;
}

/**
 * One timer for the next date among `dates` (wall milliseconds by id), which must then lose the id that `onExpired` is
 * told; nothing runs while there is no date to wait for. Dates already past are told at the next `changed`.
 */
export function watchExpiries(
  clock: Clock,
  dates: ReadonlyMap<string, number>,
  onExpired: (id: string) => void,
): ExpiryWatch {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let stopped = false;

  function look(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const now = clock.wallMs();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const [id, atMs] of dates) {
      if (atMs <= now) onExpired(id);
      else nextMs = Math.min(nextMs, atMs);
    }
    if (stopped || nextMs === Number.POSITIVE_INFINITY) return;
    timer = setTimeout(look, Math.min(nextMs - now, LOOK_AGAIN_MS));
    timer.unref();
  }

  return {
    changed: look,
    stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}
