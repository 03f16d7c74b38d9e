import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

/** A fake upstream on a port of its own. It speaks HTTP/1.1 over bare sockets, so that it can break every rule of it. */
export interface FakeUpstream {
  /** `http://127.0.0.1:<port>`, without a path. */
  readonly url: string;
  readonly port: number;
  /** Every request that came whole, in order. */
  readonly requests: readonly RecordedRequest[];
  /** Every connection, dials without a request included, in order. */
  readonly connections: readonly RecordedConnection[];
  /** What every request from now on gets. */
  answer(behaviour: Behaviour): void;
  /** Resolves with the request when the next one has come whole; `afterCount` are already counted. */
  requestAfter(afterCount: number): Promise<RecordedRequest>;
  /** Stops listening and cuts what is open. */
  close(): Promise<void>;
}

export interface RecordedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly body: Record<string, unknown> | undefined;
  /** `performance.now()` */
  readonly atMs: number;
  readonly connection: RecordedConnection;
}

export interface RecordedConnection {
  readonly openedMs: number;
  /** When the other side (or we) closed it, `performance.now()`; undefined while it is open. */
  closedMs: number | undefined;
  /** Resolves when it closes. */
  readonly closed: Promise<void>;
}

/** Answers one request. What it does not end stays open until the caller closes. */
export type Behaviour = (exchange: Exchange) => void | Promise<void>;

export interface UpstreamOptions {
  readonly tls?: TlsOptions;
  readonly behaviour?: Behaviour;
}

export async function startUpstream(options: UpstreamOptions = {}): Promise<FakeUpstream> {
  const requests: RecordedRequest[] = [];
  const connections: RecordedConnection[] = [];
  const sockets = new Set<Socket>();
  const waiting: (() => void)[] = [];
  let behaviour: Behaviour = options.behaviour ?? ((exchange) => exchange.send(500, {}, 'no behaviour was set'));

  function accept(socket: Socket): void {
    const connection = recordConnection(socket, connections);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    readRequests(socket, connection, (request) => {
      requests.push(request);
      for (const wake of waiting.splice(0)) wake();
      void behaviour(new Exchange(request, socket));
    });
  }

  const server = options.tls === undefined ? createServer(accept) : createTlsServer(options.tls, accept);
  const port = await listen(server);
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    requests,
    connections,
    answer(next) {
      behaviour = next;
    },
    async requestAfter(afterCount) {
      for (;;) {
        const request = requests[afterCount];
        if (request !== undefined) return request;
        await new Promise<void>((wake) => waiting.push(wake));
      }
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** One request and the bare socket to answer it on. Writing respects back-pressure and never throws. */
export class Exchange {
  readonly request: RecordedRequest;
  readonly socket: Socket;

  constructor(request: RecordedRequest, socket: Socket) {
    this.request = request;
    this.socket = socket;
  }

  get closed(): boolean {
    return this.request.connection.closedMs !== undefined || this.socket.destroyed;
  }

  /** Raw bytes. Resolves with false once the other side is gone. */
  async write(bytes: string | Uint8Array): Promise<boolean> {
    if (this.closed) return false;
    if (this.socket.write(bytes)) return true;
    await Promise.race([new Promise((resolve) => this.socket.once('drain', resolve)), this.request.connection.closed]);
    return !this.closed;
  }

  /** A whole answer; an object is sent as JSON. The connection stays open for the next request. */
  async send(
    status: number,
    headers: Readonly<Record<string, string>>,
    body: string | Uint8Array | object,
  ): Promise<void> {
    const json = typeof body === 'object' && !(body instanceof Uint8Array);
    const bytes = Buffer.from(json ? JSON.stringify(body) : body);
    const type = json ? { 'content-type': 'application/json' } : {};
    const all = { ...type, 'content-length': String(bytes.length), ...headers };
    await this.write(`${head(status, all)}\r\n`);
    await this.write(bytes);
  }

  /** The head of a chunked event stream. */
  async startStream(headers: Readonly<Record<string, string>> = {}): Promise<void> {
    const all = { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked', ...headers };
    await this.write(`${head(200, all)}\r\n`);
  }

  /** One chunk of a chunked body. */
  chunk(bytes: string | Uint8Array): Promise<boolean> {
    const body = Buffer.from(bytes);
    return this.write(Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')]));
  }

  async endStream(): Promise<void> {
    await this.write('0\r\n\r\n');
  }

  /** Waits, but not for a connection that has closed. */
  async pause(ms: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const elapsed = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([elapsed, this.request.connection.closed]);
    clearTimeout(timer);
  }

  destroy(): void {
    this.socket.destroy();
  }

  reset(): void {
    this.socket.resetAndDestroy();
  }
}

/** A status line and headers, without the empty line that ends them. */
export function head(status: number, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Fake\r\n${lines.join('')}`;
}

function recordConnection(socket: Socket, connections: RecordedConnection[]): RecordedConnection {
  let resolve: () => void = () => undefined;
  const connection: RecordedConnection = {
    openedMs: performance.now(),
    closedMs: undefined,
    closed: new Promise((done) => {
      resolve = done;
    }),
  };
  function close(): void {
    connection.closedMs ??= performance.now();
    resolve();
  }
  socket.setNoDelay(true);
  socket.on('error', close);
  socket.on('end', close);
  socket.on('close', close);
  connections.push(connection);
  return connection;
}

/** Cuts what arrives into requests; bodies are those with a content length. */
function readRequests(
  socket: Socket,
  connection: RecordedConnection,
  onRequest: (request: RecordedRequest) => void,
): void {
  let buffered: Buffer = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    buffered = Buffer.concat([buffered, bytes]);
    for (;;) {
      const end = buffered.indexOf('\r\n\r\n');
      if (end === -1) return;
      const [first = '', ...lines] = buffered.subarray(0, end).toString('latin1').split('\r\n');
      const headers = Object.fromEntries(lines.map(splitHeader));
      const length = Number(headers['content-length'] ?? 0);
      if (buffered.length < end + 4 + length) return;
      const text = buffered.subarray(end + 4, end + 4 + length).toString('utf8');
      buffered = buffered.subarray(end + 4 + length);
      const [method = '', path = ''] = first.split(' ');
      onRequest({ method, path, headers, text, body: jsonObject(text), atMs: performance.now(), connection });
    }
  });
}

function splitHeader(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
