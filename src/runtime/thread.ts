/** A second thread of this process, with its own event loop; values cross by structured clone. */
export interface Thread<Sent> {
  post(message: Sent): void;
  end(): void;
}

/** Starts the module at `url` on a thread. `onDeath` is called when it breaks down or ends unasked. */
export function startThread<Sent, Received>(
  url: URL,
  handlers: { readonly onMessage: (message: Received) => void; readonly onDeath: (cause: string) => void },
): Thread<Sent> {
  const worker = new Worker(url, { type: 'module' });
  let ended = false;
  const die = (cause: string) => {
    if (ended) return;
    ended = true;
    handlers.onDeath(cause);
  };
  worker.onmessage = (event: MessageEvent<Received>) => handlers.onMessage(event.data);
  worker.onerror = (event) => die(event.message);
  worker.addEventListener('close', () => die('the thread ended'));
  return {
    post: (message) => worker.postMessage(message),
    end() {
      ended = true;
      worker.terminate();
    },
  };
}

/** Inside a thread: receives from and answers to the one that started it. */
export function servePort<Received, Sent>(onMessage: (message: Received, post: (message: Sent) => void) => void): void {
  const scope = globalThis as unknown as {
    onmessage: ((event: MessageEvent<Received>) => void) | null;
    postMessage(message: Sent): void;
  };
  scope.onmessage = (event) => onMessage(event.data, (message) => scope.postMessage(message));
}
