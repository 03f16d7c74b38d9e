/**
 * The data plane's listener: the runtime's own HTTP server. What it guarantees and what it does not was measured:
 * conflicting lengths, bad chunking and over-long headers (about 64 KiB) are refused before any code of ours runs;
 * two `Host` headers arrive joined by a comma; a hostile `Host` leaves `request.url` without one, so only its path is used.
 */
export interface Listener {
  readonly port: number;
  readonly hostname: string;
  /** Takes no new connections and waits for those that are open; `force` closes them instead. */
  stop(force: boolean): Promise<void>;
}

export interface ListenOptions {
  readonly hostname: string;
  readonly port: number;
  /** A body that grows beyond this is refused while it arrives, whatever length was stated. */
  readonly bodyBytesMax: number;
  handle(request: Request, peerAddress: string | null): Response | Promise<Response>;
  /** An error that `handle` did not turn into an answer. */
  onError(error: unknown): Response;
}

export function listen(options: ListenOptions): Listener {
  const server = Bun.serve({
    hostname: options.hostname,
    port: options.port,
    development: false,
    // Two servers on one port would share its callers unseen.
    reusePort: false,
    maxRequestBodySize: options.bodyBytesMax,
    // Streams may be silent for as long as their upstream is; readers that stall are found by the gateway itself.
    idleTimeout: 0,
    fetch: (request, self) => options.handle(request, self.requestIP(request)?.address ?? null),
    error: (error) => options.onError(error),
  });
  return {
    port: server.port ?? options.port,
    hostname: server.hostname ?? options.hostname,
    stop: (force) => server.stop(force),
  };
}

/** The path and query of a request: everything after the authority, which is never trusted. */
export function pathOf(url: string): { readonly path: string; readonly query: string } {
  const scheme = url.indexOf('://');
  const start = scheme < 0 ? 0 : url.indexOf('/', scheme + 3);
  const mark = url.indexOf('?', Math.max(0, start));
  if (start < 0) return { path: '/', query: '' };
  return mark < 0
    ? { path: url.slice(start), query: '' }
    : { path: url.slice(start, mark), query: url.slice(mark + 1) };
}
