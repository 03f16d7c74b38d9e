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
  readonly settle: (tokens: number | null) => void;
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
  const bounds = { ...DEFAULT_LIMITS, ...limits };
  const waiting: Job[] = [];
  let thread: Worker | undefined;
  let current: Job | undefined;
  let countTimer: ReturnType<typeof setTimeout> | undefined;
  let nextId = 0;
  let closed = false;

  function startThread(): Worker {
    const started = new Worker(new URL('./count-thread.ts', import.meta.url));
    started.unref();
    started.on('message', (answer: CountAnswer) => {
      if (answer.id !== current?.id) return;
      if (answer.type === 'begun') countTimer = setTimeout(replaceThread, bounds.countMs);
      else finish(answer.tokens);
    });
    started.on('error', () => {
      if (thread === started) replaceThread();
    });
    return started;
  }

  function replaceThread(): void {
    void endThread();
    finish(null);
  }

  async function endThread(): Promise<void> {
    const ended = thread;
    thread = undefined;
    await ended?.terminate();
  }

  function finish(tokens: number | null): void {
    clearTimeout(countTimer);
    const done = current;
    current = undefined;
    if (done !== undefined) settle(done, tokens);
    startNext();
  }

  function settle(job: Job, tokens: number | null): void {
    clearTimeout(job.waitTimer);
    job.settle(tokens);
  }

  function startNext(): void {
    const next = current === undefined && !closed ? waiting.shift() : undefined;
    if (next === undefined) return;
    current = next;
    thread ??= startThread();
    const order: CountOrder = { id: next.id, text: next.text, encoding: next.encoding };
    thread.postMessage(order);
  }

  function giveUpWaiting(id: number): void {
    const at = waiting.findIndex((job) => job.id === id);
    const [job] = at >= 0 ? waiting.splice(at, 1) : [];
    if (job !== undefined) settle(job, null);
    // The thread goes on with the vocabulary or the text it is at; `countMs` bounds the latter.
    else if (current?.id === id) current.settle(null);
  }

  return {
    count(text, encoding = 'o200k_base') {
      if (text.length === 0) return Promise.resolve(0);
      if (closed || text.length > bounds.textCharsMax || waiting.length >= bounds.queueMax)
        return Promise.resolve(null);
      return new Promise((resolve) => {
        const id = nextId++;
        const waitTimer = setTimeout(giveUpWaiting, bounds.waitMs, id);
        waiting.push({ id, text, encoding, settle: resolve, waitTimer });
        startNext();
      });
    },
    async close() {
      closed = true;
      clearTimeout(countTimer);
      for (const job of waiting.splice(0)) settle(job, null);
      if (current !== undefined) settle(current, null);
      current = undefined;
      await endThread();
    },
  };
}
