import { Worker } from 'node:worker_threads';

export type TokenEncoding = 'o200k_base' | 'cl100k_base';

export interface TokenCounter {
  /**
   * Exact tokens of a text, or null when it was not counted: too long, no room in line, or not done in time.
   * The caller then uses the estimate and marks it as one.
   */
  count(text: string, encoding?: TokenEncoding): Promise<number | null>;
  /** Ends the thread; counts that wait answer null. */
  close(): Promise<void>;
}

export interface TokenCounterLimits {
  /** Longer texts, in UTF-16 units, are not counted. */
  readonly textCharsMax: number;
  /** Texts that may wait for the one that is being counted. */
  readonly queueMax: number;
  /** Time one text may take in the thread; the thread is replaced when it takes longer. */
  readonly countMs: number;
  /** Longest a caller waits for its answer, time in line and loading of the vocabulary included. */
  readonly waitMs: number;
}

const DEFAULT_LIMITS: TokenCounterLimits = { textCharsMax: 400_000, queueMax: 256, countMs: 250, waitMs: 2000 };

export interface CountOrder {
  readonly id: number;
  readonly text: string;
  readonly encoding: TokenEncoding;
}

/** `begun` comes after the vocabulary is loaded, so that loading it is not taken for a slow text. */
export type CountAnswer =
  | { readonly type: 'begun'; readonly id: number }
  | { readonly type: 'counted'; readonly id: number; readonly tokens: number | null };

interface Job extends CountOrder {
  readonly answer: (tokens: number | null) => void;
  readonly waitTimer: ReturnType<typeof setTimeout>;
}

/** Models before GPT-4o use cl100k; everything newer, and everything unknown, is counted with o200k. */
export function encodingOf(model: string): TokenEncoding {
  return /^(gpt-4($|-)|gpt-3\.5|gpt-35|text-embedding-)/.test(model) ? 'cl100k_base' : 'o200k_base';
}

/**
 * Counts tokens exactly in a thread of its own, so that no text, however hostile, can hold up the event loop.
 * The thread starts with the first count. One text is counted at a time; the rest wait in a bounded line.
 */
export function createTokenCounter(limits: Partial<TokenCounterLimits> = {}): TokenCounter {
  return new ThreadedCounter({ ...DEFAULT_LIMITS, ...limits });
}

class ThreadedCounter implements TokenCounter {
  readonly #limits: TokenCounterLimits;
  readonly #waiting: Job[] = [];
  #thread: Worker | undefined;
  #current: Job | undefined;
  #countTimer: ReturnType<typeof setTimeout> | undefined;
  #nextId = 0;
  #closed = false;

  constructor(limits: TokenCounterLimits) {
    this.#limits = limits;
  }

  count(text: string, encoding: TokenEncoding = 'o200k_base'): Promise<number | null> {
    if (text.length === 0) return Promise.resolve(0);
    const full = this.#waiting.length >= this.#limits.queueMax;
    if (this.#closed || full || text.length > this.#limits.textCharsMax) return Promise.resolve(null);
    return new Promise((resolve) => {
      const id = this.#nextId++;
      const waitTimer = setTimeout(() => this.#giveUpWaiting(id), this.#limits.waitMs);
      this.#waiting.push({ id, text, encoding, answer: resolve, waitTimer });
      this.#startNext();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#countTimer);
    for (const job of this.#waiting.splice(0)) settle(job, null);
    if (this.#current !== undefined) settle(this.#current, null);
    this.#current = undefined;
    await this.#endThread();
  }

  #startNext(): void {
    const next = this.#current === undefined && !this.#closed ? this.#waiting.shift() : undefined;
    if (next === undefined) return;
    this.#current = next;
    this.#thread ??= this.#startThread();
    const order: CountOrder = { id: next.id, text: next.text, encoding: next.encoding };
    this.#thread.postMessage(order);
  }

  #startThread(): Worker {
    const thread = new Worker(new URL('./count-thread.ts', import.meta.url));
    thread.unref();
    thread.on('message', (answer: CountAnswer) => {
      if (answer.id !== this.#current?.id) return;
      if (answer.type === 'counted') this.#finish(answer.tokens);
      else this.#countTimer = setTimeout(() => this.#replaceThread(), this.#limits.countMs);
    });
    thread.on('error', () => {
      if (this.#thread === thread) this.#replaceThread();
    });
    return thread;
  }

  #replaceThread(): void {
    void this.#endThread();
    this.#finish(null);
  }

  async #endThread(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.terminate();
  }

  #finish(tokens: number | null): void {
    clearTimeout(this.#countTimer);
    const job = this.#current;
    this.#current = undefined;
    if (job !== undefined) settle(job, tokens);
    this.#startNext();
  }

  #giveUpWaiting(id: number): void {
    const at = this.#waiting.findIndex((job) => job.id === id);
    const [job] = at >= 0 ? this.#waiting.splice(at, 1) : [];
    if (job !== undefined) settle(job, null);
    // The thread goes on with the vocabulary or the text it is at; `countMs` bounds the latter.
    else if (this.#current?.id === id) this.#current.answer(null);
  }
}

function settle(job: Job, tokens: number | null): void {
  clearTimeout(job.waitTimer);
  job.answer(tokens);
}
