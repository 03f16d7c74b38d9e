import type { Clock } from '../../base/clock.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import { smaller } from '../../base/money.ts';
import type { Hold, HoldOrder, HoldRefusal } from '../ledger.ts';
import type { Part, Purse } from './purse.ts';

type Answer = Result<Hold, HoldRefusal>;

interface Waiter {
  readonly order: HoldOrder;
  readonly answer: (answer: Answer) => void;
  /** Orders that came later and were served while this one was the first. */
  overtaken: number;
}

export interface HoldQueueDeps {
  readonly clock: Clock;
  readonly waitersMax: number;
  /** Makes the hold of what was taken. */
  readonly hold: (order: HoldOrder, purse: Purse, parts: readonly Part[]) => Hold;
}

/** Orders that pass the first of the queue before all have to wait for it: a large one is delayed, never starved. */
const OVERTAKEN_MAX = 8;

/** Orders that wait for other holds of their account to end. Everything is decided at once and in memory. */
export function createHoldQueue({ clock, waitersMax, hold }: HoldQueueDeps) {
  const queues = new Map<Purse, Waiter[]>();

  /** Null: it has to wait. */
  function attempt(order: HoldOrder, purse: Purse): Answer | null {
    const now = clock.wallMs();
    const available = purse.available(order, now);
    if (available >= order.least) {
      return ok(hold(order, purse, purse.take(smaller(available, order.need), order, now)));
    }
    return purse.possible(order, now) < order.least ? refuse({ reason: 'credit_exhausted', available }) : null;
  }

  /** The purse must not be stale. */
  function enter(order: HoldOrder, purse: Purse): Answer | Promise<Answer> {
    const queue = queues.get(purse) ?? [];
    const first = queue[0];
    const answer = first === undefined || first.overtaken < OVERTAKEN_MAX ? attempt(order, purse) : null;
    if (answer !== null) {
      if (answer.ok && first !== undefined) first.overtaken++;
      return answer;
    }
    if (order.waitMs <= 0) return exhausted(order, purse);
    if (queue.length >= waitersMax) return refuse({ reason: 'credit_queue_full' });
    return wait(order, purse, queue);
  }

  function wait(order: HoldOrder, purse: Purse, queue: Waiter[]): Promise<Answer> {
    return new Promise((resolve) => {
      const waiter: Waiter = {
        order,
        overtaken: 0,
        answer(answer) {
          clearTimeout(timer);
          order.signal.removeEventListener('abort', onAbort);
          leave(waiter, purse);
          resolve(answer);
        },
      };
      const onAbort = () => {
        waiter.answer(refuse({ reason: 'aborted' }));
        wake(purse);
      };
      const timer = setTimeout(() => {
        waiter.answer(exhausted(order, purse));
        wake(purse);
      }, order.waitMs);
      order.signal.addEventListener('abort', onAbort);
      purse.users++;
      queue.push(waiter);
      queues.set(purse, queue);
    });
  }

  function leave(waiter: Waiter, purse: Purse): void {
    purse.users--;
    const queue = queues.get(purse) ?? [];
    queue.splice(queue.indexOf(waiter), 1);
    if (queue.length === 0) queues.delete(purse);
  }

  /** Serves who can be served now, the first come first. */
  function wake(purse: Purse): void {
    const queue = queues.get(purse);
    if (queue === undefined || purse.stale) return;
    for (const waiter of [...queue]) {
      const first = queue[0];
      if (first !== waiter && first !== undefined && first.overtaken >= OVERTAKEN_MAX) return;
      const answer = attempt(waiter.order, purse);
      if (answer === null) continue;
      if (answer.ok && first !== undefined && first !== waiter) first.overtaken++;
      waiter.answer(answer);
    }
  }

  function exhausted(order: HoldOrder, purse: Purse): Answer {
    return refuse({ reason: 'credit_exhausted', available: purse.available(order, clock.wallMs()) });
  }

  return {
    enter,
    wake,
    close() {
      for (const queue of queues.values()) for (const { answer } of [...queue]) answer(refuse({ reason: 'aborted' }));
    },
  };
}
