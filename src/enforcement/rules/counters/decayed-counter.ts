import type { Counter } from './counter.ts';
import { KeyTable } from './key-table.ts';
import type { Room } from './room.ts';

/** What is left after so many half-lives is a millionth: the key is forgotten. */
const HALF_LIVES_MAX = 20;

/** Events that weigh half as much after each half-life: a burst score without the edges of a window. */
export function createDecayedCounter(options: {
  readonly halfLifeMs: number;
  readonly keysMax: number;
  readonly room: Room;
}): Counter {
  const { halfLifeMs, keysMax, room } = options;
  let weights = new Float64Array(0);
  const payload = {
    bytesEach: 8,
    resize(entries: number, from: Int32Array) {
      const before = weights;
      weights = new Float64Array(entries);
      for (let at = 0; at < entries; at++) weights[at] = before[from[at] ?? -1] ?? 0;
    },
    clear: (at: number) => void (weights[at] = 0),
  };
  const table = new KeyTable(payload, room, keysMax);
  const share = (ms: number) => 2 ** (-ms / halfLifeMs);
  return {
    add(low, high, atMs) {
      const at = table.claim(low, high, atMs, atMs - HALF_LIVES_MAX * halfLifeMs);
      if (at === -1) return;
      const newest = table.newest[at] ?? atMs;
      const weight = weights[at] ?? 0;
      weights[at] = atMs >= newest ? weight * share(atMs - newest) + 1 : weight + share(newest - atMs);
      table.newest[at] = Math.max(newest, atMs);
    },
    read(low, high, atMs) {
      const at = table.find(low, high);
      if (at === -1) return 0;
      return (weights[at] ?? 0) * share(Math.max(atMs - (table.newest[at] ?? 0), 0));
    },
    figures: () => ({ bytes: table.bytes(), evicted: table.evicted }),
  };
}
