import { rmSync } from 'node:fs';

/** Longer paths do not fit the address of a Unix socket (108 bytes with their end mark, 104 on macOS). */
export const SOCKET_PATH_BYTES_MAX = 103;

export interface SocketListener {
  stop(): Promise<void>;
}

/**
 * Serves HTTP on a Unix socket that only the owner of this process may open. A file left by a process that died is
 * replaced: the caller must know that no living one serves there.
 */
export function listenSocket(options: {
  readonly path: string;
  readonly bodyBytesMax: number;
  readonly handle: (request: Request) => Response | Promise<Response>;
}): SocketListener {
  const { path, handle } = options;
  if (Buffer.byteLength(path) > SOCKET_PATH_BYTES_MAX) {
    throw new Error(
      `${path} is too long for a socket (at most ${SOCKET_PATH_BYTES_MAX} bytes); use a shorter data folder`,
    );
  }
  rmSync(path, { force: true });
  const before = process.umask(0o177);
  try {
    const server = Bun.serve({
      unix: path,
      development: false,
      maxRequestBodySize: options.bodyBytesMax,
      fetch: (request) => handle(request),
    });
    return {
      async stop() {
        await server.stop(true);
        rmSync(path, { force: true });
      },
    };
  } finally {
    process.umask(before);
  }
}

/** One request over a Unix socket; null when nobody listens there. */
export async function callSocket(
  socket: string,
  request: { readonly method: string; readonly path: string; readonly body: string | null },
): Promise<Response | null> {
  const { method, body } = request;
  try {
    return await fetch(`http://localhost${request.path}`, { unix: socket, method, body });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (NOBODY_LISTENS.has(String(code))) return null;
    throw error;
  }
}

const NOBODY_LISTENS = new Set(['FailedToOpenSocket', 'ConnectionRefused', 'ECONNREFUSED', 'ENOENT']);
