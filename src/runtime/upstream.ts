import { connect } from 'node:net';

/** One POST to an upstream, body and all. */
export interface UpstreamPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Aborting closes the socket and rejects what is pending with the signal's reason. */
  readonly signal: AbortSignal;
}

/**
 * Sends one request. Redirects are never followed, bodies are handed over as they came (no decompression), the
 * runtime's own time-out is off because the caller keeps its own, and certificates are checked even where the
 * environment asks not to (`NODE_TLS_REJECT_UNAUTHORIZED`).
 */
export function postUpstream(post: UpstreamPost): Promise<Response> {
  return fetch(post.url, {
    method: 'POST',
    headers: post.headers,
    body: post.body,
    signal: post.signal,
    redirect: 'manual',
    decompress: false,
    timeout: false,
    ...(post.url.startsWith('https:') && CHECKED_TLS),
  });
}

const CHECKED_TLS = { tls: { rejectUnauthorized: true } };

/** How far a failed request came: never connected, answered something that is not HTTP, or broke off. */
export type NetworkFailure = 'connect' | 'garbage' | 'died';

/** Sorts what `postUpstream` or reading its body rejected with. */
export function networkFailure(error: unknown): NetworkFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (CONNECT_CODES.has(code) || TLS_CODE.test(code)) return 'connect';
  if (GARBAGE_CODES.has(code)) return 'garbage';
  return 'died';
}

const CONNECT_CODES = new Set([
  'ECONNREFUSED',
  'ConnectionRefused',
  'FailedToOpenSocket',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
]);

/** OpenSSL's names of what may be wrong with a certificate, and the runtime's own for a broken handshake. */
const TLS_CODE = /CERT|SSL|TLS|UNABLE_TO_|SELF_SIGNED|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH|INVALID_PURPOSE/;

const GARBAGE_CODES = new Set([
  'Malformed_HTTP_Response',
  'ResponseHeadersTooLarge',
  'InvalidHTTPResponse',
  'InvalidChunkedEncoding',
  'UnexpectedRedirect',
]);

/** Whether a TCP connection to `host` can be made within `limitMs`, the name look-up included; it is closed at once. */
export function dialUpstream(host: string, port: number, limitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const limit = setTimeout(() => finish(false), limitMs);
    function finish(reached: boolean): void {
      clearTimeout(limit);
      socket.destroy();
      resolve(reached);
    }
    socket.once('connect', () => finish(true));
    socket.on('error', () => finish(false));
  });
}
