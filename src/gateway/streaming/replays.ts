import type { Replay } from './replay.ts';

/** Generations a reader may come back to. */
export interface Replays {
  add(replay: Replay): void;
  find(id: string): Replay | undefined;
  /** Its generation is over; it is kept for latecomers, unless more than a bounded number are. */
  retire(id: string): void;
  remove(id: string): void;
}

/** Finished generations kept, each at most `streaming.buffer_bytes_max`; the longest finished goes first. */
const RETIRED_MAX = 1_000;

export function createReplays(retiredMax = RETIRED_MAX): Replays {
  const kept = new Map<string, Replay>();
  const retired = new Set<string>();
  function remove(id: string): void {
    kept.delete(id);
    retired.delete(id);
  }
  return {
    add: (replay) => void kept.set(replay.id, replay),
    find: (id) => kept.get(id),
    retire(id) {
      retired.add(id);
      if (retired.size <= retiredMax) return;
      const [oldest] = retired;
      if (oldest !== undefined) remove(oldest);
    },
    remove,
  };
}
