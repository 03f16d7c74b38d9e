import { connect } from 'node:net';

/** What came back over a bare socket. */
export interface RawAnswer {
  /** 0 when nothing that looks like an answer came. */
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Everything that came, headers included. */
  readonly text: string;
  /** Whether the server closed the connection. */
  readonly closed: boolean;
  readonly tookMs: number;
}

export interface RawOptions {
  /** Pieces written one after another, each after this wait. */
  readonly gapMs?: number;
  /** How long to wait for an answer, or, with `untilClosed`, for the end of the connection. */
  readonly withinMs?: number;
  /** Goes on after a whole answer, to see whether the server closes the connection. */
  readonly untilClosed?: boolean;
}

/** Writes bytes no HTTP client would write and returns what the server makes of them. Never rejects. */
export function sendRaw(
  port: number,
  pieces: readonly (string | Uint8Array)[],
  options: RawOptions = {},
): Promise<RawAnswer> {
  const { gapMs = 0, withinMs = 3_000, untilClosed = false } = options;
  const startMs = performance.now();
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let text = '';
    const limit = setTimeout(() => finish(false), withinMs);
    function finish(closed: boolean): void {
      clearTimeout(limit);
      socket.destroy();
      resolve({ ...readAnswer(text), text, closed, tookMs: performance.now() - startMs });
    }
    socket.on('error', () => undefined);
    socket.on('close', () => finish(true));
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1');
      if (!untilClosed && isWhole(text)) finish(false);
    });
    socket.on('connect', () => void send());
    async function send(): Promise<void> {
      for (const [at, piece] of pieces.entries()) {
        if (at > 0) await new Promise((wake) => setTimeout(wake, gapMs));
        if (socket.destroyed) return;
        if (!socket.write(piece)) await drained(socket);
      }
    }
  });
}

/** The lines of a request up to the empty one; `lines` are headers. */
export function requestHead(method: string, target: string, ...lines: readonly string[]): string {
  return `${[`${method} ${target} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`;
}

/** Repeats a piece without holding it more than once. */
export function* repeated(head: string, piece: Uint8Array | string, times: number): Generator<string | Uint8Array> {
  yield head;
  for (let at = 0; at < times; at++) yield piece;
}

function drained(socket: ReturnType<typeof connect>): Promise<void> {
  return new Promise((resolve) => {
    socket.once('drain', resolve);
    socket.once('close', () => resolve());
  });
}

function readAnswer(text: string): Pick<RawAnswer, 'status' | 'headers' | 'body'> {
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, Math.max(0, end)).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0);
  return { status, headers, body: end < 0 ? '' : Buffer.from(text.slice(end + 4), 'latin1').toString('utf8') };
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end));
  return length ? text.length >= end + 4 + Number(length[1]) : text.endsWith('0\r\n\r\n');
}
