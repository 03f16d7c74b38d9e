import type { CounterDeclaration } from '../contract.ts';
import { spanMs } from '../contract.ts';
import type { Counter } from '../counters/counter.ts';
import { createDecayedCounter } from '../counters/decayed-counter.ts';
import { DistinctCounter } from '../counters/distinct-counter.ts';
import { createRingCounter } from '../counters/ring-counter.ts';
import { createRoom, type Room } from '../counters/room.ts';

const KEYS_MAX = 262_144;
const LISTS_MAX = 65_536;
const SKETCHES_MAX = 1_024;

export interface BankFigures {
  readonly bytes: number;
  readonly bytesMax: number;
  readonly evicted: number;
  readonly counters: number;
}

/** Every counter there is, by what it counts. A counter that is not asked for any more is given up with what it holds. */
export interface CounterBank {
  of(id: string, declaration: CounterDeclaration): Counter;
  /** Gives up all but these. */
  keep(ids: ReadonlySet<string>): void;
  figures(): BankFigures;
}

export function createCounterBank(bytesMax: number): CounterBank {
  const room = createRoom(bytesMax);
  const counters = new Map<string, Counter>();
  let evictedBefore = 0;
  return {
    of(id, declaration) {
      const found = counters.get(id) ?? createCounter(declaration, room);
      counters.set(id, found);
      return found;
    },
    keep(ids) {
      for (const [id, counter] of counters) {
        if (ids.has(id)) continue;
        room.give(counter.figures().bytes);
        evictedBefore += counter.figures().evicted;
        counters.delete(id);
      }
    },
    figures: () => ({
      bytes: room.taken(),
      bytesMax,
      evicted: [...counters.values()].reduce((sum, counter) => sum + counter.figures().evicted, evictedBefore),
      counters: counters.size,
    }),
  };
}

function createCounter(declaration: CounterDeclaration, room: Room): Counter {
  switch (declaration.kind) {
    case 'count':
    case 'sum': {
      const windowMs = spanMs(declaration.window);
      return createRingCounter({ windowMs, sums: declaration.kind === 'sum', keysMax: KEYS_MAX, room });
    }
    case 'decayed':
      return createDecayedCounter({ halfLifeMs: spanMs(declaration.half_life), keysMax: KEYS_MAX, room });
    case 'distinct': {
      const windowMs = spanMs(declaration.window);
      return new DistinctCounter({
        windowMs,
        keysMax: KEYS_MAX,
        listsMax: LISTS_MAX,
        sketchesMax: SKETCHES_MAX,
        room,
      });
    }
  }
}
