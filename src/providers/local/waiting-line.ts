import { ProviderFault } from '../provider.ts';

interface Waiter {
  readonly enter: () => void;
}

/** Lets `placesMax` callers in at once; `queueMax` more wait in order, and the next one is refused. */
export class WaitingLine {
  readonly #queueMax: number;
  readonly #waiting: Waiter[] = [];
  #places: number;

  constructor(placesMax: number, queueMax: number) {
    this.#places = placesMax;
    this.#queueMax = queueMax;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Resolves when the caller has a place, which it gives back with `leave`. Throws `unavailable` when the line is
   * full, and the signal's reason when it aborts first.
   */
  async enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#places > 0) {
      this.#places--;
      return;
    }
    if (this.#waiting.length >= this.#queueMax) {
      throw new ProviderFault('unavailable', 'the waiting line of the local model is full', { retryAfterMs: 1000 });
    }
    await this.#wait(signal);
  }

  /** Gives a place back: to whoever waits longest, else to the next to come. */
  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#places++;
    else next.enter();
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        enter: () => {
          signal.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(signal.reason as Error);
      };
      this.#waiting.push(waiter);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }
}
