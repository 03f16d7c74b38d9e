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
export class HoldQueue {
  readonly #deps: HoldQueueDeps;
  readonly #queues = new Map<Purse, Waiter[]>();

  constructor(deps: HoldQueueDeps) {
    this.#deps = deps;
  }

  /** Null: it has to wait. */
  #attempt(order: HoldOrder, purse: Purse): Answer | null {
    const now = this.#deps.clock.wallMs();
    const signupMost = order.signupMost?.() ?? null;
    const available = purse.available(order, now, signupMost);
    if (available >= order.least) {
      return ok(this.#deps.hold(order, purse, purse.take(smaller(available, order.need), order, now, signupMost)));
    }
    if (purse.possible(order, now) < order.least) return refuse({ reason: 'credit_exhausted', available });
    return purse.possible(order, now, signupMost) < order.least ? refuse({ reason: 'signup_credit_paced' }) : null;
  }

  /** The purse must not be stale. */
  enter(order: HoldOrder, purse: Purse): Answer | Promise<Answer> {
    const queue = this.#queues.get(purse) ?? [];
    const first = queue[0];
    const answer = first === undefined || first.overtaken < OVERTAKEN_MAX ? this.#attempt(order, purse) : null;
    if (answer !== null) {
      if (answer.ok && first !== undefined) first.overtaken++;
      return answer;
    }
    if (order.waitMs <= 0) return this.#stillHeld(order, purse);
    if (queue.length >= this.#deps.waitersMax) return refuse({ reason: 'credit_queue_full' });
    return this.#wait(order, purse, queue);
  }

  #wait(order: HoldOrder, purse: Purse, queue: Waiter[]): Promise<Answer> {
    return new Promise((resolve) => {
      const waiter: Waiter = {
        order,
        overtaken: 0,
        answer: (answer) => {
          clearTimeout(timer);
          order.signal.removeEventListener('abort', onAbort);
          this.#leave(waiter, purse);
          resolve(answer);
        },
      };
      const onAbort = () => {
        waiter.answer(refuse({ reason: 'aborted' }));
        this.wake(purse);
      };
      const timer = setTimeout(() => {
        waiter.answer(this.#stillHeld(order, purse));
        this.wake(purse);
      }, order.waitMs);
      order.signal.addEventListener('abort', onAbort);
      purse.users++;
      queue.push(waiter);
      this.#queues.set(purse, queue);
    });
  }

  #leave(waiter: Waiter, purse: Purse): void {
    purse.users--;
    const queue = this.#queues.get(purse) ?? [];
    queue.splice(queue.indexOf(waiter), 1);
    if (queue.length === 0) this.#queues.delete(purse);
  }

  /** Serves who can be served now, the first come first. */
  wake(purse: Purse): void {
    const queue = this.#queues.get(purse);
    if (queue === undefined || purse.stale) return;
    for (const waiter of queue.slice()) {
      const first = queue[0];
      if (first !== waiter && first !== undefined && first.overtaken >= OVERTAKEN_MAX) return;
      const answer = this.#attempt(waiter.order, purse);
      if (answer === null) continue;
      if (answer.ok && first !== undefined && first !== waiter) first.overtaken++;
      waiter.answer(answer);
    }
  }

  #stillHeld(order: HoldOrder, purse: Purse): Answer {
    return refuse({ reason: 'credit_held', available: purse.available(order, this.#deps.clock.wallMs()) });
  }

  close(): void {
    for (const queue of this.#queues.values()) {
      for (const { answer } of queue.slice()) answer(refuse({ reason: 'aborted' }));
    }
  }
}
