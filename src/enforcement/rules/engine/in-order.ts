import { type EndedEvent } from '../events/facts.ts';

/** Later than this after its end no event becomes durable, but for what a crash left behind. */
const WAIT_MS = 500;
const WAITING_MAX = 20_000;

/**
 * Puts events into the order their requests ended, which is the order a replay has: becoming durable side by side, they
 * come a little out of it. Each waits for half a second.
 */
export interface InOrder {
  add(event: EndedEvent): void;
  /** Takes those that ended before `nowMs` less the wait, in order. */
  take(nowMs: number): readonly EndedEvent[];
}

export function createInOrder(): InOrder {
  let waiting: EndedEvent[] = [];
  return {
    add: (event) => void waiting.push(event),
    take(nowMs) {
      // More than that wait only where nobody takes them; the oldest go first then, whatever their end.
      const untilMs = waiting.length > WAITING_MAX ? Number.POSITIVE_INFINITY : nowMs - WAIT_MS;
      const ready = waiting.filter((event) => endOf(event) <= untilMs);
      if (ready.length > 0) waiting = waiting.filter((event) => endOf(event) > untilMs);
      return ready.sort(byEnd);
    },
  };
}

function byEnd(a: EndedEvent, b: EndedEvent): number {
  return endOf(a) - endOf(b) || (a.id < b.id ? -1 : 1);
}

function endOf({ atMs, totalMs }: Pick<EndedEvent, 'atMs' | 'totalMs'>): number {
  return atMs + totalMs;
}
