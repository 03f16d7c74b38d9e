import type { Socket } from 'bun';
import { MessageReader } from '../http-message.ts';

/** What happens on one connection of the generator. */
export interface ConnectionEvents {
  /** A piece of the answer's body; valid only during the call. */
  body?(bytes: Buffer, connection: Connection): void;
  /** The answer is complete and the connection free for the next request. */
  done(connection: Connection): void;
  closed(connection: Connection): void;
}

/** A keep-alive HTTP/1.1 connection that carries one request at a time. */
export class Connection {
  readonly #socket: Socket<Connection>;
  readonly #reader: MessageReader;
  readonly #events: ConnectionEvents;
  #status = 0;
  #unsent: Buffer | undefined;

  private constructor(socket: Socket<Connection>, events: ConnectionEvents) {
    this.#socket = socket;
    this.#events = events;
    this.#reader = new MessageReader('response', {
      head: (head) => {
        this.#status = Number.parseInt(head.slice(9, 12), 10);
      },
      body: (bytes) => this.#events.body?.(bytes, this),
      end: () => this.#events.done(this),
    });
  }

  /** Rejects when nobody listens on the port of the loopback address. */
  static async open(port: number, events: ConnectionEvents): Promise<Connection> {
    const socket = await Bun.connect<Connection>({
      hostname: '127.0.0.1',
      port,
      socket: {
        open(opened) {
          opened.setNoDelay(true);
          opened.data = new Connection(opened, events);
        },
        data: (opened, bytes) => opened.data.#reader.push(bytes),
        drain: (opened) => opened.data.#sendRest(),
        close: (opened) => opened.data.#close(),
        error() {},
      },
    });
    return socket.data;
  }

  /** Status of the answer being read, or of the last one. */
  get status(): number {
    return this.#status;
  }

  send(request: Buffer): void {
    const sent = Math.max(0, this.#socket.write(request));
    if (sent < request.length) this.#unsent = request.subarray(sent);
  }

  /** Drops the connection at once, as a caller that goes away does. */
  abort(): void {
    this.#socket.terminate();
  }

  #sendRest(): void {
    const rest = this.#unsent;
    this.#unsent = undefined;
    if (rest !== undefined) this.send(rest);
  }

  #close(): void {
    this.#reader.close();
    this.#events.closed(this);
  }
}
