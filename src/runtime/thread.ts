/** A second thread of this process, with its own event loop; values cross by structured clone. */
export interface Thread {
  post(message: unknown): void;
  end(): void;
}

/** Starts the module at `url` on a thread. `onDeath` is called when it breaks down or ends unasked. */
export function startThread(
  url: URL,
  handlers: { readonly onMessage: (message: unknown) => void; readonly onDeath: (cause: string) => void },
): Thread {
  const worker = new Worker(url, { type: 'module' });
  let ended = false;
  const die = (cause: string) => {
    if (ended) return;
    ended = true;
    handlers.onDeath(cause);
  };
  worker.onmessage = (event: MessageEvent<unknown>) => handlers.onMessage(event.data);
  worker.onerror = (event) => die(event.message);
  worker.addEventListener('close', () => die('the thread ended'));
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    post: (message) => worker.postMessage(message),
    end() {
      ended = true;
      worker.terminate();
    },
  };
}

/** Inside a thread: receives from and answers to the one that started it. */
export function servePort(onMessage: (message: unknown, post: (message: unknown) => void) => void): void {
  const scope = globalThis as unknown as {
    onmessage: ((event: MessageEvent<unknown>) => void) | null;
    postMessage(message: unknown): void;
  };
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  const post = (message: unknown) => scope.postMessage(message);
  scope.onmessage = (event) => onMessage(event.data, post);
}
