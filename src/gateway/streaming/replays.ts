import type { Replay } from './replay.ts';

/** Generations a reader may come back to. */
export interface Replays {
  add(replay: Replay): void;
  find(id: string): Replay | undefined;
  remove(id: string): void;
}

export function createReplays(): Replays {
  const kept = new Map<string, Replay>();
  return {
    add: (replay) => void kept.set(replay.id, replay),
    find: (id) => kept.get(id),
    remove: (id) => void kept.delete(id),
  };
}
