/** What a reader tells its owner while the bytes of one HTTP/1.1 message arrive. */
export interface MessageSink {
  /** Start line and headers, without the blank line. */
  head(head: string): void;
  /** A piece of the body, valid only during the call. */
  body(bytes: Buffer): void;
  /** The message is complete; the next one may follow on the same connection. */
  end(): void;
}

type State = 'head' | 'sized' | 'chunk-size' | 'chunk-data' | 'chunk-end' | 'trailer' | 'until-close';

const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_END = Buffer.from('\r\n');
const NOTHING = Buffer.alloc(0);

/**
 * Reads HTTP/1.1 messages off one connection, for peers that we start ourselves: it trusts its input and checks little,
 * so that measuring costs less than what is measured.
 */
export class MessageReader {
  readonly #sink: MessageSink;
  /** Whether a message without a length has no body (a request) or lasts until the connection closes (an answer). */
  readonly #kind: 'request' | 'response';
  #state: State = 'head';
  #pending: Buffer = NOTHING;
  #left = 0;

  constructor(kind: 'request' | 'response', sink: MessageSink) {
    this.#kind = kind;
    this.#sink = sink;
  }

  push(bytes: Buffer): void {
    let rest: Buffer = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    this.#pending = NOTHING;
    while (rest.length > 0) {
      const used = this.#step(rest);
      if (used === 0) {
        // The socket owns its buffer, so what is kept for the next read is copied.
        this.#pending = Buffer.from(rest);
        return;
      }
      rest = used === rest.length ? NOTHING : rest.subarray(used);
    }
  }

  /** Tells an answer without a length that its connection closed; false when that leaves a message cut short. */
  close(): boolean {
    if (this.#state === 'until-close') {
      this.#finish();
      return true;
    }
    return this.#state === 'head' && this.#pending.length === 0;
  }

  /** Bytes taken from the front of `rest`; 0 when more must arrive first. */
  #step(rest: Buffer): number {
    switch (this.#state) {
      case 'head':
        return this.#readHead(rest);
      case 'sized':
      case 'chunk-data':
        return this.#readSome(rest);
      case 'chunk-size':
        return this.#readChunkSize(rest);
      case 'chunk-end':
        return this.#skipLine(rest, 'chunk-size');
      case 'trailer':
        return this.#readTrailer(rest);
      case 'until-close':
        this.#sink.body(rest);
        return rest.length;
    }
  }

  #readHead(rest: Buffer): number {
    const end = rest.indexOf(HEAD_END);
    if (end < 0) return 0;
    const head = rest.toString('latin1', 0, end);
    this.#sink.head(head);
    const lower = head.toLowerCase();
    if (lower.includes('\r\ntransfer-encoding: chunked')) this.#state = 'chunk-size';
    else this.#expectLength(lower);
    return end + HEAD_END.length;
  }

  #expectLength(lowerHead: string): void {
    const at = lowerHead.indexOf('\r\ncontent-length:');
    if (at < 0 && this.#kind === 'response') {
      this.#state = 'until-close';
      return;
    }
    this.#left = at < 0 ? 0 : Number.parseInt(lowerHead.slice(at + 17, at + 33), 10);
    if (this.#left === 0) this.#finish();
    else this.#state = 'sized';
  }

  #readSome(rest: Buffer): number {
    const used = Math.min(this.#left, rest.length);
    this.#left -= used;
    this.#sink.body(used === rest.length ? rest : rest.subarray(0, used));
    if (this.#left === 0) {
      if (this.#state === 'sized') this.#finish();
      else this.#state = 'chunk-end';
    }
    return used;
  }

  #readChunkSize(rest: Buffer): number {
    const end = rest.indexOf(LINE_END);
    if (end < 0) return 0;
    this.#left = Number.parseInt(rest.toString('latin1', 0, end), 16);
    this.#state = this.#left === 0 ? 'trailer' : 'chunk-data';
    return end + LINE_END.length;
  }

  #skipLine(rest: Buffer, next: State): number {
    const end = rest.indexOf(LINE_END);
    if (end < 0) return 0;
    this.#state = next;
    return end + LINE_END.length;
  }

  #readTrailer(rest: Buffer): number {
    const end = rest.indexOf(LINE_END);
    if (end < 0) return 0;
    if (end === 0) this.#finish();
    return end + LINE_END.length;
  }

  #finish(): void {
    this.#state = 'head';
    this.#sink.end();
  }
}
